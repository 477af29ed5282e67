"""（二）叫号: the longest in line of the area is called, and whoever goes before others has a reason that is kept."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.now import now
from app.engine.perform_object import perform_object
from app.errors import Incomplete, NotAllowed, NotFound, NotNow
from app.jobs import tick
from app.law.clock import ZONE
from app.models.trail import RefusedAct
from tests.factories import Line
from tests.stages.ticketing.hall import (
    call_next,
    events,
    forms_of,
    move,
    second_area,
    shown,
    take,
    tickets,
    window_id,
    wrong,
)
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:

    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.factories import County


@pytest.mark.req(53)
@pytest.mark.database
def test_the_lowest_number_of_the_area_is_called_and_called_again_missed_put_back_once_and_finished(
    app: Flask, county: County
) -> None:
    second_area(county)
    first, second = take(county, 2)
    [elsewhere] = take(county, area="C")
    clerk = Program(app, county, "clerk.hall")
    called = clerk.post("ticket/next", None)
    assert (called.status_code, called.json["id"], called.json["state"]) == (200, first, "called")
    again = clerk.do_on("ticket", first, "call_again")
    assert (again.json["state"], shown(county, first).calls) == ("called", 2)
    assert clerk.do_on("ticket", first, "no_show").json["state"] == "missed"
    assert clerk.do_on("ticket", first, "requeue").json["state"] == "waiting"
    [third] = take(county)
    # put back at the end of the queue of that moment: after A002, before whoever comes later
    served = []
    for expected in (second, first):
        assert clerk.post("ticket/next", None).json["id"] == expected
        assert clerk.do_on("ticket", expected, "serve").json["state"] == "serving"
        assert clerk.do_on("ticket", expected, "finish").json["state"] == "finished"
        served.append(shown(county, expected).number)
    assert served == ["A002", "A001"]
    assert clerk.post("ticket/next", None).json["id"] == third
    clerk.do_on("ticket", third, "no_show")
    clerk.do_on("ticket", third, "requeue")
    clerk.post("ticket/next", None)
    clerk.do_on("ticket", third, "no_show")
    assert error(clerk.do_on("ticket", third, "requeue")) == (409, "not_now")  # once
    assert error(clerk.post("ticket/next", None)) == (409, "not_now")  # C001 waits for another area
    assert shown(county, elsewhere).state == "waiting"
    assert [(e.act, e.from_state, e.to_state, e.role) for e in events(county, first)] == [
        ("take_ticket", None, "waiting", "kiosk"),
        ("call_ticket", "waiting", "called", "window_clerk"),
        ("call_ticket_again", "called", "called", "window_clerk"),
        ("miss_ticket", "called", "missed", "window_clerk"),
        ("requeue_ticket", "missed", "waiting", "window_clerk"),
        ("call_ticket", "waiting", "called", "window_clerk"),
        ("serve_ticket", "called", "serving", "window_clerk"),
        ("finish_ticket", "serving", "finished", "window_clerk"),
    ]
    assert wrong(county) == []


def test_the_window_s_page_does_all_of_it_and_the_screen_shows_it(app: Flask, county: County) -> None:
    take(county, 2)
    clerk, screen = at_work(app, "clerk.hall"), app.test_client()

    def press(name: str) -> str:
        page = clerk.get("/counter/")
        form = re.search(rf'<form method="post" action="/counter/do/{name}">.*?</form>', page.text, re.DOTALL)
        assert form is not None, name
        sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
        done = clerk.post(f"/counter/do/{name}", data=sent)
        assert done.status_code == 303, done.text
        return clerk.get("/counter/").text

    assert "A001" in press("next")
    seen = screen.get("/queue/hall")
    assert "A001" in seen.text
    assert "示" not in seen.text  # nobody's name
    assert screen.get("/queue/hall", headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304
    press("call_again")
    assert screen.get("/queue/hall", headers={"If-None-Match": seen.headers["ETag"]}).status_code == 200
    press("no_show")
    assert "A001" in screen.get("/queue/hall").text  # missed, and told so
    press("requeue")
    press("next")
    assert "A002" in press("serve")
    assert "Call whoever is next" in press("finish")
    assert [(t.number, t.state) for t in tickets(county)] == [("A001", "waiting"), ("A002", "finished")]


def test_the_window_s_page_says_how_often_a_number_was_called_and_when(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    [ticket] = take(county)
    call_next(county, "clerk.hall")
    clerk = at_work(app, "clerk.hall")
    assert f"Called at {shown(county, ticket).called_at:%H:%M:%S}." in clerk.get("/counter/").text
    for times in (2, 3):
        clock.shift(timedelta(seconds=40))
        page = clerk.get("/counter/")
        form = re.search(r'<form method="post" action="/counter/do/call_again">.*?</form>', page.text, re.DOTALL)
        assert form is not None
        clerk.post("/counter/do/call_again", data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0])))
        said = f"Called {times} times, last at {now():%H:%M:%S}."
        assert said in clerk.get("/counter/").text


@pytest.mark.database
def test_who_is_called_before_others_has_a_reason_that_the_supervisor_sees(app: Flask, county: County) -> None:
    """第十三条: no favours; the order of the queue is left for a reason alone."""
    _, _, third = take(county, 3)
    clerk = Program(app, county, "clerk.hall")
    bare = clerk.do_on("ticket", third, "call")
    assert (error(bare), fields(bare)) == ((422, "incomplete"), {"reason"})
    assert fields(clerk.do_on("ticket", third, "call", reason="熟人")) == {"reason"}
    assert shown(county, third).state == "waiting"
    assert clerk.do_on("ticket", third, "call", reason="行动不便的老人，由导办台引导优先").status_code == 200
    event = events(county, third)[-1]
    assert (event.payload["passed_over"], event.payload["reason"]) == (2, "行动不便的老人，由导办台引导优先")
    seen = at_work(app, "supervisor").get("/out-of-turn/list/").text
    assert "A003" in seen
    assert "行动不便的老人" in seen
    assert "A001" not in seen
    assert at_work(app, "clerk.town").get("/out-of-turn/list/").status_code in {302, 403}


def test_who_is_served_without_a_number_while_others_wait_is_seen_above_too(app: Flask, county: County) -> None:
    take(county, 2)
    Line(county, clerk="clerk.hall").register()
    [walk_in] = [t for t in tickets(county) if t.walk_in]
    assert (walk_in.number, walk_in.passed_over) == ("A003", 2)
    assert "A003" in at_work(app, "supervisor").get("/out-of-turn/list/").text
    assert [(e.act, e.payload["passed_over"]) for e in events(county, walk_in.id)] == [("walk_in_ticket", 2)]


def test_a_call_out_of_turn_has_a_form_that_asks_why(app: Flask, county: County) -> None:
    _, second = take(county, 2)
    clerk = at_work(app, "clerk.hall")
    assert f"/object/ticket/{second}/act/call" in clerk.get("/counter/").text
    assert send_act(clerk, f"/object/ticket/{second}/act/call").status_code == 422
    assert send_act(clerk, f"/object/ticket/{second}/act/call", reason="孕妇优先办理").status_code == 303
    assert 'class="btn btn-primary" href="/counter/"' in clerk.get(f"/object/ticket/{second}").text  # and on with it
    assert shown(county, second).state == "called"


@pytest.mark.database
def test_a_window_calls_nobody_while_somebody_is_at_it(county: County) -> None:
    first, second = take(county, 2)
    call_next(county, "clerk.hall")
    for _ in range(2):
        with pytest.raises(NotNow, match="A001 is open at your window"):
            call_next(county, "clerk.hall")
        move(county, "clerk.hall", "serve", first) if shown(county, first).state == "called" else None
    with pytest.raises(NotNow, match="A001 is open"):
        move(county, "clerk.hall", "call", second)
    assert call_next(county, "clerk2.hall")["id"] == second


@pytest.mark.req(21)
def test_a_window_that_is_left_stands_on_the_board_and_calls_nobody_until_somebody_is_back(
    app: Flask, client: FlaskClient, county: County
) -> None:
    """第八条: whoever leaves says where to, at once for everybody to read, and is not at the window."""
    [ticket] = take(county)
    clerk = Program(app, county, "clerk.hall")
    assert error(clerk.post("whereabouts/transitions/leave", {})) == (422, "incomplete")
    gone = clerk.post("whereabouts/transitions/leave", {"destination": "field"}).json
    assert "外勤" in client.get("/board/hall").text
    assert error(clerk.post("ticket/next", None)) == (409, "not_now")
    assert error(clerk.do_on("ticket", ticket, "call")) == (409, "not_now")
    assert "call" not in [each["name"] for each in clerk.get(f"ticket/{ticket}/transitions").json]
    assert clerk.get("ticket/transitions").json == []  # nor is anybody served without a number
    assert clerk.post(f"whereabouts/{gone['id']}/transitions/back", {"version": gone["version"]}).status_code == 200
    assert "外勤" not in client.get("/board/hall").text
    assert clerk.post("ticket/next", None).json["id"] == ticket


def test_other_roles_other_towns_and_other_windows_are_refused(app: Flask, county: County) -> None:
    second_area(county)
    first, second = take(county, 2)
    [elsewhere] = take(county, area="C")
    hall, beside = Program(app, county, "clerk.hall"), Program(app, county, "clerk2.hall")
    town, guide, manager = (Program(app, county, who) for who in ("clerk.town", "guide", "manager.hall"))
    assert town.get(f"ticket/{first}").status_code == 404
    assert error(town.post(f"ticket/{first}/transitions/call", {"version": 1})) == (404, "not_found")
    assert error(town.post("ticket/next", None)) == (409, "not_now")  # nobody waits in the town
    for program in (guide, manager, Program(app, county, "approver"), Program(app, county, "supervisor")):
        assert error(program.post("ticket/next", None)) == (403, "not_allowed"), program.username
    assert error(guide.do_on("ticket", first, "call", version=1)) == (403, "not_allowed")
    assert error(hall.do_on("ticket", elsewhere, "call", reason="顺便一起办理")) == (403, "not_allowed")
    hall.post("ticket/next", None)
    for name in ("call_again", "serve", "no_show"):
        assert error(beside.do_on("ticket", first, name)) == (403, "not_allowed"), name
    assert error(hall.do_on("ticket", first, "serve", version=1)) == (409, "not_now")  # a stale page
    assert error(hall.do_on("ticket", first, "finish")) == (409, "not_now")  # nobody is served yet
    assert error(hall.do_on("ticket", first, "expire")) == (403, "not_allowed")
    assert error(hall.do_on("ticket", first, "serve", state="finished")) == (422, "incomplete")
    assert error(hall.post("ticket/transitions/adopt", {})) == (404, "not_found")
    assert shown(county, first).state == "called"
    assert shown(county, second).state == "waiting"
    with scope.unscoped(county.session):
        refused = {(r.act, r.actor_name) for r in county.session.scalars(select(RefusedAct))}
    assert {("serve_ticket", "示clerk2.hall"), ("call_ticket", "示guide"), ("call_ticket", "示clerk.hall")} <= refused


def test_a_visitor_without_login_calls_nobody(app: Flask, county: County) -> None:
    [ticket] = take(county)
    visitor = app.test_client()
    assert visitor.post("/api/v1/ticket/next").status_code == 401
    assert visitor.post(f"/api/v1/ticket/{ticket}/transitions/call", json={"version": 1}).status_code == 401
    assert visitor.get("/counter/").status_code == 302
    assert visitor.get("/tickets/list/").status_code == 302
    assert visitor.get(f"/object/ticket/{ticket}").status_code == 302
    assert forms_of(visitor.get("/kiosk/hall"))


def test_the_same_key_calls_once(app: Flask, county: County) -> None:
    first, _ = take(county, 2)
    clerk = Program(app, county, "clerk.hall")
    answers = [clerk.post("ticket/next", None, key="one press").json for _ in range(2)]
    assert answers[0] == answers[1]
    assert [t.state for t in tickets(county)] == ["called", "waiting"]
    assert answers[0]["id"] == first


@pytest.mark.database
def test_somebody_is_sent_to_another_area_and_keeps_the_number_at_the_end_there(county: County) -> None:
    second_area(county)
    [mine] = take(county)
    other = take(county, 2, area="C")
    call_next(county, "clerk.hall")
    with pytest.raises(NotNow):
        move(county, "clerk.hall", "redirect", mine, area="C")  # who is called is not here yet
    move(county, "clerk.hall", "serve", mine)
    for nowhere in ("A", "Z"):
        with pytest.raises(Incomplete):
            move(county, "clerk.hall", "redirect", mine, area=nowhere)
    move(county, "clerk.hall", "redirect", mine, area="C")
    sent_on = shown(county, mine)
    assert (sent_on.number, sent_on.area, sent_on.state, sent_on.window_id) == ("A001", "C", "waiting", None)
    assert sent_on.place > max(shown(county, each).place for each in other)
    assert wrong(county) == []


def test_at_closing_time_numbers_expire_and_the_next_day_begins_at_one(
    county: County, clock: time_machine.Traveller
) -> None:
    waits, missed, served, open_still = take(county, 4)
    [in_town] = take(county, centre="town")
    for ticket, clerk in ((waits, "clerk.hall"), (missed, "clerk2.hall")):
        assert call_next(county, clerk)["id"] == ticket
    move(county, "clerk2.hall", "no_show", missed)
    move(county, "clerk.hall", "no_show", waits)
    move(county, "clerk.hall", "requeue", waits)
    for ticket in (served, open_still):
        assert call_next(county, "clerk.hall")["id"] == ticket
        move(county, "clerk.hall", "serve", ticket)
        if ticket == served:
            move(county, "clerk.hall", "finish", ticket)
    clock.move_to(datetime(2026, 3, 2, 17, 29, 59, tzinfo=ZONE))
    tick(county.session)
    assert shown(county, waits).state == "waiting"
    clock.move_to(datetime(2026, 3, 2, 17, 31, tzinfo=ZONE))
    tick(county.session)
    states = [(t.number, t.state) for t in tickets(county)]
    assert states == [("A001", "expired"), ("A002", "expired"), ("A003", "finished"), ("A004", "serving"),
                      ("A001", "expired")]  # fmt: skip
    assert shown(county, in_town).due_at is None
    assert [(e.act, e.role) for e in events(county, missed)][-1] == ("expire_missed_ticket", "system")
    [late] = take(county)  # the hall serves on
    assert shown(county, late).number == "A005"
    clock.move_to(datetime(2026, 3, 3, 8, 40, tzinfo=ZONE))
    with pytest.raises(NotNow, match="another day"):
        move(county, "clerk2.hall", "call", late)
    tick(county.session)
    assert shown(county, late).state == "expired"
    assert shown(county, open_still).state == "finished"
    [tomorrow] = take(county)
    assert shown(county, tomorrow).number == "A001"
    assert call_next(county, "clerk.hall")["id"] == tomorrow
    assert wrong(county) == []


def test_what_a_window_left_open_ends_with_its_day_and_the_window_is_free_on_the_next(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    walk_in = county.application(Line(county, clerk="clerk.hall").register().id).ticket_id
    [called] = take(county)
    call_next(county, "clerk2.hall")
    clock.move_to(datetime(2026, 3, 2, 23, 59, tzinfo=ZONE))
    tick(county.session)
    assert [shown(county, each).state for each in (walk_in, called)] == ["serving", "called"]
    with pytest.raises(NotNow, match="of today"):
        perform_object(county.session, "ticket", "end", walk_in, SYSTEM, {}, shown(county, walk_in).version)
    clock.move_to(datetime(2026, 3, 3, 0, 1, tzinfo=ZONE))
    tick(county.session)
    assert [shown(county, each).state for each in (walk_in, called)] == ["finished", "expired"]
    assert [(e.act, e.role) for e in events(county, walk_in)][-1] == ("end_ticket", "system")
    clock.move_to(datetime(2026, 3, 3, 8, 40, tzinfo=ZONE))
    assert "Call whoever is next" in at_work(app, "clerk.hall").get("/counter/").text
    assert wrong(county) == []


@pytest.mark.req(6)
@pytest.mark.database
def test_one_number_serves_several_applications_at_one_window(app: Flask, session: Session, county: County) -> None:
    """「只取一个号、只跑一个窗、办好所有事」."""
    [ticket] = take(county)
    call_next(county, "clerk.hall")
    with pytest.raises(NotNow, match="not being served"):
        Line(county, clerk="clerk.hall").register(ticket_id=ticket)
    move(county, "clerk.hall", "serve", ticket)
    clerk = at_work(app, "clerk.hall")
    assert f'<option value="{ticket}" selected>A001</option>' in clerk.get("/application/new").text
    lines = [Line(county, clerk="clerk.hall", item=item).register(ticket_id=ticket) for item in ("I12", "I04")]
    rows = [county.application(line.id) for line in lines]
    assert [(a.ticket_id, a.window_id) for a in rows] == [(ticket, window_id(session, "A01"))] * 2
    page = clerk.get("/counter/").text
    assert [a.short_no in page for a in rows] == [True, True]
    lines[0].receive()  # under the same number: no other is made
    assert [(t.number, t.walk_in) for t in tickets(county)] == [("A001", False)]
    with pytest.raises(NotNow):
        Line(county, clerk="clerk2.hall", item="I04").register(ticket_id=ticket)  # another window
    move(county, "clerk.hall", "finish", ticket)
    with pytest.raises(NotNow):
        Line(county, clerk="clerk.hall", item="I05").register(ticket_id=ticket)  # the visit is over
    with pytest.raises((NotAllowed, NotFound)):
        move(county, "clerk.town", "call", ticket)
    assert wrong(county) == []
