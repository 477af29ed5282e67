"""Clocks of an application: started and stopped as the transition's row says; every due date is computed here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.settings import Settings
from app.law import clock as law
from app.law.clock import Clock, Limit, Unit
from app.law.lifecycle import Transition
from app.law.workdays import Calendar, Deadline
from app.models.application import Application
from app.models.calendar import ClockRun

CORRECTION_BY_LAW = Limit(5)
"""行政许可法 32(4): after five working days of silence the application counts as accepted."""
DELIVERY_BY_LAW = Limit(10)
"""行政许可法 44."""
ARCHIVE_BY_RULE = Limit(5)
"""第十五条（九）."""
STARTED_BY_CLOSING = frozenset({Clock.ARCHIVE})


def limit_of(  # noqa: PLR0911  (one line a clock)
    clock: Clock, item: dict[str, Any], settings: Settings, act: str
) -> Limit:
    """The limit a clock gets, from the item as filed, the settings, or the law."""
    match clock:
        case Clock.DRAFT_KEEP:
            return Limit(int(settings.get("draft_keep_days", 30)))
        case Clock.HANDLING:
            return Limit(1)
        case Clock.CORRECTION:
            return Limit(0, Unit.SAME_DAY) if item["handling"] == "instant" else Limit(int(item["correction_days"]))
        case Clock.FILING:
            return Limit(0, Unit.SAME_DAY) if act == "reject" else Limit(1)
        case Clock.PROMISED:
            return Limit(int(item["promised_days"]))
        case Clock.STATUTORY:
            return Limit(int(item["statutory_amount"]), Unit(item["statutory_unit"]))
        case Clock.DELIVERY:
            return DELIVERY_BY_LAW
        case Clock.ARCHIVE:
            return ARCHIVE_BY_RULE
        case _:
            raise LookupError(f"no limit is known for the clock {clock}")


@dataclass
class ClockBook:
    """The clock runs of one application, and the calendar they are counted by."""

    session: Session
    application: Application
    calendar: Calendar
    closing: time
    runs: list[ClockRun] = field(default_factory=list)

    @classmethod
    def open(cls, session: Session, application: Application, calendar: Calendar, closing: time) -> "ClockBook":
        """The book of an application that exists; one query."""
        runs = session.scalars(
            select(ClockRun).where(ClockRun.application_id == application.id).order_by(ClockRun.started_at, ClockRun.id)
        ).all()
        return cls(session, application, calendar, closing, list(runs))

    def running(self, clock: Clock) -> ClockRun | None:
        """The run of this clock that has not stopped."""
        return next((r for r in reversed(self.runs) if r.clock == clock and r.stopped_at is None), None)

    def latest(self, clock: Clock) -> ClockRun | None:
        """The last run of this clock, stopped or not."""
        return next((r for r in reversed(self.runs) if r.clock == clock), None)

    def start(self, clock: Clock, limit: Limit, at: datetime, by: str) -> ClockRun:
        """Start a new run; day 0 is the day of `at`."""
        due = law.deadline(limit, at, self.closing, self.calendar)
        return self._add(clock, limit, at, due, by)

    def start_with(self, clock: Clock, other: ClockRun, at: datetime, by: str) -> ClockRun:
        """Start a run that is due with another one (the handover with the promised limit)."""
        limit = Limit(0, Unit.DATE, other.due_on)
        return self._add(clock, limit, at, Deadline(other.due_on, other.provisional), by)

    def _add(self, clock: Clock, limit: Limit, at: datetime, due: Deadline, by: str) -> ClockRun:
        run = ClockRun(
            application_id=self.application.id,
            clock=clock.value,
            run=sum(r.clock == clock for r in self.runs) + 1,
            started_at=at,
            amount=limit.amount,
            unit=(Unit.SAME_DAY if limit.is_same_day else limit.unit).value,
            closing=self.closing,
            due_on=due.due,
            due_at=law.due_at(due, self.closing),
            provisional=due.provisional,
            created_by=by,
        )
        self.session.add(run)
        self.runs.append(run)
        return run

    def stop(self, clock: Clock, at: datetime, outcome: str | None = None) -> None:
        """Stop the running run, if there is one: met, late, or as `outcome` says."""
        run = self.running(clock)
        if run is not None:
            run.stopped_at = at
            run.outcome = outcome or ("late" if law.is_late(at, run.due_at) else "met")

    def next_due(self) -> datetime | None:
        """The nearest deadline that still runs."""
        return min((r.due_at for r in self.runs if r.stopped_at is None), default=None)


def apply(
    book: ClockBook,
    transition: Transition,
    item: dict[str, Any],
    settings: Settings,
    at: datetime,
    by: str,
    *,
    stopped_as_of: datetime | None = None,
    skip: Sequence[Clock] = (),
) -> None:
    """Start and stop the clocks the transition's row names."""
    for clock in transition.stops:
        voided = "void" if transition.name in ("withdraw", "terminate") or _voids(transition, clock) else None
        book.stop(clock, stopped_as_of or at, voided)
    starts = list(transition.starts)
    if item["clock_start"] == "received":
        starts += transition.starts_at_receipt
    for clock in starts:
        if clock in STARTED_BY_CLOSING or clock in skip or clock is Clock.OWED:
            continue
        if clock in (Clock.PROMISED, Clock.STATUTORY) and book.running(clock) is not None:
            continue
        if clock is Clock.HANDOVER:
            promised = book.latest(Clock.PROMISED)
            if book.application.delivery_mode == "window" and promised is not None:
                book.start_with(clock, promised, at, by)
            continue
        book.stop(clock, at, "void")
        book.start(clock, limit_of(clock, item, settings, transition.name), at, by)


def _voids(transition: Transition, clock: Clock) -> bool:
    """A correction notice voids the clocks that ran from the receipt; they start anew with the answer (§9(l))."""
    return transition.name == "request_correction" and clock in (Clock.PROMISED, Clock.STATUTORY)


def within_correction_by_law(book: ClockBook, now: datetime) -> bool:
    """Whether the fifth working day after the last receipt has not passed, whatever shorter days the item promises."""
    run = book.latest(Clock.CORRECTION)
    if run is None:
        return True
    due = law.deadline(CORRECTION_BY_LAW, run.started_at, run.closing, book.calendar)
    return not law.is_late(now, law.due_at(due, run.closing))
