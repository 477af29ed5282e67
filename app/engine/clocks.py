"""Clocks of an application: started and stopped as the transition's row says; every due date is computed here."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.engine.settings import Settings
from app.law import clock as law
from app.law.clock import CLOCKS, Clock, Limit, Unit
from app.law.lifecycle import Transition
from app.law.workdays import Calendar, Deadline, Pause
from app.models.application import Application
from app.models.calendar import ClockPause, ClockRun

CORRECTION_BY_LAW = Limit(5)
"""行政许可法 32(4): after five working days of silence the application counts as accepted."""
DELIVERY_BY_LAW = Limit(10)
"""行政许可法 44."""
ARCHIVE_BY_RULE = Limit(5)
"""第十五条（九）."""
ESCALATION_A_LEVEL = Limit(1)
"""第十四条: a working day a level."""
STARTED_BY_CLOSING = frozenset({Clock.ARCHIVE})
BY_SUBJECT = frozenset({Clock.OWED, Clock.OPINION, Clock.ESCALATION})
"""There may be several at once, each of its own material, opinion or escalation; their acts start them one by one."""
ENDING = frozenset({"withdraw", "terminate"})


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
        case Clock.ESCALATION:
            return ESCALATION_A_LEVEL
        case _:
            raise LookupError(f"no limit is known for the clock {clock}")


_RUNS = (
    select(ClockRun)
    .where(ClockRun.application_id == bindparam("application"))
    .order_by(ClockRun.started_at, ClockRun.id)
)


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
        runs = session.scalars(_RUNS, {"application": application.id}).all()
        return cls(session, application, calendar, closing, list(runs))

    def running(self, clock: Clock) -> ClockRun | None:
        """The run of this clock that has not stopped."""
        return next((r for r in reversed(self.runs) if r.clock == clock and r.stopped_at is None), None)

    def latest(self, clock: Clock) -> ClockRun | None:
        """The last run of this clock, stopped or not."""
        return next((r for r in reversed(self.runs) if r.clock == clock), None)

    def start(self, clock: Clock, limit: Limit, at: datetime, by: str, subject_id: int | None = None) -> ClockRun:
        """Start a new run; day 0 is the day of `at`."""
        return self._add(clock, limit, at, law.deadline(limit, at, self.closing, self.calendar), by, subject_id)

    def start_with(self, clock: Clock, other: ClockRun, at: datetime, by: str) -> ClockRun:
        """Start a run that is due with another one (the handover with the promised limit)."""
        limit = Limit(0, Unit.DATE, other.due_on)
        return self._add(clock, limit, at, Deadline(other.due_on, other.provisional), by)

    def _add(
        self, clock: Clock, limit: Limit, at: datetime, due: Deadline, by: str, subject_id: int | None = None
    ) -> ClockRun:
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
            extension=0,
            subject_id=subject_id,
            created_by=by,
        )
        self.session.add(run)
        self.runs.append(run)
        return run

    def stop(self, clock: Clock, at: datetime, outcome: str = "met", subject_id: int | None = None) -> None:
        """Stop what runs of this clock, of one subject if it is named; a breach stays whatever the outcome."""
        for run in self.runs:
            if run.clock == clock and run.stopped_at is None and subject_id in (None, run.subject_id):
                if run.paused_on is not None:
                    self._end_pause(run, at.date())
                    self.count_again(run)
                run.stopped_at = at
                run.outcome = "late" if law.is_late(at, run.due_at) else outcome

    # pauses and extension

    @cached_property
    def pauses(self) -> list[ClockPause]:
        """Every pause of these runs, oldest first."""
        found = select(ClockPause).where(ClockPause.application_id == self.application.id).order_by(ClockPause.id)
        return list(self.session.scalars(found))

    def pauses_of(self, run: ClockRun) -> list[Pause]:
        """The days that do not count for a run."""
        return [Pause(p.first_day, p.last_day) for p in self.pauses if p.clock_run_id == run.id]

    def pause(self, clock: Clock, suspension_id: int, at: datetime, by: str) -> None:
        """Pause a clock from this day on; one that is past due is not paused: a breach stays."""
        run = self.running(clock)
        if run is None or law.is_late(at, run.due_at):
            return
        pause = ClockPause(
            application_id=self.application.id,
            clock_run_id=run.id,
            suspension_id=suspension_id,
            first_day=at.date(),
            created_by=by,
        )
        self.pauses.append(pause)
        self.session.add(pause)
        run.paused_on = at.date()

    def resume(self, clock: Clock, at: datetime) -> None:
        """Count again from the next day; the day of resuming is day 0 of what is left."""
        run = self.running(clock)
        if run is not None and run.paused_on is not None:
            self._end_pause(run, at.date())
            self.count_again(run)

    def extend(self, days: int) -> None:
        """Add working days to both limits, once; the promised one never ends past the statutory (行政许可法42)."""
        for clock in (Clock.STATUTORY, Clock.PROMISED):  # the cap needs the statutory limit first
            run = self.running(clock)
            if run is not None:
                run.extension = days
                self.count_again(run)

    def count_again(self, run: ClockRun) -> None:
        """Count a run's due date anew, with its pauses and its extension."""
        due = law.deadline(
            law.limit_of(run.amount, run.unit, run.due_on), run.started_at, run.closing, self.calendar,
            self.pauses_of(run), extension=run.extension,
        )  # fmt: skip
        statutory = self.running(Clock.STATUTORY)
        if run.clock == Clock.PROMISED and run.extension and statutory is not None and statutory.paused_on is None:
            due = law.capped(due, Deadline(statutory.due_on, statutory.provisional))
        run.due_on, run.due_at, run.provisional = due.due, law.due_at(due, run.closing), due.provisional

    def _end_pause(self, run: ClockRun, day: date) -> None:
        for pause in self.pauses:
            if pause.clock_run_id == run.id and pause.last_day is None:
                pause.last_day = day
        run.paused_on = None

    def next_due(self) -> datetime | None:
        """The nearest deadline that still runs."""
        return min((r.due_at for r in self.runs if r.stopped_at is None and r.paused_on is None), default=None)


@dataclass
class Timing:
    """What an act says about its clocks besides its row: limits of its own, subjects, a suspension, other moments."""

    limits: dict[Clock, Limit] = field(default_factory=dict)
    starts: list[tuple[Clock, Limit, Any]] = field(default_factory=list)
    """(clock, limit, row): a clock of a row that is being written; it is known by the row's id."""
    stops: dict[Clock, int] = field(default_factory=dict)
    """Clock -> the one subject whose run stops."""
    suspension: Any = None
    started_as_of: datetime | None = None
    stopped_as_of: datetime | None = None


def apply(  # the row's effects, in the order stop, pause, resume, start
    book: ClockBook,
    transition: Transition,
    item: dict[str, Any],
    settings: Settings,
    at: datetime,
    by: str,
    timing: Timing,
) -> None:
    """Stop, pause, resume and start the clocks the transition's row names."""
    for clock in transition.stops:
        voided = transition.name in ENDING or _voids(transition, clock)
        book.stop(clock, timing.stopped_as_of or at, "void" if voided else "met", timing.stops.get(clock))
    for clock in transition.pauses:
        if law.pauses_clock(CLOCKS[clock], timing.suspension.kind):
            book.pause(clock, timing.suspension.id, at, by)
    for clock in sorted(transition.resumes, reverse=True):  # the statutory limit before the promised
        book.resume(clock, at)
    starts = list(transition.starts)
    if item["clock_start"] == "received":
        starts += transition.starts_at_receipt
    for clock in starts:
        if clock not in STARTED_BY_CLOSING | BY_SUBJECT:
            _start(book, clock, transition, item, settings, at, by, timing)
    for clock, limit, row in timing.starts:
        book.start(clock, limit, at, by, row.id)


def _start(
    book: ClockBook, clock: Clock, transition: Transition, item: dict[str, Any], settings: Settings,
    at: datetime, by: str, timing: Timing,
) -> None:  # fmt: skip
    if clock in (Clock.PROMISED, Clock.STATUTORY) and book.running(clock) is not None:
        return
    if clock is Clock.HANDOVER:
        promised = book.latest(Clock.PROMISED)
        if book.application.delivery_mode == "window" and promised is not None:
            book.start_with(clock, promised, at, by)
        return
    limit = timing.limits.get(clock) or limit_of(clock, item, settings, transition.name)
    book.stop(clock, at, "void")
    book.start(clock, limit, timing.started_as_of or at, by)


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


def deemed_accepted_at(book: ClockBook) -> datetime | None:
    """The moment after which silence means acceptance: closing time of the fifth working day after the last receipt.

    None where nothing was received, or where the day is provisional: nobody is deemed by an estimate.
    """
    run = book.latest(Clock.CORRECTION)
    return None if run is None else silence_ends_at(run.started_at, run.closing, book.calendar)


def silence_ends_at(received_at: datetime, closing: time, calendar: Calendar) -> datetime | None:
    """The moment after which silence since this receipt means acceptance."""
    due = law.deadline(CORRECTION_BY_LAW, received_at, closing, calendar)
    return None if due.provisional else law.due_at(due, closing)
