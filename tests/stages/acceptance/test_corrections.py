"""Correction notices (补正), the silence that accepts, and the end of what an applicant lets lie."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from app import jobs
from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.now import now
from app.engine.perform import perform
from app.errors import Incomplete, NotAllowed, NotNow
from app.models.application import Application, ApplicationMaterial, NegativeFiling
from app.models.calendar import ClockRun
from app.models.catalogue import Item
from app.models.correction import CorrectionLine, CorrectionNotice
from app.models.custody import Piece
from app.models.trail import Document, Event, Notice, RefusedAct
from app.stages.acceptance.duties import deem_accepted
from app.supervision.checker import check
from app.supervision.verify import violations
from tests.factories import Line, tolerant

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine
    from sqlalchemy.orm import Session

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")
REJECTION = {
    "reason_code": "conditions_not_met", "facts": "申请地块在禁伐区以内。", "reasons": "依法不得采伐，不具备受理条件。",
    "legal_basis": "《森林法》第五十五条",
}  # fmt: skip


def at(month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=CHINA)


def received(county: County, **more: Any) -> Line:
    """An application of the hall whose file the office has."""
    return Line(county, clerk="clerk.hall", **more).until("confirmed")


def running(county: County, line: Line) -> dict[str, date]:
    """The clocks that run, and when they are due."""
    return {run.clock: run.due_on for run in county.rows(ClockRun, line.id) if run.stopped_at is None}


def outcomes(county: County, line: Line, clock: str) -> list[str | None]:
    return [run.outcome for run in county.rows(ClockRun, line.id) if run.clock == clock]


def told(county: County, line: Line, cause: str) -> set[tuple[str | None, str]]:
    """Which roles heard of it, and in which colour."""
    return {(n.role, n.level) for n in county.rows(Notice, line.id) if n.cause == cause}


def papers(county: County, line: Line) -> list[str]:
    return [document.kind for document in county.rows(Document, line.id)]


def broken(county: County, folder: Path) -> list[str]:
    """The invariants that do not hold, those of the folder and of the server apart."""
    return [line for line in violations(county.session, folder) if not line.startswith(("23:", "32:"))]


# the notice and its answer


def test_a_correction_walks_by_the_calendar_of_2026(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(at(2, 2))
    line = Line(county, clerk="clerk.hall", item="I13").register().receive("paper")
    assert running(county, line) == {"correction": date(2026, 2, 9), "handling": date(2026, 2, 3)}
    clock.move_to(at(2, 3))
    line.confirm_file()
    clock.move_to(at(2, 5))
    line.request_correction(materials=(0, 1))
    assert county.application(line.id).state == "correcting"
    assert running(county, line) == {
        "reply": date(2026, 2, 26)
    }  # ten working days: Saturday 02-14 counts, the holiday does not
    clock.move_to(at(2, 10))
    first, second = line.answers()
    line.do("clerk.hall", "receive_correction_part", lines=[first])
    assert running(county, line) == {"reply": date(2026, 2, 26)}
    clock.move_to(at(2, 12))
    copy = {**second, "form": "copy", "pieces": 2, "copy_verified": True}
    line.receive_correction(lines=[copy])
    assert running(county, line) == {"correction": date(2026, 2, 26), "handling": date(2026, 2, 13)}
    assert outcomes(county, line, "correction") == ["met", None]
    line.confirm_file()
    clock.move_to(at(2, 13))
    line.accept()
    a = county.application(line.id)
    assert (a.state, a.clock_from) == ("accepted", date(2026, 2, 13))
    assert [e.act for e in county.rows(Event, line.id)][3:6] == [
        "request_correction", "receive_correction_part", "receive_correction",
    ]  # fmt: skip
    assert papers(county, line) == [
        "receipt_voucher", "transfer_slip", "correction_notice", "correction_receipt", "correction_receipt",
        "transfer_slip", "acceptance_notice",
    ]  # fmt: skip
    notice = county.rows(CorrectionNotice, line.id)[0]
    assert (notice.state, notice.round, notice.settled_at) == ("met", 1, at(2, 12))


def test_what_answers_the_notice_waits_at_the_centre_and_goes_to_the_office_together(county: County) -> None:
    line = (
        Line(county, clerk="clerk.hall").register().receive("paper").confirm_file().request_correction(materials=(0, 1))
    )
    first, second = line.answers()
    line.do("clerk.hall", "receive_correction_part", lines=[first])
    a = county.application(line.id)
    assert [p.holder for p in county.rows(Piece, line.id)] == [a.office.unit, a.office.unit, a.centre.unit]
    line.receive_correction(lines=[{**second, "form": "copy", "pieces": 2, "copy_verified": True}])
    slip = line.slip()
    assert (slip.medium, [(one.name, one.listed) for one in slip.lines]) == ("paper", [("申请表", 1), ("身份证明", 2)])
    identity = county.rows(ApplicationMaterial, line.id)[1]
    assert (identity.form, identity.pieces, identity.verified_by) == ("copy", 2, "clerk.hall")
    with pytest.raises(NotNow, match="arrived complete"):
        line.accept()
    line.confirm_file().accept()
    assert {p.holder for p in county.rows(Piece, line.id)} == {a.office.unit}


def test_a_file_that_went_as_scans_is_followed_by_scans(county: County) -> None:
    line = received(county).request_correction(materials=(0, 1))
    line.receive_correction(lines=[{**each, "file": county.file("clerk.hall")} for each in line.answers()])
    slip = line.slip()
    assert (slip.medium, [one.piece_id for one in slip.lines]) == ("scans", [None, None])
    assert papers(county, line)[-1] == "correction_receipt"


def test_a_copy_is_compared_and_papers_are_counted_when_they_answer_a_notice(county: County) -> None:
    line = received(county).request_correction(materials=(0, 1))
    first, second = line.answers()
    with pytest.raises(Incomplete) as refused:
        line.receive_correction(lines=[{**first, "pieces": 0}, {**second, "form": "copy"}])
    assert {c.field for c in refused.value.complaints} == {"lines.0.pieces", "lines.1.copy_verified"}


def test_the_whole_answer_leaves_nothing_open_and_a_part_leaves_something(county: County) -> None:
    line = received(county).request_correction(materials=(0, 1))
    first, second = line.answers()
    with pytest.raises(Incomplete, match="missing or wrong"):
        line.receive_correction(lines=[first])
    with pytest.raises(Incomplete):
        line.do("clerk.hall", "receive_correction_part", lines=[first, second])
    line.do("clerk.hall", "receive_correction_part", lines=[first])
    with pytest.raises(Incomplete) as refused:
        line.receive_correction(lines=[first, second])
    assert [c.field for c in refused.value.complaints] == ["lines.0.line_id"]
    line.receive_correction(lines=[second])
    assert all(each.answered_at for each in county.rows(CorrectionLine, line.id))


def test_a_line_of_another_notice_is_nobodys_answer(county: County) -> None:
    other, line = received(county).request_correction(), received(county).request_correction()
    with pytest.raises(NotAllowed, match="does not stand on the correction notice"):
        line.receive_correction(lines=other.answers())


@pytest.mark.req(16)
def test_only_materials_of_the_applications_own_list_are_asked_for(county: County) -> None:
    other, line = received(county), received(county)
    foreign = county.rows(ApplicationMaterial, other.id)[0].id
    asked = {
        "material_id": foreign,
        "problem": "缺少申请人签名",
        "requirement": "补签后提交",
        "basis": "《森林法》57条",
    }
    with pytest.raises(NotAllowed, match="published list"):
        line.request_correction(lines=[asked])
    county.session.rollback()
    assert county.session.scalars(select(RefusedAct.act)).all() == ["request_correction"]
    assert county.application(line.id).state == "received"


@pytest.mark.req(66)
def test_the_notice_says_beside_every_defect_what_is_owed_anyhow_with_its_own_date(county: County) -> None:
    tolerant(county)
    line = Line(county, item="I06").until("received").confirm_file()
    with pytest.raises(Incomplete) as refused:
        line.request_correction(materials=(0, 3))
    assert [c.field for c in refused.value.complaints] == ["lines.1.material_id"]  # it stands there by itself
    line.request_correction()
    facts = county.rows(Document, line.id)[-1].facts
    assert [each["name"] for each in facts["lines"]] == ["申请表"]
    assert [(each["name"], each["due"]["date"]) for each in facts["owed"]] == [("平面图", "2026-03-09")]
    assert [(each.kind, each.requirement) for each in county.rows(CorrectionLine, line.id)] == [
        ("defect", "补签后提交"),
        ("owed", "按比例绘制，标明各功能间"),
    ]
    line.receive_correction()  # what is owed keeps its own date
    assert running(county, line)["owed"] == date(2026, 3, 9)


def test_another_notice_may_name_what_was_supplied_since_the_last(county: County) -> None:
    tolerant(county)
    line = Line(county, item="I06").until("received").confirm_file()
    line.request_correction().collect().receive_correction()
    assert [one.name for one in line.slip().lines] == ["申请表", "平面图"]  # what came meanwhile goes along
    line.confirm_file()
    line.request_correction("head", materials=(0, 3), leader_reason="补交的平面图缺少比例尺和签名")
    assert [n.state for n in county.rows(CorrectionNotice, line.id)] == ["met", "open"]


def test_a_second_notice_is_the_heads_with_a_reason_and_names_only_what_came_in_since(county: County) -> None:
    line = received(county).request_correction().receive_correction().confirm_file()
    with pytest.raises(NotAllowed, match="for the head"):
        line.request_correction("approver2", leader_reason="补正后的申请表仍缺签名")
    with pytest.raises(Incomplete) as unexplained:
        line.request_correction("head", leader_reason="仍缺签名")
    assert [c.field for c in unexplained.value.complaints] == ["leader_reason"]
    with pytest.raises(Incomplete) as new:
        line.request_correction("head", materials=(0, 1), leader_reason="补正后的申请表仍缺签名")
    assert [(c.field, c.params["name"]) for c in new.value.complaints] == [("lines.1.material_id", "身份证明")]
    line.request_correction("head", leader_reason="补正后的申请表仍缺签名")
    assert [n.round for n in county.rows(CorrectionNotice, line.id)] == [1, 2]
    assert county.rows(Event, line.id)[-1].payload["round"] == 2
    assert ("supervisor", "yellow") in told(county, line, "request_correction")
    assert [d.facts.get("leader_reason") for d in county.rows(Document, line.id) if d.kind == "correction_notice"] == [
        None, "补正后的申请表仍缺签名",
    ]  # fmt: skip


@pytest.mark.req(67)
def test_on_the_sixth_day_a_notice_a_rejection_and_its_approval_are_refused_though_nothing_checked(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(3, 2))
    line, filed = received(county), received(county)
    filed.do("approver", "reject", **REJECTION)
    clock.move_to(at(3, 9, 17, 30))
    line.request_correction(materials=(0, 1)).receive_correction().confirm_file()  # in time: until closing time
    late = received(county)
    clock.move_to(at(3, 9, 17, 30, 1))
    with pytest.raises(NotNow, match="fifth working day"):
        filed.do("leader", "approve_rejection", opinion="同意不予受理")
    clock.move_to(at(3, 16, 17, 30, 1))
    with pytest.raises(NotNow, match="fifth working day"):
        late.request_correction()
    with pytest.raises(NotNow, match="fifth working day"):
        late.do("approver", "reject", **REJECTION)
    late.accept()  # late, but lawful: the applicant loses nothing by being accepted
    assert outcomes(county, late, "correction") == ["late"]


def test_a_limit_from_the_receipt_is_void_with_the_notice_and_starts_anew_with_the_answer(
    county: County, clock: time_machine.Traveller, session: Session
) -> None:
    with scope.unscoped(session):
        session.scalars(select(Item).where(Item.code == "I13")).one().clock_start = "received"
        session.commit()
    clock.move_to(at(3, 2))
    line = received(county, item="I13")
    assert running(county, line)["promised"] == date(2026, 3, 9)
    clock.move_to(at(3, 4))
    line.request_correction()
    assert set(running(county, line)) == {"reply"}
    clock.move_to(at(3, 10))
    line.receive_correction()
    assert (running(county, line)["promised"], running(county, line)["statutory"]) == (
        date(2026, 3, 17),
        date(2026, 4, 8),
    )
    clock.move_to(at(3, 12))
    line.confirm_file().accept()
    assert outcomes(county, line, "promised") == ["void", None]
    assert county.application(line.id).clock_from == date(2026, 3, 10)


# silence


@pytest.mark.req(67)
def test_silence_of_five_days_accepts_as_of_the_receipt_and_everybody_above_is_told(
    county: County, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    clock.move_to(at(3, 2))
    line = received(county)
    clock.move_to(at(3, 9, 17, 30))
    assert deem_accepted(county.session, now()).seen == 0
    clock.move_to(at(3, 9, 17, 30, 1))
    assert deem_accepted(county.session, now()).raised == 1
    a = county.application(line.id)
    assert (a.state, a.accepted_at, a.clock_from) == ("accepted", now(), date(2026, 3, 2))
    assert running(county, line) == {"promised": date(2026, 3, 9), "statutory": date(2026, 3, 30)}
    assert outcomes(county, line, "correction") == ["late"]
    event = county.rows(Event, line.id)[-1]
    assert (event.act, event.actor_id, event.role) == ("deem_accepted", None, "system")
    notice = county.rows(Document, line.id)[-1]
    assert (notice.kind, notice.facts["deemed"], notice.facts["clock_from"]) == (
        "acceptance_notice",
        True,
        "2026-03-02",
    )
    assert told(county, line, "deem_accepted") == {
        (role, "red") for role in ("approver", "office_head", "supervisor", "bureau_leader")
    }
    assert deem_accepted(county.session, now()) == deem_accepted(county.session, now())
    assert [e.act for e in county.rows(Event, line.id)].count("deem_accepted") == 1
    line.review().grant()
    assert broken(county, tmp_path) == []


def test_silence_after_a_correction_counts_from_its_receipt(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(at(3, 2))
    line = received(county).request_correction()
    clock.move_to(at(3, 12))
    assert deem_accepted(county.session, now()).seen == 0  # the applicant is silent, not the office
    line.receive_correction()  # nobody confirms the file
    clock.move_to(at(3, 20))
    assert deem_accepted(county.session, now()).raised == 1
    assert county.application(line.id).clock_from == date(2026, 3, 12)
    line.confirm_file()


def test_a_rejection_the_leader_lets_lie_lapses_when_silence_accepts(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(3, 2))
    line = received(county)
    line.do("approver", "reject", **REJECTION)
    clock.move_to(at(3, 10))
    assert deem_accepted(county.session, now()).raised == 1
    assert county.application(line.id).state == "accepted"
    assert [(f.state, f.settled_at) for f in county.rows(NegativeFiling, line.id)] == [("lapsed", now())]
    assert "filing" not in running(county, line)


def test_nobody_is_deemed_accepted_by_an_estimated_calendar(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 12, 28, 9, tzinfo=CHINA))
    line = received(county)
    clock.move_to(datetime(2027, 1, 20, 9, tzinfo=CHINA))
    assert deem_accepted(county.session, now()).seen == 0
    with pytest.raises(NotNow, match="silence means acceptance"):
        perform(county.session, "deem_accepted", line.id, SYSTEM, {}, county.application(line.id).version)
    assert county.application(line.id).state == "received"


def test_one_application_that_cannot_be_deemed_stops_no_other(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(at(3, 2))
    first, poisoned, last = received(county), received(county), received(county)
    with scope.unscoped(county.session):
        county.session.execute(update(Application).where(Application.id == poisoned.id).values(delivery_mode=None))
        county.session.commit()
    clock.move_to(at(3, 10))
    assert deem_accepted(county.session, now()) == Tally(seen=3, raised=2, failed=1)
    assert [county.application(line.id).state for line in (first, poisoned, last)] == [
        "accepted",
        "received",
        "accepted",
    ]


def test_the_scheduler_knows_of_it(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(at(3, 2))
    received(county)
    clock.move_to(at(3, 10))
    done = jobs.tick(county.session)
    assert done["deem_accepted"] == Tally(seen=1, raised=1)
    assert done["check_clocks"] == Tally(seen=1, raised=2)


# the end of what the applicant lets lie


ENDING = {"reason": "申请人在补正期限内未提交补正材料，经提醒仍未提交。", "legal_basis": "补正告知书载明的逾期后果"}
REMINDER = {"message": "请尽快补正申请材料", "by": "phone"}


@pytest.mark.database
def test_who_was_reminded_and_lets_the_time_pass_is_terminated_and_the_notice_handed_out_and_filed(
    county: County, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    clock.move_to(at(3, 2))
    line = received(county).request_correction(reply_days=3)
    with pytest.raises(NotNow, match="time is not over"):
        line.do("head", "terminate", **ENDING)
    clock.move_to(at(3, 5, 17, 30, 1))
    with pytest.raises(NotNow, match="nobody reminded"):
        line.do("head", "terminate", **ENDING)
    line.do("clerk.hall", "remind_applicant", **REMINDER)
    with pytest.raises(NotAllowed):
        line.do("approver", "terminate", **ENDING)
    with pytest.raises(Incomplete) as short:
        line.do("head", "terminate", reason="未补正", legal_basis="依据")
    assert {c.field for c in short.value.complaints} == {"reason", "legal_basis"}
    clock.move_to(at(3, 6))
    line.do("head", "terminate", **ENDING)
    a = county.application(line.id)
    assert (a.state, a.closed_at) == ("terminated", now())
    assert running(county, line) == {"delivery": date(2026, 3, 20), "archive": date(2026, 3, 13)}
    assert outcomes(county, line, "reply") == ["late"]
    assert [n.state for n in county.rows(CorrectionNotice, line.id)] == ["ended"]
    facts = county.rows(Document, line.id)[-1].facts
    assert (facts["cause"], facts["missed"], facts["missed_due"]["date"]) == ("correction", ["申请表"], "2026-03-05")
    assert facts["notice_no"] == next(d.number for d in county.rows(Document, line.id) if d.kind == "correction_notice")
    assert [(each["name"], each["form"]) for each in facts["returned"]] == [
        ("申请表", "original"),
        ("身份证明", "copy"),
    ]
    with pytest.raises(NotNow):
        line.receive_correction()  # late answers are taken until then, and no longer
    line.issue("clerk.hall").archive().confirm_archive()
    assert county.application(line.id).state == "delivered"
    assert broken(county, tmp_path) == []


def test_what_is_owed_and_does_not_come_ends_an_accepted_application(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(3, 2))
    tolerant(county)
    line = Line(county, item="I06").until("received").confirm_file().accept()
    clock.move_to(at(3, 9, 18))
    line.do("clerk.town", "remind_applicant", **REMINDER)
    line.do("head", "terminate", **ENDING)
    facts = county.rows(Document, line.id)[-1].facts
    assert (facts["cause"], facts["missed"], facts["missed_due"]["date"]) == ("owed", ["平面图"], "2026-03-09")
    assert facts["notice_no"] == next(
        d.number for d in county.rows(Document, line.id) if d.kind == "shortage_commitment"
    )
    assert set(running(county, line)) == {"delivery", "archive"}


def test_a_late_answer_is_taken_as_long_as_nobody_ended_it(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(at(3, 2))
    line = received(county).request_correction(reply_days=1)
    clock.move_to(at(3, 20))
    line.receive_correction()
    assert outcomes(county, line, "reply") == ["late"]
    assert county.application(line.id).state == "received"


def test_a_reminder_before_the_lamp_turned_is_none_that_ends_anything(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(3, 2))
    line = received(county).request_correction(reply_days=5)
    line.do("clerk.hall", "remind_applicant", **REMINDER)
    clock.move_to(at(3, 10))
    with pytest.raises(NotNow, match="nobody reminded"):
        line.do("head", "terminate", **ENDING)


def test_the_lamp_of_the_reply_warns_the_receiver_and_then_the_head(
    county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(3, 2))
    line = received(county).request_correction(reply_days=5)
    clock.move_to(at(3, 10))
    check(county.session, now())
    heard = {(n.role, n.user_id, n.level) for n in county.rows(Notice, line.id) if n.params.get("clock") == "reply"}
    receiver = county.actor("clerk.hall").user_id
    assert heard == {(None, receiver, "yellow"), (None, receiver, "red"), ("office_head", None, "red")}
