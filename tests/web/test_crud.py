"""Generated lists: what they show, what they refuse, and that nobody sees another one's search."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import TYPE_CHECKING

import pytest
from flask_babel import lazy_gettext
from sqlalchemy import event, insert, select

from app.engine import scope
from app.extensions import db
from app.models.application import Application
from app.models.catalogue import Item
from app.models.organisation import Office, Staff
from app.web import listing
from app.web.crud import GeneratedView
from app.web.listing import Rows
from tests.factories import County, Line, made
from tests.generated import id_of
from tests.web.forms import fields_of

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def test_a_clerk_reads_the_catalogue_and_finds_no_way_to_change_it(house: Flask, clerk: FlaskClient) -> None:
    page = clerk.get("/items/list/").text
    assert "示例事项I12" in page
    assert "/items/add" not in page
    pk = id_of(house, "I12")
    assert clerk.get(f"/items/show/{pk}").status_code == 200
    for path in ("/items/add", f"/items/edit/{pk}", "/settings/list/", "/users/list/", "/roles/list/"):
        assert clerk.get(path).status_code == 403, path
    token = fields_of(clerk.get("/resetmypassword/form").text)["csrf_token"]
    for path in ("/items/add", f"/items/edit/{pk}", f"/items/switch/{pk}/is_fronted/off", "/offices/delete/1"):
        assert clerk.post(path, data={"csrf_token": token, "name": "x"}).status_code == 403, path


def test_without_login_every_page_asks_for_one(house: Flask) -> None:
    client = house.test_client()
    for path in ("/items/list/", "/items/show/1", "/items/add", "/postings/choices/staff"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/login/")


COLUMNS = ("list_columns", "show_columns", "add_columns", "edit_columns", "search_columns")
GARBAGE = (
    "items/list/?page_ItemView=abc",
    "items/list/?psize_ItemView=abc",
    "items/list/?psize_ItemView=-1",
    "items/list/?page_ItemView=99999999999999999999",
    "items/list/?_oc_ItemView=nothing&_od_ItemView=asc",
    "items/list/?_flt_9_code=x",
    "items/list/?_flt_0_nothing=x",
    "items/list/?_flt_0_password=x",
    "items/list/?_flt_0_office=abc",
    "items/list/?_flt_0_office=99999999999999999999999",
    "items/list/?_flt_0_is_active=maybe",
    "items/list/?_flt_0_code=%00",
    "items/list/?_flt_0_code=" + "x" * 300,
    "items/list/?_flt_9_id=1",
    "calendar/list/?_flt_0_day=garbage",
    "calendar/list/?_flt_0_day=2026-13-40",
    "calendar/list/?_flt_0_is_workday=2",
    "calendar/list/?_flt_2_day=99999-01-01",
)
SENSELESS_KEYS = ("0", "-1", "abc", "1.5", "９", "9" * 18, "9" * 40, "%00", "None", "1 or 1=1")


@pytest.mark.database
def test_garbage_in_the_address_of_a_list_gets_a_sentence(admin: FlaskClient) -> None:
    for query in GARBAGE:
        answer = admin.get(f"/{query}")
        assert answer.status_code == 400, query
        assert "Go back, reload the page and try again." in answer.text


def test_a_page_beyond_the_end_says_so_and_leads_back(admin: FlaskClient) -> None:
    page = admin.get("/items/list/?page_ItemView=99&_flt_0_code=I12")
    assert "The list ends before this page." in page.text
    back = re.search(r'href="([^"]+)">To the first page', page.text)
    assert back, page.text
    first = admin.get(unescape(back[1])).text
    assert "The list ends before this page." not in first
    assert "示例事项I12" in first
    assert "示例事项I13" not in first


@pytest.mark.database
def test_an_absent_or_senseless_key_is_not_found(admin: FlaskClient) -> None:
    for pk in SENSELESS_KEYS:
        for path in (f"/items/show/{pk}", f"/items/edit/{pk}", f"/calendar/show/{pk}", f"/settings/show/{pk}"):
            assert admin.get(path).status_code == 404, path


def test_an_empty_filter_filters_nothing(admin: FlaskClient) -> None:
    everything, searched = admin.get("/items/list/").text, admin.get("/items/list/?_flt_0_code=&_flt_0_office=").text
    for code in ("I04", "I05", "I12", "I13"):
        assert code in everything
        assert code in searched
    narrowed = admin.get("/items/list/?_flt_0_code=I12").text
    assert "示例事项I12" in narrowed
    assert "示例事项I13" not in narrowed


def test_forty_searches_at_once_each_see_their_own(house: Flask, admin: FlaskClient) -> None:
    codes = ["I04", "I05", "I12", "I13"] * 10
    cookie = admin.get_cookie("session")
    assert cookie is not None

    def search(code: str) -> bool:
        client = house.test_client()
        client.set_cookie("session", cookie.value)
        page = client.get(f"/items/list/?_flt_0_code={code}").text
        return [each for each in sorted(set(codes)) if f"示例事项{each}" in page] == [code]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(search, codes))


def test_a_list_reads_one_page_with_its_relations_and_never_more(house: Flask, admin: FlaskClient) -> None:
    with house.app_context():
        office, department, retention = (
            db.session.scalar(select(getattr(Item, name)).limit(1))
            for name in ("office_id", "department_id", "retention_id")
        )
        same = {"basic_code": "0", "item_type": "01", "handling": "commitment", "statutory_amount": 20,
                "promised_days": 5, "result_name": "x", "office_id": office, "department_id": department,
                "retention_id": retention}  # fmt: skip
        db.session.execute(insert(Item), [
            made(code=f"Z{n:04}", name=f"事项{n:04}", impl_code=f"z{n}", **same) for n in range(300)
        ])
        db.session.commit()
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page = admin.get("/items/list/?_flt_1_code=Z&page_ItemView=2").text
    assert [f"Z{n:04}" in page for n in (49, 50, 74, 75)] == [False, True, True, False]
    assert "300" in page
    asked = [each for each in statements if each.startswith("SELECT")]
    assert len(asked) <= 10, "\n".join(asked)
    longest = admin.get("/items/list/?_flt_1_code=Z&psize_ItemView=999999").text
    assert longest.count('data-label="Code"') == 100


@pytest.mark.database
def test_a_generated_list_of_governed_rows_shows_and_counts_only_what_is_within_reach(house: Flask) -> None:
    with house.app_context():
        session = db.session()
        own = Line(County(session)).register().id
        Line(County(session), clerk="clerk.other").register()
        rows, seen = Rows(Application), {}
        for username in ("clerk.town", "clerk.other", "leader", "admin", "guide"):
            scope.bind(session, County(session).actor(username))
            count, found = rows.query(page_size=25)
            seen[username] = (count, [row.id for row in found] == [own], rows.find(str(own)) is not None)
        scope.bind(session, None)
        assert rows.query(page_size=25) == (0, [])
    assert seen == {
        "clerk.town": (1, True, True), "clerk.other": (1, False, False), "leader": (2, False, True),
        "admin": (0, False, False), "guide": (0, False, False),
    }  # fmt: skip


def test_a_count_ends_where_nobody_turns_pages_any_more(
    house: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 2)
    assert "Record Count: 2+" in admin.get("/items/list/").text


@pytest.mark.parametrize("missing", COLUMNS)
def test_a_view_that_names_no_columns_is_refused_at_the_start(app: Flask, missing: str) -> None:
    named = {name: ["name"] for name in COLUMNS}
    named.pop(missing)
    with app.app_context(), pytest.raises(TypeError, match=missing):
        type("ForgetfulView", (GeneratedView,), {"model": Office, **named})()


def test_a_search_that_would_load_a_table_whole_is_refused_at_the_start(app: Flask) -> None:
    columns = {name: ["name"] for name in COLUMNS}
    body = {"model": Staff, **columns, "search_columns": ["account"], "list_title": lazy_gettext("Staff")}
    with app.app_context(), pytest.raises(TypeError, match="whole"):
        type("GreedyView", (GeneratedView,), body)()


def test_columns_speak_by_their_model(app: Flask) -> None:
    with app.app_context():
        view = next(each for each in app.appbuilder.baseviews if type(each).__name__ == "ItemView")
        assert str(view.label_columns["office"]) == "审批室" or view.label_columns["office"] == "Office"
        assert view.description_columns["office"]
        assert "code" not in view.description_columns
