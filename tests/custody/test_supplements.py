"""What was owed comes in: at any desk, to the office while it examines, and before anything leaves the house."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.errors import Incomplete, NotAllowed, NotNow
from app.models.application import ApplicationMaterial
from app.models.archive import ArchiveFile
from app.models.calendar import ClockRun
from app.models.correction import CorrectionLine, OwedMaterial
from app.models.custody import Piece, Slip
from app.models.organisation import Office, Posting, Staff
from app.models.trail import Document, Event, Notice
from tests.factories import Line, made, tolerant

if TYPE_CHECKING:
    import time_machine

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def line(county: County) -> Line:
    """Received, with a plan still owed."""
    tolerant(county)
    return Line(county, item="I06").register().receive("paper")


def accepted(line: Line) -> Line:
    return line.confirm_file().accept()


def certified(line: Line) -> Line:
    return accepted(line).review().grant().make_certificate()


def test_what_comes_while_the_office_examines_goes_to_it_on_a_slip_of_its_own(line: Line) -> None:
    county = accepted(line).county

    line.collect()

    [owed] = county.rows(OwedMaterial, line.id)
    assert (owed.state, owed.settled_how, owed.settled_by) == ("collected", "window", "clerk.town")
    plan = county.rows(ApplicationMaterial, line.id)[-1]
    assert (plan.status, plan.form, plan.pieces) == ("taken", "original", 1)
    application, slip = county.application(line.id), line.slip()
    assert (slip.medium, slip.from_unit, slip.to_unit) == ("paper", application.centre.unit, application.office.unit)
    assert county.rows(Piece, line.id)[-1].holder == application.centre.unit
    runs = {run.clock: run for run in county.rows(ClockRun, line.id)}
    assert (runs["owed"].outcome, runs["handling"].run, runs["handling"].stopped_at) == ("met", 2, None)
    assert [d.kind for d in county.rows(Document, line.id)][-2:] == ["correction_receipt", "transfer_slip"]
    assert ("approver", application.office.unit) in {(n.role, n.unit) for n in county.rows(Notice, line.id)}
    line.confirm_file()
    assert county.rows(Piece, line.id)[-1].holder == application.office.unit


def test_what_comes_while_a_file_is_on_its_way_waits_at_the_centre_for_the_next(line: Line) -> None:
    county = line.county
    line.collect()
    assert [slip.state for slip in county.rows(Slip, line.id)] == ["issued"]
    assert county.rows(Event, line.id)[-1].payload["waits_for_the_next_file"]
    line.confirm_file()
    [waiting] = [p for p in county.rows(Piece, line.id) if p.holder == county.application(line.id).centre.unit]
    line.do("clerk.town", "send_file", sent_as="paper", lines=[{"piece_id": waiting.id, "pieces": 1}])
    line.confirm_file().accept()


def test_a_review_made_before_the_supplement_does_not_carry_a_decision(
    line: Line, clock: time_machine.Traveller
) -> None:
    accepted(line).review()
    clock.move_to(datetime(2026, 3, 2, 11, 0, tzinfo=CHINA))
    line.collect(how="shared", form=None, pieces=0)
    assert line.county.rows(ApplicationMaterial, line.id)[-1].status == "shared"
    with pytest.raises(NotNow, match="nothing may have come in since"):
        line.grant()
    line.review().grant()


def test_a_supplement_during_a_correction_meets_its_line_of_the_notice_and_goes_with_the_answer(line: Line) -> None:
    county = line.confirm_file().county
    line.request_correction()
    line.collect()
    assert county.application(line.id).state == "correcting"
    assert {each.kind: each.answered_at is not None for each in county.rows(CorrectionLine, line.id)} == {
        "defect": False, "owed": True,
    }  # fmt: skip
    receipt = next(d for d in county.rows(Document, line.id) if d.kind == "correction_receipt")
    assert (receipt.facts["occasion"], receipt.facts["open"]) == ("supplement", ["申请表"])
    line.receive_correction().confirm_file().accept()
    assert {piece.holder for piece in county.rows(Piece, line.id)} == {county.application(line.id).office.unit}


@pytest.mark.req(85)
def test_a_handover_names_each_material_still_owed(line: Line) -> None:
    certified(line)
    [owed] = line.open_owed()
    with pytest.raises(Incomplete) as refusal:
        line.hand_over(collect=[])
    assert [(c.field, c.params) for c in refusal.value.complaints] == [("collect", {"name": "平面图"})]
    line.hand_over(collect=[{"owed_id": owed.id, "requirement": "核对签名"}])
    slip = next(d for d in line.county.rows(Document, line.id) if d.kind == "handover_slip")
    assert slip.facts["collect"] == [{"name": "平面图", "requirement": "核对签名"}]


@pytest.mark.req(63)
@pytest.mark.req(86)
def test_nothing_is_issued_before_the_supplement_nor_without_the_tick_of_whoever_hands_it_out(
    line: Line, clock: time_machine.Traveller
) -> None:
    county = certified(line).county
    assert county.application(line.id).closed_at is None
    line.hand_over().confirm_handover()
    with pytest.raises(NotNow) as refusal:
        line.issue()
    assert refusal.value.params == {"materials": ("平面图",)}
    clock.move_to(datetime(2026, 3, 3, 9, 0, tzinfo=CHINA))
    line.collect("clerk2.town")
    assert county.application(line.id).closed_at == datetime(2026, 3, 3, 9, 0, tzinfo=CHINA)
    assert county.rows(ArchiveFile, line.id)[0].state == "open"
    assert [run.clock for run in county.rows(ClockRun, line.id) if run.stopped_at is None] == ["delivery", "archive"]
    with pytest.raises(Incomplete) as untaken:
        line.issue(ticks=[])
    assert [c.field for c in untaken.value.complaints] == ["ticks"]
    line.issue()
    receipt = next(d for d in county.rows(Document, line.id) if d.kind == "service_receipt")
    assert receipt.facts["collected"] == [{"name": "平面图", "requirement": "核对原件"}]
    line.archive().confirm_archive()


def test_the_certificate_centre_takes_what_is_owed_where_it_hands_the_result_out(county: County) -> None:
    tolerant(county)
    line = certified(Line(county, clerk="clerk.hall", item="I06", mode="pickup").register().receive("paper"))
    line.collect("cert2")
    assert county.rows(Piece, line.id)[-1].holder == "certificate_centre"
    receipt = [d for d in county.rows(Document, line.id) if d.kind == "correction_receipt"]
    assert receipt[0].facts["window"] == "县政务服务大厅制证中心"
    line.issue("cert").archive().confirm_archive()


def test_what_is_not_owed_any_more_is_not_collected_twice_nor_a_copy_that_nobody_compared(line: Line) -> None:
    accepted(line)
    [owed] = line.open_owed()
    with pytest.raises(Incomplete) as refusal:
        line.collect(form="copy")
    assert [c.field for c in refusal.value.complaints] == ["copy_verified"]
    line.collect()
    with pytest.raises(NotNow, match="Nothing is owed"):
        line.collect(owed_id=owed.id)


@pytest.mark.req(1)
def test_whoever_examines_does_not_collect_and_whoever_collected_does_not_examine(line: Line) -> None:
    """Whatever posts somebody has: the acts on record separate them."""
    from flask_appbuilder.security.sqla.models import Role, User

    county = accepted(line).county
    clerk = county.session.scalars(select(User).where(User.username == "clerk2.town")).one()
    clerk.roles.append(county.session.scalars(select(Role).where(Role.name == "approver")).one())
    staff = county.session.scalars(select(Staff).where(Staff.user_id == clerk.id)).one()
    office = county.session.scalars(select(Office).where(Office.code == "NL")).one()
    county.session.add(Posting(**made(staff_id=staff.id, office_id=office.id, since=date(2025, 1, 1))))
    county.session.commit()
    line.collect("clerk2.town")
    with pytest.raises(NotAllowed, match="separation of duties"):
        line.confirm_file("clerk2.town")
