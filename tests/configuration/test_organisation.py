"""Centres, windows, people and their posts."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from app.engine import actors
from app.engine.now import now
from app.extensions import db
from app.models.encrypted import blind_index
from app.models.organisation import Centre, Office, Posting, Staff, Window
from tests.factories import County, Line
from tests.generated import audit, one, value
from tests.web.forms import fields_of, fill_in, send_again
from tests.web.logins import add_account

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

ID_NO = "469099198506151239"


def id_by(house: Flask, model: type, code: str) -> str:
    return str(value(house, select(model.id).where(model.code == code)))


@pytest.mark.database
def test_opening_hours_are_times_of_a_day_in_their_order(house: Flask, admin: FlaskClient) -> None:
    path = f"/centres/edit/{id_by(house, Centre, 'town')}"
    assert fields_of(admin.get(path).text)["closes_at"] == ["17:30"]
    assert send_again(admin, path, fill_in(admin, path, closes_at="17:00")).status_code == 302
    assert one(house, select(Centre).where(Centre.code == "town")).closes_at == time(17)
    for wrong in ({"closes_at": "08:00"}, {"lunch_to": "11:00"}, {"opens_at": "25:00"}, {"opens_at": "noon"}):
        assert fill_in(admin, path, **wrong).status_code == 422, wrong


def test_a_new_closing_time_says_first_that_running_clocks_keep_theirs(house: Flask, admin: FlaskClient) -> None:
    with house.app_context():
        Line(County(db.session())).until("received")
    path = f"/centres/edit/{id_by(house, Centre, 'town')}"
    asked = fill_in(admin, path, closes_at="17:00", phone="0898-9")
    assert "2 clocks that run here keep ending at 17:30: no deadline moves." in asked.text
    assert "Clocks that start from now on end at 17:00" in asked.text
    town = one(house, select(Centre).where(Centre.code == "town"))
    assert (town.closes_at, town.phone) == (time(17, 30), "0898-00000001")
    other = fill_in(admin, path, closes_at="16:00", impact_shown=fields_of(asked.text)["impact_shown"])
    assert "end at 16:00" in other.text  # who agreed to one thing has not agreed to another
    assert fill_in(admin, path, closes_at="16:00", impact_shown="0" * 64).status_code == 200
    assert send_again(admin, path, asked).status_code == 302
    town = one(house, select(Centre).where(Centre.code == "town"))
    assert (town.closes_at, town.phone) == (time(17), "0898-9")


def test_two_windows_of_a_centre_never_share_a_code(house: Flask, admin: FlaskClient) -> None:
    new = {"code": "A01", "name": "一号", "kind": "comprehensive", "area": "A", "phone": "1", "is_active": "y"}
    refused = fill_in(admin, "/windows/add", centre=id_by(house, Centre, "hall"), **new)
    assert refused.status_code == 422
    assert "This centre has a window with this code." in refused.text
    assert fill_in(admin, "/windows/add", centre=id_by(house, Centre, "other"), **new).status_code == 302
    assert value(house, select(func.count()).where(Window.code == "A01")) == 2


@pytest.mark.database
def test_a_person_is_an_account_with_a_post_and_from_then_on_reaches_the_centre(
    house: Flask, admin: FlaskClient
) -> None:
    user = add_account(house, "li", "town_clerk")
    found = admin.get("/staff/choices/account?q=li").json
    assert any(each["id"] == user for each in found)
    new = {"name": "李四", "phone": "0898-3", "employer": "县局", "manager": "枫木镇", "account": str(user)}
    assert fill_in(admin, "/staff/add", **new).status_code == 302
    staff = one(house, select(Staff).where(Staff.user_id == user))
    town = one(house, select(Centre).where(Centre.code == "town"))
    window = value(house, select(Window.id).where(Window.centre_id == town.id).limit(1))
    path = f"/postings/add?_flt_0_staff={staff.id}"
    asked = fill_in(admin, path, centre=str(town.id), window=str(window), since="2026-03-01")
    answer = send_again(admin, path, asked) if asked.status_code == 200 else asked
    assert answer.headers["Location"] == f"/staff/show/{staff.id}"
    with house.app_context():
        actor = actors.load(db.session, user, now().date())
    assert actor is not None
    assert (actor.name, actor.centres, actor.window_id) == ("李四", {town.id}, window)
    again = fill_in(admin, "/staff/add", **new)
    assert again.status_code == 422
    assert "This is taken already" in again.text


def test_a_post_is_at_one_place_and_its_window_there(house: Flask, admin: FlaskClient) -> None:
    staff = value(house, select(Staff.id).limit(1))
    town, office = id_by(house, Centre, "town"), id_by(house, Office, "NL")
    foreign = str(value(house, select(Window.id).join(Centre).where(Centre.code == "hall").limit(1)))
    for typed, sentence in (
        ({}, "name exactly one"),
        ({"centre": town, "office": office}, "name exactly one"),
        ({"centre": town, "window": foreign}, "This window is at another centre."),
        ({"centre": town, "until": "2026-02-01"}, "The last day lies before the first."),
    ):
        answer = fill_in(admin, f"/postings/add?_flt_0_staff={staff}", since="2026-03-02", **typed)
        assert (typed, answer.status_code) == (typed, 422)
        assert sentence in answer.text, typed


def test_a_post_ends_by_its_last_day_and_is_never_deleted(house: Flask, admin: FlaskClient) -> None:
    pk = value(house, select(Posting.id).limit(1))
    path = f"/postings/edit/{pk}"
    asked = fill_in(admin, path, until="2026-03-02", since="2020-01-01", centre="")
    assert send_again(admin, path, asked).status_code == 302
    row = one(house, select(Posting).where(Posting.id == pk))
    assert (row.until, row.since) == (date(2026, 3, 2), date(2025, 1, 1))
    token = fields_of(admin.get("/offices/add").text)["csrf_token"]
    assert admin.post(f"/postings/delete/{pk}", data={"csrf_token": token}).status_code == 404


def test_a_centre_keeps_a_letter_that_ticket_numbers_can_begin_with(house: Flask, admin: FlaskClient) -> None:
    refused = fill_in(admin, f"/centres/edit/{id_by(house, Centre, 'town')}", ticket_letter="1")
    assert (refused.status_code, "One capital letter" in refused.text) == (422, True)


def test_nobody_has_two_accounts(house: Flask, admin: FlaskClient) -> None:
    first, other = (value(house, select(Staff.id).order_by(Staff.id).limit(1).offset(n)) for n in (0, 1))
    assert fill_in(admin, f"/staff/edit/{first}", id_no=ID_NO).status_code == 302
    assert fill_in(admin, f"/staff/edit/{first}", id_no=ID_NO).status_code == 302
    refused = fill_in(admin, f"/staff/edit/{other}", id_no=ID_NO.lower())
    assert (refused.status_code, "This person has an account already" in refused.text) == (422, True)


def test_a_person_keeps_the_account_that_history_names(house: Flask, admin: FlaskClient) -> None:
    row = one(house, select(Staff).order_by(Staff.id).limit(1))
    fresh = add_account(house, "li", "approver")
    assert fill_in(admin, f"/staff/edit/{row.id}", account=str(fresh)).status_code == 302
    assert value(house, select(Staff.user_id).where(Staff.id == row.id)) == row.user_id


@pytest.mark.database
def test_an_identity_number_is_checked_kept_sealed_and_never_shown(house: Flask, admin: FlaskClient) -> None:
    pk = value(house, select(Staff.id).limit(1))
    path = f"/staff/edit/{pk}"
    wrong = fill_in(admin, path, id_no="469099198506151238")
    assert wrong.status_code == 422
    assert fill_in(admin, path, id_no=ID_NO.lower()).status_code == 302
    row = one(house, select(Staff).where(Staff.id == pk))
    with house.app_context():
        assert (row.id_no, row.id_no_index) == (ID_NO, blind_index("id_no", ID_NO))
    for page in (path, f"/staff/show/{pk}", "/staff/list/"):
        assert ID_NO not in admin.get(page).text
    assert fill_in(admin, path, employer="县局").status_code == 302
    assert one(house, select(Staff).where(Staff.id == pk)).id_no == ID_NO
    assert not any(ID_NO in detail for _, detail, _ in audit(house))


def test_a_clerk_of_the_certificate_centre_who_is_window_clerk_elsewhere_gets_no_post_at_the_hall(
    house: Flask, admin: FlaskClient
) -> None:
    user = add_account(house, "li", "window_clerk", "cert_clerk")
    new = {"name": "李四", "phone": "0898-3", "employer": "县局", "manager": "枫木镇", "account": str(user)}
    fill_in(admin, "/staff/add", **new)
    staff = value(house, select(Staff.id).where(Staff.user_id == user))
    path = f"/postings/add?_flt_0_staff={staff}"
    refused = fill_in(admin, path, centre=id_by(house, Centre, "hall"), since="2026-03-02")
    assert refused.status_code == 422
    assert "nobody is window clerk and certificate clerk at once" in refused.text
    assert fill_in(admin, path, centre=id_by(house, Centre, "town"), since="2026-03-02").status_code == 302


def test_a_clerk_sees_centres_and_windows_but_neither_people_nor_settings(clerk: FlaskClient) -> None:
    for path in ("/centres/list/", "/windows/list/", "/offices/list/", "/departments/list/", "/calendar/list/"):
        assert clerk.get(path, follow_redirects=True).status_code == 200, path
    for path in ("/staff/list/", "/settings/list/", "/users/list/", "/roles/list/", "/staff/add", "/centres/add"):
        assert clerk.get(path).status_code == 403, path
    menu = clerk.get("/items/list/").text
    assert "/centres/list/" in menu
    assert "/staff/list/" not in menu
    assert "/users/list/" not in menu


def test_a_person_whom_history_names_stays(house: Flask, admin: FlaskClient) -> None:
    token = fields_of(admin.get("/offices/add").text)["csrf_token"]
    pk = value(house, select(Posting.staff_id).limit(1))
    assert admin.post(f"/staff/delete/{pk}", data={"csrf_token": token}).status_code == 409
    assert value(house, select(func.count()).select_from(User).where(User.username == "clerk.hall")) == 1
