"""One scheduler leads; when it dies another does, and nothing is done twice or left out."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from threading import Event

import pytest
import time_machine
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from app.engine import duties, lease, scope
from app.engine.duties import Daily, Duty, Every, Tally
from app.engine.now import now
from app.law.clock import ZONE
from app.models.calendar import Alert, ClockRun, JobRun, Lease
from tests.databases import settings_for_test
from tests.factories import County, Line

ROOT = Path(__file__).parents[2]
Start = Callable[[], subprocess.Popen[bytes]]


def until(condition: Callable[[], object], tries: int = 600) -> None:
    """Poll until something holds."""
    pause = Event()
    for _ in range(tries):
        if condition():
            return
        pause.wait(0.05)
    pytest.fail("it never came to pass")


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Start]:
    """Starts schedulers on the test's database; none survives the test."""
    processes: list[subprocess.Popen[bytes]] = []
    settings_for_test(tmp_path, database)  # lays the keys of this test process there
    surroundings = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": database}

    def one() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.engine.scheduler_process"]
        processes.append(subprocess.Popen(command, cwd=ROOT, env=surroundings))
        return processes[-1]

    yield one
    for process in processes:
        process.kill()
        process.wait()


def holder(engine: Engine) -> str:
    """Who leads: the process id, or nobody."""
    with Session(engine) as session:
        if not lease.is_held(session.connection(), lease.SCHEDULER):
            return ""
        found = session.scalar(select(Lease.holder).where(Lease.name == lease.SCHEDULER))
    return found.split(":")[1] if found else ""


def alerts(engine: Engine) -> Counter[tuple[int, str]]:
    with Session(engine) as session, scope.unscoped(session):
        return Counter(map(tuple, session.execute(select(Alert.clock_run_id, Alert.level))))


def overdue(session: Session, application: int, number: int) -> None:
    """A clock that is long past due by the clock of the real world, in which the schedulers live."""
    due = datetime(2026, 3, 4, 17, 30, tzinfo=ZONE)
    with scope.unscoped(session):
        session.add(
            ClockRun(
                application_id=application, clock="promised", run=number, started_at=due - timedelta(days=9), amount=5,
                unit="working_day", closing=time(17, 30), due_on=due.date(), due_at=due, provisional=False,
                created_by="test",
            )
        )  # fmt: skip
        session.commit()


@pytest.mark.database
def test_when_the_leader_is_killed_another_leads_and_each_alert_is_raised_once(
    engine: Engine, session: Session, county: County, start: Start
):
    line = Line(county).until("confirmed")
    with scope.unscoped(session):
        for run in session.scalars(select(ClockRun)):
            run.stopped_at, run.outcome = now(), "met"
        session.commit()
    overdue(session, line.id, 8)
    processes = {str(p.pid): p for p in (start(), start())}
    until(lambda: alerts(engine).total() == 2)
    leader = holder(engine)
    processes.pop(leader).send_signal(signal.SIGKILL)
    overdue(session, line.id, 9)
    until(lambda: alerts(engine).total() == 4)
    assert set(alerts(engine).values()) == {1}
    (other,) = processes
    assert holder(engine) == other
    with Session(engine) as fresh:
        slots = Counter(fresh.scalars(select(JobRun.slot)))
    assert set(slots.values()) == {1}


def test_a_scheduler_told_to_stop_ends_cleanly_and_leaves_the_lease(engine: Engine, county: County, start: Start):
    process = start()
    until(lambda: holder(engine) == str(process.pid))
    process.terminate()
    assert process.wait(20) == 0
    assert holder(engine) == ""


@pytest.mark.database
def test_the_lease_is_one_holders_until_it_ends(engine: Engine):
    assert lease.take(engine, "x", "a", 60)
    assert lease.take(engine, "x", "a", 60)
    assert not lease.take(engine, "x", "b", 60)
    with engine.connect() as connection:
        assert lease.is_held(connection, "x")
        assert not lease.is_held(connection, "y")
    lease.give_back(engine, "x", "b")
    assert not lease.take(engine, "x", "b", 60)
    lease.give_back(engine, "x", "a")
    until(lambda: lease.take(engine, "x", "b", 60))


@pytest.mark.database
def test_the_lease_goes_by_the_databases_clock(engine: Engine, clock: time_machine.Traveller):
    lease.take(engine, "x", "a", 60)
    clock.shift(timedelta(days=1))
    assert not lease.take(engine, "x", "b", 60)


def test_a_slot_is_the_last_moment_a_duty_was_due():
    moment = datetime(2026, 3, 2, 10, 0, 59, 5, tzinfo=ZONE)
    assert Every(60).slot(moment) == datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)
    assert Every(60).slot(Every(60).slot(moment)) == Every(60).slot(moment)
    assert Daily(time(3)).slot(moment) == datetime(2026, 3, 2, 3, 0, tzinfo=ZONE)
    assert Daily(time(10, 1)).slot(moment) == datetime(2026, 3, 1, 10, 1, tzinfo=ZONE)


@pytest.mark.database
def test_a_duty_that_was_down_for_days_is_done_once_and_a_slot_never_twice(session: Session, clock):
    done: list[datetime] = []
    duty = Duty("daily", Daily(time(3)), lambda _, moment: done.append(moment) or Tally(seen=1))
    assert duties.run(session, duty, now()) == Tally(seen=1)
    assert duties.run(session, duty, now()) is None
    clock.shift(timedelta(days=4))
    assert duties.run(session, duty, now()) == Tally(seen=1)
    assert len(done) == len(session.scalars(select(JobRun)).all()) == 2


def test_a_duty_that_breaks_off_is_written_down_and_the_next_is_done(session: Session, caplog):
    def broken(_session: Session, _moment: datetime) -> Tally:
        raise ZeroDivisionError("nothing to divide\nby 469099198506151239")

    jobs = [Duty("first", Every(60), broken), Duty("second", Every(60), lambda *_: Tally(seen=3))]
    assert duties.tick(session, jobs, now()) == {
        "first": Tally(failed=1, error="ZeroDivisionError: nothing to divide"), "second": Tally(seen=3),
    }  # fmt: skip
    rows = {row.job: row for row in session.scalars(select(JobRun))}
    assert rows["first"].error == "ZeroDivisionError: nothing to divide"
    assert all(row.ended_at is not None for row in rows.values())


@pytest.mark.database
def test_a_run_that_died_with_its_process_is_taken_up_again(session: Session, clock: time_machine.Traveller):
    duty = Duty("daily", Daily(time(3)), lambda *_: Tally(seen=1))
    session.execute(insert(JobRun).values(job="daily", slot=duty.cadence.slot(now()), started_at=now()))
    session.commit()
    assert duties.run(session, duty, now()) is None
    clock.shift(duties.ABANDONED)
    assert duties.run(session, duty, now()) == Tally(seen=1)
