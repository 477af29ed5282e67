"""Acts of refusal (第十五条（四）3（五）): proposed by the head, approved or sent back by the bureau leader."""

from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law.states import State
from app.models.application import Decision, NegativeFiling
from app.stages.review.hearings import on_record
from app.stages.review.inputs import ApproveRefusalInput, RefuseInput, ReturnRefusalInput


@act("refuse", RefuseInput)
def refuse(t: Turn, data: Data) -> None:
    """Propose the refusal to the bureau leader, or refuse where the county asks for no filing (行政许可法38)."""
    if t.transition.to is State.REFUSED:
        _refused(t, data["facts"], data["reasons"], data["legal_basis"], data["statement"])
        return
    filing = NegativeFiling(
        application_id=t.application.id,
        kind="refusal",
        state="open",
        proposer_id=t.actor.user_id,
        reason_code="",
        facts=data["facts"],
        reasons=data["reasons"],
        legal_basis=data["legal_basis"],
        statement=data["statement"],
        proposed_at=t.now,
        created_by=t.by,
    )
    t.session.add(filing)
    reviewed_by = next(event.actor_name for event in reversed(t.dossier.events) if event.act == "review")
    t.issue("negative_filing_form", filing=filing, handler=reviewed_by)


@act("approve_refusal", ApproveRefusalInput)
def approve_refusal(t: Turn, data: Data) -> None:
    """Agree to the refusal: the decision is in effect, with its reasons and remedies."""
    filing = _settle(t, "approved", data["opinion"])
    _refused(t, filing.facts, filing.reasons, filing.legal_basis, filing.statement or "")


@act("return_refusal", ReturnRefusalInput)
def return_refusal(t: Turn, data: Data) -> None:
    """Send the refusal back to the office; no limit ever stopped for it."""
    _settle(t, "returned", data["opinion"])


def _settle(t: Turn, state: str, opinion: str) -> NegativeFiling:
    filing = t.dossier.open_filing
    assert filing is not None  # the state says so
    filing.state, filing.settled_at, filing.opinion = state, t.now, opinion
    return filing


def _refused(t: Turn, facts: str, reasons: str, legal_basis: str, statement: str) -> None:
    t.application.decided_at = t.now
    hearing_id, legal_basis = on_record(t, legal_basis)
    t.session.add(
        Decision(
            application_id=t.application.id,
            kind="refusal",
            content=reasons,
            basis=legal_basis,
            hearing_id=hearing_id,
            decided_by=t.actor.user_id,
            decided_at=t.now,
            created_by=t.by,
        )
    )
    t.issue("refusal_decision", facts=facts, reasons=reasons, legal_basis=legal_basis, statement=statement)
