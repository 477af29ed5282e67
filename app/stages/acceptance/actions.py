"""Acts of acceptance (第十五条（四）): accept, propose non-acceptance, the leader's word, the reminder."""

from app.engine.acts import Data, act
from app.engine.notices import addresses
from app.engine.turn import Turn
from app.law import N_
from app.models.application import Decision, NegativeFiling
from app.stages.acceptance.inputs import (
    AcceptInput,
    ApproveRejectionInput,
    RejectInput,
    RemindInput,
    ReturnRejectionInput,
)


@act("accept", AcceptInput)
def accept(t: Turn, data: Data) -> None:
    """Accept a complete application and start its clocks (第十五条（四）1)."""
    a = t.application
    a.accepted_at = t.now
    from_receipt = t.dossier.item["clock_start"] == "received"
    a.clock_from = a.received_at.date() if from_receipt and a.received_at else t.today
    t.issue("acceptance_notice", deemed=False, opinion=data["opinion"])


@act("reject", RejectInput)
def reject(t: Turn, data: Data) -> None:
    """Propose non-acceptance to the bureau leader, with facts, reasons and legal basis (第十五条（四）3)."""
    t.require(
        data["reason_code"] != "wrong_authority" or data["redirect_to"],
        "redirect_to",
        N_("Name the competent authority."),
    )
    t.settle()
    filing = NegativeFiling(
        application_id=t.application.id,
        kind="rejection",
        state="open",
        proposer_id=t.actor.user_id,
        reason_code=data["reason_code"],
        redirect_to=data["redirect_to"] or "",
        facts=data["facts"],
        reasons=data["reasons"],
        legal_basis=data["legal_basis"],
        proposed_at=t.now,
        created_by=t.by,
    )
    t.session.add(filing)
    t.issue("negative_filing_form", filing=filing)


@act("approve_rejection", ApproveRejectionInput)
def approve_rejection(t: Turn, data: Data) -> None:
    """Agree to non-acceptance: the applicant gets a written notice with reasons and remedies."""
    filing = _settle(t, "approved", data["opinion"])
    t.application.decided_at = t.now
    t.session.add(
        Decision(
            application_id=t.application.id,
            kind="non_acceptance",
            content=filing.reasons,
            basis=filing.legal_basis,
            decided_by=t.actor.user_id,
            decided_at=t.now,
            created_by=t.by,
        )
    )
    t.issue("non_acceptance", filing=filing)


@act("return_rejection", ReturnRejectionInput)
def return_rejection(t: Turn, data: Data) -> None:
    """Send the proposal back to the office; the correction clock never stopped."""
    _settle(t, "returned", data["opinion"])


def _settle(t: Turn, state: str, opinion: str) -> NegativeFiling:
    filing = t.dossier.open_filing
    assert filing is not None  # the state says so
    filing.state, filing.settled_at, filing.opinion = state, t.now, opinion
    return filing


@act("remind", RemindInput)
def remind(t: Turn, data: Data) -> None:
    """Remind whoever holds the application up; once per person and day (第十五条（四）4)."""
    today = [e for e in t.dossier.events if e.act == "remind" and e.at.date() == t.today]
    t.not_now_unless(
        all(e.payload.get("target") != data["target"] for e in today), N_("They were reminded today already.")
    )
    t.message = data["message"]
    t.told += addresses(data["target"], t.dossier)
