"""Who sees which ledger, who takes one out, and what is kept of it."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from app.engine.actors import SYSTEM
from app.engine.perform_object import perform_object
from app.law.ledger import FACTS
from app.models.organisation import IndustryDepartment, Staff
from app.models.trail import AuditRow, RefusedAct
from app.stages.reporting import shown as shown_lines
from tests.factories import County, Line
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from flask import Flask

    from app.models.ledger import LedgerBatch
    from tests.stages.reporting.conftest import Reporting


@pytest.fixture
def built(county: County, reporting: Reporting) -> Reporting:
    """One closing told of to the forest department, sent; everybody can log in."""
    reporting.at(3, 3)
    Line(county).until("certified")
    reporting.at(3, 9)
    reporting.build()
    for batch in reporting.batches():
        sent = {"recipient": "somewhere"}
        perform_object(county.session, "ledger_batch", "send", batch.id, SYSTEM, sent, batch.version)
    return reporting


def _other(built: Reporting) -> LedgerBatch:
    return built.batches(department_id=built.other_department.id)[0]


@pytest.mark.database
def test_the_desk_of_a_department_says_whose_ledger_of_which_week_waits(app: Flask, built: Reporting) -> None:
    [own] = built.own()
    desk = at_work(app, "department").get("/").text
    assert f"{own.number} · 农林水务审批室 · 2026-03-02" in desk
    assert _other(built).number not in desk


def test_a_department_sees_its_own_ledgers_an_office_its_own_and_the_county_all(app: Flask, built: Reporting) -> None:
    own, other = built.own()[0], _other(built)
    seen = {
        "department": {own.id}, "head": {own.id}, "approver": {own.id}, "head.other": {other.id},
        "supervisor": {own.id, other.id}, "leader": {own.id, other.id},
    }  # fmt: skip
    for who, ids in seen.items():
        client = at_work(app, who)
        listed = client.get("/ledgers/list/").text
        for batch in (own, other):
            assert (batch.number in listed) is (batch.id in ids), (who, batch.number)
            page = client.get(f"/object/ledger_batch/{batch.id}")
            assert page.status_code == (200 if batch.id in ids else 404), (who, batch.id)
        answer = Program(app, built.county, who).get("ledger/").json["result"]
        assert {each["id"] for each in answer} == ids, who
    for who in ("clerk.town", "guide", "admin", "manager.hall"):
        assert at_work(app, who).get(f"/object/ledger_batch/{own.id}").status_code == 404, who


def test_the_page_shows_the_lines_and_leads_those_to_the_application_who_reach_it(
    app: Flask, built: Reporting
) -> None:
    [batch] = built.own()
    [row] = built.rows(batch)
    link = f'href="/application/{row.application_id}"'
    office, department = (at_work(app, who).get(f"/object/ledger_batch/{batch.id}").text for who in ("head", "department"))
    for page in (office, department):
        assert row.facts["number"] in page
        assert "469***********1239" in page
        assert "469099198506151239" not in page
        assert batch.hash in page
    assert link in office
    assert link not in department


def test_what_has_no_days_of_its_own_does_not_show_the_promised_ones_in_their_place(
    app: Flask, county: County, reporting: Reporting
) -> None:
    facts = dict.fromkeys(FACTS, "") | {"promised_days": 5, "actual_days": None, "delivered_on": "2026-03-04"}
    line = SimpleNamespace(position=1, kind="closed", changed=[], application_id=1, facts=facts | {"delivery_mode": "ems"})
    with app.test_request_context(), force_locale("en"):
        shown = dict(next(shown_lines.in_words([line])).cells)
    assert shown["Working days taken"] == ["—", "Promised working days 5"]
    assert shown["Delivery"] == ["Postal EMS", "Delivered on 2026-03-04"]


def test_a_department_reads_that_a_ledger_waits_and_the_county_reads_what_is_to_be_mended(
    app: Flask, county: County, reporting: Reporting
) -> None:
    reporting.at(3, 9)
    reporting.build()
    address = f"/object/ledger_batch/{reporting.own()[0].id}"
    department, supervisor = (at_work(app, who).get(address).text for who in ("department", "supervisor"))
    assert "LEDGER_URL" not in department
    assert "it can be acknowledged once the county has sent it" in department
    assert "LEDGER_URL" in supervisor


def test_its_department_takes_a_ledger_out_nobody_else_and_each_time_is_on_record(
    app: Flask, built: Reporting
) -> None:
    own, other = built.own()[0], _other(built)
    client = at_work(app, "department")
    answer = client.get(f"/ledgers/workbook/{own.id}")
    assert hashlib.sha256(answer.data).hexdigest() == own.workbook_sha256
    assert client.get(f"/ledgers/print/{own.id}").status_code == 200
    for address in ("workbook", "print"):
        assert client.get(f"/ledgers/{address}/{other.id}").status_code == 404
        for who in ("head", "approver", "supervisor", "leader", "archivist"):
            assert at_work(app, who).get(f"/ledgers/{address}/{own.id}").status_code == 403, who
        for who in ("clerk.town", "guide", "admin"):
            assert at_work(app, who).get(f"/ledgers/{address}/{own.id}").status_code in {403, 404, 302}, who
    built.session.rollback()
    rows = built.session.scalars(select(AuditRow).where(AuditRow.what.like("ledger%")).order_by(AuditRow.id)).all()
    assert [(row.what, row.detail, row.created_by) for row in rows] == [
        ("ledger_workbook", own.number, "department"), ("ledger_print", own.number, "department"),
    ]  # fmt: skip
    looks = at_work(app, "supervisor").get("/looks/list/").text
    assert ("Weekly ledger taken out" in looks, "Weekly ledger printed" in looks) == (True, True)
    assert "ledgers/workbook" not in at_work(app, "head").get(f"/object/ledger_batch/{own.id}").text


def test_a_department_acknowledges_its_own_and_no_other_on_the_page_and_by_program(
    app: Flask, built: Reporting
) -> None:
    own, other = built.own()[0], _other(built)
    program = Program(app, built.county, "department")
    assert error(program.post(f"ledger/{other.id}/transitions/acknowledge", {"version": 2})) == (404, "not_found")
    assert error(program.post(f"ledger/{own.id}/transitions/acknowledge", {"version": 1})) == (409, "not_now")
    for move in ("send", "retry", "fail"):
        sent = {"version": 2, "recipient": "x", "error": "x"}
        assert error(program.post(f"ledger/{own.id}/transitions/{move}", sent))[0] in {403, 409}, move
    for who in ("supervisor", "head", "leader"):
        refused = Program(app, built.county, who).post(f"ledger/{own.id}/transitions/acknowledge", {"version": 2})
        assert error(refused) == (403, "not_allowed"), who
    tried = built.session.scalars(select(RefusedAct).where(RefusedAct.act == "acknowledge_ledger")).all()
    assert {row.actor_name for row in tried} == {"示department", "示supervisor", "示head", "示leader"}
    client = at_work(app, "department")
    assert own.number in client.get("/").text  # it waits on the desk
    assert send_act(client, f"/object/ledger_batch/{own.id}/act/acknowledge").status_code == 303
    [own] = built.own()
    assert (own.state, own.acknowledged_by) == ("acknowledged", "示department")
    assert own.number not in client.get("/").text


def test_whoever_belongs_to_no_department_sees_no_ledger(app: Flask, built: Reporting) -> None:
    staff = built.session.get_one(Staff, built.county.staff("department"))
    staff.department_id = None
    built.session.commit()
    client = at_work(app, "department")
    assert built.own()[0].number not in client.get("/ledgers/list/").text
    assert client.get(f"/object/ledger_batch/{built.own()[0].id}").status_code == 404


def test_the_token_of_the_letter_stands_nowhere_in_the_house(app: Flask, built: Reporting) -> None:
    [own] = built.own()
    for who in ("department", "head", "supervisor"):
        program = Program(app, built.county, who)
        said = [program.get("ledger/").text, program.get(f"ledger/{own.id}").text]
        client = at_work(app, who)
        said += [client.get(path).text for path in ("/ledgers/list/", f"/object/ledger_batch/{own.id}")]
        assert own.token not in "".join(said), who


def test_many_lines_come_page_by_page(app: Flask, built: Reporting, monkeypatch: pytest.MonkeyPatch) -> None:
    built.at(3, 10)
    for _ in range(3):
        Line(built.county).until("certified")
    built.at(3, 16)
    built.build()
    monkeypatch.setattr("app.stages.reporting.shown.LINES_A_PAGE", 2)
    batch = built.own()[-1]
    numbers = [row.facts["number"] for row in built.rows(batch)]
    client, address = at_work(app, "head"), f"/object/ledger_batch/{batch.id}"
    first, second = client.get(address).text, client.get(f"{address}?after=2").text
    assert [n in first for n in numbers] == [True, True, False]
    assert [n in second for n in numbers] == [False, False, True]
    assert f"{address}?after=2" in first
    assert client.get(f"{address}?after=abc").status_code == 200


def test_the_administrator_writes_down_where_a_department_is_reached(app: Flask, built: Reporting) -> None:
    client = at_work(app, "admin")
    address = f"/departments/edit/{built.department.id}"
    wrong = send_act(client, address, mail="not an address\nBcc: all@example.org")
    assert wrong.status_code == 422
    assert send_act(client, address, mail="lin.ye@county.example").status_code == 302
    built.session.rollback()
    assert built.session.get_one(IndustryDepartment, built.department.id).mail == "lin.ye@county.example"
    assert at_work(app, "head").get(address).status_code in {302, 403}
