"""The calendar's days and the county's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.engine import settings
from app.extensions import db
from app.models.calendar import Setting
from tests.factories import made
from tests.web.forms import fields_of, fill_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture(autouse=True)
def county_settings(house: Flask) -> None:
    with house.app_context():
        db.session.add_all([
            Setting(**made(key="refusal_needs_filing", value=True)),
            Setting(**made(key="draft_keep_days", value=30)),
            Setting(**made(key="public_payment_channels", value=[])),
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
    fill_in(admin, "/settings/edit/refusal_needs_filing", value="no")
    fill_in(admin, "/settings/edit/draft_keep_days", value="45")
    fill_in(admin, "/settings/edit/public_payment_channels", value="海南非税\n\n微信城市服务")
    fill_in(admin, "/settings/edit/supervision_phone", value="0898-67812345")
    with house.app_context():
        kept = settings.load(db.session()).values
    assert kept["refusal_needs_filing"] is False
    assert kept["draft_keep_days"] == 45
    assert kept["public_payment_channels"] == ["海南非税", "微信城市服务"]
    assert kept["supervision_phone"] == "0898-67812345"
    fill_in(admin, "/settings/edit/public_payment_channels", value="海南非税")
    with house.app_context():
        assert settings.load(db.session()).values["public_payment_channels"] == ["海南非税"]
    for key, wrong in (("refusal_needs_filing", "maybe"), ("draft_keep_days", "-1"), ("draft_keep_days", "viele"), ("supervision_phone", "1" * 2001)):
        answer = fill_in(admin, f"/settings/edit/{key}", value=wrong)
        assert answer.status_code == 422, key


def test_what_the_house_remembers_for_itself_is_no_setting(admin: FlaskClient) -> None:
    for key in ("calendar_version", "role_grants"):
        assert admin.get(f"/settings/show/{key}").status_code == 404
        assert admin.get(f"/settings/edit/{key}").status_code == 404
    assert "role_grants" not in admin.get("/settings/list/").text
