"""What a level cannot decide goes one level up, is answered within a working day, and is never bounced (第十四条)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import scope
from app.jobs import tick
from app.law.workdays import ZONE
from app.models.custody import Piece
from app.models.escalation import Escalation
from app.models.trail import Event, RefusedAct
from tests.factories import County, Line
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

REASON = "材料涉及历史档案缺失，窗口无法判断。"


def escalated(county: County, who: str = "clerk.town") -> tuple[Line, Escalation]:
    """An application a clerk brought up, and the escalation."""
    line = Line(county).register().receive()
    line.do(who, "escalate", type="missing_history", reason=REASON)
    return line, county.rows(Escalation, line.id)[-1]


@pytest.mark.parametrize(
    ("who", "level"),
    [
        ("clerk.hall", "window_manager"),
        ("manager.hall", "bureau_leader"),
        ("approver", "office_head"),
        ("head", "bureau_leader"),
    ],
)
def test_a_matter_goes_exactly_one_level_up(county: County, who: str, level: str) -> None:
    line = Line(county, clerk="clerk.hall").register().receive()
    line.do(who, "escalate", type="special_complex", reason=REASON)
    assert county.rows(Escalation, line.id)[-1].level == level


@pytest.mark.database
def test_the_level_answers_and_whoever_raised_it_closes(app: Flask, county: County) -> None:
    line = Line(county, clerk="clerk.hall").register().receive()
    line.do("clerk.hall", "escalate", type="missing_history", reason=REASON)
    pk = county.rows(Escalation, line.id)[-1].id
    manager, clerk = Program(app, county, "manager.hall"), Program(app, county, "clerk.hall")
    assert [each["name"] for each in manager.get(f"escalation/{pk}/transitions").json] == ["answer", "back", "up"]
    answered = manager.do_on("escalation", pk, "answer", answer="由审批室核对档案后办理。")
    assert (answered.status_code, answered.json["state"], answered.json["version"]) == (200, "answered", 2)
    assert clerk.do_on("escalation", pk, "close").json["state"] == "closed"
    chain = [e for e in county.rows(Event, line.id) if e.subject_kind == "escalation"]
    assert [(e.seq, e.act, e.from_state, e.to_state) for e in chain] == [
        (1, "answer_escalation", "open", "answered"),
        (2, "close_escalation", "answered", "closed"),
    ]
    assert county.application(line.id).version == 2  # a nudge makes nobody's page stale


def test_an_answered_matter_lies_on_its_desk_again_with_the_deadline_of_its_own_clocks(
    app: Flask, county: County
) -> None:
    line = Line(county, clerk="clerk.hall").register()
    before = county.application(line.id).next_due_at
    line.do("clerk.hall", "escalate", type="missing_history", reason=REASON)
    pk = county.rows(Escalation, line.id)[-1].id
    assert county.application(line.id).next_due_at < before
    answered = Program(app, county, "manager.hall").do_on("escalation", pk, "answer", answer="由审批室核对档案后办理。")
    assert answered.status_code == 200
    county.session.rollback()
    assert county.application(line.id).next_due_at == before


def test_another_level_another_centre_and_a_stale_page_are_refused(app: Flask, county: County) -> None:
    _, escalation = escalated(county)
    leader = Program(app, county, "leader")
    assert error(leader.do_on("escalation", escalation.id, "answer", answer="同意按此办理。")) == (403, "not_allowed")
    county.session.rollback()
    with scope.unscoped(county.session):
        refused = county.session.scalars(select(RefusedAct)).all()
    assert [(r.act, r.subject_kind) for r in refused] == [("answer_escalation", "escalation")]
    hall = Program(app, county, "manager.hall")  # the town is not the hall's
    assert hall.get(f"escalation/{escalation.id}").status_code == 404
    absent = hall.post("escalation/987654/transitions/answer", {"version": 1, "answer": "同意按此办理。"})
    foreign = hall.post(f"escalation/{escalation.id}/transitions/answer", {"version": 1, "answer": "同意按此办理。"})
    assert absent.json == foreign.json
    up = Line(county, clerk="clerk.hall").register().receive()
    up.do("manager.hall", "escalate", type="policy_change", reason=REASON)
    pk = county.rows(Escalation, up.id)[-1].id
    assert error(leader.do_on("escalation", pk, "answer", version=7, answer="同意按此办理。")) == (409, "not_now")
    assert error(leader.do_on("escalation", pk, "answer", version=1, answer="短")) == (422, "incomplete")
    assert error(leader.do_on("escalation", pk, "close", version=1)) == (403, "not_allowed")


def test_one_matter_is_open_at_a_time_and_people_do_not_call_it_stuck(app: Flask, county: County) -> None:
    line, _ = escalated(county)
    clerk = Program(app, county, "clerk.town")
    assert error(clerk.do("escalate", line.id, type="policy_change", reason=REASON)) == (409, "not_now")
    other = Line(county).register()
    assert error(clerk.do("escalate", other.id, type="stuck", reason=REASON)) == (422, "incomplete")
    guide = Program(app, county, "guide")
    assert guide.post(f"application/{other.id}/transitions/escalate", {"version": 1}).status_code in (403, 404)


def test_the_second_return_goes_to_the_bureau_leader_by_itself(app: Flask, county: County) -> None:
    line = Line(county).register().receive()
    line.do("approver", "escalate", type="special_complex", reason=REASON)
    pk = county.rows(Escalation, line.id)[-1].id
    head, approver = Program(app, county, "head"), Program(app, county, "approver")
    assert head.do_on("escalation", pk, "back", reason="请先说明争议焦点。").json["state"] == "returned"
    assert approver.do_on("escalation", pk, "again", reason="争议焦点是林权界线。").json["state"] == "open"
    assert head.do_on("escalation", pk, "back", reason="仍不明确，退回。").json["state"] == "open"
    shown = head.get(f"escalation/{pk}").json["result"]
    assert shown["level"] == "bureau_leader"


def test_a_level_that_lets_its_day_pass_loses_it_to_the_leader(county: County, clock: time_machine.Traveller) -> None:
    _, escalation = escalated(county)
    clock.move_to(datetime(2026, 3, 3, 17, 31, tzinfo=ZONE))
    tick(county.session)
    county.session.expire_all()
    [found] = county.rows(Escalation, escalation.application_id)
    assert (found.level, found.state, found.version) == ("bureau_leader", "open", 2)


def test_a_file_that_nobody_confirms_goes_up_on_the_third_day_once(
    county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).register().receive()
    for day in (4, 5, 5):
        clock.move_to(datetime(2026, 3, day, 17, 31, tzinfo=ZONE))
        tick(county.session)
        clock.shift(60)
        tick(county.session)
    raised = [(e.type, e.level, e.raised_as) for e in county.rows(Escalation, line.id)]
    assert raised == [("stuck", "bureau_leader", "system")]


def test_a_file_returned_twice_goes_up_by_itself(county: County, clock: time_machine.Traveller) -> None:
    line = Line(county).register().receive(sent_as="paper")
    for _ in range(2):
        short = [{"line_id": each["line_id"], "received": 0, "missing": each["received"]} for each in line.lines()]
        line.do("approver", "return_file", slip_id=line.slip().id, lines=short, reason="材料缺页，无法辨认。")
        pieces = [{"piece_id": p.id, "pieces": p.copies} for p in county.rows(Piece, line.id)]
        line.do("clerk.town", "send_file", sent_as="paper", lines=pieces)
    clock.shift(60)
    tick(county.session)
    assert [e.type for e in county.rows(Escalation, line.id)] == ["stuck"]
