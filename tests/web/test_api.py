"""The API as a program meets it: what is in reach and nothing else, acts by their rules, and a sentence for bad input."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.engine import scope
from app.models.application import Application
from app.models.trail import ActResult, AuditRow, Event, RefusedAct
from tests.factories import APPLICANT, PEOPLE, Line
from tests.web.logins import log_in
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import County

REGISTRATION = {
    "item": "I12", "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id",
    "id_no": APPLICANT["id_no"], "phone": "19900000001", "address": "海南省屯昌县枫木镇示例村1号", "relation": "new",
}  # fmt: skip
Programs = Callable[[str], Program]


@pytest.fixture
def program(app: Flask, county: County) -> Programs:
    """Programs of the people of the county."""
    known: dict[str, Program] = {}
    return lambda username: known.get(username) or known.setdefault(username, Program(app, county, username))


def count(county: County, model: Any) -> int:
    county.session.rollback()
    with scope.unscoped(county.session):
        return county.session.scalar(select(func.count()).select_from(model))


# who is asking


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "application/"), ("GET", "application/1"), ("POST", "application/"), ("GET", "item/"), ("POST", "item/"),
     ("GET", "application/1/transitions"), ("POST", "application/1/transitions/accept"), ("POST", "file/"),
     ("GET", "file/1"), ("GET", "_openapi"), ("GET", "application/1/documents/x.pdf"), ("PUT", "staff/1")],
)  # fmt: skip
def test_without_a_token_nothing_is_answered(client: FlaskClient, method: str, path: str) -> None:
    assert error(client.open(f"/api/v1/{path}", method=method, json={})) == (401, "unauthenticated")


def test_a_cookie_opens_no_address_of_the_api(app: Flask, county: County, program: Programs) -> None:
    program("clerk.town")
    browser = app.test_client()
    assert log_in(browser, "clerk.town").status_code == 302
    assert error(browser.get("/api/v1/application/")) == (401, "unauthenticated")
    assert error(browser.post("/api/v1/application/", json=REGISTRATION)) == (401, "unauthenticated")


@pytest.mark.database
def test_what_is_out_of_reach_does_not_exist(county: County, program: Programs) -> None:
    line = Line(county).until("received")
    slip, scan = line.slip().id, county.file("clerk.town")
    addresses = ("application/{}", "application/{}/transitions", "application/{}/events", "application/{}/clocks",
                 "application/{}/documents", "application/{}/documents/x.pdf")  # fmt: skip
    for username in ("clerk.hall", "clerk.other", "approver.other", "head.other"):
        asking = program(username)
        assert asking.get("application/").json["count"] == 0
        assert asking.get("handover_slip/").json == {"count": 0, "ids": [], "result": []}
        for address, own in ((f"handover_slip/{slip}", slip), (f"file/{scan}", scan)):
            foreign, absent = asking.get(address), asking.get(address.replace(str(own), "999999"))
            assert (foreign.status_code, foreign.json) == (absent.status_code, absent.json)
            assert error(foreign) == (404, "not_found")
        for address in addresses:
            foreign, absent = asking.get(address.format(line.id)), asking.get(address.format(999_999))
            assert (foreign.status_code, foreign.json) == (absent.status_code, absent.json)
            assert error(foreign) == (404, "not_found")
        done, never = asking.do("accept", line.id, version=2, opinion="x" * 5), asking.do("accept", 999_999, version=2)
        assert (done.status_code, done.json) == (never.status_code, never.json)
        assert error(done) == (404, "not_found")
    for username in ("clerk.town", "clerk2.town", "approver", "head", "assistant", "leader", "cert", "supervisor"):
        assert program(username).get("application/").json["ids"] == [line.id], username


def test_roles_that_reach_no_application_are_told_so(county: County, program: Programs) -> None:
    line = Line(county).until("received")
    for username in ("guide", "department", "admin"):
        for path in ("application/", f"application/{line.id}", "certificate/", "archive/", "ticket/", "handover_slip/"):
            assert error(program(username).get(path)) == (403, "not_allowed"), (username, path)
        assert error(program(username).do("accept", line.id, version=2)) == (404, "not_found")


def test_the_catalogue_is_read_by_everybody(county: County, program: Programs) -> None:
    for username in ("guide", "clerk.town", "department", "supervisor", "admin"):
        items = program(username).get("item/").json
        assert items["count"] == 4
        assert program(username).get(f"item/{items['ids'][0]}").json["result"]["procedure"]
        assert program(username).get("material/").json["count"] == 12
        assert program(username).get("window/").json["count"] == 5
    for username, seen in (("supervisor", len(PEOPLE)), ("admin", len(PEOPLE)), ("guide", 4)):  # a centre sees its own
        assert program(username).get("staff/").json["count"] == seen, username


# what is shown


def test_personal_data_leaves_masked(county: County, program: Programs) -> None:
    line = Line(county).register(
        agent={"name": "代理甲", "id_type": "resident_id", "id_no": "469099198506152004", "phone": "19900000002",
               "authorisation": county.file("clerk.town")},
    )  # fmt: skip
    answers = [program("clerk.town").get(path).text for path in (
        "application/", f"application/{line.id}", f"application/{line.id}/events", "staff/",
    )]  # fmt: skip
    for secret in (APPLICANT["id_no"], "469099198506152004", "19900000001", "19900000002", "示例村1号", "\\u793a\\u4f8b\\u6751"):
        assert not any(secret in text for text in answers), secret
    shown = program("clerk.town").shown(line.id)
    assert re.fullmatch(r"\d{3,6}\*+1239", shown["id_no"])
    assert shown["applicant_name"] == APPLICANT["name"]


def test_a_list_is_searched_ordered_and_paged(county: County, program: Programs) -> None:
    first, second, third = (Line(county, item=item).until(step).id
                            for item, step in (("I12", "received"), ("I04", "draft"), ("I12", "draft")))  # fmt: skip
    ask = program("clerk.town").get
    assert ask("application/").json["ids"] == [third, second, first]
    assert ask("application/?q=(order_column:id,order_direction:asc,page_size:2)").json["ids"] == [first, second]
    assert ask("application/?q=(page:1,page_size:2)").json["ids"] == [first]
    assert ask(f"application/?q=(filters:!((col:id,opr:lt,value:{third})),page_size:1)").json["ids"] == [second]
    assert ask("application/?q=(filters:!((col:state,opr:eq,value:draft)))").json["ids"] == [third, second]
    assert ask("application/?q=(filters:!((col:registered_at,opr:gt,value:'2026-03-02T00:00:00')))").json["count"] == 3
    assert ask("application/?q=(filters:!((col:registered_at,opr:gt,value:'2026-03-03T00:00:00')))").json["count"] == 0
    row = ask("application/").json["result"][-1]
    assert (row["item"]["code"], row["centre"]["name"], row["state"]) == ("I12", "枫木镇便民服务中心", "received")
    one_slip = f"handover_slip/?q=(filters:!((col:application_id,opr:eq,value:{first}),(col:state,opr:eq,value:issued)))"
    (slip,) = ask(one_slip).json["ids"]
    assert {line["listed"] for line in ask(f"handover_slip/{slip}").json["result"]["lines"]} == {1}


BAD_QUERIES = (
    "?q=((", "?q=(page:abc)", "?q=(page:-1)", "?q=(page_size:1000)", "?q=(order_column:id_no)", "?q=(columns:!(id_no))",
    "?q=(select_columns:!(id_no))", "?q=(keys:!(none))", "?q=(filters:!((col:id_no,opr:eq,value:1)))",
    "?q=(filters:!((col:phone,opr:ct,value:1)))", "?q=(filters:!((col:id,opr:eq,value:abc)))",
    "?q=(filters:!((col:id,opr:eq,value:'99999999999999999999999')))", "?q=(filters:!((col:id,opr:nonsense,value:1)))",
    "?q=(filters:!((col:id,opr:eq,value:99999999999999999999999)))", "?q=(filters:!((col:id,opr:in,value:1)))",
    "?q=(filters:!((col:id,opr:eqf,value:1)))", "?q=(filters:!((col:id,opr:rel_o_m,value:1)))",
    "?q=(filters:!((col:registered_at,opr:gt,value:yesterday)))", "?q=(filters:!((col:state,opr:eq,value:!n)))",
    "?q=(filters:!((col:state,opr:sw,value:!(a))))", "?q=(filters:!((col:state,opr:eq,value:(a:1))))",
    "?q=(filters:!((col:item.code,opr:eq,value:I12)))", "?q=(page:999999999999999999999)", "?q=" + "(a:" * 3000,
    "?q=%7B%22filters%22:[%7B%22col%22:%22state%22,%22opr%22:%22eq%22,%22value%22:%22a%5Cu0000%22%7D]%7D",
    "?q=%7B%22filters%22:[%7B%22col%22:%22state%22,%22opr%22:%22eq%22,%22value%22:%22%5Cud800%22%7D]%7D",
)  # fmt: skip


@pytest.mark.database
def test_a_query_that_means_nothing_is_a_400(county: County, program: Programs) -> None:
    asking = program("supervisor")
    for query in BAD_QUERIES:
        assert error(asking.get(f"application/{query}")) == (400, "invalid"), query
    for path in ("application/99999999999999999999999", "file/99999999999999999999999",
                 "application/99999999999999999999999/events"):  # fmt: skip
        assert asking.get(path).status_code in {400, 404}, path


# acts


@pytest.mark.database
def test_registering_answers_the_application_and_what_may_follow(county: County, program: Programs) -> None:
    clerk = program("clerk.town")
    answer = clerk.post("application/", REGISTRATION)
    assert answer.status_code == 201
    made = answer.json
    assert (made["state"], made["version"], made["item"]) == ("draft", 1, "I12")
    assert [each["clock"] for each in made["clocks"]] == ["draft_keep"]
    offered = clerk.get(f"application/{made['id']}/transitions").json
    assert [each["name"] for each in offered] == ["amend", "notify", "receive", "withdraw", "escalate"]
    assert set(offered[0]) == {"name", "label", "clause", "schema"}
    assert clerk.get("ticket/").json["count"] == 1
    assert program("clerk2.town").get(f"application/{made['id']}/transitions").json == offered
    assert program("leader").get(f"application/{made['id']}/transitions").json == []


def test_an_input_is_described_in_the_language_of_the_program(county: County, program: Programs) -> None:
    clerk, line = program("clerk.town"), Line(county).register()
    path = f"application/{line.id}/transitions"
    english, chinese = (clerk.get(path, headers={"Accept-Language": each}).json for each in ("en-GB,zh;q=0.5", "zh-CN"))
    receive = english[2]["schema"]
    assert receive["title"] == "Receive papers"
    assert receive["required"] == ["version", "delivery_mode", "identity_checked", "materials", "sent_as"]
    assert receive["properties"]["version"]["default"] == 1
    delivery = receive["properties"]["delivery_mode"]
    assert delivery["oneOf"][1] == {"const": "ems", "title": "By EMS"}
    line_of = receive["properties"]["materials"]["items"]
    assert (line_of["additionalProperties"], line_of["properties"]["pieces"]["maximum"]) == (False, 99)
    assert receive["properties"]["ems_address"]["maxLength"] == 200
    assert "pdf" in line_of["properties"]["file"]["description"]
    assert chinese[2]["schema"]["properties"].keys() == receive["properties"].keys()
    assert clerk.get(path).json == chinese
    assert clerk.get(path, headers={"Accept-Language": "fr"}).json == chinese


@pytest.mark.database
def test_the_same_key_does_it_once_and_another_input_under_it_is_refused(county: County, program: Programs) -> None:
    clerk = program("clerk.town")
    first = clerk.post("application/", REGISTRATION, key="k1")
    again = clerk.post("application/", REGISTRATION, key="k1")
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert error(clerk.post("application/", {**REGISTRATION, "phone": "19900000009"}, key="k1")) == (409, "not_now")
    assert program("clerk2.town").post("application/", REGISTRATION, key="k1").json["id"] != first.json["id"]
    assert (count(county, Application), count(county, ActResult)) == (2, 2)
    for key in ("x" * 81, "a\x01b"):
        refused = clerk.post("application/", REGISTRATION, key=key)
        assert (error(refused), fields(refused)) == ((422, "incomplete"), {"Idempotency-Key"})


def test_a_stale_page_hears_who_did_what(county: County, program: Programs) -> None:
    line = Line(county).until("confirmed")
    refused = program("approver").do("accept", line.id, version=1, opinion="材料齐全")
    assert error(refused) == (409, "not_now")
    assert "示approver" in refused.json["error"]["message"]
    unsaid = program("approver").post(f"application/{line.id}/transitions/accept", {"opinion": "材料齐全"})
    assert error(unsaid) == (409, "not_now")
    for version in ("3", True, 1.5, [3]):
        refused = program("approver").do("accept", line.id, version=version, opinion="材料齐全")
        assert (error(refused), fields(refused)) == ((422, "incomplete"), {"version"})
    assert program("approver").do("accept", line.id, opinion="材料齐全").json["state"] == "accepted"


@pytest.mark.req(1)
def test_whoever_received_may_not_accept_and_the_try_is_kept(county: County, program: Programs) -> None:
    line = Line(county).until("confirmed")
    assert error(program("clerk.town").do("accept", line.id, opinion="材料齐全")) == (403, "not_allowed")
    assert error(program("admin").do("accept", line.id, version=3, opinion="材料齐全")) == (404, "not_found")
    assert error(program("approver").do("grant", line.id)) == (403, "not_allowed")
    assert error(program("approver").do("review", line.id)) == (409, "not_now")
    assert error(program("approver").do("issue", line.id)) == (403, "not_allowed")
    assert error(program("approver").do("fly", line.id)) == (404, "not_found")
    assert error(program("approver").do("register", line.id)) == (404, "not_found")
    assert error(program("approver").post("application/", REGISTRATION)) == (403, "not_allowed")
    assert count(county, RefusedAct) == 6


def test_a_refusal_speaks_the_language_of_the_program(county: County, program: Programs) -> None:
    line = Line(county).until("received")
    path, body = f"application/{line.id}/transitions/review", {"version": 2}
    said = {
        language: program("approver").ask("POST", path, headers={"Accept-Language": language}, json=body).json["error"]
        for language in ("en", "zh")
    }
    assert said["en"]["message"] == (
        "This application is Papers received now; «Review» cannot be done in this state."
    )
    assert not re.search("[A-Za-z]", said["zh"]["message"])
    wrong = program("clerk.town").ask("POST", "application/", headers={"Accept-Language": "zh"}, json={"item": "I12"})
    assert "Set-Cookie" not in wrong.headers
    assert not re.search("[A-Za-z]", wrong.json["error"]["message"])
    assert all(not re.search("[A-Za-z]", each["message"]) for each in wrong.json["error"]["complaints"])


@pytest.mark.database
def test_a_wrong_input_names_every_field_and_changes_nothing(county: County, program: Programs) -> None:
    clerk = program("clerk.town")
    wrong = {**REGISTRATION, "phone": "12345", "id_type": "nonsense", "applicant_name": "", "surprise": 1}
    refused = clerk.post("application/", wrong)
    assert (error(refused), fields(refused)) == ((422, "incomplete"), {"phone", "id_type", "applicant_name", "surprise"})
    refused = clerk.post("application/", {**REGISTRATION, "id_no": "469099198506151230"})
    assert (error(refused), fields(refused)) == ((422, "incomplete"), {"id_no"})
    assert APPLICANT["id_no"][:-1] not in refused.text
    for name, value in (("state", "delivered"), ("number", "1"), ("registered_at", "2020-01-01"), ("version", 7)):
        refused = clerk.post("application/", {**REGISTRATION, name: value})
        assert (error(refused), fields(refused)) == ((422, "incomplete"), {name})
    assert error(clerk.post("application/", {**REGISTRATION, "item": "I13"})) == (403, "not_allowed")
    assert fields(clerk.post("application/", {**REGISTRATION, "item": "I99"})) == {"item"}
    assert count(county, Application) == count(county, Event) == 0


GARBAGE: tuple[Any, ...] = (
    None, True, -1, 2**70, 1.5, "", "甲" * 300_000, "\u202e\u0000", [[]], [None], {"a": [1]}, "2026-13-45",
)  # fmt: skip


@pytest.mark.database
def test_garbage_in_any_field_is_a_sentence(county: County, program: Programs) -> None:
    clerk = program("clerk.town")
    line = Line(county).register()
    received = {"materials": line.materials(), "identity_checked": "reader", "delivery_mode": "window", "sent_as": "scans"}
    for value in GARBAGE:
        for name in (*REGISTRATION, "agent", "ticket_id", "original_no", "legal_rep"):
            answer = clerk.post("application/", {**REGISTRATION, name: value})
            assert answer.status_code in {201, 400, 403, 404, 409, 422}, (name, value, answer.text)
        for name in (*received, "ticket_id", "ems_address"):
            answer = clerk.do("receive", line.id, **{**received, name: value, "version": 1, "surprise": 1})
            assert answer.status_code in {400, 404, 409, 422}, (name, value, answer.text)
        for part in ("material_id", "status", "form", "pieces", "copy_verified", "file"):
            lines = [{**received["materials"][0], part: value}, *received["materials"][1:]]
            answer = clerk.do("receive", line.id, **{**received, "materials": lines, "version": 1, "surprise": 1})
            assert answer.status_code in {400, 404, 409, 422}, (part, value, answer.text)


@pytest.mark.parametrize(
    ("data", "content_type", "wanted"),
    [(b"", "application/json", (400, "invalid")), (b"{", "application/json", (400, "invalid")),
     (b"[]", "application/json", (400, "invalid")), (b"null", "application/json", (400, "invalid")),
     (b'"text"', "application/json", (400, "invalid")), (b'{"item": NaN}', "application/json", (400, "invalid")),
     (b'{"item": "\xff"}', "application/json", (400, "invalid")), (b'{"a": "\\ud800"}', "application/json", (400, "invalid")),
     (b"[" * 100_000, "application/json", (400, "invalid")), (b'{"a":' * 100_000, "application/json", (400, "invalid")),
     (b'{"a": ' + b"9" * 5000 + b"}", "application/json", (400, "invalid")),
     (b"item=I12", "application/x-www-form-urlencoded", (415, "unsupported")), (b"{}", "text/plain", (415, "unsupported")),
     (b'{"a": "' + b"x" * 3_000_000 + b'"}', "application/json", (413, "too_large"))],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(
    county: County, program: Programs, data: bytes, content_type: str, wanted: tuple[int, str]
) -> None:
    for path in ("application/", "application/1/transitions/accept"):
        assert error(program("clerk.town").ask("POST", path, data=data, content_type=content_type)) == wanted
    assert error(program("admin").ask("POST", "item/", data=data, content_type=content_type)) == wanted


def test_the_wrong_method_and_the_unknown_address_are_told_apart(county: County, program: Programs) -> None:
    clerk = program("clerk.town")
    for method, path in (("DELETE", "application/1"), ("PUT", "application/1"), ("PATCH", "item/1"), ("DELETE", "item/1")):
        assert error(clerk.ask(method, path)) == (405, "method")
    for path in ("nothing/", "application/x", "application/_info", "ratings/", "export/", "application/1/2"):
        assert error(clerk.get(path)) == (404, "not_found")


# history, clocks, papers


def test_the_history_names_who_did_what_in_which_role(county: County, program: Programs) -> None:
    line = Line(county).until("accepted")
    events = program("clerk2.town").get(f"application/{line.id}/events").json
    assert [each["seq"] for each in events] == [1, 2, 3, 4]
    assert [(each["act"], each["role"]) for each in events][-1] == ("accept", "approver")
    assert (events[0]["from"], events[0]["to"], events[-1]["to"]) == (None, "draft", "accepted")
    assert all(len(each["hash"]) == 64 for each in events)


def test_a_clock_is_explained_day_by_day(county: County, program: Programs) -> None:
    line = Line(county).until("accepted")
    clocks = {each["clock"]: each for each in program("clerk.town").get(f"application/{line.id}/clocks").json}
    promised = clocks["promised"]
    assert (promised["due_on"], promised["lamp"], promised["stopped_at"]) == ("2026-03-09", "green", None)
    assert [(day["day"][-2:], day["ordinal"], day["reason"]) for day in promised["days"]] == [
        ("02", None, "start"), ("03", 1, "counted"), ("04", 2, "counted"), ("05", 3, "counted"), ("06", 4, "counted"),
        ("07", None, "weekend"), ("08", None, "weekend"), ("09", 5, "counted"),
    ]  # fmt: skip
    assert clocks["statutory"]["days"][-1]["ordinal"] == 20
    assert clocks["correction"]["outcome"] == "met"


@pytest.mark.database
def test_a_paper_is_printed_alike_each_time_and_the_print_is_kept(county: County, program: Programs) -> None:
    line = Line(county).until("accepted")
    clerk = program("clerk.town")
    papers = clerk.get(f"application/{line.id}/documents").json
    assert [each["kind"] for each in papers] == ["receipt_voucher", "acceptance_notice"]
    address = f"application/{line.id}/documents/{papers[1]['number']}.pdf"
    first, again = clerk.get(address), clerk.get(address)
    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert first.data.startswith(b"%PDF")
    assert first.data == again.data
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cache-Control"] == "no-store"
    county.session.rollback()
    prints = county.session.scalars(select(AuditRow).where(AuditRow.what == "print")).all()
    assert [(row.detail, row.application_id, row.created_by) for row in prints] == [
        (papers[1]["number"], line.id, "clerk.town")
    ] * 2
    assert error(clerk.get(f"application/{line.id}/documents/nothing.pdf")) == (404, "not_found")
    other = Line(county).register()
    assert error(clerk.get(f"application/{other.id}/documents/{papers[1]['number']}.pdf")) == (404, "not_found")
    assert error(program("clerk.other").get(address)) == (404, "not_found")
