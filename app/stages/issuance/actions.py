"""Acts of issuing (第十五条（六）): change the way out, post, hand out against a signature."""

import re
from collections.abc import Collection

from sqlalchemy import select

from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock
from app.law.guards import APPLICANT
from app.models.delivery import DeliveryReceipt, EmsDispatch
from app.models.encrypted import blind_index
from app.stages.issuance import certificates  # noqa: F401  (its acts belong to this room)
from app.stages.issuance.inputs import (
    ChangeDeliveryInput,
    DispatchInput,
    IssueInput,
    ReturnDispatchInput,
)

END_OF_AN_ID = re.compile(r"\d{3}[\dX]")


@act("change_delivery", ChangeDeliveryInput)
def change_delivery(t: Turn, data: Data) -> None:
    """Change the way out at the applicant's wish (第十五条（六）1); another desk needs a new handover."""
    a = t.application
    t.require(
        not a.centre.is_town or data["delivery_mode"] != "pickup",
        "delivery_mode",
        N_("Taken at a town centre: the result leaves there or by EMS."),
    )
    t.require(data["delivery_mode"] != "ems" or data["ems_address"], "ems_address", N_("EMS needs an address."))
    t.settle()
    a.delivery_mode, a.ems_address = (
        data["delivery_mode"],
        data["ems_address"] if data["delivery_mode"] == "ems" else None,
    )
    book = t.dossier.clocks
    if a.delivery_mode != "window":
        book.stop(Clock.HANDOVER, t.now, "void")
    elif a.state == "certified" and book.running(Clock.HANDOVER) is None:
        promised = book.latest(Clock.PROMISED)
        assert promised is not None
        book.start_with(Clock.HANDOVER, promised, t.now, t.by)


@act("dispatch", DispatchInput)
def dispatch(t: Turn, data: Data) -> None:
    """Post the result by EMS, always from the certificate centre (第十五条（六）1(2))."""
    index = blind_index("ems_no", data["ems_no"])
    used = t.session.scalar(select(EmsDispatch.id).where(EmsDispatch.ems_index == index))
    t.require(used is None, "ems_no", N_("This EMS number is used already."))
    t.settle()
    parcel = EmsDispatch(
        application_id=t.application.id,
        state="sent",
        ems_no=data["ems_no"],
        ems_index=index,
        ems_last4=data["ems_no"][-4:],
        pieces=data["pieces"],
        sent_at=t.now,
        created_by=t.by,
    )
    t.session.add(parcel)
    t.issue("ems_list", dispatch=parcel)


@act("return_dispatch", ReturnDispatchInput)
def return_dispatch(t: Turn, data: Data) -> None:
    """Take a parcel back that could not be delivered; the delivery clock runs on."""
    parcel = next(d for d in t.dossier.dispatches if d.state == "sent")
    parcel.state, parcel.settled_at, parcel.reason = "returned", t.now, data["reason"]


@act("issue", IssueInput)
def issue(t: Turn, data: Data) -> None:
    """Hand the result out against a signature on the spot (第十五条（六）1(3))."""
    a = t.application
    _check_signer(t, data)
    collected = _ticked(t, data["ticks"])
    signature = t.claim(data["signature"], "signature", "signature")
    t.require(a.delivery_mode != "ems" or data["ems_receipt"], "ems_receipt", N_("Upload the EMS receipt."))
    ems_receipt = t.claim(data["ems_receipt"], "ems_receipt", "ems_receipt")
    t.settle()
    assert signature is not None
    receipt = DeliveryReceipt(
        application_id=a.id,
        mode=a.delivery_mode or "window",
        desk=t.dossier.issuing_desk,
        signer=data["signer"],
        relation=data["relation"],
        id_last4=data["id_last4"],
        signature_id=signature.id,
        witness=data["witness"] or "",
        ems_receipt_id=ems_receipt.id if ems_receipt else None,
        delivered_at=t.now,
        created_by=t.by,
    )
    t.session.add(receipt)
    a.delivered_at = t.now
    for piece in t.dossier.result_pieces:
        piece.holder = APPLICANT
    for parcel in t.dossier.dispatches:
        if parcel.state == "sent":
            parcel.state, parcel.settled_at = "delivered", t.now
    t.supplementary_sheet = t.dossier.archive is not None and t.dossier.archive.state == "filed"
    t.issue("service_receipt", receipt=receipt, collected=collected)


def _ticked(t: Turn, ticks: Collection[int]) -> list[dict[str, str]]:
    """What the handover slip asked to collect, each line ticked by whoever hands the result out (req. 86)."""
    asked = {owed.id: (owed.material.name, requirement) for owed, requirement in t.dossier.to_collect}
    t.require(set(ticks) <= set(asked), "ticks", N_("Tick only what the handover slip asks for."))
    for left in set(asked) - set(ticks):
        t.require(
            False,
            "ticks",
            N_("Compare «%(name)s» with what the handover slip asks for, and tick it."),
            name=asked[left][0],
        )
    return [{"name": name, "requirement": requirement} for name, requirement in asked.values()]


def _check_signer(t: Turn, data: Data) -> None:
    """The signer is the applicant, the authorised agent or the legal representative, by name and last four."""
    a = t.application
    index = blind_index("id_last4", data["id_last4"])
    wrong_name = N_("This is not the name on the application.")
    wrong_id = N_("These are not the last four of the ID number on the application.")
    match data["relation"]:
        case "self":
            t.require(
                a.applicant_type == "1",
                "relation",
                N_("An organisation is represented: choose its legal representative or agent."),
            )
            t.require(data["signer"] == a.applicant_name, "signer", wrong_name)
            t.require(index == a.id_last4_index, "id_last4", wrong_id)
        case "agent":
            t.require(a.agent_name, "relation", N_("No agent is authorised on this application."))
            t.require(data["signer"] == a.agent_name, "signer", wrong_name)
            t.require(index == a.agent_last4_index, "id_last4", wrong_id)
        case "legal_rep":
            t.require(a.legal_rep, "relation", N_("The applicant has no legal representative."))
            t.require(data["signer"] == a.legal_rep, "signer", wrong_name)
            _looks_like_an_id(t, data)
        case "left_in_place":
            t.require(data["witness"], "witness", N_("Name the witness."))
            _looks_like_an_id(t, data)


def _looks_like_an_id(t: Turn, data: Data) -> None:
    """Of somebody whose document is not on the application, the form at least; a passport may end in letters."""
    t.require(END_OF_AN_ID.fullmatch(data["id_last4"]), "id_last4", N_("Four digits; the last one may be X."))
