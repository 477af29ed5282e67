"""What an office adds to an application besides its acts: why a limit was missed, the number on the provincial platform."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.engine.perform import perform
from app.errors import Incomplete, NotNow
from app.models.calendar import ClockRun
from app.models.trail import Event
from tests.factories import Line
from tests.web.at_work import at_work
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy import Engine

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")
REASON = "会审单位意见反复，现已补齐人手，将于三日内办结。"


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def test_the_head_says_why_limits_were_missed_once_for_each_of_them(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(3, 2))
    line = Line(county).until("accepted")
    with pytest.raises(NotNow, match="breached and unexplained"):
        line.do("head", "explain_overdue", reason=REASON)
    clock.move_to(at(3, 10))
    version = county.application(line.id).version
    line.do("head", "explain_overdue", reason=REASON)
    runs = {run.clock: run for run in county.rows(ClockRun, line.id)}
    event = county.rows(Event, line.id)[-1]
    assert event.payload == {"reason": REASON, "clock_runs": [runs["promised"].id]}
    assert county.application(line.id).version == version  # a note makes nobody's page stale
    with pytest.raises(NotNow):
        line.do("head", "explain_overdue", reason=REASON)
    clock.move_to(at(4, 1))
    line.do("head", "explain_overdue", reason=REASON)
    assert county.rows(Event, line.id)[-1].payload["clock_runs"] == [runs["statutory"].id]


def test_the_reason_stands_on_the_page(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(at(3, 2))
    line = Line(county).until("accepted")
    clock.move_to(at(3, 10))
    line.do("head", "explain_overdue", reason=REASON)
    line.do("approver", "record_provincial", provincial_no="HN-2026-000123")
    page = at_work(app, "clerk.town").get(f"/application/{line.id}").text
    assert "Promised limit" in page
    assert REASON in page
    assert "HN-2026-000123" in page


def test_the_provincial_number_is_kept_shown_found_and_its_predecessor_stays(app: Flask, county: County) -> None:
    line, other = Line(county).until("accepted"), Line(county).until("received")
    approver = Program(app, county, "approver")
    assert approver.do("record_provincial", line.id, provincial_no="HN-2026-000123").status_code == 200
    assert approver.shown(line.id)["provincial_no"] == "HN-2026-000123"
    again = approver.do("record_provincial", other.id, provincial_no="HN-2026-000123")
    assert (error(again), fields(again)) == ((422, "incomplete"), {"provincial_no"})
    assert approver.do("record_provincial", line.id, provincial_no="HN-2026-000123").status_code == 422
    assert approver.do("record_provincial", line.id, provincial_no="HN-2026-000124").status_code == 200
    assert county.rows(Event, line.id)[-1].payload == {
        "provincial_no": "HN-2026-000124", "instead_of": "HN-2026-000123",
    }  # fmt: skip
    found = approver.get("application/?q=(filters:!((col:provincial_no,opr:eq,value:HN-2026-000124)))").json
    assert found["ids"] == [line.id]
    assert error(approver.do("record_provincial", other.id, provincial_no="12345"))[0] == 422


def test_the_list_finds_an_application_by_its_provincial_number(app: Flask, county: County) -> None:
    line, other = Line(county).until("received"), Line(county).until("received")
    line.do("clerk.town", "record_provincial", provincial_no="HN-2026-000123")
    page = at_work(app, "clerk.town").get("/applications/list/?_flt_0_provincial_no=000123").text
    assert county.application(line.id).short_no in page
    assert county.application(other.id).short_no not in page


@pytest.mark.database
def test_of_two_who_record_the_same_number_at_once_one_is_told(county: County, engine: Engine) -> None:
    lines = [Line(county).until("received") for _ in range(4)]
    clerk, seen = county.actor("clerk.town"), county.application(lines[0].id).version
    county.session.rollback()

    def record(line: Line) -> Any:
        with Session(engine) as session:
            try:
                return perform(session, "record_provincial", line.id, clerk, {"provincial_no": "HN-1234"}, seen)
            except Incomplete as refusal:
                return [complaint.field for complaint in refusal.complaints]

    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(record, lines))
    assert sorted(map(str, (a for a in answers if isinstance(a, list)))) == ["['provincial_no']"] * 3
