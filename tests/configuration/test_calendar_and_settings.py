"""The calendar's days and the county's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.engine import settings
from app.extensions import db
from app.models.calendar import Setting
from tests.factories import County, Line, made
from tests.web.forms import fields_of, fill_in, send_again

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture(autouse=True)
def county_settings(house: Flask) -> None:
    with house.app_context():
        db.session.add_all([
            Setting(**made(key="refusal_needs_filing", value=True)),
            Setting(**made(key="draft_keep_days", value=30)),
        ])
        db.session.commit()



def test_the_calendar_opens_at_today(admin: FlaskClient) -> None:
    page = admin.get("/calendar/list/", follow_redirects=True).text
    assert "/calendar/show/2026-03-02" in page
    assert "/calendar/show/2026-03-01" not in page
    assert "/calendar/show/2025-01-02" in admin.get("/calendar/list/?_flt_1_day=2025-01-03").text


def test_no_day_is_added_changed_or_deleted_by_itself(admin: FlaskClient) -> None:
    token = fields_of(admin.get("/offices/add").text)["csrf_token"]
    assert admin.get("/calendar/add").status_code == 404
    assert admin.get("/calendar/edit/2026-03-10").status_code == 404
    assert admin.post("/calendar/delete/2026-03-10", data={"csrf_token": token}).status_code == 404


@pytest.mark.database
def test_a_setting_keeps_its_kind_and_says_what_it_means(house: Flask, admin: FlaskClient) -> None:
    assert "Refusal needs the leader&#39;s filing" in admin.get("/settings/list/").text
    for key, wanted in (("refusal_needs_filing", "no"), ("draft_keep_days", "45")):
        path = f"/settings/edit/{key}"
        assert send_again(admin, path, fill_in(admin, path, value=wanted)).status_code == 302
    fill_in(admin, "/settings/edit/supervision_phone", value="0898-67812345")
    with house.app_context():
        kept = settings.load(db.session()).values
    assert kept["refusal_needs_filing"] is False
    assert kept["draft_keep_days"] == 45
    assert kept["supervision_phone"] == "0898-67812345"


BEYOND = (
    ("refusal_needs_filing", "maybe", "Please choose yes or no."),
    ("draft_keep_days", "-1", "Please give a whole number"),
    ("draft_keep_days", "viele", "Please give a whole number"),
    ("draft_keep_days", "4", "Please give a whole number from 5 to 90."),
    ("draft_keep_days", "91", "Please give a whole number from 5 to 90."),
    ("supervision_phone", "1" * 2001, "At most 2000 characters."),
    ("supervision_phone", "call me", "A phone number: figures"),
    ("supervision_phone", " ", "it cannot be empty"),
)


def test_a_setting_stays_within_its_bounds_and_says_them(house: Flask, admin: FlaskClient) -> None:
    for key, wrong, sentence in BEYOND:
        answer = fill_in(admin, f"/settings/edit/{key}", value=wrong)
        assert (answer.status_code, sentence in answer.text) == (422, True), (key, wrong)


def test_a_setting_that_changes_work_under_way_says_so_first(house: Flask, admin: FlaskClient) -> None:
    with house.app_context():
        Line(County(db.session())).register()
        Line(County(db.session())).until("accepted")
    for key, typed, sentence in (
        ("draft_keep_days", "10", "1 registration that waits for papers keeps the date it was given."),
        ("refusal_needs_filing", "no", "1 application is under review; it can be refused without"),
    ):
        asked = fill_in(admin, f"/settings/edit/{key}", value=typed)
        assert (asked.status_code, sentence in asked.text) == (200, True), key
        assert send_again(admin, f"/settings/edit/{key}", asked).status_code == 302
    assert fill_in(admin, "/settings/edit/supervision_phone", value="0898-1").status_code == 302


def test_what_the_house_remembers_for_itself_is_no_setting(admin: FlaskClient) -> None:
    for key in ("calendar_version", "role_grants"):
        assert admin.get(f"/settings/show/{key}").status_code == 404
        assert admin.get(f"/settings/edit/{key}").status_code == 404
    assert "role_grants" not in admin.get("/settings/list/").text
