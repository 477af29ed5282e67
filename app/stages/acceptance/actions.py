"""Acts of acceptance (第十五条（四）): accept, propose non-acceptance, the leader's word; reminders and reasons."""

from sqlalchemy import select

from app.engine.acts import Data, act
from app.engine.asking import ask_the_theme
from app.engine.ceasing import lapse_filing
from app.engine.facts import unexplained
from app.engine.notices import addresses
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock
from app.law.roles import Role
from app.models.application import Application, Decision, NegativeFiling
from app.models.calendar import ClockRun
from app.stages.acceptance import corrections  # noqa: F401  (its acts are acceptance's)
from app.stages.acceptance.inputs import (
    AcceptInput,
    ApproveRejectionInput,
    DeemAcceptedInput,
    ExplainOverdueInput,
    RecordProvincialInput,
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
    a.clock_from = _since_receipt(t).started_at.date() if from_receipt else t.today
    ask_the_theme(t)
    t.issue("acceptance_notice", deemed=False, opinion=data["opinion"])


@act("deem_accepted", DeemAcceptedInput)
def deem_accepted(t: Turn, data: Data) -> None:
    """After five working days of silence it counts as accepted since the last receipt (行政许可法32(4))."""
    since = _since_receipt(t)
    lapse_filing(t)
    t.application.accepted_at, t.application.clock_from = t.now, since.started_at.date()
    t.timing.started_as_of = since.started_at
    t.payload["clock_from"] = since.started_at.date().isoformat()
    t.level = "red"
    t.tell(role=Role.BUREAU_LEADER.value)
    ask_the_theme(t)
    t.issue("acceptance_notice", deemed=True, opinion=None)


def _since_receipt(t: Turn) -> ClockRun:
    """The office's time to answer, which runs since the papers were last received."""
    run = t.dossier.clocks.running(Clock.CORRECTION)
    assert run is not None  # the state says so
    return run


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


@act("explain_overdue", ExplainOverdueInput)
def explain_overdue(t: Turn, data: Data) -> None:
    """Say why limits were missed, for everything not explained yet (优化营商环境条例36); the breach stays."""
    t.payload["clock_runs"] = [run.id for run in unexplained(t.dossier, t.now)]
    t.message = data["reason"][:300]


@act("record_provincial", RecordProvincialInput)
def record_provincial(t: Turn, data: Data) -> None:
    """Record the number on the provincial platform; the one it takes the place of stays in the history (req. 74)."""
    a, number = t.application, data["provincial_no"]
    taken = t.session.scalar(select(Application.id).where(Application.provincial_no == number))
    t.require(taken in (None, a.id), "provincial_no", N_("Another application has this number."))
    t.require(number != a.provincial_no, "provincial_no", N_("This is its number already."))
    t.settle()
    if a.provincial_no:
        t.payload["instead_of"] = a.provincial_no
    a.provincial_no = number
