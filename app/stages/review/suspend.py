"""Acts that touch the limits of an examination: special procedures pause them, the leader may extend them once."""

from app.engine.acts import Data, act
from app.engine.paper_common import due
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock, Limit
from app.law.examination import SURVEYORS
from app.models.examination import Suspension
from app.stages.review.inputs import (
    ExtendInput,
    RequestSuspensionInput,
    ResumeInput,
    ReturnSuspensionInput,
    SuspendInput,
)
from app.stages.review.people import as_rows, people

BOTH = (Clock.STATUTORY, Clock.PROMISED)
"""The statutory limit first: the promised one may hang on it."""


@act("request_suspension", RequestSuspensionInput)
def request_suspension(t: Turn, data: Data) -> None:
    """Ask the head for a special procedure; every clock runs on until it is agreed (第十五条（五）)."""
    t.session.add(
        Suspension(
            application_id=t.application.id,
            kind=data["suspension_kind"],
            basis=data["basis"],
            reason=data["reason"],
            planned_days=data["planned_days"],
            state="requested",
            requester_id=t.actor.user_id,
            requester_name=t.actor.name,
            requested_at=t.now,
            created_by=t.by,
        )
    )


@act("suspend", SuspendInput)
def suspend(t: Turn, data: Data) -> None:
    """Agree, and tell the applicant how long it takes and which limit does not count it (行政许可法45)."""
    suspension = _decide(t, "running", data["opinion"])
    suspension.planned_days = data["planned_days"] or suspension.planned_days
    t.timing.suspension = suspension
    t.timing.limits[Clock.PLAN] = Limit(suspension.planned_days)
    t.issue("suspension_notice", suspension=suspension)


@act("return_suspension", ReturnSuspensionInput)
def return_suspension(t: Turn, data: Data) -> None:
    """Decline the special procedure; nothing was paused."""
    _decide(t, "returned", data["opinion"])


@act("resume", ResumeInput)
def resume(t: Turn, data: Data) -> None:
    """End the special procedure with its result; what was paused counts again from the next day (第十五条（五）)."""
    suspension = _open(t)
    participants = people(t, data["participants"], "participants")
    t.require(
        suspension.kind != "site_survey" or len(data["participants"]) >= SURVEYORS,
        "participants",
        N_("A site is surveyed by two people or more: name them."),
    )
    attachments = t.claim_all(data["attachments"], "attachments", "procedure")
    t.settle()
    suspension.state, suspension.ended_at = "ended", t.now
    suspension.result, suspension.result_text = data["result"], data["result_text"]
    suspension.participants, suspension.attachments = as_rows(participants), attachments
    book = t.dossier.clocks
    for clock in BOTH:  # at once, so that the event says what the applicant is told
        book.resume(clock, t.now)
    t.payload["due"] = {clock.value: run.due_on.isoformat() for clock in BOTH if (run := book.running(clock))}
    t.payload["participants"] = suspension.participants


@act("extend", ExtendInput)
def extend(t: Turn, data: Data) -> None:
    """Extend both limits once, by no more days than the item allows; the applicant is told why (行政许可法42)."""
    most = t.dossier.item["extension_max"]
    t.require(
        data["days"] <= most, "days", N_("This item's limit is extended by at most %(most)s working days."), most=most
    )
    t.settle()
    before = {f"{clock}_before": due(t, clock) for clock in BOTH}
    t.dossier.clocks.extend(data["days"])
    t.issue("extension_notice", days=data["days"], reason=data["reason"], before=before)


def _open(t: Turn) -> Suspension:
    suspension = t.dossier.open_suspension
    assert suspension is not None  # the guard or the state says so
    return suspension


def _decide(t: Turn, state: str, opinion: str) -> Suspension:
    suspension = _open(t)
    suspension.state, suspension.opinion = state, opinion
    suspension.decided_by_id, suspension.decided_at = t.actor.user_id, t.now
    return suspension
