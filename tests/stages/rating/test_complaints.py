"""Anybody complains about a place, and follows it by number and code; nothing is learned by guessing (八, req. 90)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from app.engine import scope
from app.engine.invitations import query_code
from app.models.rating import Complaint
from app.models.trail import AuditRow
from tests.factories import County
from tests.stages.rating.ratings import COMPLAINT, centre, complained, on_order
from tests.web.at_work import at_work, fields_of, send_act
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def typed(county: County, **changes: str) -> dict[str, str]:
    given = {name: value for name, value in COMPLAINT.items() if name != "source"}
    return {"place": f"centre:{centre(county, 'hall')}", **given, **changes}


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    return client.post(path, data={**fields_of(client.get(path)), **data}, follow_redirects=True)


def only(county: County) -> Complaint:
    county.session.rollback()
    with scope.unscoped(county.session):
        return county.session.scalars(select(Complaint)).one()


@pytest.mark.req(90)
def test_a_complaint_gets_a_number_and_a_code_by_which_it_is_followed(app: Flask, county: County) -> None:
    client = app.test_client()
    page = send(client, "/complain/", **typed(county))
    number, code = "GD-20260302-0001", query_code("GD-20260302-0001")
    assert number in page.text
    assert code in page.text
    assert re.fullmatch(r"\d{8}", code)
    assert number not in client.get("/complain/done", follow_redirects=True).text  # the next person at the device
    kept = only(county)
    assert (kept.number, kept.state, kept.source, kept.created_by) == (number, "contact", "web", "public")
    stranger = app.test_client()
    stranger.get("/lang/en")
    assert "We will call you" in send(stranger, "/complain/state", number=number, code=code).text
    on_order(county, "manager.hall", "complaint", kept.id, "contact", way="phone", note="已电话致歉。")
    answered = send(stranger, "/complain/state", number=number, code=code).text
    assert "being looked into" in answered
    assert "已电话致歉" not in answered


def test_a_wrong_number_and_a_wrong_code_are_answered_alike_and_slowly(app: Flask, county: County) -> None:
    number = complained(county).number
    client = app.test_client()
    form = fields_of(client.get("/complain/state"))
    right, wrong = query_code(number), f"{(int(query_code(number)) + 1) % 10**8:08d}"
    tries = (
        (number, wrong), ("GD-20260302-0099", right), ("GD-20260302-0099", query_code("GD-20260302-0099")), (number, ""),
        ("", ""), ("' OR 1=1 --", wrong), (number, "１２３４５６７８"),
    )  # fmt: skip
    pages = []
    for given, code in tries:
        page = client.post("/complain/state", data={**form, "number": given, "code": code})
        assert page.status_code == 404
        pages.append(re.sub(r'value="[^"]*"|content="[^"]*"', "", page.text))
    assert len(set(pages)) == 1
    answers = {client.post("/complain/state", data={**form, "number": number, "code": wrong}).status_code for _ in "1234"}
    assert answers == {404, 429}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"place": ""}, 422), ({"place": "centre:987654"}, 422), ({"place": "centre:x"}, 422), ({"place": "moon:1"}, 422),
        ({"content": "短"}, 422), ({"phone": "call me"}, 422), ({"phone": ""}, 422), ({"title": "字" * 101}, 422),
        ({"title": "a\0b"}, 422), ({"source": "phone"}, 303),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: Flask, county: County, changes: dict[str, str], status: int
) -> None:
    client = app.test_client()
    page = client.post("/complain/", data={**fields_of(client.get("/complain/")), **typed(county, **changes)})
    assert page.status_code == status
    if status == 422:
        assert changes.get("content", COMPLAINT["content"]) in page.text
        county.session.rollback()
        with scope.unscoped(county.session):
            assert list(county.session.scalars(select(Complaint))) == []
    else:
        assert only(county).source == "web"  # a page does not say that it was a call


def test_a_complaint_is_shown_as_words_and_its_phone_behind_a_reason(app: Flask, county: County) -> None:
    complaint = complained(county, title="<img src=x onerror=alert(1)>", content="<script>alert(1)</script>不满意很久")
    manager = at_work(app, "manager.hall")
    page = manager.get(f"/object/complaint/{complaint.id}").text + manager.get("/").text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert COMPLAINT["phone"] not in page
    assert "199****0099" in page
    reveal = f"/complaint/{complaint.id}/reveal"
    form = {"csrf_token": fields_of(manager.get(f"/object/complaint/{complaint.id}"))["csrf_token"]}
    assert COMPLAINT["phone"] not in manager.post(reveal, data={**form, "reason": "x"}).text
    assert COMPLAINT["phone"] in manager.post(reveal, data={**form, "reason": "联系投诉人"}).text
    county.session.rollback()
    [row] = county.session.scalars(select(AuditRow).where(AuditRow.what == "reveal_complaint"))
    assert (row.detail, row.reason) == (complaint.number, "联系投诉人")
    looks = at_work(app, "supervisor").get("/looks/list/").text
    assert ("Phone of a complaint shown in full" in looks, complaint.number in looks) == (True, True)
    stored = county.session.execute(text("select phone from complaint")).scalar_one()
    assert COMPLAINT["phone"] not in stored
    head = at_work(app, "head")
    form = {"csrf_token": fields_of(head.get("/complain/"))["csrf_token"]}
    assert head.post(reveal, data={**form, "reason": "想看一看"}).status_code == 404


def test_a_program_sees_the_phone_masked_and_files_nothing_in_the_public_s_name(app: Flask, county: County) -> None:
    complaint = complained(county)
    manager = Program(app, county, "manager.hall")
    shown = manager.get(f"complaint/{complaint.id}").json["result"]
    assert (shown["phone"], shown["title"]) == ("199****0099", COMPLAINT["title"])
    given = {**COMPLAINT, "centre": centre(county, "hall")}
    assert error(manager.post("complaint/transitions/file", given)) == (403, "not_allowed")
    assert manager.get("complaint/transitions").json == []
    supervisor = Program(app, county, "supervisor")
    assert error(supervisor.post("complaint/transitions/file", given)) == (422, "incomplete")
    noted = supervisor.post("complaint/transitions/file", {**given, "source": "phone"})
    assert (noted.status_code, noted.json["state"]) == (201, "contact")
    assert Program(app, county, "head").get(f"complaint/{complaint.id}").status_code == 404


def test_the_supervisor_notes_a_complaint_by_telephone(app: Flask, county: County) -> None:
    supervisor = at_work(app, "supervisor")
    assert "/object/complaint/new/file" in supervisor.get("/complaints/list/").text
    given = {name: value for name, value in COMPLAINT.items() if name != "source"}
    page = send_act(supervisor, "/object/complaint/new/file", **given, office=county.office("NL").id)
    assert page.status_code == 303
    kept = only(county)
    assert (kept.source, kept.office_id, kept.created_by) == ("phone", county.office("NL").id, "supervisor")
    assert query_code(kept.number) in supervisor.get(f"/object/complaint/{kept.id}").text  # to be told to the caller
    assert query_code(kept.number) not in at_work(app, "head").get(f"/object/complaint/{kept.id}").text
    assert at_work(app, "manager.hall").get("/object/complaint/new/file").status_code == 403


def test_complaints_come_slowly_from_one_address(app: Flask, county: County) -> None:
    client = app.test_client()
    assert {client.get("/complain/").status_code for _ in range(21)} == {200, 429}


def test_what_is_wrong_with_a_complaint_names_its_field(client: FlaskClient, county: County) -> None:
    page = send(client, "/complain/", **typed(county) | {"title": "", "content": "短"})
    assert page.status_code == 422
    summary = page.text.partition('class="error-summary"')[2].partition("</div>")[0]
    assert re.findall(r'href="#field-(\w+)">(\w+): ', summary) == [("title", "标题"), ("content", "情况说明")]
