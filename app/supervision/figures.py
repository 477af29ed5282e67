"""The figures of the dashboard: each one query, seen as far as whoever asks reaches (the session's guard says so).

A figure and the list behind it share their condition, so that a number is always the length of its list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select

from app.law.clock import Clock
from app.law.limits import Unit
from app.law.states import State
from app.law.workdays import ONE_DAY, workdays_between
from app.models.application import Application
from app.models.calendar import Alert, ClockPause, ClockRun
from app.models.escalation import Escalation
from app.models.exports import ExportRequest
from app.supervision.spans import Days, day_of, real

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.law.workdays import Calendar

RUNNING = and_(ClockRun.stopped_at.is_(None), ClockRun.paused_on.is_(None))


def by_state(session: Session) -> dict[State, int]:
    """How many applications stand where."""
    found = session.execute(
        select(Application.state, func.count()).where(real()).group_by(Application.state)
    )  # fmt: skip
    counted = {State(state): count for state, count in found}
    return {state: counted[state] for state in State if state in counted}


def lamps(session: Session) -> dict[tuple[Clock, int, str], int]:
    """How many running clocks are red or yellow, by clock and office."""
    red = _alert("red")
    colour = red.label("is_red")
    rows = (
        select(ClockRun.clock, Application.office_id, colour)
        .join(Application, Application.id == ClockRun.application_id)
        .where(RUNNING, real(), _alert("red") | _alert("yellow"))
        .subquery()
    )
    found = session.execute(
        select(rows.c.clock, rows.c.office_id, rows.c.is_red, func.count()).group_by(
            rows.c.clock, rows.c.office_id, rows.c.is_red
        )
    )
    return {(Clock(clock), office, "red" if is_red else "yellow"): count for clock, office, is_red, count in found}


def _alert(level: str) -> ColumnElement[bool]:
    """Whether the running clock's lamp turned for the day on which it is due now."""
    same = (Alert.clock_run_id == ClockRun.id, Alert.due_on == ClockRun.due_on, Alert.level == level)
    return exists().where(*same).correlate(ClockRun)


def overdue(session: Session, now: datetime) -> dict[int, int]:
    """How many applications are past a deadline, by office."""
    query = select(Application.office_id, func.count()).where(_is_overdue(now), real())
    return dict(session.execute(query.group_by(Application.office_id)).all())


def _is_overdue(now: datetime) -> ColumnElement[bool]:
    return Application.next_due_at < now


@dataclass
class Pace:
    """How long an office promised, and took, over a number of decisions; working days, pauses left out."""

    number: int = 0
    late: int = 0
    promised: float = 0
    taken: float = 0

    @property
    def longest(self) -> float:
        """The longer of the two averages."""
        return max(self.mean_promised, self.mean_taken)

    @property
    def mean_promised(self) -> float:
        """Working days promised, on average."""
        return self.promised / self.number if self.number else 0

    @property
    def mean_taken(self) -> float:
        """Working days taken, on average."""
        return self.taken / self.number if self.number else 0


def pace(session: Session, days: Days, calendar: Calendar) -> dict[int, Pace]:
    """Promised and actual working days of what ended in these days, by office.

    The database groups by first and last day, of which there are few; the calendar counts between them.
    """
    ended = (
        ClockRun.clock == Clock.PROMISED.value, days.hold(ClockRun.stopped_at), ClockRun.outcome != "void",
        ClockRun.unit != Unit.MONTH.value, real(),
    )  # fmt: skip
    first, last = day_of(session, ClockRun.started_at), day_of(session, ClockRun.stopped_at)
    late = func.count().filter(_late())
    groups = (
        select(Application.office_id, first, last, func.count(), func.sum(ClockRun.amount + ClockRun.extension), late)
        .select_from(ClockRun)
        .join(Application, Application.id == ClockRun.application_id)
        .where(*ended)
        .group_by(Application.office_id, first, last)
    )
    found: dict[int, Pace] = defaultdict(Pace)
    for office, begun, over, number, promised, breached in session.execute(groups):
        own = found[office]
        own.number, own.late, own.promised = own.number + number, own.late + breached, own.promised + promised
        own.taken += number * workdays_between(date.fromisoformat(begun), date.fromisoformat(over), calendar)
    pauses = (
        select(Application.office_id, first, ClockPause.first_day, ClockPause.last_day, func.count())
        .select_from(ClockPause)
        .join(ClockRun, ClockRun.id == ClockPause.clock_run_id)
        .join(Application, Application.id == ClockRun.application_id)
        .where(*ended, ClockPause.last_day.is_not(None))
        .group_by(Application.office_id, first, ClockPause.first_day, ClockPause.last_day)
    )
    for office, begun, paused, resumed, number in session.execute(pauses):
        before = max(paused - ONE_DAY, date.fromisoformat(begun))  # the first day of a clock is not counted anyway
        found[office].taken -= number * workdays_between(before, resumed, calendar)
    return dict(found)


def _late() -> ColumnElement[bool]:
    return ClockRun.stopped_at > ClockRun.due_at


def escalations(session: Session) -> dict[str, int]:
    """How many matters lie with each level."""
    query = (
        select(Escalation.level, func.count())
        .join(Application, Application.id == Escalation.application_id)
        .where(_is_open(), real())
    )
    return dict(session.execute(query.group_by(Escalation.level)).all())


def _is_open() -> ColumnElement[bool]:
    return Escalation.state == "open"


def exports(session: Session, days: Days) -> dict[str, int]:
    """How many exports were asked for in these days, by what became of them."""
    query = select(ExportRequest.state, func.count()).where(days.hold(ExportRequest.created_at))
    return dict(session.execute(query.group_by(ExportRequest.state)).all())


# -- the list behind a number -----------------------------------------------------------------------------------------


def behind(figure: str, told: Mapping[str, str], now: datetime, days: Days) -> Select[Any]:
    """The applications that a number counts; none where the address means nothing."""
    condition = BEHIND.get(figure, lambda *_: false())(told, now, days)
    return select(Application.id).where(condition, real())


def _of_office(told: Mapping[str, str]) -> ColumnElement[bool]:
    office = told.get("office", "")
    return Application.office_id == (int(office) if office.isdecimal() and len(office) < 16 else 0)  # noqa: PLR2004


def _lamp(told: Mapping[str, str], _now: datetime, _days: Days) -> ColumnElement[bool]:
    colour = _alert("red") if told.get("level") == "red" else and_(_alert("yellow"), ~_alert("red"))
    run = exists().where(ClockRun.application_id == Application.id, ClockRun.clock == told.get("clock", ""), RUNNING)
    return and_(_of_office(told), run.where(colour).correlate(Application))


def _ended(told: Mapping[str, str], _now: datetime, days: Days) -> ColumnElement[bool]:
    run = exists().where(
        ClockRun.application_id == Application.id, ClockRun.clock == Clock.PROMISED.value, ClockRun.outcome != "void",
        days.hold(ClockRun.stopped_at), ClockRun.unit != Unit.MONTH.value,
    )  # fmt: skip
    run = run.where(_late()) if told.get("late") else run
    return and_(_of_office(told), run.correlate(Application))


def _escalated(told: Mapping[str, str], _now: datetime, _days: Days) -> ColumnElement[bool]:
    own = exists().where(Escalation.application_id == Application.id, Escalation.level == told.get("level", ""))
    return own.where(_is_open()).correlate(Application)


BEHIND: dict[str, Callable[[Mapping[str, str], datetime, Days], ColumnElement[bool]]] = {
    "state": lambda told, _now, _days: Application.state == told.get("state", ""),
    "lamp": _lamp,
    "overdue": lambda told, now, _days: and_(_of_office(told), _is_overdue(now)),
    "ended": _ended,
    "escalation": _escalated,
}
