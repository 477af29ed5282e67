"""Each line of the do-not list is tried from outside, refused, and read by the supervisor under its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from app.engine import scope
from app.law.do_not import DoNot
from app.models.organisation import Staff
from app.models.trail import RefusedAct
from tests.factories import County, Line
from tests.web.at_work import at_work
from tests.web.logins import token_of_form
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

REGISTRATION = {
    "item": "I12", "applicant_type": "1", "applicant_name": "示例甲", "id_type": "resident_id",
    "id_no": "469099198506151239", "phone": "19900000001", "relation": "new",
}  # fmt: skip


def _leak(app: Flask, county: County) -> None:
    head = Program(app, county, "head")
    told = {"from_on": "2026-03-01", "to_on": "2026-03-02", "purpose": "对外提供业务数据", "recipient": "某某媒体"}
    pk = head.post("export_request/transitions/request", {"what": "applications", **told}).json["id"]
    assert error(head.do_on("export_request", pk, "use")) == (403, "not_allowed")


def _harass(app: Flask, county: County) -> None:
    line, other = Line(county).register(), Line(county).register()
    foreign = other.materials()[0]["material_id"]
    lines = [{"material_id": foreign, "status": "missing", "requirement": "请另行提供无关证明"}]
    assert error(Program(app, county, "clerk.town").do("notify", line.id, lines=lines)) == (403, "not_allowed")


def _backfill(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    late = clerk.post("application/", REGISTRATION | {"registered_at": "2026-02-01T09:00:00+08:00"})
    assert error(late) == (422, "incomplete")


def _false_closing(app: Flask, county: County) -> None:
    line = Line(county).until("accepted")
    cert = Program(app, county, "cert")
    given = {"cert_no": "TC-1", "scan": county.file("cert"), "physical_pieces": 1}
    assert error(cert.do("make_certificate", line.id, **given)) == (409, "not_now")
    assert cert.ask("PUT", f"application/{line.id}", json={"state": "delivered"}).status_code == 405


def _alter_result(app: Flask, county: County) -> None:
    line = Line(county).until("approved")
    head = Program(app, county, "head")
    assert error(head.do("refuse", line.id)) == (409, "not_now")
    for method in ("PUT", "PATCH", "DELETE", "POST"):
        assert head.ask(method, f"application/{line.id}", json={"conditions": "无"}).status_code == 405


def _favour(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed")
    own = county.application(line.id).id_no_index
    mine = update(Staff).where(Staff.id == county.staff("approver")).values(id_no_index=own)
    county.session.execute(mine)
    county.session.commit()
    answer = Program(app, county, "approver").do("accept", line.id, opinion="材料齐全")
    assert error(answer) == (403, "not_allowed")


def _irregular(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed")
    assert error(Program(app, county, "approver").do("review", line.id)) == (409, "not_now")


def _beyond_authority(app: Flask, county: County) -> None:
    clerk, other = Program(app, county, "clerk.town"), Program(app, county, "approver.other")
    assert error(clerk.post("application/", REGISTRATION | {"item": "I13"})) == (403, "not_allowed")
    line = Line(county).until("confirmed")
    foreign = other.post(f"application/{line.id}/transitions/accept", {"version": 2, "opinion": "材料齐全"})
    assert error(foreign) == (404, "not_found")
    absent = other.post("application/987654/transitions/accept", {"version": 2, "opinion": "材料齐全"})
    assert absent.json == foreign.json  # nobody hears the difference


def _private_account(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    assert error(clerk.post("application/", REGISTRATION | {"payee": "某人"})) == (422, "incomplete")


TRIES: dict[DoNot, tuple[Callable[[Any, Any], None], int]] = {
    DoNot.LEAK: (_leak, 1),
    DoNot.HARASS: (_harass, 1),
    DoNot.BACKFILL: (_backfill, 1),
    DoNot.FALSE_CLOSING: (_false_closing, 2),
    DoNot.ALTER_RESULT: (_alter_result, 5),
    DoNot.FAVOUR: (_favour, 1),
    DoNot.IRREGULAR: (_irregular, 1),
    DoNot.BEYOND_AUTHORITY: (_beyond_authority, 2),
    DoNot.PRIVATE_ACCOUNT: (_private_account, 1),
}


@pytest.mark.parametrize("line", DoNot)
def test_each_is_refused_and_read_under_its_line(app: Flask, session: Session, county: County, line: DoNot) -> None:
    attempt, times = TRIES[line]
    attempt(app, county)
    with scope.unscoped(session):
        kept = session.scalars(select(RefusedAct)).all()
    assert [row.category for row in kept] == [line.value] * times
    page = at_work(app, "supervisor").get("/refused-acts/list/")
    counts = dict(re.findall(r'_category=(\w+)"><strong class="number">(\d+)', page.text))
    assert {name: int(count) for name, count in counts.items()} == {each.value: times * (each is line) for each in DoNot}
    shown = at_work(app, "supervisor").get(f"/refused-acts/list/?_flt_3_category={line.value}")
    assert shown.text.count('data-label="What the rule forbids"') == times
    other = DoNot.LEAK if line is not DoNot.LEAK else DoNot.FAVOUR
    assert 'data-label="What the rule forbids"' not in at_work(app, "supervisor").get(
        f"/refused-acts/list/?_flt_3_category={other.value}"
    ).text


def test_what_is_sent_by_hand_to_a_page_is_kept_too(app: Flask, session: Session, county: County) -> None:
    line = Line(county).until("confirmed")
    sent = {"version": "3", "opinion": "材料齐全", "csrf_token": ""}
    for who, act, status in (("approver", "issue", 403), ("approver.other", "accept", 404)):
        client = at_work(app, who)
        sent["csrf_token"] = token_of_form(client, "/resetmypassword/form")
        assert client.post(f"/application/{line.id}/act/{act}", data=sent).status_code == status
    with scope.unscoped(session):
        kept = session.scalars(select(RefusedAct).order_by(RefusedAct.id)).all()
    number = county.application(line.id).short_no
    assert [(row.act, row.category, row.subject_no) for row in kept] == [
        ("issue", "beyond_authority", number), ("accept", "beyond_authority", number),
    ]  # fmt: skip


def test_a_number_that_is_no_row_is_nobody_s_matter(app: Flask, county: County) -> None:
    other = Program(app, county, "approver.other")
    answer = other.post("application/987654/transitions/accept", {"version": 2, "opinion": "材料齐全"})
    assert (error(answer), other.ask("DELETE", "application/987654").status_code) == ((404, "not_found"), 405)
    with scope.unscoped(county.session):
        assert county.session.scalars(select(RefusedAct)).all() == []
