"""The four tiers of a question: only upward, no answer hidden, nobody rid of it (第七条, 一（1）-（4）)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.engine import scope
from app.jobs import tick
from app.law.clock import ZONE
from app.models.consultation import Consultation
from app.models.trail import Notice, RefusedAct
from app.supervision.verify import violations
from tests.stages.consultation.asking import (
    ANSWER,
    DESCRIPTION,
    QUESTION,
    Question,
    manager,
    row,
    send_small,
    ticket,
    window,
)
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine
    from flask import Flask

    from tests.factories import County


def told(county: County, username: str) -> list[tuple[str, str]]:
    """The causes and lamps of what somebody was told as a person."""
    with scope.unscoped(county.session):
        mine = select(Notice).where(Notice.user_id == county.actor(username).user_id).order_by(Notice.id)
        return [(each.cause, each.level) for each in county.session.scalars(mine)]


def on_desk(question: Question, who: str, title: str) -> bool:
    """Whether the question lies on somebody's pile of this title."""
    from tests.web.at_work import at_work

    question.by(who)  # gives the person a password
    page = at_work(question.app, who).get("/").text
    card = page.partition(f"{title} <span")[2].partition("</section>")[0]
    return f"/object/consultation/{question.id}" in card


# 18 首问负责


@pytest.mark.req(18)
@pytest.mark.database
def test_whoever_is_asked_first_is_recorded_and_nobody_changes_it(app: Flask, county: County) -> None:
    question = Question(app, county)
    asked = question.shown("guide")
    assert (asked["first_responder_name"], asked["first_responder_id"]) == ("示guide", county.actor("guide").user_id)
    forged = question.by("guide").post(
        "consultation/transitions/open", {"question": QUESTION, "first_responder_id": 1, "first_responder_name": "甲"}
    )
    assert error(forged) == (422, "incomplete")
    assert fields(forged) == {"first_responder_id", "first_responder_name"}
    at_window = ticket(county)
    taken = question.send("clerk.hall", "to_window", ticket_id=at_window, item="I12", first_responder_id=1)
    assert fields(taken) == {"first_responder_id"}
    question.do("clerk.hall", "to_window", ticket_id=at_window, item="I12")
    assert question.shown()["first_responder_name"] == "示guide"
    for method in ("PUT", "PATCH", "DELETE"):
        assert question.by("clerk.hall").ask(method, f"consultation/{question.id}", json={}).status_code == 405


@pytest.mark.database
def test_the_database_itself_keeps_the_first_responder_the_tier_and_the_answers(app: Flask, county: County) -> None:
    question = Question(app, county).up_to(2).do("clerk.hall", "answer2", answer=ANSWER)
    for statement in (
        "UPDATE consultation SET first_responder_id = 1",
        "UPDATE consultation SET first_responder_name = '某人'",
        "UPDATE consultation SET tier = 1",
        "UPDATE consultation_entry SET text = '改写的答复'",
        "DELETE FROM consultation_entry",
        "DELETE FROM consultation",
    ):
        with pytest.raises(DBAPIError):
            county.session.execute(text(statement))
        county.session.rollback()
    assert row(county, question.id).tier == 2


# 19 不得推诿


@pytest.mark.req(19)
def test_a_question_is_neither_closed_empty_nor_dropped(app: Flask, county: County) -> None:
    question = Question(app, county)
    assert error(question.send("guide", "close", told_how="in_person")) == (409, "not_now")
    assert error(question.send("guide", "answer1", result="answered")) == (422, "incomplete")
    assert error(question.send("guide", "answer1", result="answered", answer="  ")) == (422, "incomplete")
    question.up_to(2)
    assert error(question.send("clerk.hall", "answer2", answer="")) == (422, "incomplete")
    assert error(question.send("clerk.hall", "close", told_how="phone")) == (409, "not_now")
    question.do("clerk.hall", "answer2", answer=ANSWER)
    assert error(question.send("clerk.hall", "close")) == (422, "incomplete")  # how the asker was told
    question.do("clerk.hall", "close", told_how="in_person")
    closed = question.shown()
    assert (closed["state"], closed["told_how"]) == ("closed", "in_person")
    assert closed["told_at"].startswith("2026-03-02T10:00")
    county.session.rollback()
    with scope.unscoped(county.session):
        tried = county.session.scalars(select(RefusedAct.act)).all()
    assert tried == ["close_consultation", "close_consultation"]


# 20 后台支撑, 首问跟踪


@pytest.mark.req(20)
def test_what_went_to_the_office_stays_with_whoever_was_asked_first(app: Flask, county: County) -> None:
    question = Question(app, county, at_guide=False).up_to(4)
    asked = question.shown()
    assert asked["due_at"] == "2026-03-03T17:30:00+08:00"  # a working day
    assert on_desk(question, "clerk.hall", "You were asked first")
    assert not on_desk(question, "clerk2.hall", "You were asked first")
    question.do("approver", "answer4", answer=ANSWER)
    assert on_desk(question, "clerk.hall", "You were asked first")
    assert told(county, "clerk.hall") == [("answer_precise", "info")]
    question.do("clerk.hall", "close", told_how="phone")
    assert not on_desk(question, "clerk.hall", "You were asked first")


# 42 四种答疑, 只升不降


@pytest.mark.req(42)
@pytest.mark.database
def test_a_question_climbs_all_four_tiers_and_every_answer_stays(app: Flask, county: County, tmp_path: Path) -> None:
    question = Question(app, county)
    question.do("guide", "answer1", result="guided", window_id=window(county, "hall:A01").id)
    question.up_to(2).do("clerk.hall", "answer2", answer="第二级的答复，一次说清。")
    question.do("clerk.hall", "ask_manager", manager_id=manager(county), difficulty="服务对象仍有疑问")
    question.do("manager.hall", "answer3", answer="第三级的答复，现场研究。")
    question.do("clerk.hall", "pass_to_office", reason_code="cross_domain", description=DESCRIPTION)
    question.do("approver", "answer4", answer="第四级的答复，审批室答疑。")
    question.do("clerk.hall", "close", told_how="phone")
    asked = question.shown()
    assert asked["tier"] == 4
    answers = [(e["tier"], e["level"]) for e in asked["entries"] if e["kind"] in {"answer", "guided"}]
    assert answers == [(1, "guide"), (2, "window_clerk"), (3, "window_manager"), (4, "approver")]
    page = _page(question, "clerk.hall")
    assert '<ol class="steps"' in page
    for text_of_tier in ("A01窗口", "第二级的答复", "第三级的答复", "第四级的答复"):
        assert text_of_tier in page
    # The tickets of these tests are drawn from no counter.
    about_tickets = re.compile(r"8: the counter ticket|23:|32:|.*ticket \S+ has no event")
    assert [line for line in violations(county.session, tmp_path) if not about_tickets.match(line)] == []


def _page(question: Question, who: str) -> str:
    from tests.web.at_work import at_work

    question.by(who)
    return at_work(question.app, who).get(f"/object/consultation/{question.id}").text


@pytest.mark.parametrize(("tier", "moves"), [(2, {"to_window"}), (3, {"to_window", "ask_manager"}), (4, {"to_window", "ask_manager"})])
def test_no_tier_is_left_downward_or_skipped(app: Flask, county: County, tier: int, moves: set[str]) -> None:
    question = Question(app, county).up_to(tier)
    answers = {2: ("clerk.hall", "answer2"), 3: ("manager.hall", "answer3"), 4: ("approver", "answer4")}
    for _ in range(2):  # while it is open, and once it was answered
        for move in moves:
            given = {"to_window": {"ticket_id": 1, "item": "I12"}, "ask_manager": {"manager_id": 1, "difficulty": "仍有疑问不明"}}
            assert error(question.send("clerk.hall", move, **given[move])) == (409, "not_now")
        who, move = answers[tier]
        if row(county, question.id).state != "answered":
            question.do(who, move, answer=ANSWER)
    assert row(county, question.id).tier == tier


@pytest.mark.parametrize(
    ("tier", "who", "move"),
    [
        (1, "clerk.hall", "ask_manager"), (1, "clerk.hall", "pass_to_office"), (2, "clerk.hall", "pass_to_office"),
        (1, "clerk.hall", "answer2"), (2, "manager.hall", "answer3"),
    ],
)  # fmt: skip
def test_no_tier_is_skipped(app: Flask, county: County, tier: int, who: str, move: str) -> None:
    question = Question(app, county).up_to(tier)
    given = {"reason_code": "professional", "description": DESCRIPTION} if move == "pass_to_office" else {}
    assert error(question.send(who, move, **given)) == (409, "not_now")


@pytest.mark.parametrize(
    ("tier", "who", "move"),
    [
        (1, "clerk.hall", "answer1"), (1, "manager.hall", "to_window"), (2, "guide", "answer2"), (2, "manager.hall", "ask_manager"),
        (3, "clerk.hall", "answer3"), (3, "leader", "answer3"), (4, "clerk.hall", "answer4"), (4, "supervisor", "answer4"),
        (4, "clerk.hall", "up"), (4, "assistant", "answer4"),
    ],
)  # fmt: skip
def test_a_role_that_may_not_move_it_is_refused(app: Flask, county: County, tier: int, who: str, move: str) -> None:
    question = Question(app, county).up_to(tier)
    assert error(question.send(who, move, answer=ANSWER)) == (403, "not_allowed")


def test_another_centre_and_another_office_see_nothing_of_it(app: Flask, county: County) -> None:
    question = Question(app, county).up_to(3)
    for who in ("clerk.town", "approver", "head"):  # the office is asked on the fourth tier, and not before
        assert question.by(who).get(f"consultation/{question.id}").status_code == 404
        assert question.send(who, "close", told_how="phone").status_code == 404
    question.do("clerk.hall", "pass_to_office", reason_code="professional", description=DESCRIPTION)
    assert question.by("approver").get(f"consultation/{question.id}").status_code == 200
    assert question.by("approver.other").get(f"consultation/{question.id}").status_code == 404
    assert error(question.send("approver.other", "answer4", answer=ANSWER)) == (404, "not_found")
    assert error(question.send("approver", "answer4", version=1, answer=ANSWER)) == (409, "not_now")


# 45 导引式


@pytest.mark.req(45)
def test_the_guide_answers_or_leads_to_a_window_before_any_ticket(app: Flask, county: County) -> None:
    answered = Question(app, county).do("guide", "answer1", result="answered", answer="林业窗口在一楼左侧。")
    [entry] = answered.shown("guide")["entries"]
    assert (entry["kind"], entry["tier"], answered.shown("guide")["ticket_id"]) == ("answer", 1, None)
    guided = Question(app, county)
    assert fields(guided.send("guide", "answer1", result="guided")) == {"window_id"}
    elsewhere = window(county, "town:T01").id
    assert fields(guided.send("guide", "answer1", result="guided", window_id=elsewhere)) == {"window_id"}
    guided.do("guide", "answer1", result="guided", window_id=window(county, "hall:A02").id)
    assert guided.shown("guide")["guided_window_id"] == window(county, "hall:A02").id
    assert on_desk(guided, "clerk2.hall", "Guided to your window")
    assert not on_desk(guided, "clerk.hall", "Guided to your window")


def test_a_window_that_takes_over_leaves_the_first_tier_a_result(app: Flask, county: County) -> None:
    question = Question(app, county).up_to(2)
    [entry] = question.shown()["entries"]
    assert (entry["kind"], entry["tier"], entry["window_id"]) == ("guided", 1, window(county, "hall:A01").id)


# 46 标准化


@pytest.mark.req(46)
def test_the_window_answers_under_a_ticket_it_serves_and_about_an_item(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.hall")
    opened = "consultation/transitions/open_at_window"
    assert fields(clerk.post(opened, {"question": QUESTION, "item": "I12"})) == {"ticket_id"}
    mine = ticket(county)
    assert fields(clerk.post(opened, {"question": QUESTION, "ticket_id": mine})) == {"item"}
    for elsewhere in (ticket(county, "hall:A02"), ticket(county, "town:T01"), 987654):
        answer = clerk.post(opened, {"question": QUESTION, "item": "I12", "ticket_id": elsewhere})
        assert error(answer) == (409, "not_now")
    finished = ticket(county, state="finished")
    assert error(clerk.post(opened, {"question": QUESTION, "item": "I12", "ticket_id": finished})) == (409, "not_now")
    assert clerk.post(opened, {"question": QUESTION, "item": "I12", "ticket_id": mine}).status_code == 201
    with scope.unscoped(county.session):
        [kept] = county.session.scalars(select(Consultation)).all()
    assert (kept.tier, kept.state, kept.ticket_id, kept.number) == (2, "tier2", mine, "ZX-20260302-0001")


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_secret": True, "is_public": False}])
def test_an_item_out_of_service_or_secret_is_neither_offered_nor_taken(app: Flask, county: County, change: dict[str, bool]) -> None:
    from tests.web.at_work import at_work

    with scope.unscoped(county.session):
        item = county.session.scalars(select(_item()).where(_item().code == "I13")).one()
        for name, value in change.items():
            setattr(item, name, value)
        county.session.commit()
    clerk = Program(app, county, "clerk.hall")
    given = {"question": QUESTION, "item": "I13", "ticket_id": ticket(county)}
    assert fields(clerk.post("consultation/transitions/open_at_window", given)) == {"item"}
    offered = at_work(app, "clerk.hall").get("/consultation/items/-").json
    assert "I13" not in {each["id"] for each in offered}
    assert {"I12", "I04"} <= {each["id"] for each in offered}


def _item() -> type:
    from app.models.catalogue import Item

    return Item


# 48 后援式


@pytest.mark.req(48)
def test_the_manager_is_named_and_a_day_without_word_turns_yellow(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    question = Question(app, county).up_to(2)
    assert fields(question.send("clerk.hall", "ask_manager", difficulty="林地界线有争议")) == {"manager_id"}
    for nobody in (county.actor("clerk2.hall").user_id, county.actor("leader").user_id, 987654):
        answer = question.send("clerk.hall", "ask_manager", manager_id=nobody, difficulty="林地界线有争议")
        assert fields(answer) == {"manager_id"}
    question.do("clerk.hall", "ask_manager", manager_id=manager(county), difficulty="林地界线有争议")
    assert question.shown()["due_at"] == "2026-03-02T17:30:00+08:00"
    assert on_desk(question, "manager.hall", "Questions for you at the windows")
    question.do("manager.hall", "answer3", answer=ANSWER)
    clock.move_to(datetime(2026, 3, 2, 17, 30, 0, tzinfo=ZONE))
    tick(county.session)
    assert told(county, "clerk.hall") == []
    clock.move_to(datetime(2026, 3, 2, 17, 31, tzinfo=ZONE))  # answered, and the asker still not told
    tick(county.session)
    assert told(county, "guide") == [("lead_to_window", "info"), ("answer_backup", "info"), ("late_object", "yellow")]
    with scope.unscoped(county.session):
        late = county.session.scalars(select(Notice).where(Notice.cause == "late_object", Notice.role.is_not(None))).all()
    hall = window(county, "hall:A01").centre_id
    assert [(each.role, each.unit, each.level) for each in late] == [("window_manager", f"centre:{hall}", "yellow")]
    tick(county.session)
    assert len(told(county, "guide")) == 3  # once


def test_a_manager_called_after_closing_has_the_next_working_day(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 3, 6, 17, 45, tzinfo=ZONE))  # a Friday
    question = Question(app, county).up_to(3)
    assert question.shown()["due_at"] == "2026-03-09T17:30:00+08:00"


# 49, 50, 51 精准化


@pytest.mark.req(49)
def test_the_office_gets_what_the_window_describes(app: Flask, county: County) -> None:
    question = Question(app, county).up_to(3)
    for description in (None, "", "太短"):
        given = {} if description is None else {"description": description}
        assert fields(question.send("clerk.hall", "pass_to_office", reason_code="professional", **given)) == {"description"}
    chosen = question.send("clerk.hall", "pass_to_office", reason_code="professional", description=DESCRIPTION, office_id=2)
    assert fields(chosen) == {"office_id"}  # nobody chooses the office
    question.do("clerk.hall", "pass_to_office", reason_code="professional", description=DESCRIPTION)
    asked = question.shown("approver")
    assert (asked["level"], asked["office_id"], asked["description"]) == ("approver", county.office("NL").id, DESCRIPTION)
    assert on_desk(question, "approver", "Questions from the windows")
    assert not on_desk(question, "head", "Questions from the windows")
    assert not on_desk(question, "approver.other", "Questions from the windows")


@pytest.mark.req(50)
def test_the_office_is_asked_for_one_of_three_reasons(app: Flask, county: County) -> None:
    question = Question(app, county).up_to(3)
    for reason in ({}, {"reason_code": ""}, {"reason_code": "too_busy"}):
        assert fields(question.send("clerk.hall", "pass_to_office", description=DESCRIPTION, **reason)) == {"reason_code"}
    [offer] = [each for each in question.by("clerk.hall").get(f"consultation/{question.id}/transitions").json if each["name"] == "pass_to_office"]
    choices = [each["const"] for each in offer["schema"]["properties"]["reason_code"]["oneOf"]]
    assert choices == ["professional", "special_review", "cross_domain"]


@pytest.mark.req(51)
@pytest.mark.database
def test_the_office_passes_it_up_level_by_level_and_the_answer_comes_back(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    question = Question(app, county, at_guide=False).up_to(4)
    for early in ("head", "leader"):  # it lies with the approver
        assert error(question.send(early, "answer4", answer=ANSWER)) == (403, "not_allowed")
    assert error(question.send("head", "up", reason="请分管领导研究答复")) == (403, "not_allowed")
    assert fields(question.send("approver", "up", reason="需要负责人研究", level="bureau_leader")) == {"level"}
    question.do("approver", "up", reason="涉及林权争议，请负责人研究")
    assert question.shown("head")["level"] == "office_head"
    assert error(question.send("approver", "answer4", answer=ANSWER)) == (403, "not_allowed")
    assert error(question.send("approver", "up", reason="再次上报")) == (403, "not_allowed")
    assert error(question.send("leader", "answer4", answer=ANSWER)) == (403, "not_allowed")
    clock.move_to(datetime(2026, 3, 3, 9, 0, tzinfo=ZONE))
    question.do("head", "up", reason="跨领域事项，请分管领导研究")
    assert question.shown("leader")["due_at"] == "2026-03-04T17:30:00+08:00"  # a working day a level
    assert error(question.send("head", "answer4", answer=ANSWER)) == (403, "not_allowed")
    assert error(question.send("leader", "up", reason="没有更高一级")) == (403, "not_allowed")
    question.do("leader", "answer4", answer="先由镇调解委员会确认界线，再受理申请。")
    asked = question.shown()
    assert (asked["state"], asked["answered_at"][:16]) == ("answered", "2026-03-03T09:00")
    assert [(e["kind"], e["level"]) for e in asked["entries"]][-3:] == [
        ("passed_up", "approver"), ("passed_up", "office_head"), ("answer", "bureau_leader"),
    ]  # fmt: skip
    assert told(county, "clerk.hall") == [("answer_precise", "info")]
    assert error(question.send("clerk.hall", "close")) == (422, "incomplete")
    question.do("clerk.hall", "close", told_how="phone", note="服务对象表示清楚")
    assert question.shown()["told_at"].startswith("2026-03-03T09:00")


def test_a_level_that_lets_its_day_pass_turns_red(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    question = Question(app, county, at_guide=False).up_to(4)
    clock.move_to(datetime(2026, 3, 3, 17, 31, tzinfo=ZONE))
    tick(county.session)
    with scope.unscoped(county.session):
        late = county.session.scalars(select(Notice).where(Notice.cause == "late_object", Notice.role.is_not(None))).all()
    assert [(each.role, each.unit, each.level) for each in late] == [("approver", f"office:{county.office('NL').id}", "red")]
    assert told(county, "clerk.hall") == [("late_object", "red")]
    assert row(county, question.id).state == "tier4"


# personal data


def test_the_phone_is_masked_everywhere_and_shown_for_a_reason_that_is_kept(app: Flask, county: County) -> None:
    from app.models.trail import AuditRow, Event
    from tests.web.at_work import at_work

    question = Question(app, county)
    with scope.unscoped(county.session):
        stored = county.session.execute(text("SELECT asker_phone FROM consultation")).scalar_one()
        payloads = county.session.scalars(select(Event.payload).where(Event.subject_kind == "consultation")).all()
    assert "19900000001" not in stored
    assert "19900000001" not in str(payloads)
    assert question.shown("guide")["asker_phone"] == "199****0001"
    guide = at_work(app, "guide")
    page = guide.get(f"/object/consultation/{question.id}")
    assert "19900000001" not in page.text
    address = f"/consultation/{question.id}/phone"
    assert send_small(guide, address, reason="短").status_code == 422
    shown = send_small(guide, address, reason="回电答复服务对象")
    assert "19900000001" in shown.text
    county.session.rollback()
    [looked] = county.session.scalars(select(AuditRow).where(AuditRow.what == "reveal")).all()
    assert (looked.detail, looked.reason) == ("ZX-20260302-0001", "回电答复服务对象")
    question.by("clerk.town")
    assert send_small(at_work(app, "clerk.town"), address, reason="不在本大厅的咨询").status_code == 404
