"""Generated forms: what they write, what they refuse, and that typing is kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.models.organisation import Centre, Office, Posting, Staff, Window
from tests.generated import audit, id_of, one, value
from tests.web.forms import fields_of, fill_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

MARK = "这是一项很特别的事项"


@pytest.mark.database
def test_a_new_record_knows_its_maker_and_leaves_a_trace(house: Flask, admin: FlaskClient) -> None:
    answer = fill_in(admin, "/offices/add", code="WJ", name="卫健文教审批室", phone="0898-1")
    row = one(house, select(Office).where(Office.code == "WJ"))
    assert answer.headers["Location"] == f"/offices/show/{row.id}"
    assert (row.created_by, row.created_at.isoformat()) == ("root", "2026-03-02T10:00:00+08:00")
    assert audit(house) == [("added office", f"{row.id} 卫健文教审批室", "root")]


@pytest.mark.database
def test_a_change_is_told_field_by_field(house: Flask, admin: FlaskClient) -> None:
    pk = value(house, select(Window.id).where(Window.code == "A02"))
    fill_in(admin, f"/windows/edit/{pk}", phone="0898-9", is_active=None)
    row = one(house, select(Window).where(Window.id == pk))
    assert (row.phone, row.is_active) == ("0898-9", False)
    assert audit(house) == [
        ("changed window", f"{pk} {row}: phone: 0898-1 → 0898-9", "root"),
        ("changed window", f"{pk} {row}: is_active: True → False", "root"),
    ]
    fill_in(admin, f"/windows/edit/{pk}")
    assert len(audit(house)) == 2


def test_what_the_form_does_not_show_is_never_written(house: Flask, admin: FlaskClient) -> None:
    pk = value(house, select(Window.id).where(Window.code == "A02"))
    fill_in(
        admin, f"/windows/edit/{pk}", name="改名", id="99", created_by="mallory", created_at="2001-01-01", centre_id="999",
        nonsense="1",
    )
    row = one(house, select(Window).where(Window.id == pk))
    assert (row.name, row.created_by) == ("改名", "test")
    assert row.created_at.year == 2026
    assert row.centre_id != 999
    fill_in(admin, "/offices/add", code="WJ", name="x", phone="1", id="77", created_by="mallory")
    added = one(house, select(Office).where(Office.code == "WJ"))
    assert (added.created_by, added.id == 77) == ("root", False)


def test_a_relation_is_never_chosen_beforehand(admin: FlaskClient) -> None:
    fields = fields_of(admin.get("/items/add").text)
    assert fields.get("office", [""]) == [""]
    assert fields.get("item_type", [""]) == [""]
    answer = fill_in(admin, "/items/add", code="I99", name=MARK)
    assert answer.status_code == 422
    assert MARK in answer.text
    assert answer.text.count("This field is required.") >= 5


@pytest.mark.database
def test_what_the_database_refuses_is_a_sentence_at_its_field_and_typing_is_kept(
    house: Flask, admin: FlaskClient
) -> None:
    answer = fill_in(admin, "/offices/add", code="NL", name=MARK, phone="0898-1")
    assert answer.status_code == 422
    assert "This is taken already; there can be only one." in answer.text
    assert fields_of(answer.text)["name"] == [MARK]
    assert "INSERT" not in answer.text
    hall = value(house, select(Centre.id).where(Centre.code == "town"))
    answer = fill_in(admin, f"/centres/edit/{hall}", kind="hall")
    assert answer.status_code == 422
    assert "There is one county hall; this would be a second." in answer.text
    assert value(house, select(func.count()).where(Centre.kind == "hall")) == 1


@pytest.mark.database
def test_a_record_in_use_stays_and_says_so(house: Flask, admin: FlaskClient) -> None:
    office = value(house, select(Office.id).where(Office.code == "NL"))
    token = fields_of(admin.get("/offices/add").text)["csrf_token"]
    answer = admin.post(f"/offices/delete/{office}", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "This is still used by other records" in answer.text
    assert one(house, select(Office).where(Office.id == office)) is not None
    fill_in(admin, "/offices/add", code="WJ", name="x", phone="1")
    unused = value(house, select(Office.id).where(Office.code == "WJ"))
    assert admin.post(f"/offices/delete/{unused}", data={"csrf_token": token}).headers["Location"] == "/offices/list/"
    assert one(house, select(Office).where(Office.id == unused)) is None
    assert audit(house)[-1][0] == "deleted office"


def test_a_record_is_deleted_by_a_sent_form_alone(house: Flask, admin: FlaskClient) -> None:
    pk = value(house, select(Office.id).limit(1))
    assert admin.get(f"/offices/delete/{pk}").status_code == 405
    assert admin.post(f"/offices/delete/{pk}").status_code == 400


def test_nobody_overwrites_a_change_unseen(house: Flask, admin: FlaskClient) -> None:
    pk = value(house, select(Window.id).where(Window.code == "A02"))
    path = f"/windows/edit/{pk}"
    stale = fields_of(admin.get(path).text)
    fill_in(admin, path, phone="0898-9")
    answer = admin.post(path, data=stale | {"name": "二号窗口"})
    assert answer.status_code == 409
    assert "Recorded now: 0898-9" in answer.text
    assert fields_of(answer.text)["name"] == ["二号窗口"]
    assert one(house, select(Window).where(Window.id == pk)).phone == "0898-9"
    again = admin.post(path, data=fields_of(answer.text))
    assert again.status_code == 302
    assert one(house, select(Window).where(Window.id == pk)).name == "二号窗口"


def test_a_form_without_its_token_is_refused(house: Flask, admin: FlaskClient) -> None:
    assert admin.post("/offices/add", data={"code": "WJ", "name": "x", "phone": "1"}).status_code == 400
    assert value(house, select(func.count()).where(Office.code == "WJ")) == 0


WRONG = (
    {"promised_days": "五"}, {"promised_days": "-1"}, {"promised_days": "9" * 30}, {"promised_days": "1e3"},
    {"office": "abc"}, {"office": "999999"}, {"item_type": "02"}, {"handling": "never"}, {"code": "x" * 21},
    {"name": ""}, {"name": "   "}, {"legal_basis": "法" * 20_001},
)


def test_a_wrong_value_is_a_sentence_at_the_form(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    for typed in WRONG:
        answer = fill_in(admin, f"/items/edit/{pk}", result_name=MARK, **typed)
        assert answer.status_code == 422, typed
        assert "error-summary" in answer.text
        assert fields_of(answer.text)["result_name"] == [MARK]
    assert audit(house) == []


def test_a_character_that_no_database_takes_is_left_out(house: Flask, admin: FlaskClient) -> None:
    pk = value(house, select(Window.id).limit(1))
    fill_in(admin, f"/windows/edit/{pk}", name="一号\0窗口")
    assert one(house, select(Window).where(Window.id == pk)).name == "一号窗口"


@pytest.mark.parametrize("steering", ["\r\nBcc: somebody@example.cn", "\x1b[2J", "\u202e"])
def test_a_name_is_one_line_of_text_and_turns_no_page_around(house: Flask, admin: FlaskClient, steering: str) -> None:
    pk = value(house, select(Office.id).limit(1))
    was = one(house, select(Office).where(Office.id == pk)).name
    answer = fill_in(admin, f"/offices/edit/{pk}", name=f"一室{steering}x")
    assert (answer.status_code, "Control characters are not text." in answer.text) == (422, True)
    assert one(house, select(Office).where(Office.id == pk)).name == was


def test_a_large_table_is_searched_while_one_types(house: Flask, admin: FlaskClient) -> None:
    assert "示clerk.hall" not in admin.get("/postings/add").text
    found = admin.get("/postings/choices/staff?q=clerk.hall").json
    assert [each["text"] for each in found] == ["示clerk.hall"]
    assert admin.get("/postings/choices/staff?q=%25").json == []
    assert len(admin.get("/postings/choices/staff").json) == 20
    assert 'endpoint="/postings/choices/staff"' in admin.get("/postings/add").text
    assert admin.get("/postings/choices/password").status_code == 404
    assert admin.get("/windows/choices/centre").status_code == 404
    refused = fill_in(admin, "/postings/add", staff="abc", since="2026-01-01")
    assert "Please choose one that exists." in refused.text


def test_the_search_of_a_large_table_is_for_those_who_fill_in_its_form(clerk: FlaskClient) -> None:
    assert clerk.get("/postings/choices/staff").status_code == 403
    assert clerk.get("/staff/choices/account").status_code == 403


def test_a_line_added_from_its_record_belongs_to_it(house: Flask, admin: FlaskClient) -> None:
    pk, other = (value(house, select(Staff.id).where(Staff.name == f"示{name}")) for name in ("guide", "leader"))
    path = f"/postings/add?_flt_0_staff={pk}"
    assert "staff" not in fields_of(admin.get(path).text)
    office = value(house, select(Office.id).where(Office.code == "SC"))
    answer = fill_in(admin, path, staff=str(other), office=str(office), since="2026-03-01")
    assert answer.headers["Location"] == f"/staff/show/{pk}"
    assert one(house, select(Posting).where(Posting.office_id == office, Posting.since == date(2026, 3, 1))).staff_id == pk
    assert admin.get("/postings/add?_flt_0_staff=999").status_code == 404
    assert admin.get("/postings/add?_flt_0_staff=abc").status_code == 404
