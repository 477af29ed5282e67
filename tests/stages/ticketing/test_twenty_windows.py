"""Twenty windows call from one queue at once: nobody is called twice, and nobody is left out."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.engine import actors
from app.engine.actors import kiosk
from app.engine.now import now
from app.engine.perform_object import perform_object
from app.engine.queue import next_for
from app.errors import NotNow
from app.models.organisation import Posting, Window
from tests.factories import County, made, person, roles
from tests.stages.ticketing.hall import call_next, centre_id, take, tickets, window_id, wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

WINDOWS = 20


@pytest.fixture
def clerks(county: County) -> list[str]:
    """Twenty windows in one area of the hall, each with its clerk."""
    session, hall = county.session, centre_id(county.session)
    found = []
    role = roles(session)["window_clerk"]
    for i in range(WINDOWS):
        window = Window(**made(centre_id=hall, code=f"Q{i:02}", name=f"{i}号窗口", kind="comprehensive", area="Q", phone="1"))
        session.add(window)
        staff = person(session, f"clerk.q{i:02}", role, "", {}, {}, {})
        session.flush()
        post = made(staff_id=staff.id, centre_id=hall, window_id=window.id, since=date(2025, 1, 1))
        session.execute(insert(Posting).values(**post))
        found.append(f"clerk.q{i:02}")
    session.commit()
    return found


def at_once(engine: Engine, *works: Callable[[Session], object]) -> list[object]:
    """Do all of it at the same moment, each over a connection of its own; what each answered."""
    barrier, answers = Barrier(len(works)), []

    def one(work: Callable[[Session], object]) -> None:
        with Session(engine) as session:
            barrier.wait()
            try:
                answers.append(work(session))
            except Exception as error:  # noqa: BLE001  (told to the test)
                answers.append(error)

    hands = [Thread(target=one, args=(work,)) for work in works]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return answers


def calls_next(engine: Engine, username: str) -> Callable[[Session], object]:
    with Session(engine) as session:
        user_id = session.scalars(select(User.id).where(User.username == username)).one()
        actor = actors.load(session, user_id, now().date())
    assert actor is not None

    def call(session: Session) -> object:
        return perform_object(session, "ticket", "call", next_for(actor), actor, {}, None)["id"]

    return call


@pytest.mark.database
def test_twenty_windows_that_call_at_once_share_no_number_and_skip_none(
    engine: Engine, county: County, clerks: list[str]
) -> None:
    ids = take(county, WINDOWS + 5, area="Q")
    called = at_once(engine, *(calls_next(engine, each) for each in clerks))
    assert sorted(called, key=str) == sorted(ids[:WINDOWS], key=str)
    assert len({t.window_id for t in tickets(county)[:WINDOWS]}) == WINDOWS
    assert {t.passed_over for t in tickets(county)} == {0}
    assert wrong(county) == []


@pytest.mark.database
def test_numbers_taken_while_others_are_called_are_each_called_once(
    engine: Engine, county: County, clerks: list[str]
) -> None:
    take(county, 5, area="Q")
    hall = centre_id(county.session)

    def takes(session: Session) -> object:
        return perform_object(session, "ticket", "take", None, kiosk(hall), {"area": "Q"}, None)["state"]

    answers = at_once(engine, *(calls_next(engine, each) for each in clerks[:10]), *[takes] * 10)
    called = [each for each in answers if isinstance(each, int)]
    assert answers.count("waiting") == 10
    assert len(called) == len(set(called)) >= 5
    assert all(isinstance(each, int | str | NotNow) for each in answers), answers
    for each in clerks[10:20][: 15 - len(called)]:
        call_next(county, each)
    numbers = [t.number for t in sorted(tickets(county), key=lambda t: t.called_at or now())]
    assert {t.state for t in tickets(county)} == {"called"}
    assert sorted(numbers) == [f"Q{n:03}" for n in range(1, 16)]
    # the place in the queue and the number are drawn in the same order
    assert [t.number for t in sorted(tickets(county), key=lambda t: t.place)] == sorted(numbers)
    assert wrong(county) == []


@pytest.mark.database
def test_two_presses_at_one_window_call_one_number(engine: Engine, county: County) -> None:
    take(county, 3)
    call = calls_next(engine, "clerk.hall")
    answers = at_once(engine, *[call] * 4)
    assert len([each for each in answers if isinstance(each, int)]) == 1
    assert len([each for each in answers if isinstance(each, NotNow)]) == 3, answers
    assert [t.state for t in tickets(county)] == ["called", "waiting", "waiting"]
    assert tickets(county)[0].window_id == window_id(county.session, "A01")
