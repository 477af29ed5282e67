"""Lamps that turn are told: once, to those the clock's rule names, whatever happens to the checker."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app import jobs
from app.engine import scope
from app.engine.duties import Every
from app.engine.now import now
from app.law.clock import ZONE
from app.models import ddl
from app.models.calendar import Alert, ClockRun, JobRun
from app.models.trail import Notice
from app.supervision.checker import check
from tests.factories import County, Line

CLOSING = time(17, 30)


def at(day: int, hour: int = 10, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def alerts(session: Session, clock: str = "") -> set[tuple[str, str, date]]:
    """What was raised: clock, level, due day."""
    with scope.unscoped(session):
        rows = session.scalars(select(Alert)).all()
    return {(a.clock, a.level, a.due_on) for a in rows if clock in ("", a.clock)}


def each(session: Session) -> Counter[tuple[int, str, date]]:
    """What was raised: clock run, level, due day, and how often."""
    with scope.unscoped(session):
        return Counter(map(tuple, session.execute(select(Alert.clock_run_id, Alert.level, Alert.due_on))))


def told(session: Session, clock: str, level: str) -> set[str]:
    """Who was told: a role, or a user's id."""
    with scope.unscoped(session):
        rows = session.scalars(select(Notice).where(Notice.cause == "clock", Notice.level == level)).all()
    return {n.role or str(n.user_id) for n in rows if n.params["clock"] == clock}


def change(session: Session, application: int, clock: str, **values: object) -> None:
    """Put a clock run where no act would."""
    with scope.unscoped(session):
        session.execute(
            update(ClockRun).where(ClockRun.application_id == application, ClockRun.clock == clock).values(values)
        )
        session.commit()


@pytest.mark.req(17)
def test_the_last_day_is_yellow_for_the_approver_and_the_clerk_who_received(county: County, clock):
    line = Line(county).until("confirmed")  # received on Monday: five working days end on the next Monday
    check(county.session, at(5, 17))
    assert alerts(county.session) == set()
    assert check(county.session, at(6, 9)).raised == 1
    assert alerts(county.session) == {("correction", "yellow", date(2026, 3, 9))}
    receiver = county.actor("clerk.town").user_id
    assert told(county.session, "correction", "yellow") == {"approver", str(receiver)}
    assert line.id


@pytest.mark.req(17)
def test_past_closing_time_of_the_last_day_it_is_red_for_those_above(county: County):
    Line(county).until("confirmed")
    check(county.session, at(9, 17, 30))
    assert alerts(county.session) == {("correction", "yellow", date(2026, 3, 9))}
    check(county.session, at(9, 17, 31))
    assert alerts(county.session) == {("correction", level, date(2026, 3, 9)) for level in ("yellow", "red")}
    assert told(county.session, "correction", "red") == {"approver", "office_head", "supervisor"}


@pytest.mark.req(17)
def test_the_office_that_does_not_confirm_its_file_is_yellow_when_late_and_red_two_days_on(county: County):
    Line(county).until("received")
    check(county.session, at(3, 17, 30))
    assert alerts(county.session, "handling") == set()
    check(county.session, at(3, 17, 31))
    assert alerts(county.session, "handling") == {("handling", "yellow", date(2026, 3, 3))}
    check(county.session, at(4, 17, 31))
    assert ("handling", "red", date(2026, 3, 3)) in alerts(county.session, "handling")
    assert told(county.session, "handling", "red") == {"office_head"}


def test_the_leader_hears_of_a_filing_at_noon_of_its_last_day(county: County):
    line = Line(county).until("confirmed")
    change(county.session, line.id, "correction", stopped_at=now(), outcome="met")
    with scope.unscoped(county.session):
        county.session.add(run(line.id, "filing", started_at=at(2), amount=1, due=date(2026, 3, 3)))
        county.session.commit()
    check(county.session, at(3, 11, 59))
    assert alerts(county.session) == set()
    check(county.session, at(3, 12))
    assert alerts(county.session) == {("filing", "yellow", date(2026, 3, 3))}
    assert told(county.session, "filing", "yellow") == {"bureau_leader"}


def test_a_long_limit_turns_yellow_when_a_fifth_is_left(county: County):
    Line(county).until("accepted")  # twenty working days by law: until the thirtieth
    check(county.session, at(23, 18))
    assert alerts(county.session, "statutory") == set()
    check(county.session, at(24, 9))
    assert alerts(county.session, "statutory") == {("statutory", "yellow", date(2026, 3, 30))}


@pytest.mark.database
def test_an_alert_is_raised_once_however_often_one_looks(county: County):
    Line(county).until("confirmed")
    assert [check(county.session, at(10, 9, minute)).raised for minute in range(3)] == [2, 0, 0]


@pytest.mark.database
def test_three_days_down_end_in_the_same_alerts_as_three_days_up(county: County):
    for step in ("received", "confirmed", "accepted"):
        Line(county).until(step)
    days = [at(day, hour, 1) for day in range(2, 13) for hour in (9, 12, 17, 18)]
    for moment in days:
        check(county.session, moment)
    up = each(county.session)
    forget_alerts(county.session)
    check(county.session, days[0])
    check(county.session, days[-1])
    assert each(county.session) == up
    assert len(up) == up.total() == 8


def test_nothing_is_raised_after_closing_but_what_goes_on_after_it(county: County, clock: time_machine.Traveller):
    line = Line(county).until("certified")
    with scope.unscoped(county.session):
        county.session.add(run(line.id, "promised", started_at=at(2), amount=5, due=date(2026, 3, 9), number=9))
        county.session.commit()
    check(county.session, at(20))
    raised = {name for name, _, _ in alerts(county.session)}
    assert raised == {"handover", "archive", "delivery"}


def test_nothing_is_raised_while_the_clock_is_paused(county: County):
    Line(county).until("accepted").suspend(days=10)
    check(county.session, at(30, 18))
    assert alerts(county.session) == {("plan", level, date(2026, 3, 16)) for level in ("yellow", "red")}
    assert told(county.session, "plan", "red") == {"approver", "office_head", "supervisor"}


@pytest.mark.database
def test_a_poisoned_row_stops_no_other(county: County, caplog: pytest.LogCaptureFixture):
    first, poisoned, last = (Line(county).until("confirmed") for _ in range(3))
    change(county.session, poisoned.id, "correction", unit="nonsense")
    tally = check(county.session, at(6))
    assert (tally.seen, tally.raised, tally.failed) == (3, 2, 1)
    with scope.unscoped(county.session):
        assert set(county.session.scalars(select(Alert.application_id))) == {first.id, last.id}
    assert "cannot be judged" in caplog.text


def test_a_breach_that_ended_while_nobody_looked_is_raised_all_the_same(county: County, clock: time_machine.Traveller):
    line = Line(county).until("confirmed")
    check(county.session, at(5))
    clock.move_to(at(10))
    line.accept()
    check(county.session, at(10, 11))
    assert {level for _, level, _ in alerts(county.session, "correction")} == {"yellow", "red"}


def test_a_warning_that_came_to_nothing_is_not_raised_afterwards(county: County, clock: time_machine.Traveller):
    line = Line(county).until("confirmed")
    clock.move_to(at(9))
    line.accept()
    check(county.session, at(9, 11))
    assert alerts(county.session, "correction") == set()


def test_a_new_due_date_is_alerted_anew(county: County):
    line = Line(county).until("confirmed")
    check(county.session, at(10))
    change(county.session, line.id, "correction", due_on=date(2026, 3, 16), due_at=at(16, 17, 30))
    check(county.session, at(17))
    assert Counter(due for _, _, due in alerts(county.session)) == {date(2026, 3, 9): 2, date(2026, 3, 16): 2}


def test_an_office_that_is_asked_is_warned_and_then_its_head(county: County, clock: time_machine.Traveller):
    line, asked = Line(county).until("accepted"), county.office("SC")
    line.do("approver", "request_opinion", offices=[asked.id], question="该地块是否在禁伐区内", due_days=2)
    check(county.session, at(3, 9))
    check(county.session, at(4, 17, 31))
    with scope.unscoped(county.session):
        heard = county.session.execute(select(Notice.role, Notice.unit, Notice.level).where(Notice.cause == "clock"))
    assert set(map(tuple, heard)) == {
        ("approver", f"office:{asked.id}", "yellow"), ("office_head", f"office:{asked.id}", "red"),
    }  # fmt: skip


def test_a_draft_that_is_forgotten_warns_nobody(county: County):
    Line(county).until("draft")
    check(county.session, at(30, month=6))
    assert alerts(county.session) == set()


def test_an_empty_house_has_nothing_to_check(session: Session):
    assert check(session, now()).seen == 0


def test_a_tick_does_each_due_duty_once_and_writes_down_what_it_saw(county: County, clock: time_machine.Traveller):
    Line(county).until("confirmed")
    clock.move_to(at(10, 3, 30))
    first = jobs.tick(county.session)
    assert first["check_clocks"] is not None
    assert first["check_clocks"].raised == 2
    assert set(jobs.tick(county.session).values()) == {None}
    row = county.session.scalars(select(JobRun).where(JobRun.job == "check_clocks")).one()
    assert (row.seen, row.raised, row.failed, row.error) == (1, 2, 0, "")
    assert row.slot == at(10, 3, 30)
    clock.shift(timedelta(minutes=1))
    again = jobs.tick(county.session)
    each_minute = [duty.name for duty in jobs.JOBS if isinstance(duty.cadence, Every)]
    assert [name for name, tally in again.items() if tally is not None] == each_minute


def late(session: Session) -> list[str | None]:
    """Who was told that a clock is long past due."""
    with scope.unscoped(session):
        return list(session.scalars(select(Notice.role).where(Notice.cause.like("late:%"))))


@pytest.mark.database
def test_two_working_days_past_the_promise_the_bureau_leader_is_told_once(county: County):
    Line(county).until("accepted")  # promised until the ninth
    check(county.session, at(11, 17, 30))
    assert late(county.session) == []
    check(county.session, at(11, 17, 31))
    check(county.session, at(12))
    assert late(county.session) == ["bureau_leader"]


def test_a_file_that_stays_unconfirmed_goes_up_to_the_bureau_leader(county: County):
    Line(county).until("received")
    check(county.session, at(5, 17, 31))
    assert late(county.session) == ["bureau_leader"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.lists(st.integers(0, 12 * 24), max_size=8))
def test_whenever_and_however_often_one_ticks_the_alerts_are_the_same(county: County, moments: list[int]):
    session = county.session
    with scope.unscoped(session):
        if not session.scalar(select(ClockRun.id).limit(1)):
            for step in ("received", "confirmed", "accepted", "certified"):
                Line(county).until(step)
    end = at(14, 18)
    forget_alerts(session)
    check(session, end)
    at_once = each(session)
    forget_alerts(session)
    for hours in moments:
        check(session, at(2, 11) + timedelta(hours=hours))
    check(session, end)
    assert each(session) == at_once


def run(application: int, name: str, *, started_at: datetime, amount: int, due: date, number: int = 1) -> ClockRun:
    return ClockRun(
        application_id=application, clock=name, run=number, started_at=started_at, amount=amount, unit="working_day",
        closing=CLOSING, due_on=due, due_at=datetime.combine(due, CLOSING, ZONE), provisional=False, created_by="test",
    )  # fmt: skip


def forget_alerts(session: Session) -> None:
    with scope.unscoped(session):
        if "alert_no_delete" not in ddl.missing(session.connection()):
            on = " ON alert" if session.get_bind().dialect.name == "postgresql" else ""
            session.execute(text(f"DROP TRIGGER alert_no_delete{on}"))
        session.execute(delete(Alert))
        session.commit()
