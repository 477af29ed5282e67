"""Special procedures and the extension: what pauses, what runs on, and when the limits end afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from app.errors import Incomplete, NotAllowed, NotNow
from app.models.calendar import ClockPause, ClockRun
from app.models.catalogue import Item
from app.models.examination import Suspension
from app.models.trail import Document, Event, StoredFile
from tests.factories import Line
from tests.web.programs import Program

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=CHINA)


def runs(line: Line) -> dict[str, ClockRun]:
    """The latest run of each clock."""
    return {run.clock: run for run in line.county.rows(ClockRun, line.id)}


def due(line: Line) -> tuple[str, str]:
    """When the promised and the statutory limit end."""
    found = runs(line)
    return found["promised"].due_on.isoformat(), found["statutory"].due_on.isoformat()


def last(line: Line) -> Event:
    return line.county.rows(Event, line.id)[-1]


def set_item(county: County, **fields: Any) -> None:
    """What the item says from now on."""
    item = county.session.query(Item).filter_by(code="I12").one()
    for name, value in fields.items():
        setattr(item, name, value)
    county.session.commit()


@pytest.fixture
def accepted(county: County, clock: time_machine.Traveller) -> Line:
    """Accepted on 2026-02-09 with ten days promised and twenty by statute: suspension 1 of the specification."""
    set_item(county, promised_days=10)
    clock.move_to(at("2026-02-09"))
    return Line(county).until("accepted")


# what pauses


@pytest.mark.parametrize(
    ("kind", "paused", "after"),
    [
        ("site_survey", {"promised"}, ("2026-03-17", "2026-03-13")),
        ("appraisal", {"promised", "statutory"}, ("2026-03-17", "2026-03-31")),
    ],
)
def test_a_site_survey_pauses_the_promised_limit_alone_an_appraisal_both(
    accepted: Line, clock: time_machine.Traveller, kind: str, paused: set[str], after: tuple[str, str]
) -> None:
    assert due(accepted) == ("2026-02-28", "2026-03-13")
    clock.move_to(at("2026-02-11"))
    accepted.suspend(kind)
    assert {clock for clock, run in runs(accepted).items() if run.paused_on == date(2026, 2, 11)} == paused
    clock.move_to(at("2026-03-04"))
    accepted.resume()
    assert due(accepted) == after
    assert last(accepted).payload["due"] == {"promised": after[0], "statutory": after[1]}


def test_suspended_and_resumed_on_one_day_that_day_does_not_count(
    accepted: Line, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-02-10"))
    accepted.suspend("appraisal")
    accepted.resume()
    assert due(accepted) == ("2026-03-02", "2026-03-16")
    assert {(p.first_day, p.last_day) for p in accepted.county.rows(ClockPause, accepted.id)} == {
        (date(2026, 2, 10), date(2026, 2, 10))
    }
    accepted.suspend("hearing")  # the same day once more moves nothing further
    accepted.resume()
    assert due(accepted) == ("2026-03-02", "2026-03-16")


def test_what_was_past_due_stays_so(accepted: Line, clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-03-03"))
    accepted.suspend("appraisal")
    promised, statutory = runs(accepted)["promised"], runs(accepted)["statutory"]
    assert (promised.paused_on, promised.due_on) == (None, date(2026, 2, 28))
    assert statutory.paused_on == date(2026, 3, 3)
    [notice] = [d for d in accepted.county.rows(Document, accepted.id) if d.kind == "suspension_notice"]
    assert notice.facts["pauses"] == ["statutory"]
    clock.move_to(at("2026-03-10"))
    accepted.resume()
    assert due(accepted) == ("2026-02-28", "2026-03-23")


def test_a_limit_in_months_ends_later_by_the_calendar_days_that_were_paused(
    county: County, clock: time_machine.Traveller
) -> None:
    set_item(county, statutory_amount=2, statutory_unit="month", promised_days=10)
    clock.move_to(at("2026-02-09"))
    line = Line(county).until("accepted")
    assert due(line)[1] == "2026-04-09"
    clock.move_to(at("2026-02-11"))
    line.suspend("testing")
    clock.move_to(at("2026-03-04"))
    line.resume()
    assert due(line)[1] == "2026-05-06"  # 22 days later it would be 05-01, a holiday


def test_while_the_plan_is_exceeded_nothing_resumes_by_itself(accepted: Line, clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-02-11"))
    accepted.suspend("appraisal", days=2)
    assert runs(accepted)["plan"].due_on == date(2026, 2, 13)
    clock.move_to(at("2026-03-04"))
    assert accepted.county.application(accepted.id).state == "suspended"
    accepted.resume()
    assert runs(accepted)["plan"].outcome == "late"


def test_one_withdraws_what_is_suspended(accepted: Line, clock: time_machine.Traveller) -> None:
    from app.engine.acts import ACTS

    if "withdraw" not in ACTS:
        pytest.skip("nobody can withdraw yet")
    clock.move_to(at("2026-02-11"))
    accepted.suspend("appraisal")
    clock.move_to(at("2026-02-13"))
    county = accepted.county
    request = county.file("clerk.town")
    accepted.do("clerk.town", "withdraw", request=request)
    [suspension] = county.rows(Suspension, accepted.id)
    assert (suspension.state, county.application(accepted.id).state) == ("ceased", "withdrawn")
    assert {p.last_day for p in county.rows(ClockPause, accepted.id)} == {date(2026, 2, 13)}
    assert {run.outcome for run in county.rows(ClockRun, accepted.id) if run.paused_on} == set()


# who, and in which order


@pytest.mark.req(75)
def test_a_suspension_needs_a_reason_another_person_and_at_last_a_result(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    """75: refused without a reason, without another's agreement, without a result; its days are not counted."""
    line = Line(county).until("accepted")
    approver, head = Program(app, county, "approver"), Program(app, county, "head")
    asked = {"suspension_kind": "site_survey", "basis": "《行政许可法》第四十五条", "planned_days": 5}
    assert approver.do("request_suspension", line.id, **asked).status_code == 422
    assert head.do("suspend", line.id, opinion="同意").status_code == 409
    answer = approver.do("request_suspension", line.id, **asked, reason="需要到现场核实经营场所")
    assert answer.json["state"] == "accepted"
    assert approver.do("suspend", line.id, opinion="同意").status_code == 403
    assert approver.do("request_suspension", line.id, **asked, reason="需要到现场核实经营场所").status_code == 409
    answer = head.do("suspend", line.id, opinion="同意", planned_days=3)
    assert answer.json["state"] == "suspended"
    assert [d["kind"] for d in answer.json["documents"]][-1] == "suspension_notice"
    before = runs(line)["promised"].due_on
    clock.shift(timedelta(days=3))
    approver = Program(app, county, "approver")  # a login of today
    assert approver.do("resume", line.id, result="passed").status_code == 422
    told = {"result": "passed", "result_text": "现场勘验，与申报材料一致"}
    alone = approver.do("resume", line.id, **told, participants=[county.staff("approver")])
    assert (alone.status_code, alone.json["error"]["complaints"][0]["field"]) == (422, "participants")
    two = [county.staff("approver"), county.staff("approver2")]
    assert approver.do("resume", line.id, **told, participants=two).json["state"] == "accepted"
    assert runs(line)["promised"].due_on == before + timedelta(days=3)  # the days from the 3rd to the 5th
    shown = approver.get("suspension/").json["result"]
    assert [(each["kind"], each["state"], each["result"]) for each in shown] == [("site_survey", "ended", "passed")]
    assert approver.get(f"suspension/{shown[0]['id']}").json["result"] == shown[0]
    assert Program(app, county, "approver.other").get("suspension/").json["count"] == 0
    [suspension] = county.rows(Suspension, line.id)
    assert [p["name"] for p in suspension.participants] == ["示approver", "示approver2"]
    assert (suspension.planned_days, suspension.state, suspension.result) == (3, "ended", "passed")


def test_whoever_is_head_and_approver_declines_the_own_request_but_does_not_agree_to_it(county: County) -> None:
    from flask_appbuilder.security.sqla.models import Role, User

    head = county.session.query(User).filter_by(username="head").one()
    head.roles.append(county.session.query(Role).filter_by(name="approver").one())
    county.session.commit()
    line = Line(county).until("accepted").request_suspension(who="head")
    with pytest.raises(NotAllowed, match="requested"):
        line.do("head", "suspend", opinion="同意")
    line.do("head", "return_suspension", opinion="不需要挂起，直接审查")
    assert [s.state for s in county.rows(Suspension, line.id)] == ["returned"]
    assert not county.rows(ClockPause, line.id)
    line.request_suspension()  # another one may be asked for


def test_the_result_of_a_procedure_has_its_files_and_people_who_work_here(county: County) -> None:
    line = Line(county).until("accepted").suspend()
    report = county.file("approver")
    with pytest.raises(Incomplete) as wrong:
        line.resume(participants=[999_999], attachments=[report, 888_888])
    assert [c.field for c in wrong.value.complaints] == ["participants.0", "attachments.1"]
    line.resume(participants=[], attachments=[report])
    [suspension] = county.rows(Suspension, line.id)
    assert suspension.attachments == [report]
    assert county.session.get(StoredFile, report).purpose == "procedure"


def test_a_decision_waits_while_a_suspension_is_requested_and_for_a_new_review_after_it(
    county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("reviewed").request_suspension()
    with pytest.raises(NotNow, match="requested"):
        line.grant()
    line.do("head", "suspend", opinion="同意")
    clock.shift(timedelta(minutes=1))
    line.resume()
    with pytest.raises(NotNow, match="last review"):
        line.grant()
    line.review().grant()


# the extension


def test_the_leader_extends_both_limits_once_and_the_applicant_is_told_why(app: Flask, county: County) -> None:
    line = Line(county).until("accepted")
    before = due(line)
    leader = Program(app, county, "leader")
    told = {"reason": "案情复杂，需要进一步核实"}
    assert leader.do("extend", line.id, days=11, **told).status_code == 422
    answer = leader.do("extend", line.id, days=3, **told)
    assert answer.status_code == 200
    assert (before, due(line)) == (("2026-03-09", "2026-03-30"), ("2026-03-12", "2026-04-02"))
    [notice] = [d for d in county.rows(Document, line.id) if d.kind == "extension_notice"]
    assert [notice.facts[f"{limit}_{when}"]["date"] for limit in ("promised", "statutory") for when in ("before", "after")] == [
        "2026-03-09", "2026-03-12", "2026-03-30", "2026-04-02",
    ]  # fmt: skip
    assert leader.do("extend", line.id, days=1, **told).status_code == 409


def test_the_item_says_how_far_a_limit_may_be_extended_and_never_one_that_is_over(
    county: County, clock: time_machine.Traveller
) -> None:
    set_item(county, extension_max=2, statutory_amount=6)
    line = Line(county).until("accepted")
    told = {"reason": "案情复杂，需要进一步核实"}
    with pytest.raises(Incomplete) as wrong:
        line.do("leader", "extend", days=3, **told)
    assert wrong.value.complaints[0].params == {"most": 2}
    with pytest.raises(NotAllowed):
        line.do("head", "extend", days=2, **told)
    late = Line(county, clerk="clerk2.town").until("accepted")
    line.do("leader", "extend", days=2, **told)
    assert due(line) == ("2026-03-11", "2026-03-12")
    clock.move_to(at("2026-03-10"))
    with pytest.raises(NotNow, match="breached"):
        late.do("leader", "extend", days=1, **told)


def test_an_extended_promise_never_ends_past_the_statutory_limit(county: County, clock: time_machine.Traveller) -> None:
    set_item(county, statutory_amount=6)
    line = Line(county).until("accepted")
    line.do("leader", "extend", days=3, reason="案情复杂，需要进一步核实")
    assert due(line) == ("2026-03-12", "2026-03-13")
    clock.move_to(at("2026-03-04"))
    line.suspend("site_survey")
    clock.move_to(at("2026-03-06"))
    line.resume()
    assert due(line) == ("2026-03-13", "2026-03-13")  # three days more would end on the 17th
