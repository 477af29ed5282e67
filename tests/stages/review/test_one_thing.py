"""一件事: filed at one window, each office asked by itself, nobody decided before all have answered (req. 77)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.engine import scope
from app.engine.perform_object import perform_object
from app.errors import Incomplete, NotAllowed, NotFound, NotNow
from app.jobs import tick
from app.models.application import Application
from app.models.calendar import ClockRun
from app.models.catalogue import Item, ItemField
from app.models.examination import Opinion
from tests.factories import APPLICANT, FILES, Line, made, theme
from tests.web.at_work import at_work, fields_of, send_act
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.factories import County

TOLD = {"stance": "agree", "text": "同意一并办理，无其他意见。"}
OUTSTANDING = "还有意见未答复。"
OFFICE = {"I04": "approver.other", "I12": "approver"}


class Group:
    """A restaurant to be: the lead application of one office, and one of another."""

    def __init__(self, county: County, clerk: str = "clerk.town") -> None:
        self.county, self.theme = county, theme(county)
        self.lead = Line(county, clerk=clerk, item="I04").register(theme_id=self.theme)
        self.child = Line(county, clerk=clerk, item="I12").register(theme_id=self.theme, parent_id=self.lead.id)

    def accepted(self, *lines: Line) -> Group:
        for line in lines or (self.lead, self.child):
            line.receive().confirm_file(OFFICE[line.item]).accept(OFFICE[line.item])
        return self

    def opinion(self, line: Line) -> Opinion:
        [found] = self.county.rows(Opinion, line.id)
        return found


def grant_by_program(app: Flask, county: County, line: Line) -> Any:
    said = {"content": "准予经营", "basis": "《食品安全法》第三十五条", "valid_from": "2026-03-02", "long_term": True}
    return Program(app, county, "head.other" if line.item == "I04" else "head").do("grant", line.id, **said)


@pytest.mark.req(77)
@pytest.mark.database
def test_nobody_of_a_group_is_decided_before_every_opinion_is_in(app: Flask, county: County) -> None:
    """77: parent case, lead office and opinions; the decision is refused until all opinions are in."""
    group = Group(county).accepted()
    lead, child = group.opinion(group.lead), group.opinion(group.child)
    assert [(o.office.code, o.due_days, o.state) for o in (lead, child)] == [("NL", 3, "asked"), ("SC", 3, "asked")]
    [run] = [r for r in county.rows(ClockRun, group.lead.id) if r.clock == "opinion"]
    assert (run.subject_id, run.due_on.isoformat()) == (lead.id, "2026-03-05")
    clerk = Program(app, county, "clerk.town")
    assert (clerk.shown(group.lead.id)["parent_id"], clerk.shown(group.child.id)["parent_id"]) == (None, group.lead.id)

    group.lead.review("approver.other")
    assert "grant" not in {o["name"] for o in Program(app, county, "head.other").get(f"application/{group.lead.id}/transitions").json}
    assert error(grant_by_program(app, county, group.lead)) == (409, "not_now")
    assert Program(app, county, "approver").do_on("opinion", lead.id, "give", **TOLD).status_code == 200
    group.lead.review("approver.other")
    # its own opinion is in, that of the other application is not
    refused = grant_by_program(app, county, group.lead)
    assert (error(refused), refused.json["error"]["message"]) == ((409, "not_now"), OUTSTANDING)
    head = Program(app, county, "head.other")
    grounds = {"facts": "申请经营的场所存在争议情形", "reasons": "场所不符合规定的条件要求", "legal_basis": "《食品安全法》第三十五条",
               "statement": "已听取陈述"}  # fmt: skip
    group.lead.review("approver.other", conclusion="refuse")
    assert error(head.do("refuse", group.lead.id, **grounds)) == (409, "not_now")
    group.lead.review("approver.other")
    group.child.review()
    assert error(grant_by_program(app, county, group.child)) == (409, "not_now")

    assert Program(app, county, "approver.other").do_on("opinion", child.id, "give", **TOLD).status_code == 200
    assert grant_by_program(app, county, group.lead).json["state"] == "approved"
    group.child.review()
    assert grant_by_program(app, county, group.child).json["state"] == "approved"


@pytest.mark.req(77)
def test_a_member_that_is_not_accepted_yet_holds_the_others_up_and_is_named(app: Flask, county: County) -> None:
    group = Group(county)
    group.accepted(group.lead)
    Program(app, county, "approver").do_on("opinion", group.opinion(group.lead).id, "give", **TOLD)
    group.lead.review("approver.other")
    refused = grant_by_program(app, county, group.lead)
    number = county.application(group.child.id).short_no
    assert (error(refused), number in refused.json["error"]["message"]) == ((409, "not_now"), True)
    group.child.do("clerk.town", "withdraw", request=county.file("clerk.town"))
    assert grant_by_program(app, county, group.lead).json["state"] == "approved"  # who left holds nobody up


@pytest.mark.req(77)
def test_whose_group_it_is_cannot_be_made_up_or_changed(app: Flask, county: County, session: Session) -> None:
    group = Group(county)
    hall = Line(county, clerk="clerk.hall", item="I12")
    clerk = Program(app, county, "clerk.town")
    who = {"applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id", "phone": "19900000001",
           "id_no": APPLICANT["id_no"], "relation": "new"}  # fmt: skip
    part = {"theme_id": group.theme, "parent_id": group.lead.id}
    for told, field in (
        ({"item": "I12", "parent_id": group.lead.id}, "theme_id"),
        ({"item": "I12", "theme_id": 987654, "parent_id": group.lead.id}, "theme_id"),
        ({"item": "I12", "theme_id": group.theme}, "parent_id"),
        ({"item": "I05", **part}, "item"),
        ({"item": "I12", **part}, "item"),  # filed already
        ({"item": "I12", **part, "parent_id": group.child.id}, "parent_id"),
        ({"item": "I12", **part, "parent_id": 987654}, "parent_id"),
        ({"item": "I12", **part, "id_no": "469099200002290040"}, "id_no"),
    ):
        answer = clerk.post("application/", {**who, **told})
        assert (answer.status_code, field in fields(answer)) == (422, True), (told, answer.json)
    with pytest.raises(Incomplete):  # another centre's lead is nobody's here
        hall.register(**part)
    assert error(clerk.post("application/", {**who, "item": "I13", "theme_id": group.theme})) == (403, "not_allowed")
    for column in ("theme_id", "parent_id"):
        with pytest.raises(IntegrityError):
            session.execute(text(f"update application set {column} = null where id = {group.child.id}"))
        session.rollback()


def test_a_part_comes_too_late_once_somebody_is_decided(county: County) -> None:
    pk = theme(county)
    lead = Line(county, item="I04").register(theme_id=pk).receive().confirm_file("approver.other").accept("approver.other")
    [opinion] = county.rows(Opinion, lead.id)
    perform_object(county.session, "opinion", "give", opinion.id, county.actor("approver"), TOLD, 1)
    lead.review("approver.other").grant("head.other")
    with pytest.raises(NotNow, match="by itself"):
        Line(county, item="I12").register(theme_id=pk, parent_id=lead.id)


def test_silence_of_the_office_asks_the_others_too(county: County, clock: time_machine.Traveller) -> None:
    group = Group(county)
    group.lead.receive()
    clock.shift(8 * 86400)
    tick(county.session)
    assert county.application(group.lead.id).state == "accepted"
    assert group.opinion(group.lead).state == "asked"


def test_an_office_asked_sees_the_opinion_and_not_the_application(app: Flask, county: County) -> None:
    group = Group(county).accepted()
    asked = Program(app, county, "approver")
    assert asked.get(f"application/{group.lead.id}").status_code == 404
    [row] = [o for o in asked.get("opinion/").json["result"] if o["application_id"] == group.lead.id]
    assert (row["shown"]["applicant"], "开餐馆" in row["question"]) == ("示*甲", True)
    clerk = Program(app, county, "clerk.town")
    assert error(clerk.do_on("opinion", row["id"], "give", version=1, **TOLD)) == (403, "not_allowed")
    with pytest.raises((NotAllowed, NotFound)):
        county.do("approver", "accept", group.lead.id, {"opinion": "越权受理"})


def test_the_page_shows_the_group_and_leads_only_where_one_may_go(app: Flask, county: County) -> None:
    group = Group(county)
    clerk, office = at_work(app, "clerk.town"), at_work(app, "approver.other")
    page = clerk.get(f"/application/{group.child.id}").text
    assert "One thing: 开餐馆" in page
    assert f'href="/application/{group.lead.id}"' in page
    page = office.get(f"/application/{group.lead.id}").text
    number = county.application(group.child.id).short_no
    assert (number in page, f'href="/application/{group.child.id}"' in page) == (True, False)
    group.accepted()
    group.lead.review("approver.other")
    head = at_work(app, "head.other")
    mine = county.application(group.lead.id).short_no
    assert mine not in head.get("/desk/decision").text
    assert mine in head.get("/desk/with-others").text


def test_one_form_files_the_whole_group_from_one_ticket(app: Flask, county: County) -> None:
    pk = theme(county)
    clerk = at_work(app, "clerk.town")
    assert f'href="/one-thing/{pk}"' in clerk.get("/one-thing/").text
    typed: dict[str, Any] = {
        "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id", "phone": "19900000001",
        "id_no": APPLICANT["id_no"], "agent.name": "示例乙", "agent.id_type": "resident_id",
        "agent.id_no": "469099200002290040", "agent.phone": "19900000002", "parts": ["I12"],
    }  # fmt: skip
    wrong = send_act(clerk, f"/one-thing/{pk}", **typed)
    assert wrong.status_code == 422  # the agent has no authorisation
    assert APPLICANT["id_no"] in wrong.text
    name, data = FILES["application/pdf"]
    done = send_act(clerk, f"/one-thing/{pk}", **typed, **{"agent.authorisation.upload": (BytesIO(data), name)})
    assert done.status_code == 303, done.text
    with scope.unscoped(county.session):
        county.session.rollback()
        lead, child = county.session.scalars(select(Application).order_by(Application.id)).all()
        found = (lead.item.code, child.item.code, child.parent_id, lead.theme_id, child.theme_id)
        assert found == ("I04", "I12", lead.id, pk, pk)
        assert lead.ticket_id == child.ticket_id
        assert lead.authorisation_id != child.authorisation_id
        assert (lead.agent_name, child.agent_name) == ("示例乙", "示例乙")
    assert done.location == f"/application/{lead.id}"


def test_what_was_filed_stays_filed_when_a_part_is_refused_and_the_form_goes_on(app: Flask, county: County) -> None:
    pk = theme(county)
    with scope.unscoped(county.session):
        item = county.session.scalars(select(Item).where(Item.code == "I12")).one()
        question = {"position": 1, "name": "trees", "label": "株数", "type": "number", "choices": [], "required": True}
        county.session.add(ItemField(**made(item_id=item.id, pattern="", help="", **question)))
        county.session.commit()
    clerk = at_work(app, "clerk.town")
    typed = {"applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id",
             "phone": "19900000001", "id_no": APPLICANT["id_no"], "parts": ["I12"]}  # fmt: skip
    page = send_act(clerk, f"/one-thing/{pk}", **typed)
    assert page.status_code == 422
    assert 'name="filed.I04"' in page.text
    again = clerk.post(f"/one-thing/{pk}", data={**fields_of(page), "parts": ["I04", "I12"], "extra-I12.trees": "30"},
                       content_type="multipart/form-data")  # fmt: skip
    assert again.status_code == 303, again.text
    county.session.rollback()
    with scope.unscoped(county.session):
        rows = county.session.scalars(select(Application).order_by(Application.id)).all()
        assert [(row.item.code, row.parent_id, row.extra) for row in rows] == [
            ("I04", None, None), ("I12", rows[0].id, {"trees": 30}),
        ]  # fmt: skip


def test_a_town_files_no_part_that_is_not_fronted_and_strangers_file_nothing(app: Flask, county: County) -> None:
    pk = theme(county, parts=("I12", "I13"))
    clerk = at_work(app, "clerk.town")
    page = clerk.get(f"/one-thing/{pk}").text
    assert 'value="I13" disabled' in page.replace("  ", " ")
    typed = {"applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id",
             "phone": "19900000001", "id_no": APPLICANT["id_no"]}  # fmt: skip
    assert send_act(clerk, f"/one-thing/{pk}", **typed, parts=["I13"]).status_code == 422
    for who in ("approver", "admin", "leader"):
        assert at_work(app, who).get(f"/one-thing/{pk}").status_code != 200
    assert clerk.get("/one-thing/987654").status_code == 404


def test_the_administrator_keeps_the_themes_and_programs_read_them(app: Flask, county: County) -> None:
    pk = theme(county)
    admin = at_work(app, "admin")
    assert "开餐馆" in admin.get("/themes/list/").text
    assert "示例事项I12" in admin.get(f"/themes/show/{pk}").text
    assert at_work(app, "clerk.town").post("/themes/add", data={"code": "x"}).status_code != 200
    [row] = Program(app, county, "clerk.town").get("theme/").json["result"]
    assert (row["name"], row["lead_item"]["code"], [i["code"] for i in row["items"]]) == ("开餐馆", "I04", ["I04", "I12"])
    assert Program(app, county, "admin").post("theme/", {"code": "x"}).status_code == 405
