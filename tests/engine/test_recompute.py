"""A published year moves the due dates it must, all at once, and says which."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from app.engine import recompute, scope, settings, transaction
from app.engine.now import now
from app.engine.perform import perform
from app.errors import Busy, NotNow
from app.law.calendar_year import Day, days_of
from app.law.clock import Clock, due_at, limit_of
from app.law.recount import recount
from app.law.workdays import ZONE, Deadline, Pause
from app.models.calendar import CalendarDay, ClockPause, ClockRun, Setting
from app.models.examination import Suspension
from app.models.publishing import CalendarPublication, DueDateMove
from app.models.trail import Notice
from app.supervision.verify import violations
from tests.factories import County, Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import time_machine
    from sqlalchemy import Engine

DECEMBER = datetime(2026, 12, 21, 10, tzinfo=ZONE)
HOLIDAYS = {date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦", date(2027, 1, 5): "元旦"}
MAKE_UP = {date(2027, 1, 9): "元旦"}


def year(session: Session, number: int = 2027, **other: bool) -> list[Day]:
    """The year as it is estimated, but for a longer New Year; `other` turns days by name, e.g. d0115."""
    turned = {date(number, int(name[1:3]), int(name[3:])): works for name, works in other.items()}
    rows = session.scalars(select(CalendarDay).where(CalendarDay.day.in_(list(days_of(number)))))
    days = {row.day: Day(row.day, row.is_workday, row.name) for row in rows}
    if number == 2027:
        days |= {day: Day(day, False, name) for day, name in HOLIDAYS.items()}
        days |= {day: Day(day, True, name) for day, name in MAKE_UP.items()}
    days |= {day: Day(day, works, "调休") for day, works in turned.items()}
    found = [days[day] for day in days_of(number)]
    session.rollback()
    return found


def publish(session: Session, days: list[Day]) -> CalendarPublication:
    return transaction.run(session, lambda: recompute.publish(session, days, days[0].day.year, "admin")[0])


def wrong(session: Session, folder: Path) -> list[str]:
    """What `verify` finds, but for the settings of the test's own server."""
    return [line for line in violations(session, folder) if not line.startswith("32:")]


def running(county: County, application: int) -> dict[str, ClockRun]:
    county.session.expire_all()
    return {run.clock: run for run in county.rows(ClockRun, application) if run.stopped_at is None}


@pytest.mark.database
def test_publishing_a_year_moves_what_is_due_in_it_and_lists_every_move(
    county: County, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    clock.move_to(DECEMBER)
    early = Line(county).until("received")
    line = Line(county).until("accepted")
    session = county.session
    before = running(county, line.id)
    assert (before["promised"].due_on, before["statutory"].due_on) == (date(2026, 12, 28), date(2027, 1, 19))
    assert before["statutory"].provisional
    days = year(session)

    shown = recompute.plan(session, days)
    assert (shown.moved, shown.overdue, shown.settled) == (1, 0, 1)
    [told] = recompute.listed(session, shown)
    number = county.application(line.id).short_no
    assert (told.number, told.item, told.clock) == (number, "示例事项I12", "statutory")
    assert (told.was_due_on, told.due_on, told.settled) == (date(2027, 1, 19), date(2027, 1, 20), True)
    assert running(county, line.id)["statutory"].due_on == date(2027, 1, 19)  # nothing is written yet
    session.rollback()

    row = publish(session, days)
    assert (row.year, row.moved, row.overdue, row.settled, row.corrects) == (2027, 1, 0, 1, False)
    after = running(county, line.id)
    assert (after["statutory"].due_on, after["statutory"].provisional) == (date(2027, 1, 20), False)
    assert after["statutory"].due_at == datetime(2027, 1, 20, 17, 30, tzinfo=ZONE)
    assert after["promised"].due_on == date(2026, 12, 28)
    kept = session.scalars(select(DueDateMove)).one()
    assert (kept.number, kept.clock, kept.was_due_on, kept.due_on) == (
        number, "statutory", date(2027, 1, 19), date(2027, 1, 20),
    )  # fmt: skip
    assert kept.application_id == line.id != early.id
    notice = next(n for n in county.rows(Notice, line.id) if n.cause == recompute.CAUSE)
    assert (notice.role, notice.params["due_on"]) == ("approver", "2027-01-20")
    assert session.scalar(select(Setting.value).where(Setting.key == "calendar_version")) == 2
    calendar = settings.calendar(session, settings.load(session))
    assert calendar.published_through == date(2027, 12, 31)
    assert wrong(session, tmp_path) == []


@pytest.mark.database
def test_every_kind_of_clock_is_counted_as_the_second_implementation_counts_it(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(DECEMBER)
    session = county.session
    held = _suspended(county, Line(county).until("accepted").id)
    kinds: list[dict[str, Any]] = [
        {"clock": Clock.CORRECTION, "amount": 10, "unit": "working_day"},
        {"clock": Clock.STATUTORY, "amount": 1, "unit": "month", "extension": 3},
        {"clock": Clock.PROMISED, "amount": 15, "unit": "working_day", "extension": 15},
        {"clock": Clock.FILING, "amount": 0, "unit": "same_day", "started_at": datetime(2026, 12, 31, 18, tzinfo=ZONE)},
        {"clock": Clock.OWED, "amount": 0, "unit": "date", "due_on": date(2027, 1, 4)},
        {"clock": Clock.PLAN, "amount": 12, "unit": "working_day", "pause": (date(2026, 12, 24), date(2027, 1, 6))},
        {"clock": Clock.REPLY, "amount": 12, "unit": "working_day", "paused_on": date(2026, 12, 24)},
        {"clock": Clock.OPINION, "amount": 12, "unit": "working_day", "stopped_at": now(), "outcome": "met"},
    ]
    other = _bare(county, kinds, held)
    with scope.unscoped(session):
        transaction.run(session, lambda: recompute.publish(session, year(session), 2027, "admin"))
    calendar = settings.calendar(session, settings.load(session))
    after = {run.clock: run for run in county.rows(ClockRun, other)}
    for kind in kinds:
        run = after[kind["clock"].value]
        if run.paused_on or run.stopped_at:
            assert (run.due_on, run.provisional) == (date(2027, 1, 18), True), run.clock
            continue
        pauses = [Pause(*kind["pause"])] if "pause" in kind else []
        limit = limit_of(run.amount, run.unit, run.due_on)
        counted = recount(limit, run.started_at, run.closing, calendar, pauses, extension=run.extension)
        if run.clock == "promised":
            assert counted.due > after["statutory"].due_on
            counted = Deadline(after["statutory"].due_on, False)
        assert (run.due_on, run.provisional) == (counted.due, False), run.clock
        assert run.due_at == due_at(counted, run.closing), run.clock
    nearest = min(run.due_at for run in after.values() if not run.stopped_at and not run.paused_on)
    assert county.application(other).next_due_at == nearest


def _suspended(county: County, application: int) -> int:
    """A suspension that pauses can name."""
    user = county.actor("approver").user_id
    row = Suspension(
        application_id=application, kind="hearing", state="ended", basis="第四十七条", reason="听证", planned_days=5,
        requester_id=user, requester_name="示", requested_at=now(), result_text="已听证", created_by="test",
    )  # fmt: skip
    with scope.acting_on(county.session, application):
        county.session.add(row)
        county.session.commit()
    return row.id


def _bare(county: County, kinds: list[dict[str, Any]], suspension: int) -> int:
    """An application with exactly these clocks, due by the estimate."""
    session = county.session
    application = Line(county).register().id
    with scope.acting_on(session, application):
        session.execute(update(ClockRun).where(ClockRun.application_id == application).values(
            stopped_at=now(), outcome="void"))  # fmt: skip
        for kind in kinds:
            given = {name: value for name, value in kind.items() if name != "pause"}
            due = given.setdefault("due_on", date(2027, 1, 18))
            run = ClockRun(**{
                "application_id": application, "run": 1, "started_at": DECEMBER, "closing": time(17, 30),
                "due_at": datetime.combine(due, time(17, 30), ZONE), "provisional": True, "created_by": "test", **given,
            })  # fmt: skip
            session.add(run)
            session.flush()
            if "pause" in kind:
                first, last = kind["pause"]
                session.add(ClockPause(
                    application_id=application, clock_run_id=run.id, suspension_id=suspension, first_day=first,
                    last_day=last, created_by="test",
                ))  # fmt: skip
        session.commit()
    return application


def test_a_corrected_day_moves_what_runs_and_leaves_what_has_ended(
    county: County, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    ended = Line(county).until("received")
    clock.shift(timedelta(hours=1))
    ended.confirm_file()  # the confirmation was due tomorrow
    line = Line(county).until("confirmed")
    session = county.session
    row = publish(session, year(session, 2026, d0303=False, d0304=False))
    assert (row.corrects, row.first_day, row.days) == (True, date(2026, 3, 3), 2)
    runs = running(county, line.id)
    assert runs["correction"].due_on == date(2026, 3, 11)
    stopped = next(run for run in county.rows(ClockRun, ended.id) if run.clock == "handling")
    assert stopped.due_on == date(2026, 3, 3)
    assert wrong(session, tmp_path) == []


def test_what_a_year_published_late_makes_overdue_is_counted(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2027, 1, 8, 17, tzinfo=ZONE))
    line = Line(county).until("confirmed")  # five days by the estimate: until Friday the fifteenth
    assert running(county, line.id)["correction"].due_on == date(2027, 1, 15)
    clock.move_to(datetime(2027, 1, 14, 18, tzinfo=ZONE))
    session = county.session
    days = year(session, d0109=True, d0110=True, d0104=True, d0105=True)
    shown = recompute.plan(session, days)
    assert (shown.moved, shown.overdue) == (1, 1)
    session.rollback()
    assert publish(session, days).overdue == 1
    assert running(county, line.id)["correction"].due_on == date(2027, 1, 13)


def test_nothing_is_published_twice_and_nothing_beyond_the_calendar(county: County) -> None:
    session = county.session
    days = year(session)
    publish(session, days)
    with pytest.raises(NotNow, match="Nothing in these days differs"):
        publish(session, days)
    assert session.scalar(select(func.count()).select_from(CalendarPublication)) == 1


def test_a_publication_that_fails_midway_leaves_nothing_behind(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(DECEMBER)
    line = Line(county).until("accepted")
    session = county.session
    days = year(session)

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE application"):
            raise RuntimeError("pulled the plug")

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(RuntimeError):
            publish(session, days)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert running(county, line.id)["statutory"].due_on == date(2027, 1, 19)
    assert session.scalar(select(func.count()).select_from(DueDateMove)) == 0
    assert not session.scalar(select(CalendarDay.published).where(CalendarDay.day == date(2027, 1, 4)))


@contextmanager
def hurried(engine: Engine) -> Iterator[Session]:
    """A session that does not wait long for a lock; it keeps its connection, whose patience it sets."""
    short = "PRAGMA busy_timeout=50" if engine.dialect.name == "sqlite" else "SET lock_timeout='50ms'"
    with engine.connect() as connection:
        connection.exec_driver_sql(short)
        connection.commit()
        with Session(connection) as session:
            yield session


@pytest.mark.database
def test_no_act_counts_by_a_calendar_that_is_being_replaced(county: County, engine: Engine) -> None:
    line = Line(county).until("confirmed")
    actor, version = county.actor("approver"), county.application(line.id).version
    days = year(county.session)
    county.session.rollback()
    with Session(engine) as under_way, hurried(engine) as publisher:
        under_way.connection(execution_options={"immediate": True})
        settings.hold_calendar(under_way)  # as an act begins
        with pytest.raises(Busy):
            publish(publisher, days)
    with Session(engine) as publisher, hurried(engine) as under_way:
        publisher.connection(execution_options={"immediate": True})
        recompute.publish(publisher, days, 2027, "admin")
        with pytest.raises(Busy):
            perform(under_way, "accept", line.id, actor, {"opinion": "同意受理"}, version)
        publisher.commit()
    line.accept()
