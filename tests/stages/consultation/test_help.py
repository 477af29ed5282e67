"""Help (帮办): voluntary, free, of five kinds, counted (一)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from app.engine import scope
from app.models.consultation import HelpService
from tests.stages.consultation.asking import Question
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.factories import County

KINDS = ["guiding", "materials", "online", "filling", "printing"]
HELP = "help_service/transitions/help"


@pytest.mark.req(43)
@pytest.mark.database
def test_help_without_consent_is_refused_and_nothing_of_it_has_a_price(app: Flask, county: County) -> None:
    guide = Program(app, county, "guide")
    assert fields(guide.post(HELP, {"kind": "filling"})) == {"consent"}
    assert fields(guide.post(HELP, {"kind": "filling", "consent": False})) == {"consent"}
    assert fields(guide.post(HELP, {"kind": "filling", "consent": True, "fee": 5})) == {"fee"}
    assert guide.post(HELP, {"kind": "filling", "consent": True}).status_code == 201
    names = {column["name"] for column in inspect(county.session.connection()).get_columns("help_service")}
    assert not {name for name in names if re.search("fee|amount|price|paid|charge", name)}
    county.session.rollback()
    for statement in (
        "UPDATE help_service SET consent = (1 = 0)", "UPDATE help_service SET kind = 'printing'", "DELETE FROM help_service",
    ):  # fmt: skip
        with pytest.raises(DBAPIError):
            county.session.execute(text(statement))
        county.session.rollback()


@pytest.mark.req(44)
def test_the_five_helps_are_offered_and_counted_by_kind_and_centre(app: Flask, county: County) -> None:
    guide, clerk = Program(app, county, "guide"), Program(app, county, "clerk.town")
    [offer] = guide.get("help_service/transitions").json
    assert [each["const"] for each in offer["schema"]["properties"]["kind"]["oneOf"]] == KINDS
    assert fields(guide.post(HELP, {"kind": "paying", "consent": True})) == {"kind"}
    for kind, times in zip(KINDS, (3, 1, 1, 2, 1), strict=True):
        for _ in range(times):
            assert guide.post(HELP, {"kind": kind, "consent": True}).status_code == 201
    assert clerk.post(HELP, {"kind": "printing", "consent": True, "item": "I04"}).status_code == 201

    def counts(who: str, asked: str = "") -> dict[str, list[int]]:
        page = at_work(app, who).get(f"/help-report/{asked}").text
        rows = re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', page)
        return {name: [int(n) for n in re.findall(r"(\d+)<", cells)] for name, cells in rows}

    county_wide = counts("supervisor")
    assert county_wide["县政务服务大厅"] == [3, 1, 1, 2, 1, 8]
    assert county_wide["枫木镇便民服务中心"] == [0, 0, 0, 0, 1, 1]
    assert county_wide["All"] == [3, 1, 1, 2, 2, 9]
    assert list(counts("clerk.town")) == ["枫木镇便民服务中心", "All"]
    assert counts("supervisor", "?since=2026-03-03")["All"] == [0] * 6
    assert counts("supervisor", "?since=x&until=9999-99-99")["All"][-1] == 9


def test_help_is_noted_from_a_question_on_a_page(app: Flask, session: Session, county: County) -> None:
    question = Question(app, county).up_to(2)
    clerk = at_work(app, "clerk.hall")
    address = f"/object/help_service/new/help?consultation_id={question.id}&item=I12"
    assert address.replace("&", "&amp;") in clerk.get(f"/object/consultation/{question.id}").text
    assert send_act(clerk, address, kind="filling").status_code == 422
    assert send_act(clerk, address, kind="filling", consent="true").status_code == 303
    session.rollback()
    with scope.unscoped(session):
        [given] = session.scalars(select(HelpService)).all()
    assert (given.consultation_id, given.kind, given.helper_name, given.state) == (question.id, "filling", "示clerk.hall", "given")
    assert clerk.get(f"/object/help_service/{given.id}").status_code == 200


@pytest.mark.parametrize("who", ["approver", "leader", "supervisor", "manager.hall", "cert"])
def test_who_does_not_serve_at_the_front_gives_no_help(app: Flask, county: County, who: str) -> None:
    assert error(Program(app, county, who).post(HELP, {"kind": "filling", "consent": True})) == (403, "not_allowed")


def test_a_question_of_another_centre_is_no_occasion_for_help(app: Flask, county: County) -> None:
    question = Question(app, county)
    given = {"kind": "guiding", "consent": True, "consultation_id": question.id}
    assert fields(Program(app, county, "clerk.town").post(HELP, given)) == {"consultation_id"}
