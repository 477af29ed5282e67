"""Invariants of the hard cases: suspensions and what they pause, materials that are owed, ratings."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from app.law.clock import CLOCKS, Clock, pauses_clock
from app.law.object_acts import OBJECT_ACTS
from app.law.states import State
from app.models.calendar import Alert, ClockPause, ClockRun
from app.models.correction import OwedMaterial
from app.models.delivery import EmsDispatch
from app.models.examination import Suspension
from app.models.rating import Rating
from app.models.trail import Event
from app.supervision.histories import History, Judge

OPEN = ("requested", "running")
RAN = ("running", "ended", "ceased")
PAUSABLE = (Clock.PROMISED, Clock.STATUTORY)


def suspensions_follow_one_another(h: History) -> Iterator[str]:
    """10: suspensions don't overlap; at most one is open; only after acceptance; each is what its acts made it."""
    all_of_them = h.rows[Suspension]
    if sum(each.state in OPEN for each in all_of_them) > 1:
        yield f"{h}: more than one suspension is open"
    if any(each.state == "running" for each in all_of_them) != (h.application.state == State.SUSPENDED):
        yield f"{h}: its state is {h.application.state}, and its suspensions say otherwise"
    for each in all_of_them:
        if h.application.accepted_at is None or each.requested_at < h.application.accepted_at:
            yield f"{h}: {_name(each)} was asked for before the acceptance"
        for act, moment, person in _made_by(each):
            if not any(e.at == moment and person in (None, e.actor_id) for e in h.acts(act)):
                yield f"{h}: {_name(each)} is {each.state}, and no act «{act}» of {moment:%Y-%m-%d %H:%M} says so"
    for earlier, later in pairwise(sorted(_ran(h), key=lambda each: each.decided_at)):
        end = _end(h, earlier)
        if end is None or later.decided_at < end:
            yield f"{h}: {_name(later)} began before {_name(earlier)} had ended"


def pauses_match_suspensions(h: History) -> Iterator[str]:
    """10: what a suspension pauses it pauses from its first day to its last, and nothing else is paused."""
    pauses, runs = h.rows[ClockPause], {run.id: run for run in h.rows[ClockRun]}
    ran = {each.id: each for each in _ran(h)}
    for pause in pauses:
        each, run = ran.get(pause.suspension_id), runs.get(pause.clock_run_id)
        if each is None or run is None or not pauses_clock(CLOCKS[Clock(run.clock)], each.kind):
            yield f"{h}: pause {pause.id} is of no suspension that pauses this clock"
            continue
        end = _end(h, each)
        if pause.first_day != each.decided_at.date() or pause.last_day != (end.date() if end else None):
            yield f"{h}: pause {pause.id} lasts from {pause.first_day} to {pause.last_day}, unlike {_name(each)}"
    for each in ran.values():
        for run in runs.values():
            if _is_due(run, each) and not any((p.suspension_id, p.clock_run_id) == (each.id, run.id) for p in pauses):
                yield f"{h}: {_name(each)} did not pause the clock {run.clock} (row {run.id})"
    for run in runs.values():
        now_paused = [p.first_day for p in pauses if p.clock_run_id == run.id and p.last_day is None]
        if (run.paused_on is None) != (not now_paused) or run.paused_on not in (None, *now_paused):
            yield f"{h}: the clock {run.clock} (row {run.id}) says it is paused on {run.paused_on}, its pauses do not"


def no_alert_while_paused(h: History) -> Iterator[str]:
    """13: none while paused; on the first and the last day the clock may have been running."""
    for alert in h.rows[Alert]:
        day = alert.raised_at.date()
        for pause in h.rows[ClockPause]:
            within = pause.first_day < day and (pause.last_day is None or day < pause.last_day)
            if pause.clock_run_id == alert.clock_run_id and within:
                yield f"{h}: alert {alert.id} ({alert.clock}) was raised while the clock was paused"


def what_is_owed_has_its_clock_and_its_end(h: History) -> Iterator[str]:
    """9: an owed material is due when its clock is, and open as long as it runs; what came, an act took in."""
    runs = {run.subject_id: run for run in h.rows[ClockRun] if run.clock == Clock.OWED}
    for owed in h.rows[OwedMaterial]:
        run = runs.get(owed.id)
        if run is None or run.due_on != owed.due_on or run.stopped_at != owed.settled_at:
            yield f"{h}: owed material {owed.id} is {owed.state}, due on {owed.due_on}, and its clock says otherwise"
        taken = [e for e in h.acts("collect_supplement") if e.payload.get("owed_id") == owed.id]
        if [e.at for e in taken] != ([owed.settled_at] if owed.state == "collected" else []):
            yield f"{h}: owed material {owed.id} is {owed.state}, and was collected {len(taken)} times"


def nothing_left_while_something_was_owed(h: History) -> Iterator[str]:
    """21: no certificate left, out of a hand or by EMS, while owed material was open."""
    left = [at for at in (h.application.delivered_at, *(each.sent_at for each in h.rows[EmsDispatch])) if at]
    for owed in h.rows[OwedMaterial]:
        if any(owed.settled_at is None or owed.settled_at > at for at in left):
            yield f"{h}: the result left while owed material {owed.id} was open"


def ratings_are_where_their_events_left_them(h: History) -> Iterator[str]:
    """1, 3, 24: a rating begins with its invitation, moves as the table says, and counts its events."""
    for rating in h.rows[Rating]:
        own = [e for e in h.rows[Event] if (e.subject_kind, e.subject_id) == ("rating", rating.id)]
        state = "invited"
        for event in own:
            moves = OBJECT_ACTS[event.act].moves if event.act in OBJECT_ACTS else ()
            if not any((m.source, m.to) == (event.from_state, event.to_state) == (state, m.to) for m in moves):
                yield f"{h}: rating {rating.id}: event {event.seq} «{event.act}» from {state} is no lawful move"
            state = event.to_state
        if (rating.state, rating.version) != (state, len(own) + 1):
            yield f"{h}: rating {rating.id} is {rating.state}, version {rating.version}; its events left it {state}"


def _made_by(each: Row[Any]) -> Iterator[tuple[str, datetime, int | None]]:
    """The acts that must stand behind a suspension: what, when and, where it is kept, by whom."""
    yield "request_suspension", each.requested_at, each.requester_id
    if each.decided_at is not None:
        yield "return_suspension" if each.state == "returned" else "suspend", each.decided_at, each.decided_by_id
    if each.ended_at is not None:
        yield "resume", each.ended_at, None


def _ran(h: History) -> list[Row[Any]]:
    """The suspensions that were agreed to."""
    return [each for each in h.rows[Suspension] if each.state in RAN and each.decided_at is not None]


def _end(h: History, each: Row[Any]) -> datetime | None:
    """When a suspension ended: with its result, or with the application."""
    if each.state == "ceased":
        closed: datetime | None = h.application.closed_at
        return closed
    ended: datetime | None = each.ended_at
    return ended


def _is_due(run: Row[Any], each: Row[Any]) -> bool:
    """Whether the suspension had to pause the run: it ran, was not past due, and is paused by this kind."""
    clock = Clock(run.clock)
    runs = run.started_at <= each.decided_at and (run.stopped_at is None or run.stopped_at > each.decided_at)
    in_time: bool = run.due_at >= each.decided_at
    return clock in PAUSABLE and pauses_clock(CLOCKS[clock], each.kind) and runs and in_time


def _name(each: Row[Any]) -> str:
    return f"suspension {each.id} ({each.kind})"


INVARIANTS: tuple[tuple[int, Judge], ...] = (
    (10, suspensions_follow_one_another),
    (10, pauses_match_suspensions),
    (13, no_alert_while_paused),
    (9, what_is_owed_has_its_clock_and_its_end),
    (21, nothing_left_while_something_was_owed),
    (1, ratings_are_where_their_events_left_them),
)
