"""What a desk cannot settle goes up in time and is not bounced; what nobody brings up is seen (第十四条, req. 36-39)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from app.jobs import tick
from app.law.workdays import ZONE
from app.models.custody import Piece
from app.models.escalation import Escalation
from tests.factories import Line
from tests.web.at_work import at_work
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

    from tests.factories import County

REASON = "材料涉及历史档案缺失，窗口无法判断。"
DESK = "/desk/stuck"


@pytest.mark.parametrize("kind", [
    pytest.param("special_complex", marks=pytest.mark.req(36)), pytest.param("missing_history", marks=pytest.mark.req(37)),
    pytest.param("policy_change", marks=pytest.mark.req(38)),
])  # fmt: skip
def test_a_matter_of_each_kind_goes_up_with_its_level_reason_and_day(app: Flask, county: County, kind: str) -> None:
    """36-38: raising makes a row with level, reason and due; without a reason, by a stranger or twice it makes none."""
    line = Line(county, clerk="clerk.hall").until("received")
    clerk = Program(app, county, "clerk.hall")
    assert fields(clerk.do("escalate", line.id, type=kind)) == {"reason"}
    assert fields(clerk.do("escalate", line.id, type=kind, reason=REASON, level="bureau_leader")) == {"level"}
    assert fields(clerk.do("escalate", line.id, type="other", reason=REASON)) == {"type"}
    stranger = Program(app, county, "clerk.town")
    tried = stranger.post(f"application/{line.id}/transitions/escalate", {"version": 2, "type": kind, "reason": REASON})
    assert tried.status_code == 404
    assert county.rows(Escalation, line.id) == []
    assert clerk.do("escalate", line.id, type=kind, reason=REASON).status_code == 200
    assert error(clerk.do("escalate", line.id, type=kind, reason=REASON)) == (409, "not_now")
    [row] = Program(app, county, "manager.hall").get("escalation/").json["result"]
    assert (row["type"], row["level"], row["reason"], row["state"]) == (kind, "window_manager", REASON, "open")
    [run] = [c for c in clerk.get(f"application/{line.id}/clocks").json if c["clock"] == "escalation"]
    assert run["due_on"] == "2026-03-03"  # a working day a level


@pytest.mark.req(39)
def test_a_file_bounced_twice_between_two_units_is_the_leader_s_by_itself(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).register().receive(sent_as="paper")
    office, window = Program(app, county, "approver"), Program(app, county, "clerk.town")
    for _ in range(2):
        short = [{"line_id": each["line_id"], "received": 0, "missing": each["received"]} for each in line.lines()]
        returned = office.do("return_file", line.id, slip_id=line.slip().id, lines=short, reason="材料缺页，无法辨认。")
        assert returned.status_code == 200
        pieces = [{"piece_id": p.id, "pieces": p.copies} for p in county.rows(Piece, line.id)]
        assert window.do("send_file", line.id, sent_as="paper", lines=pieces).status_code == 200
    clock.shift(60)
    tick(county.session)
    [row] = Program(app, county, "leader").get("escalation/").json["result"]
    assert (row["type"], row["level"], row["state"]) == ("stuck", "bureau_leader", "open")
    # and nobody takes it from the leader, or sends it back: there is nobody below to whom it could go
    for who in ("head", "manager.hall", "approver"):
        answer = Program(app, county, who).post(
            f"escalation/{row['id']}/transitions/back", {"version": row["version"], "reason": "请继续办理。"}
        )
        assert answer.status_code in (403, 404), who
    tick(county.session)
    assert len(county.rows(Escalation, line.id)) == 1


@pytest.mark.req(39)
def test_what_is_overdue_for_days_and_brought_up_by_nobody_is_red_until_somebody_does(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("accepted")  # promised until Monday 9 March
    number = county.application(line.id).short_no
    for day in (10, 12):
        clock.move_to(datetime(2026, 3, day, 9, 0, tzinfo=ZONE))
        assert number not in at_work(app, "leader").get(DESK).text, day
    clock.move_to(datetime(2026, 3, 13, 9, 0, tzinfo=ZONE))
    leader, head, other = (at_work(app, who) for who in ("leader", "head", "head.other"))
    for page in (leader.get(DESK).text, head.get(DESK).text):
        assert number in page
        assert "lamp lamp-red" in page
    assert number not in other.get(DESK).text
    assert at_work(app, "clerk.town").get(DESK).status_code == 404
    line.do("approver", "escalate", type="special_complex", reason=REASON)
    assert number not in leader.get(DESK).text
