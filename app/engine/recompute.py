"""Due dates counted again when the working-day calendar changes: set-based, in one transaction, with a list of moves.

It reads and writes clock runs of the whole county as plain tables, and nothing of any person.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import String, bindparam, cast, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.engine.now import now
from app.engine.settings import CALENDAR_VERSION, change_calendar
from app.errors import NotNow
from app.law import N_
from app.law import clock as law
from app.law.calendar_year import Day
from app.law.clock import Clock, Unit
from app.law.roles import Role
from app.law.workdays import Calendar, Deadline, Pause, UnknownYear
from app.models.application import Application
from app.models.calendar import CalendarDay, ClockPause, ClockRun, Setting
from app.models.catalogue import Item
from app.models.publishing import CalendarPublication, DueDateMove
from app.models.trail import Notice

runs, pauses, days_kept = ClockRun.__table__.c, ClockPause.__table__.c, CalendarDay.__table__.c
applications, items, moves = Application.__table__.c, Item.__table__.c, DueDateMove.__table__.c
AT_ONCE = 1000
"""Ids of one statement."""
ORDER = {Clock.STATUTORY.value: 0, Clock.PROMISED.value: 1}
"""What others depend on is counted first."""
TOLD = (Clock.CORRECTION, Clock.PROMISED, Clock.STATUTORY)
"""The clocks whose new due date the office hears of."""
CAUSE = "calendar"
Run = tuple[Any, ...]
"""Of a clock run: id, application, clock, start, amount, unit, closing, due date, provisional, extension."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What happens alike to many clock runs."""

    was_due_on: date
    due_on: date
    closing: time
    settled: bool
    provisional: bool

    @property
    def due_at(self) -> datetime:
        """The moment they end from now on."""
        return law.due_at(Deadline(self.due_on, self.provisional), self.closing)

    def makes_overdue(self, at: datetime) -> bool:
        """Whether they were in time and are late now."""
        before = law.due_at(Deadline(self.was_due_on, self.provisional), self.closing)
        return law.is_late(at, self.due_at) and not law.is_late(at, before)


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of the list: no name and no number of a person."""

    number: str
    item: str
    clock: str
    was_due_on: date
    due_on: date
    overdue: bool
    settled: bool


@dataclass
class Plan:
    """What a change of the calendar would do: the days that differ, and the clock runs by what happens to them."""

    at: datetime
    days: list[Day] = field(default_factory=list)
    shifts: dict[Shift, list[int]] = field(default_factory=dict)
    """The nearest due date first."""

    @property
    def moved(self) -> int:
        """How many due dates move."""
        return self._count(lambda shift: shift.was_due_on != shift.due_on)

    @property
    def overdue(self) -> int:
        """How many become overdue by moving."""
        return self._count(lambda shift: shift.makes_overdue(self.at))

    @property
    def settled(self) -> int:
        """How many are provisional no longer."""
        return self._count(lambda shift: shift.settled)

    def _count(self, which: Any) -> int:
        return sum(len(ids) for shift, ids in self.shifts.items() if which(shift))


def plan(session: Session, given: Iterable[Day]) -> Plan:
    """What publishing these days would do now; nothing is written.

    Raises NotNow where a deadline would leave the years whose calendar is known.
    """
    kept = {
        day: (works, name, published)
        for day, works, name, published in session.execute(
            select(days_kept.day, days_kept.is_workday, days_kept.name, days_kept.published)
        )
    }
    found = Plan(now())
    counted = []
    for each in sorted(given, key=lambda each: each.day):
        was = kept.get(each.day)
        if was == (each.works, each.name, True):
            continue
        found.days.append(each)
        if was is None or (was[0], was[2]) != (each.works, True):
            counted.append(each.day)
        kept[each.day] = (each.works, each.name, True)
    if counted:
        calendar = Calendar.from_rows((day, *rest) for day, rest in kept.items())
        try:
            found.shifts = _shifts(session, calendar, counted[0])
        except UnknownYear as unknown:
            raise NotNow(
                N_("A deadline would end after %(day)s, where the calendar ends: enter the year after it first."),
                day=calendar.last.isoformat(),
            ) from unknown
    return found


def publish(session: Session, given: Iterable[Day], year: int, by: str) -> tuple[CalendarPublication, Plan]:
    """Let these days hold from now on, move what they move, and keep the list; within the caller's transaction."""
    change_calendar(session)
    found = plan(session, given)
    if not found.days:
        raise NotNow(N_("Nothing in these days differs from the calendar that holds."))
    known: dict[date, bool] = dict(session.execute(select(days_kept.day, days_kept.published)).all())
    _write_days(session, found.days, known, by, found.at)
    row = CalendarPublication(
        year=year, version=_next_version(session, by, found.at), corrects=any(known.get(d.day) for d in found.days),
        first_day=found.days[0].day, days=len(found.days), moved=found.moved, overdue=found.overdue,
        settled=found.settled, published_at=found.at, published_by=by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for shift, ids in found.shifts.items():
        _write_shift(session, shift, ids, row.id, shift.makes_overdue(found.at))
    _write_next_due(session, row.id)
    _tell_offices(session, row.id, by, found.at)
    return row, found


def listed(session: Session, found: Plan, most: int | None = None) -> Iterator[Moved]:
    """The due dates that would move, the nearest first; at most so many."""
    left = most
    for shift, ids in found.shifts.items():
        if shift.was_due_on == shift.due_on:
            continue
        for some in _batches(ids if left is None else ids[:left]):
            rows = session.execute(_matters(some).order_by(applications.short_no, runs.id))
            for number, item, clock in rows:
                yield Moved(
                    number, item, clock, shift.was_due_on, shift.due_on, shift.makes_overdue(found.at), shift.settled
                )
        if left is not None:
            left -= min(left, len(ids))


def _shifts(session: Session, calendar: Calendar, first: date) -> dict[Shift, list[int]]:
    """The running clocks whose due date or its certainty differs; a paused one is counted when it resumes.

    What is due before the first day that differs cannot move.
    """
    concerned = (runs.stopped_at.is_(None), runs.paused_on.is_(None), runs.due_on >= first)
    held: dict[int, list[Pause]] = defaultdict(list)
    lasting = select(pauses.clock_run_id, pauses.first_day, pauses.last_day).join_from(
        ClockPause.__table__, ClockRun.__table__, pauses.clock_run_id == runs.id
    )
    for run_id, begun, ended in session.execute(lasting.where(*concerned)):
        held[run_id].append(Pause(begun, ended))
    columns = (
        runs.id, runs.application_id, runs.clock, runs.started_at, runs.amount, runs.unit, runs.closing, runs.due_on,
        runs.provisional, runs.extension,
    )  # fmt: skip
    rows: Iterable[Any] = session.execute(
        select(*columns).where(*concerned).order_by(runs.application_id, runs.id),
        execution_options={"yield_per": 10 * AT_ONCE},
    )
    count = _Counter(calendar)
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for _, of_one in groupby(rows, key=itemgetter(1)):
        for run, due in _due_dates(sorted(of_one, key=_order), held, count):
            run_id, *_, closing, was_due_on, was_provisional, _extension = run
            if due.due != was_due_on or due.provisional is not was_provisional:
                settled = was_provisional and not due.provisional
                found[was_due_on, due.due, closing, settled, due.provisional].append(run_id)
    return {Shift(*alike): found[alike] for alike in sorted(found, key=itemgetter(1, 0))}


def _order(run: Run) -> int:
    return ORDER.get(run[2], 2)


def _due_dates(
    of_one: Iterable[Run], held: Mapping[int, Sequence[Pause]], count: "_Counter"
) -> Iterator[tuple[Run, Deadline]]:
    """The due dates of one application's clocks: an extended promise ends with the statutory limit at the latest."""
    found: dict[str, Deadline] = {}
    for run in of_one:
        run_id, _, clock, *_, extension = run
        due = count(run, held.get(run_id, ()))
        if clock == Clock.PROMISED and extension and Clock.STATUTORY in found:
            due = law.capped(due, found[Clock.STATUTORY])
        if clock == Clock.HANDOVER:
            due = found.get(Clock.PROMISED, due)
        found[clock] = due
        yield run, due


class _Counter:
    """Counts each limit once: thousands of clocks share a start day and a length."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[Any, ...], Deadline] = {}

    def __call__(self, run: Run, pauses: Sequence[Pause]) -> Deadline:
        _id, _application, _clock, started, amount, unit, closing, due_on, _provisional, extension = run
        written = due_on if unit == Unit.DATE else None
        key = (amount, unit, written, started.date(), started.time() > closing, extension, *pauses)
        if (found := self._known.get(key)) is None:
            limit = law.limit_of(amount, unit, due_on)
            found = law.deadline(limit, started, closing, self._calendar, pauses, extension=extension)
            self._known[key] = found
        return found


def _batches(of: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (of[start : start + AT_ONCE] for start in range(0, len(of), AT_ONCE))


def _write_days(session: Session, days: Sequence[Day], known: Mapping[date, bool], by: str, at: datetime) -> None:
    rows = [{"of": d.day, "works": d.works, "called": d.name} for d in days if d.day in known]
    new = [
        {"day": d.day, "is_workday": d.works, "name": d.name, "published": True, "created_at": at, "created_by": by}
        for d in days if d.day not in known
    ]  # fmt: skip
    table = CalendarDay.__table__
    if rows:
        named = {"is_workday": bindparam("works"), "name": bindparam("called"), "published": True}
        session.connection().execute(update(table).where(table.c.day == bindparam("of")).values(named), rows)
    if new:
        session.connection().execute(insert(table), new)


def _next_version(session: Session, by: str, at: datetime) -> int:
    """From here on every process counts by the changed calendar."""
    version = session.get(Setting, CALENDAR_VERSION, populate_existing=True)
    if version is None:
        version = Setting(key=CALENDAR_VERSION, value=0, created_at=at, created_by=by)
        session.add(version)
    version.value = number = int(str(version.value)) + 1
    return number


def _matters(ids: Sequence[int], *more: Any) -> Any:
    """Number, item and clock of these runs."""
    return (
        select(applications.short_no, items.name, runs.clock, *more)
        .join_from(ClockRun.__table__, Application.__table__, runs.application_id == applications.id)
        .join(Item.__table__, items.id == applications.item_id)
        .where(runs.id.in_(ids))
    )


def _write_shift(session: Session, shift: Shift, ids: Sequence[int], publication: int, overdue: bool) -> None:
    new = {"due_on": shift.due_on, "due_at": shift.due_at, "provisional": shift.provisional}
    for some in _batches(ids):
        session.execute(update(ClockRun.__table__).where(runs.id.in_(some)).values(new))
        if shift.was_due_on == shift.due_on:
            continue
        same = {
            "publication_id": publication, "was_due_on": shift.was_due_on, "due_on": shift.due_on, "overdue": overdue,
            "settled": shift.settled,
        }  # fmt: skip
        values = [literal(value, moves[name].type) for name, value in same.items()]
        names = ["number", "item", "clock", "application_id", *same]
        line = _matters(some, runs.application_id, *values).order_by(applications.short_no, runs.id)
        session.execute(insert(DueDateMove.__table__).from_select(names, line))


def _write_next_due(session: Session, publication: int) -> None:
    """The nearest deadline of every application of which one moved."""
    concerned = select(moves.application_id).where(moves.publication_id == publication)
    nearest = (
        select(runs.application_id, func.min(runs.due_at).label("due_at"))
        .where(runs.application_id.in_(concerned), runs.stopped_at.is_(None), runs.paused_on.is_(None))
        .group_by(runs.application_id)
        .subquery()
    )
    session.execute(
        update(Application.__table__)
        .where(applications.id == nearest.c.application_id, applications.next_due_at.is_distinct_from(nearest.c.due_at))
        .values(next_due_at=nearest.c.due_at)
    )


def _tell_offices(session: Session, publication: int, by: str, at: datetime) -> None:
    """A line for the approvers of each application of which a limit moved: the one that ends first."""
    place = func.row_number().over(partition_by=moves.application_id, order_by=moves.id).label("place")
    told = (
        select(moves.id, moves.application_id, moves.number, moves.item, moves.clock, moves.due_on, place)
        .where(moves.publication_id == publication, moves.clock.in_(TOLD))
        .subquery()
        .c
    )
    as_json = func.json_build_object if session.get_bind().dialect.name == "postgresql" else func.json_object
    values = {
        "application_id": told.application_id,
        "role": literal(Role.APPROVER.value),
        "unit": literal("office:").concat(cast(applications.office_id, String)),
        "cause": literal(CAUSE),
        "level": literal("info"),
        "text": literal(""),
        "params": as_json("number", told.number, "item", told.item, "clock", told.clock, "due_on", told.due_on),
        "at": literal(at, Notice.__table__.c.at.type),
        "created_by": literal(by),
    }
    lines = select(*values.values()).where(told.application_id == applications.id, told.place == 1).order_by(told.id)
    session.execute(insert(Notice.__table__).from_select([*values], lines))
