"""Each application runs on the provincial platform too, and whoever lacks its number is listed (第十五条（五）, req. 74)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from app.engine.couriers import HttpCourier
from app.engine.outbox import deliver
from app.models.trail import Event
from tests.factories import Line
from tests.receivers import KEY, receiving
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, fields

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County

LIST = "/provincial/list/"


def report(county: County, number: str) -> None:
    """Send every message; the platform names this number."""
    with receiving() as platform:
        platform.number = lambda _message: number
        deliver(county.session, HttpCourier(urlsplit(platform.address), KEY))
    county.session.rollback()


@pytest.mark.req(74)
def test_a_missing_number_is_listed_until_it_is_recorded_and_a_different_one_again(app: Flask, county: County) -> None:
    """74: field provincial_no; a list of those where it is missing or not the platform's."""
    line, draft = Line(county).until("received"), Line(county).register()
    numbers = [county.application(each.id).short_no for each in (line, draft)]
    approver, supervisor = at_work(app, "approver"), at_work(app, "supervisor")
    for who in (approver, supervisor, at_work(app, "clerk.town")):
        page = who.get(LIST).text
        assert (numbers[0] in page, numbers[1] in page) == (True, False)
        assert "missing" in page
    assert send_act(approver, f"/application/{line.id}/act/record_provincial", provincial_no="HN-2026-000001").status_code == 303
    assert numbers[0] not in supervisor.get(LIST).text

    report(county, "HN-2026-000001")
    assert numbers[0] not in supervisor.get(LIST).text
    line.confirm_file()
    report(county, "HN-2026-000007")
    page = supervisor.get(LIST).text
    assert numbers[0] in page
    assert "HN-2026-000007" in page
    assert send_act(approver, f"/application/{line.id}/act/record_provincial", provincial_no="HN-2026-000007").status_code == 303
    assert numbers[0] not in supervisor.get(LIST).text
    recorded = [e.payload for e in county.rows(Event, line.id) if e.act == "record_provincial"]
    assert recorded[-1]["instead_of"] == "HN-2026-000001"


@pytest.mark.req(74)
def test_a_number_of_another_application_or_with_a_time_is_refused_and_strangers_see_no_list(
    app: Flask, county: County
) -> None:
    mine, other = Line(county).until("received"), Line(county).until("received")
    clerk = Program(app, county, "clerk.town")
    assert clerk.do("record_provincial", mine.id, provincial_no="HN-2026-000001").status_code == 200
    assert fields(clerk.do("record_provincial", other.id, provincial_no="HN-2026-000001")) == {"provincial_no"}
    dated = clerk.do("record_provincial", other.id, provincial_no="HN-2026-000002", at="2026-01-01T00:00:00+08:00")
    assert fields(dated) == {"at"}
    assert clerk.do("record_provincial", other.id, provincial_no="短").status_code == 422
    stranger = Program(app, county, "clerk.other")
    tried = stranger.post(f"application/{mine.id}/transitions/record_provincial", {"version": 2, "provincial_no": "HN-9"})
    assert tried.status_code == 404


def test_the_list_shows_what_is_within_reach_alone(app: Flask, county: County) -> None:
    line = Line(county).until("received")
    number = county.application(line.id).short_no
    assert number not in at_work(app, "clerk.other").get(LIST).text
    assert number not in at_work(app, "approver.other").get(LIST).text
    assert at_work(app, "admin").get(LIST).status_code != 200
