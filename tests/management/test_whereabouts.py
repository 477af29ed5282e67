"""In office hours nobody leaves the window without saying where to; everybody sees it at once (第八条)."""

from __future__ import annotations

from datetime import datetime
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.engine import presence
from app.engine.perform_object import perform_object
from app.errors import NotAllowed, NotFound, NotNow, Refusal
from app.jobs import tick
from app.law.workdays import ZONE
from app.models.organisation import Centre
from app.models.whereabouts import Whereabouts
from tests.factories import County
from tests.management.staffing import do, everything, plan, the
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy import Engine


def centre(county: County, code: str = "hall") -> int:
    from sqlalchemy import select

    return county.session.scalars(select(Centre.id).where(Centre.code == code)).one()


@pytest.mark.database
def test_a_note_is_public_at_once_and_return_clears_it(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.hall")
    born = clerk.post("whereabouts/transitions/leave", {"destination": "meeting", "back_by": "11:30"})
    assert (born.status_code, born.json["state"]) == (201, "away")
    hall, window = centre(county), county.actor("clerk.hall").window_id
    assert window is not None
    county.session.info.clear()  # nobody: the board is public
    [away] = presence.away_at(county.session, hall)
    assert (away.name, away.window, away.destination, away.phone) == ("示clerk.hall", "A01窗口", "meeting", "0898-1")
    assert away.expected_back == datetime(2026, 3, 2, 11, 30, tzinfo=ZONE)
    assert presence.window_is_away(county.session, window)
    assert presence.away_at(county.session, centre(county, "town")) == []
    assert clerk.do_on("whereabouts", born.json["id"], "back").json["state"] == "returned"
    assert presence.away_at(county.session, hall) == []
    assert not presence.window_is_away(county.session, window)


def test_leaving_without_a_destination_is_refused(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    for told, field in (
        ({}, "destination"), ({"destination": ""}, "destination"), ({"destination": "home"}, "destination"),
        ({"destination": "other"}, "note"), ({"destination": "field", "back_by": "25:00"}, "back_by"),
        ({"destination": "field", "back_by": "09:00"}, "back_by"), ({"destination": "field", "back_by": "18:00"}, "back_by"),
        ({"destination": "field", "left_at": "2026-03-01T09:00"}, "left_at"),
    ):  # fmt: skip
        answer = clerk.post("whereabouts/transitions/leave", told)
        assert error(answer) == (422, "incomplete"), told
        assert field in fields(answer)
    assert everything(county, Whereabouts) == []


@pytest.mark.req(98)
@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ((2026, 3, 2, 8, 29), False),
        ((2026, 3, 2, 8, 30), True),
        ((2026, 3, 2, 11, 59), True),
        ((2026, 3, 2, 12, 0), False),  # lunch
        ((2026, 3, 2, 14, 29), False),
        ((2026, 3, 2, 14, 30), True),
        ((2026, 3, 2, 17, 29), True),
        ((2026, 3, 2, 17, 30), False),
        ((2026, 2, 17, 10, 0), False),  # Spring Festival
        ((2026, 2, 28, 10, 0), True),  # a Saturday on which everybody works
        ((2026, 3, 1, 10, 0), False),  # a Sunday
    ],
)
def test_only_in_office_hours_of_the_hall_a_note_is_needed(
    app: Flask, county: County, clock: time_machine.Traveller, moment: tuple[int, ...], is_open: bool
) -> None:
    clock.move_to(datetime(*moment, tzinfo=ZONE))
    clerk = Program(app, county, "clerk.hall")
    answer = clerk.post("whereabouts/transitions/leave", {"destination": "meeting"})
    assert answer.status_code == (201 if is_open else 409)
    assert bool(everything(county, Whereabouts)) is is_open
    assert clerk.post("whereabouts/transitions/leave", {}).status_code == 422 if is_open else True


def test_an_absence_ends_at_closing_time_by_itself(county: County, clock: time_machine.Traveller) -> None:
    pk = do(county, "clerk.hall", "leave_window", destination="leave")["id"]
    clock.move_to(datetime(2026, 3, 2, 17, 29, tzinfo=ZONE))
    tick(county.session)
    assert the(county, "whereabouts", pk).state == "away"
    clock.move_to(datetime(2026, 3, 2, 17, 31, tzinfo=ZONE))
    tick(county.session)
    row = the(county, "whereabouts", pk)
    assert (row.state, row.version, row.back_at) == ("returned", 2, datetime(2026, 3, 2, 17, 31, tzinfo=ZONE))


def test_only_whoever_left_or_the_manager_of_the_place_says_that_they_are_back(county: County) -> None:
    pk = do(county, "clerk.hall", "leave_window", destination="field")["id"]
    with pytest.raises(NotAllowed):
        do(county, "clerk2.hall", "return_to_window", pk)
    with pytest.raises(NotFound):
        do(county, "clerk.town", "return_to_window", pk)
    with pytest.raises(NotNow):
        do(county, "clerk.hall", "leave_window", destination="field")
    do(county, "manager.hall", "return_to_window", pk)
    assert do(county, "clerk.hall", "leave_window", destination="field")["state"] == "away"


def test_who_has_no_window_may_leave_too_and_who_serves_nobody_may_not(county: County) -> None:
    for who, place in (("guide", "hall"), ("cert", "hall"), ("manager.hall", "hall"), ("clerk.other", "other")):
        row = the(county, "whereabouts", do(county, who, "leave_window", destination="other", note="取材料")["id"])
        assert row.centre_id == centre(county, place)
    for who in ("approver", "supervisor", "admin", "archivist"):
        with pytest.raises(NotAllowed):
            do(county, who, "leave_window", destination="field")


@pytest.mark.database
def test_twice_at_once_one_note_is_made(county: County, engine: Engine) -> None:
    actor = county.actor("clerk.hall")
    county.session.rollback()
    start, outcome = Barrier(2), []

    def leave() -> None:
        with Session(engine) as session:
            start.wait()
            try:
                perform_object(session, "whereabouts", "leave", None, actor, {"destination": "field"}, None)
                outcome.append("away")
            except Refusal as refusal:
                outcome.append(refusal.code)

    threads = [Thread(target=leave) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["away", "not_now"]


def test_the_sign_says_who_is_where_until_when_and_who_stands_in(app: Flask, county: County) -> None:
    Program(app, county, "clerk.hall"), Program(app, county, "clerk.town")
    plan(county, "manager.hall", "clerk.hall", "clerk2.hall")
    tick(county.session)
    clerk = at_work(app, "clerk.hall")
    assert send_act(clerk, "/object/whereabouts/new/leave", destination="meeting", back_by="11:15").status_code == 303
    sign = clerk.get("/away/", follow_redirects=True).text
    for words in ("示clerk.hall", "In a meeting", "11:15", "示clerk2.hall", "0898-1", "data-print"):
        assert words in sign
    assert "示clerk.hall" in at_work(app, "clerk.town").get(f"/away/{centre(county)}").text
    assert clerk.get("/away/987654").status_code == 404
    window = county.actor("clerk.hall").window_id
    assert window is not None
    assert not presence.window_is_away(county.session, window)  # somebody stands in there


def test_the_desk_offers_the_way_back(app: Flask, county: County) -> None:
    Program(app, county, "clerk.hall"), Program(app, county, "clerk2.hall")
    pk = do(county, "clerk.hall", "leave_window", destination="field")["id"]
    address = f"/object/whereabouts/{pk}"
    assert address in at_work(app, "clerk.hall").get("/").text
    assert address not in at_work(app, "clerk2.hall").get("/").text
    assert send_act(at_work(app, "clerk.hall"), f"{address}/act/back").status_code == 303
    assert the(county, "whereabouts", pk).state == "returned"


