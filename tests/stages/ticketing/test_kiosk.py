"""（二）取号: a number at the ticket machine of the hall and of each town, and the slip it prints."""

from __future__ import annotations

import re
from datetime import datetime
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from app.law.clock import ZONE
from app.models.catalogue import Item
from tests.stages.ticketing.hall import forms_of, take, tickets, touch
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.factories import County


@pytest.fixture
def visitor(client: FlaskClient) -> FlaskClient:
    """Somebody in the hall, who reads English."""
    client.get("/lang/en")
    return client


def slip(page: TestResponse) -> str:
    """The words of a slip, one after another."""
    paper = re.search(r"<article.*?</article>", page.text, re.DOTALL)
    assert paper is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", paper[0]))


@pytest.mark.req(52)
@pytest.mark.database
def test_the_machine_of_the_hall_and_of_a_town_prints_a_slip_with_all_it_says(
    visitor: FlaskClient, county: County
) -> None:
    take(county, 2)
    said = slip(touch(visitor, "A"))
    for words in ("县政务服务大厅", "A003", "Area A", "A01, A02", "Waiting in front 2", "2026-03-02 10:00", "put back once"):
        assert words in said, words
    in_town = slip(touch(visitor, "A", "town"))
    for words in ("枫木镇便民服务中心", "A001", "T01, T02", "Waiting in front 0"):
        assert words in in_town, words
    assert [(t.number, t.state, t.ahead, t.created_by) for t in tickets(county)][2:] == [
        ("A003", "waiting", 2, "kiosk"), ("A001", "waiting", 0, "kiosk"),
    ]  # fmt: skip
    assert 'class="slip-80' in touch(visitor, "A").text  # 80 mm of paper


def test_an_item_leads_to_the_area_where_one_waits_least(visitor: FlaskClient, county: County) -> None:
    assert "A001" in slip(touch(visitor, "I12"))
    [ticket] = tickets(county)
    assert (ticket.area, ticket.item.code) == ("A", "I12")


def test_a_town_offers_what_is_fronted_and_says_where_the_rest_is_taken(visitor: FlaskClient, county: County) -> None:
    assert {"A", "I12", "I04", "I05"} == set(forms_of(visitor.get("/kiosk/town")))
    assert "I13" in forms_of(visitor.get("/kiosk/hall"))
    searched = visitor.get("/kiosk/town?q=I13")
    assert "taken at the county hall" in searched.text
    sent = forms_of(visitor.get("/kiosk/town"))["I12"] | {"item": "I13"}
    assert visitor.post("/kiosk/town/take", data=sent).status_code == 422
    county.session.execute(update(Item).where(Item.code == "I12").values(is_public=False))
    county.session.commit()
    assert "I12" not in forms_of(visitor.get("/kiosk/town"))
    assert visitor.post("/kiosk/town/take", data=sent | {"item": "I12"}).status_code == 422
    assert tickets(county) == []


@pytest.mark.database
def test_a_form_sent_twice_gives_one_number_and_the_same_slip(app: Flask, county: County) -> None:
    client = app.test_client()
    sent = forms_of(client.get("/kiosk/hall"))["A"]
    answers: list[TestResponse] = []

    def touch_it(hand: FlaskClient, own: dict[str, str]) -> None:
        answers.append(hand.post("/kiosk/hall/take", data=own))

    hands = []
    for _ in range(4):
        hand = app.test_client()
        own = forms_of(hand.get("/kiosk/hall"))["A"] | {"token": sent["token"]}
        hands.append(Thread(target=touch_it, args=(hand, own)))
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert [(a.status_code, a.location) for a in answers] == [(303, f"/kiosk/hall/slip/{sent['token']}")] * 4
    assert [t.number for t in tickets(county)] == ["A001"]


def test_a_slip_belongs_to_its_hall_and_cannot_be_guessed(visitor: FlaskClient, county: County) -> None:
    sent = forms_of(visitor.get("/kiosk/hall"))["A"]
    visitor.post("/kiosk/hall/take", data=sent)
    assert visitor.get(f"/kiosk/hall/slip/{sent['token']}").status_code == 200
    assert visitor.get(f"/kiosk/town/slip/{sent['token']}").status_code == 404
    assert visitor.get("/kiosk/hall/slip/1").status_code == 404
    # the same token at another machine is no second number
    assert visitor.post("/kiosk/town/take", data=sent).status_code == 409
    assert len(tickets(county)) == 1


def test_nonsense_at_the_machine_is_refused_and_takes_no_number(visitor: FlaskClient, county: County) -> None:
    sent = forms_of(visitor.get("/kiosk/hall"))["A"]
    assert visitor.get("/kiosk/nowhere").status_code == 404
    assert visitor.post("/kiosk/nowhere/take", data=sent).status_code == 404
    forged = visitor.post("/kiosk/hall/take", data={"area": "A", "token": sent["token"]})
    assert (forged.status_code, "reload the page" in forged.text) == (400, True)  # nobody is sent to a login
    without_token = {name: value for name, value in sent.items() if name != "token"}
    assert visitor.post("/kiosk/hall/take", data=without_token).status_code == 400
    for wrong in ({"area": "Z"}, {"area": ""}, {"token": "short"}, {"area": "", "item": "I99"}):
        assert visitor.post("/kiosk/hall/take", data=sent | wrong).status_code == 422, wrong
    assert tickets(county) == []


def test_one_address_takes_so_many_numbers_a_minute(visitor: FlaskClient, county: County) -> None:
    sent = forms_of(visitor.get("/kiosk/hall"))["A"]
    statuses = [visitor.post("/kiosk/hall/take", data=sent).status_code for _ in range(21)]
    assert statuses == [303] * 20 + [429]
    elsewhere = visitor.post("/kiosk/hall/take", data=sent, environ_base={"REMOTE_ADDR": "10.1.2.3"})
    assert elsewhere.status_code == 303


def test_the_guide_takes_a_number_for_somebody_and_prints_it(app: Flask, county: County) -> None:
    guide = at_work(app, "guide")
    page = guide.get("/object/ticket/new/take")
    assert "A (A01, A02)" in page.text
    done = send_act(guide, "/object/ticket/new/take", area="A")
    assert done.status_code == 303
    [ticket] = tickets(county)
    assert (ticket.number, ticket.created_by) == ("A001", "guide")
    assert f'href="/tickets/slip/{ticket.id}"' in guide.get(f"/object/ticket/{ticket.id}").text
    assert "A001" in slip(guide.get(f"/tickets/slip/{ticket.id}"))


def test_only_the_machine_and_the_guide_of_the_hall_take_numbers(app: Flask, county: County) -> None:
    guide, clerk = Program(app, county, "guide"), Program(app, county, "clerk.hall")
    assert error(clerk.post("ticket/transitions/take", {"area": "A"})) == (403, "not_allowed")
    made = guide.post("ticket/transitions/take", {"area": "A"}, key="once")
    assert (made.status_code, made.json["state"]) == (201, "waiting")
    assert guide.post("ticket/transitions/take", {"area": "A"}, key="once").json == made.json
    assert len(tickets(county)) == 1
    for wrong in ({"area": "Z"}, {}, {"area": "A", "centre_id": 987654}, {"area": "A", "number": "A999"}):
        assert error(guide.post("ticket/transitions/take", wrong)) == (422, "incomplete"), wrong


def test_the_hall_says_when_it_is_closed(visitor: FlaskClient, county: County, clock: time_machine.Traveller) -> None:
    assert "outside these hours" not in visitor.get("/kiosk/hall").text
    lunch, sunday = datetime(2026, 3, 2, 13, 0, tzinfo=ZONE), datetime(2026, 3, 8, 10, 0, tzinfo=ZONE)
    for moment in (lunch, sunday, datetime(2026, 3, 2, 17, 30, tzinfo=ZONE)):
        clock.move_to(moment)
        assert "outside these hours" in visitor.get("/kiosk/hall").text, moment
    assert "A001" in slip(touch(visitor, "A"))  # who serves on after hours may still call it
