"""Publishing a year while every application of the bench is open, begun on the last days of the year before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from time import perf_counter

from sqlalchemy import Engine, Integer, String, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.engine import recompute, settings, transaction
from app.law.calendar_year import Day, days_of
from app.law.clock import ZONE, Clock, Limit, deadline, due_at
from app.law.workdays import Calendar
from app.models.application import Application
from app.models.calendar import CalendarDay, ClockRun
from app.supervision.measuring import Figure, Sent, milliseconds

LIMITS = {Clock.PROMISED: 5, Clock.STATUTORY: 20}
"""As most items have them: every statutory limit ends in the new year, and the promised ones of the last week."""
START_DAYS, EXTRA_RUN, SHOWN = 20, 90, 200
CLOSING = time(17, 30)
LONGER_BY = 2
"""Days that the New Year is longer than estimated."""


def publishing(session: Session, engine: Engine) -> Iterator[Figure]:
    """Look at what a year moves, then publish it; the bench's database is of no further use then."""
    first = session.scalar(select(func.min(CalendarDay.day)).where(CalendarDay.published.is_(False)))
    assert first is not None, "a year is left to publish"
    days = _longer_new_year(session, first.year)
    calendar = settings.calendar(session, settings.load(session))
    number = transaction.run(session, lambda: _open_all(session, calendar, first))
    with Sent(engine) as sent:
        begun = perf_counter()
        found = recompute.plan(session, days)
        shown = list(islice(recompute.listed(session, found, SHOWN), SHOWN))
        spent = milliseconds(begun)
    assert len(shown) == min(SHOWN, found.moved)
    yield Figure(f"what a year would move, {number} open (once)", spent, len(sent.statements))
    with Sent(engine) as sent:
        begun = perf_counter()
        row = transaction.run(session, lambda: recompute.publish(session, days, first.year, "bench")[0])
        spent = milliseconds(begun)
    yield Figure(f"publishing it, {row.moved} due dates move (once)", spent, len(sent.statements))


def _longer_new_year(session: Session, year: int) -> list[Day]:
    """The year as it is estimated, with its first working days off."""
    found = session.scalars(
        select(CalendarDay).where(CalendarDay.day.in_(list(days_of(year)))).order_by(CalendarDay.day)
    )
    days = [Day(row.day, row.is_workday, row.name) for row in found]
    longer = [each.day for each in days if each.works][:LONGER_BY]
    return [replace(each, works=False, name="元旦") if each.day in longer else each for each in days]


def _open_all(session: Session, calendar: Calendar, first: date) -> int:
    """Give every application both limits, begun on one of the last days of the year before; answers how many."""
    runs, applications = ClockRun.__table__, Application.__table__.c
    for k in range(START_DAYS):
        started = datetime.combine(first - timedelta(days=k + 1), time(10), ZONE)
        of_this_day = applications.id % START_DAYS == k
        for clock, amount in LIMITS.items():
            due = deadline(Limit(amount), started, CLOSING, calendar)
            values = {
                "clock": literal(clock.value, String), "run": literal(EXTRA_RUN, Integer),
                "started_at": literal(started, runs.c.started_at.type), "amount": literal(amount, Integer),
                "unit": literal("working_day", String), "closing": literal(CLOSING, runs.c.closing.type),
                "due_on": literal(due.due, runs.c.due_on.type),
                "due_at": literal(due_at(due, CLOSING), runs.c.due_at.type),
                "provisional": literal(due.provisional, runs.c.provisional.type),
                "extension": literal(0, Integer), "created_by": literal("bench", String),
            }  # fmt: skip
            every = select(applications.id, *values.values()).where(of_this_day)
            session.execute(insert(runs).from_select(["application_id", *values], every))
    nearest = select(func.min(runs.c.due_at)).where(
        runs.c.application_id == applications.id, runs.c.stopped_at.is_(None), runs.c.paused_on.is_(None)
    )
    session.execute(update(Application.__table__).values(next_due_at=nearest.scalar_subquery()))
    return session.scalar(select(func.count()).select_from(Application.__table__)) or 0
