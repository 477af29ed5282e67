"""Invariants of the clocks: due dates counted a second time, alerts where they belong and only there."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.engine import clocks, settings
from app.engine.lamps import Given, lamp_at, thresholds
from app.law.clock import CLOCKS, ZONE, Clock, Lamp, limit_of
from app.law.lifecycle import TRANSITIONS
from app.law.recount import recount
from app.law.workdays import Calendar, Pause, UnknownYear
from app.models.calendar import Alert, ClockPause, ClockRun
from app.models.publishing import CalendarPublication, LampRule
from app.models.trail import Event
from app.supervision.checker import AFTER_CLOSING, last_check
from app.supervision.histories import History, Judge

FROM_A_SETTING = frozenset({Clock.DRAFT_KEEP})
"""The county may have set another limit since."""
STARTED_BY_CHOICE = frozenset({(Clock.HANDOVER, "change_delivery"), (Clock.HANDLING, "collect_supplement")})
"""The applicant may choose the window when the certificate exists already; a supplement may go to the office."""
_PUBLICATION = CalendarPublication.__table__.c
Published = tuple[Row[datetime, date], ...]
"""When a calendar was published, and from which day on it differed."""
TO_ANOTHER_LEVEL = frozenset({"raise_again", "pass_up", "return_escalation"})
"""An escalation gets a new day with each level."""
WRITTEN_DATES = frozenset({Clock.HANDOVER, Clock.OWED})
"""Their limit is a date that the act wrote down."""


def invariants(session: Session) -> tuple[tuple[int, Judge], ...]:
    """The invariants that need the county's calendar and settings."""
    given = settings.load(session)
    calendar = settings.calendar(session, given)
    published = tuple(session.execute(select(_PUBLICATION.published_at, _PUBLICATION.first_day)))
    lamps = thresholds(session, given)
    ruled = session.scalar(select(func.max(LampRule.since)))
    checked = last_check(session)
    if checked is not None and any(at >= checked for at in (*(at for at, _ in published), *filter(None, [ruled]))):
        checked = None  # the next check looks by the dates and lamps that hold now
    return (
        (9, lambda h: due_dates_follow_from_the_events(h, calendar, given, published)),
        (13, alerts_are_raised_once_and_in_time),
        (14, lambda h: what_is_overdue_has_its_alert(h, calendar, lamps, checked)),
        (33, lambda h: the_calendar_covers_what_is_due(h, calendar)),
    )


def due_dates_follow_from_the_events(
    h: History, calendar: Calendar, given: settings.Settings, published: Published
) -> Iterator[str]:
    """9: every due date follows from the calendar and the events, counted by a second implementation."""
    moments = {e.at for e in h.rows[Event]}
    for run in h.rows[ClockRun]:
        if run.clock not in list(Clock):
            yield f"{h}: {_name(run)} is no clock of the county"
            continue
        if not _starters(h, run):
            yield f"{h}: {_name(run)} started at {run.started_at:%Y-%m-%d %H:%M:%S}, when no act starts it"
        if run.stopped_at is not None and run.stopped_at not in moments:
            yield f"{h}: {_name(run)} stopped at {run.stopped_at:%Y-%m-%d %H:%M:%S}, when nothing happened"
        if run.stopped_at is not None and run.outcome not in ("void", "late" if run.stopped_at > run.due_at else "met"):
            yield f"{h}: {_name(run)} is marked {run.outcome}"
        yield from _due(h, run, calendar, published)
        yield from _limit(h, run, given)
    open_ones = [run.due_at for run in h.rows[ClockRun] if run.stopped_at is None and run.paused_on is None]
    if h.application.next_due_at != min(open_ones, default=None):
        yield f"{h}: its next deadline is not that of the running clock that ends first"


def _due(h: History, run: Row[Any], calendar: Calendar, published: Published) -> Iterator[str]:
    if run.due_at != datetime.combine(run.due_on, run.closing, ZONE):
        yield f"{h}: {_name(run)} ends at {run.due_at:%Y-%m-%d %H:%M}, not at closing time of {run.due_on}"
    if run.paused_on is not None:
        return  # it is counted again when it resumes
    if run.stopped_at is not None and any(at >= run.stopped_at and day <= run.due_on for at, day in published):
        return  # it ended before its calendar was published or corrected, which may have moved the day
    if run.clock == Clock.HANDOVER:
        promised = [r for r in h.rows[ClockRun] if r.clock == Clock.PROMISED and r.started_at <= run.started_at]
        due = promised[-1].due_on if promised else None
    else:
        try:
            due = _counted_again(h, run, calendar)
        except (UnknownYear, ValueError) as unknown:
            yield f"{h}: {_name(run)} cannot be counted again: {unknown}"
            return
    if due != run.due_on:
        yield f"{h}: {_name(run)} is due on {run.due_on}, counted again on {due}"


def _counted_again(h: History, run: Row[Any], calendar: Calendar) -> date:
    """The last day of a run by the second implementation, with its pauses and its extension."""

    def count(each: Row[Any]) -> date:
        pauses = [Pause(p.first_day, p.last_day) for p in h.rows[ClockPause] if p.clock_run_id == each.id]
        limit = limit_of(each.amount, each.unit, each.due_on)
        return recount(limit, each.started_at, each.closing, calendar, pauses, extension=each.extension).due

    due = count(run)
    if run.clock == Clock.PROMISED and run.extension:
        at_once = [r for r in h.rows[ClockRun] if r.clock == Clock.STATUTORY and r.started_at == run.started_at]
        return min([due, *map(count, at_once)])
    return due


def _limit(h: History, run: Row[Any], given: settings.Settings) -> Iterator[str]:
    clock = Clock(run.clock)
    starters = _starters(h, run)
    if clock in FROM_A_SETTING | WRITTEN_DATES or not starters:
        return
    try:
        lawful = {(limit.amount, limit.is_same_day) for limit in
                  (clocks.limit_of(clock, h.snapshot, given, act) for act in starters)}  # fmt: skip
    except LookupError:
        return  # its limit is what the act said, and stands in no catalogue
    found = limit_of(run.amount, run.unit, run.due_on)
    if (found.amount, found.is_same_day) not in lawful:
        yield f"{h}: {_name(run)} was given {run.amount} {run.unit}, which is not its limit"


def _starters(h: History, run: Row[Any]) -> list[str]:
    """The acts done when the run started that start this clock."""
    at_once = [e.act for e in h.rows[Event] if e.at == run.started_at] + _deemed_since(h, run)
    if run.clock == Clock.ARCHIVE:
        return [act for act in at_once if run.started_at == h.application.closed_at or act == "issue"]
    from_receipt = h.snapshot["clock_start"] == "received"
    return [
        act
        for act in at_once
        if (row := TRANSITIONS.get(act)) is not None
        and (
            run.clock in row.starts
            or (from_receipt and run.clock in row.starts_at_receipt)
            or (run.clock, act) in STARTED_BY_CHOICE
        )
    ] or [act for act in at_once if run.clock == Clock.ESCALATION and act in TO_ANOTHER_LEVEL]


def _deemed_since(h: History, run: Row[Any]) -> list[str]:
    """Silence counts as accepted since the receipt that the office did not answer (行政许可法32)."""
    deemed = {e.at for e in h.events if e.act == "deem_accepted"}
    unanswered = {r.started_at for r in h.rows[ClockRun] if r.clock == Clock.CORRECTION and r.stopped_at in deemed}
    return ["deem_accepted"] if run.started_at in unanswered else []


def alerts_are_raised_once_and_in_time(h: History) -> Iterator[str]:
    """13: one alert per clock run, level and due date; none after closing but where the clock goes on."""
    runs = {run.id: run for run in h.rows[ClockRun]}
    raised = Counter((a.clock_run_id, a.level, a.due_on) for a in h.rows[Alert])
    for alert in h.rows[Alert]:
        run = runs.get(alert.clock_run_id)
        if run is None or run.clock != alert.clock:
            yield f"{h}: alert {alert.id} is of no {alert.clock} clock of this application"
        if raised[(alert.clock_run_id, alert.level, alert.due_on)] > 1:
            yield f"{h}: alert {alert.id} ({alert.clock}, {alert.level}, {alert.due_on}) was raised more than once"
        closed = h.application.closed_at
        if closed is not None and alert.raised_at > closed and alert.clock not in AFTER_CLOSING:
            yield f"{h}: alert {alert.id} ({alert.clock}) was raised after closing"


def what_is_overdue_has_its_alert(
    h: History, calendar: Calendar, lamps: Given, checked: datetime | None
) -> Iterator[str]:
    """14: what was overdue at the last check has its alert; before the first check nothing is owed."""
    raised = {(a.clock_run_id, a.level, a.due_on) for a in h.rows[Alert]}
    for run in h.rows[ClockRun]:
        if checked is None or run.stopped_at is not None or run.started_at >= checked or run.clock not in list(Clock):
            continue
        rule = CLOCKS[Clock(run.clock)]
        if h.application.closed_at is not None and not rule.alerts_after_closing:
            continue
        red = lamp_at(run, checked, calendar, lamps) is Lamp.RED
        if red and rule.red_to and (run.id, "red", run.due_on) not in raised:
            yield f"{h}: {_name(run)} was overdue at the check of {checked:%Y-%m-%d %H:%M} and has no alert"


def the_calendar_covers_what_is_due(h: History, calendar: Calendar) -> Iterator[str]:
    """33: the published calendar covers every open due date, or that date is marked provisional."""
    for run in h.rows[ClockRun]:
        if run.stopped_at is None and not run.provisional and not calendar.is_published(run.due_on):
            yield f"{h}: {_name(run)} is due on {run.due_on}, which is not published, and is not marked provisional"


def _name(run: Row[Any]) -> str:
    return f"run {run.run} of the clock {run.clock} (row {run.id})"
