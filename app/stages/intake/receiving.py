"""Receipt at the window (第十五条（三）): every material is judged on the spot; what may follow is owed in writing."""

from collections.abc import Mapping
from typing import Any

from app.engine import transfer
from app.engine.acts import Data, act
from app.engine.taking import judge, take
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock, Limit, Unit, due_at
from app.law.workdays import Deadline
from app.models.application import ApplicationMaterial
from app.models.correction import OwedMaterial
from app.models.organisation import Window
from app.stages.intake.inputs import ReceiveInput
from app.stages.intake.owing import latest, may_follow
from app.stages.intake.tickets import own_window, serving


@act("receive", ReceiveInput)
def receive(t: Turn, data: Data) -> None:
    """Take the papers in on the spot: every material judged, identity seen, copies compared (第十五条（三）)."""
    a = t.application
    window = own_window(t)
    _judge(t, data)
    _judge_owed(t, data)
    check_delivery(t, data)
    t.settle()
    if not _ticket_is_open(t, data, window):
        t.payload["walk_in"] = True
        serving(t, data["ticket_id"])
    a.received_at, a.delivery_mode, a.ems_address = t.now, data["delivery_mode"], data["ems_address"]
    loads = _take(t, data)
    owed = _owe(t, data)
    t.settle()
    slip = transfer.send(t, "file", data["sent_as"], a.centre.unit, a.office.unit, loads)
    t.issue("receipt_voucher", identity_checked=data["identity_checked"])
    if owed:
        t.issue("shortage_commitment")
    if data["sent_as"] == "paper":
        t.issue("transfer_slip", occasion="receive", slip=slip)


def _ticket_is_open(t: Turn, data: Data, window: Window) -> bool:
    ticket = t.application.ticket
    return data["ticket_id"] in (None, ticket.id) and ticket.state == "serving" and ticket.window_id == window.id


def _judge(t: Turn, data: Data) -> None:
    own = {m.id: m for m in t.application.materials}
    filed = {m["position"]: m for m in t.dossier.item["materials"]}
    lines = {line["material_id"]: line for line in data["materials"]}
    t.forbid_unless(set(lines) <= set(own), N_("Only materials of the item's published list may be asked for."))
    t.require(len(lines) == len(data["materials"]), "materials", N_("Each material once."))
    for material in t.application.materials:
        if material.id not in lines:
            t.require(False, "materials", N_("«%(name)s» is not judged yet."), name=material.name)
    for i, line in enumerate(data["materials"]):
        material = own[line["material_id"]]
        _judge_line(t, material, filed[material.position], line, f"materials.{i}")
    taken = [line for line in data["materials"] if line["status"] == "taken"]
    t.require(taken, "materials", N_("Nothing was taken."))
    t.require(
        not taken or data["sent_as"] == "scans" or any(line["form"] != "electronic" for line in taken),
        "sent_as",
        N_("There is no paper to send: everything was taken electronically."),
    )


def _judge_line(t: Turn, material: ApplicationMaterial, filed: Mapping[str, Any], line: Data, where: str) -> None:
    """What the list allows to be said of one material."""
    match line["status"]:
        case "taken":
            judge(t, line, where, material.name)
        case "tolerated":
            t.require(
                may_follow(material, filed),
                f"{where}.status",
                N_("«%(name)s» cannot be supplied later: give the one-time notice instead."),
                name=material.name,
            )
        case "shared":
            t.require(
                filed["shared_source"],
                f"{where}.status",
                N_("«%(name)s» is not obtained by sharing."),
                name=material.name,
            )
        case "not_applicable":
            t.require(
                material.requirement == "conditional",
                f"{where}.status",
                N_("«%(name)s» is always required."),
                name=material.name,
            )


def _judge_owed(t: Turn, data: Data) -> None:
    """Each tolerated material has its line, and each line a day that is not too late (req. 60)."""
    names = {m.id: m.name for m in t.application.materials}
    tolerated = [line["material_id"] for line in data["materials"] if line["status"] == "tolerated"]
    named = [line["material_id"] for line in data["owed"]]
    t.forbid_unless(set(named) <= set(names), N_("Only materials of the item's published list may be asked for."))
    t.require(len(named) == len(set(named)), "owed", N_("Each material once."))
    for left in set(tolerated) - set(named):
        sentence = N_("Say what is to be supplied of «%(name)s», how and by when.")
        t.require(False, "owed", sentence, name=names[left])
    for i, line in enumerate(data["owed"]):
        if t.require(
            line["material_id"] in tolerated, f"owed.{i}.material_id", N_("Only what may follow is owed; judge it so.")
        ):
            _judge_day(t, line, f"owed.{i}.due")
    t.require(
        data["commitment"] or not tolerated,
        "commitment",
        N_("The applicant commits in writing to what is supplied later: attach the signed commitment."),
    )


def _judge_day(t: Turn, line: Data, where: str) -> None:
    last = latest(t.dossier, line["material_id"], t.now)
    sentence = N_("At the latest on %(day)s: as long as the decision is promised, or the material's own days.")
    t.require(line["due"] <= last, where, sentence, day=last.isoformat())
    ends = due_at(Deadline(line["due"], provisional=False), t.dossier.clocks.closing)
    t.require(t.now <= ends, where, N_("This day is over."))


def check_delivery(t: Turn, data: Data) -> None:
    """The mode the applicant chose: a town's result leaves at that town or by EMS; EMS needs an address (六.1)."""
    t.require(
        not t.application.centre.is_town or data["delivery_mode"] != "pickup",
        "delivery_mode",
        N_("Taken at a town centre: the result leaves there or by EMS."),
    )
    t.require(data["delivery_mode"] != "ems" or data["ems_address"], "ems_address", N_("EMS needs an address."))


def _take(t: Turn, data: Data) -> list[transfer.Load]:
    """Write each judgement down; physical papers become pieces in the centre's hands."""
    own = {m.id: m for m in t.application.materials}
    on_paper = data["sent_as"] == "paper"
    loads = []
    for i, line in enumerate(data["materials"]):
        material = own[line["material_id"]]
        material.status = line["status"]
        if line["status"] != "taken":
            continue
        piece = take(t, material, line, f"materials.{i}", t.application.centre.unit)
        if piece is not None or not on_paper:
            loads.append(transfer.Load(material.name, line["pieces"], piece if on_paper else None, material))
    return loads


def _owe(t: Turn, data: Data) -> list[OwedMaterial]:
    """Write down what follows, each with its own clock, on the applicant's written commitment."""
    if not data["owed"]:
        return []
    commitment = t.claim(data["commitment"], "commitment", "commitment")
    t.settle()
    assert commitment is not None
    own = {m.id: m for m in t.application.materials}
    t.dossier.owed = [
        OwedMaterial(
            application_id=t.application.id,
            material_id=line["material_id"],
            material=own[line["material_id"]],
            requirement=line["requirement"],
            how=line["how"],
            due_on=line["due"],
            commitment_id=commitment.id,
            state="open",
            created_at=t.now,
            created_by=t.by,
        )
        for line in data["owed"]
    ]
    t.session.add_all(t.dossier.owed)
    t.timing.starts += [(Clock.OWED, Limit(0, Unit.DATE, each.due_on), each) for each in t.dossier.owed]
    return t.dossier.owed
