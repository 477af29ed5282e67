"""Whoever is, or declared as a relative, a party to a matter neither takes it nor decides on it (第十三条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from app.engine import scope
from app.errors import Incomplete, NotAllowed, NotFound
from app.models.people import Relative
from app.models.trail import Event, RefusedAct
from tests.factories import APPLICANT, County, Line
from tests.management.staffing import do, everything
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from flask import Flask

KIN = {"name": "示例甲", "id_no": APPLICANT["id_no"], "relation": "sibling"}
OTHER = {"name": "示例乙", "id_no": "469099199001011235", "relation": "child"}


def declared(county: County, who: str, **changes: str) -> int:
    return do(county, who, "declare_relative", **{**KIN, **changes})["id"]


@pytest.mark.database
def test_the_clerk_of_a_relative_is_refused_and_the_try_is_recorded(app: Flask, county: County) -> None:
    pk = declared(county, "clerk.town")
    clerk = Program(app, county, "clerk.town")
    told = {
        "item": "I12", "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id",
        "id_no": APPLICANT["id_no"].lower(), "phone": "19900000001", "relation": "new",
    }  # fmt: skip
    assert error(clerk.post("application/", told)) == (403, "not_allowed")
    with scope.unscoped(county.session):
        assert county.session.scalars(select(RefusedAct.act)).all() == ["register"]
    county.session.rollback()
    line = Line(county, clerk="clerk2.town").register()  # a colleague takes it
    assert error(clerk.do("notify", line.id, lines=[])) == (403, "not_allowed")
    assert "register" not in [e.act for e in county.rows(Event, line.id) if e.actor_name == "示clerk.town"]
    do(county, "clerk.town", "end_relative", pk)
    line.clerk = "clerk.town"
    line.receive()
    assert county.application(line.id).state == "received"


def test_no_act_on_a_relative_s_matter_is_offered_or_done_by_whoever_decides(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed")
    approver = Program(app, county, "approver")
    assert approver.get(f"application/{line.id}/transitions").json
    declared(county, "approver")
    assert approver.get(f"application/{line.id}/transitions").json == []
    assert error(approver.do("accept", line.id, opinion="同意。")) == (403, "not_allowed")
    line.accept("approver2")


def test_the_relative_as_agent_counts_too(county: County) -> None:
    declared(county, "approver", **OTHER)
    file = county.file("clerk.town")
    agent = {"name": "示例乙", "id_type": "resident_id", "id_no": OTHER["id_no"], "phone": "19900000002", "authorisation": file}
    line = Line(county).register(agent=agent)
    form, identity, authorisation = line.materials()
    line.do(
        "clerk.town", "receive", materials=[form, identity, {**authorisation, "status": "taken", "form": "original", "pieces": 1}],
        identity_checked="reader", delivery_mode="window", sent_as="scans",
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="party"):
        line.confirm_file("approver")
    line.confirm_file("approver2")


def test_an_application_is_not_amended_into_one_of_a_relative_s(county: County) -> None:
    declared(county, "clerk.town", **OTHER)
    line = Line(county).register()
    with pytest.raises(NotAllowed, match="party"):
        line.do("clerk.town", "amend", id_no=OTHER["id_no"], reason="登记时看错号码")
    line.do("clerk2.town", "amend", id_no=OTHER["id_no"], reason="登记时看错号码")


def test_a_substitute_keeps_away_from_their_own_relatives_whoever_they_stand_in_for(county: County) -> None:
    from app.jobs import tick
    from tests.management.staffing import plan

    declared(county, "clerk2.town")
    plan(county, "leader", "clerk.town", "clerk2.town")
    tick(county.session)
    with pytest.raises(NotAllowed):
        Line(county, clerk="clerk2.town").register()


def test_nobody_verifies_a_relative_s_matter(county: County) -> None:
    line = Line(county).until("accepted")
    declared(county, "approver2")
    told = {
        "verifiers": [county.staff("approver"), county.staff("approver2")], "method": "onsite", "conclusion": "conform",
        "findings": "现场与申请材料所述一致。",
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="relative"):
        line.do("approver", "record_verification", **told)


def test_a_declaration_is_seen_by_the_declarer_the_supervisor_and_the_leader_alone(app: Flask, county: County) -> None:
    pk = declared(county, "clerk.town")
    seen = {}
    for who in ("clerk.town", "clerk2.town", "clerk.hall", "manager.hall", "head", "cert", "supervisor", "leader", "admin"):
        Program(app, county, who)
        seen[who] = at_work(app, who).get(f"/object/relative/{pk}").status_code
    assert {who for who, status in seen.items() if status == 200} == {"clerk.town", "supervisor", "leader"}
    assert set(seen.values()) == {200, 404}
    page = at_work(app, "clerk.town").get(f"/object/relative/{pk}").text
    assert APPLICANT["id_no"] not in page
    listed = at_work(app, "clerk2.town").get("/relatives/list/").text
    assert "示例甲" not in listed
    assert "示例甲" in at_work(app, "clerk.town").get("/relatives/list/").text


def test_nobody_ends_what_another_declared_not_even_from_above(county: County) -> None:
    pk = declared(county, "approver")
    with pytest.raises(NotAllowed):
        do(county, "leader", "end_relative", pk)
    with pytest.raises(NotFound):
        do(county, "head", "end_relative", pk)


def test_the_number_is_sealed_in_row_and_event(county: County) -> None:
    declared(county, "clerk.town")
    raw = county.session.execute(text("select id_no, id_no_index from relative")).one()
    assert APPLICANT["id_no"] not in "".join(raw)
    with scope.unscoped(county.session):
        payload = county.session.scalars(select(Event.payload).where(Event.subject_kind == "relative")).one()
    assert payload["id_no"] != APPLICANT["id_no"]
    assert payload["name"] != "示例甲"


@pytest.mark.parametrize("wrong", ["469099198506151238", "12345", ""])
def test_a_wrong_number_is_complained_about(county: County, wrong: str) -> None:
    with pytest.raises(Incomplete):
        declared(county, "clerk.town", id_no=wrong)
    assert everything(county, Relative) == []


def test_a_relative_is_declared_once_by_one_person(app: Flask, county: County) -> None:
    declared(county, "clerk.town")
    with pytest.raises(Incomplete):
        declared(county, "clerk.town")
    declared(county, "clerk2.town")
    assert len(everything(county, Relative)) == 2
    Program(app, county, "approver")
    assert send_act(at_work(app, "approver"), "/object/relative/new/declare", **OTHER).status_code == 303
    county.session.rollback()
    with scope.unscoped(county.session):
        assert county.session.scalar(select(func.count()).select_from(Relative)) == 3
