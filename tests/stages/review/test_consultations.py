"""Verifications, joint reviews and opinions: who is named, who is barred, and that no limit moves for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User

from app.engine.now import now
from app.errors import Incomplete, NotAllowed, NotNow
from app.law.workdays import ZONE
from app.models.calendar import ClockRun
from app.models.catalogue import Item
from app.models.encrypted import blind_index
from app.models.examination import JointReview, Opinion, Verification
from app.models.organisation import Staff
from app.models.trail import Notice
from tests.factories import APPLICANT, OFFICE, Line
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County

FOUND = {"method": "onsite", "findings": "现场核查，与申报材料一致", "conclusion": "conform"}


def verify(line: Line, *people: str, who: str = "approver", **more: Any) -> dict[str, Any]:
    return line.do(who, "record_verification", verifiers=[line.county.staff(each) for each in people], **FOUND | more)


def limits(line: Line) -> list[tuple[str, Any, Any]]:
    """Every clock but those of opinions: since when it runs, until when."""
    runs: list[ClockRun] = line.county.rows(ClockRun, line.id)
    return [(run.clock, run.due_at, run.stopped_at) for run in runs if run.clock != "opinion"]


# verification


@pytest.mark.req(73)
def test_an_item_that_needs_it_is_verified_by_two_before_it_is_reviewed(app: Flask, county: County) -> None:
    county.session.query(Item).filter_by(code="I12").one().needs_verification = True
    county.session.commit()
    line = Line(county).until("accepted")
    with pytest.raises(NotNow, match="verification record of two"):
        line.review()
    approver = Program(app, county, "approver")
    alone = approver.do("record_verification", line.id, verifiers=[county.staff("approver")], **FOUND)
    assert alone.status_code == 422
    same = approver.do("record_verification", line.id, verifiers=[county.staff("approver")] * 2, **FOUND)
    assert same.status_code == 422
    report = county.file("approver")
    both = [county.staff(each) for each in OFFICE]
    done = approver.do("record_verification", line.id, verifiers=both, attachments=[report], **FOUND)
    assert done.json["state"] == "accepted"
    [record] = county.rows(Verification, line.id)
    assert [v["name"] for v in record.verifiers] == ["示approver", "示approver2"]
    assert record.attachments == [report]
    line.review().grant()


def test_who_received_who_is_a_party_and_who_left_verifies_nothing(county: County) -> None:
    line = Line(county).until("accepted")
    before = limits(line)
    with pytest.raises(NotAllowed, match="front"):
        verify(line, "approver", "clerk.town")
    party = county.session.query(Staff).filter_by(id=county.staff("approver2")).one()
    party.id_no, party.id_no_index = APPLICANT["id_no"], blind_index("id_no", APPLICANT["id_no"])
    county.session.commit()
    with pytest.raises(NotAllowed, match="party"):
        verify(line, *OFFICE)
    party.id_no = party.id_no_index = None
    county.session.query(User).filter_by(username="approver2").one().active = False
    county.session.commit()
    with pytest.raises(Incomplete) as gone:
        verify(line, *OFFICE)
    assert [c.field for c in gone.value.complaints] == ["verifiers.1"]
    verify(line, "approver", "head")
    assert limits(line) == before


def test_what_was_verified_after_the_review_is_reviewed_again(county: County, clock: Any) -> None:
    line = Line(county).until("reviewed")
    clock.shift(timedelta(minutes=1))
    verify(line, *OFFICE)
    with pytest.raises(NotNow, match="last review"):
        line.grant()


# joint review


def convene(county: County, line: Line, days: int = 2, offices: tuple[str, ...] = ("NL", "SC")) -> None:
    line.do(
        "head", "convene_joint_review", offices=[county.office(code).id for code in offices],
        meeting_on=(now() + timedelta(days=days)).date().isoformat(), topic="林地与经营场所的联合审查",
    )  # fmt: skip


def offered(program: Program, line: Line) -> set[str]:
    return {each["name"] for each in program.get(f"application/{line.id}/transitions").json}


@pytest.mark.req(76)
def test_a_joint_review_moves_no_limit_and_ends_once_every_office_was_heard(app: Flask, county: County) -> None:
    """76: held within the promised limit; it stops no clock, and its conclusion names everybody who attended."""
    line = Line(county).until("accepted")
    before = limits(line)
    head = Program(app, county, "head")
    named = {"offices": [county.office(code).id for code in ("NL", "SC")], "topic": "林地与经营场所的联合审查"}
    one = head.do("convene_joint_review", line.id, **named | {"offices": named["offices"][:1]}, meeting_on="2026-03-04")
    late = head.do("convene_joint_review", line.id, **named, meeting_on="2026-03-10")
    past = head.do("convene_joint_review", line.id, **named, meeting_on="2026-03-01")
    assert [answer.status_code for answer in (one, late, past)] == [422, 422, 422]
    assert "2026-03-09" in late.json["error"]["complaints"][0]["message"]
    assert head.do("convene_joint_review", line.id, **named, meeting_on="2026-03-09").status_code == 200
    assert head.do("convene_joint_review", line.id, **named, meeting_on="2026-03-09").status_code == 409
    told = {"conclusion": "各室一致同意按程序办理"}
    missing = head.do("conclude_joint_review", line.id, **told, attendees=[county.staff("approver")])
    assert missing.status_code == 409
    assert "市场准入审批室" in missing.json["error"]["message"]
    assert "农林水务" not in missing.json["error"]["message"]
    everybody = [county.staff(each) for each in ("approver", "approver.other")]
    minutes = county.file("head")
    done = head.do("conclude_joint_review", line.id, **told, attendees=everybody, minutes=minutes)
    assert done.status_code == 200
    [meeting] = county.rows(JointReview, line.id)
    assert (meeting.state, meeting.minutes_id, len(meeting.attendees)) == ("concluded", minutes, 2)
    assert limits(line) == before


def test_after_the_promised_limit_no_joint_review_is_offered_nor_convened(app: Flask, county: County, clock: Any) -> None:
    line = Line(county).until("accepted")
    named = {"offices": [county.office(code).id for code in ("NL", "SC")], "topic": "林地与经营场所的联合审查"}
    clock.move_to(datetime(2026, 3, 9, 9, 0, tzinfo=ZONE))  # the last day of the limit
    assert "convene_joint_review" in offered(Program(app, county, "head"), line)
    clock.move_to(datetime(2026, 3, 10, 9, 0, tzinfo=ZONE))
    head = Program(app, county, "head")
    assert "convene_joint_review" not in offered(head, line)
    late = head.do("convene_joint_review", line.id, **named, meeting_on="2026-03-10")
    assert error(late) == (409, "not_now")
    assert "承诺办结期限已过" in late.json["error"]["message"]


def test_a_given_opinion_stands_for_an_office_that_did_not_come(county: County) -> None:
    line = Line(county).until("accepted")
    convene(county, line)
    ask(county, line)
    told = {"attendees": [county.staff("head")], "conclusion": "各室一致同意按程序办理"}
    with pytest.raises(NotNow, match="Neither attended"):
        line.do("head", "conclude_joint_review", **told)
    [opinion] = county.rows(Opinion, line.id)
    opinion.state, opinion.stance, opinion.given_at, opinion.text = "given", "agree", now(), "同意"
    from app.engine import scope

    with scope.unscoped(county.session):
        county.session.commit()
    line.do("head", "conclude_joint_review", **told)


def test_an_open_joint_review_holds_the_decision_up(county: County) -> None:
    line = Line(county).until("reviewed")
    convene(county, line)
    with pytest.raises(NotNow, match="joint review is open"):
        line.grant()


# opinions


def ask(county: County, line: Line, *offices: str) -> dict[str, Any]:
    named = [county.office(code).id for code in offices or ("SC",)]
    return line.do("approver", "request_opinion", offices=named, question="是否属于限制经营区域", due_days=2)


def test_other_offices_are_asked_once_each_and_the_decision_waits(app: Flask, county: County) -> None:
    line = Line(county).until("reviewed")
    before = limits(line)
    approver = Program(app, county, "approver")
    said = {"question": "是否属于限制经营区域", "due_days": 2}
    own = approver.do("request_opinion", line.id, offices=[county.office("NL").id], **said)
    assert (own.status_code, own.json["error"]["complaints"][0]["field"]) == (422, "offices.0")
    assert approver.do("request_opinion", line.id, offices=[999], **said).status_code == 422
    assert approver.do("request_opinion", line.id, offices=[county.office("SC").id], **said).status_code == 200
    again = approver.do("request_opinion", line.id, offices=[county.office("SC").id], **said)
    assert (again.status_code, "市场准入审批室" in again.json["error"]["message"]) == (409, True)
    [opinion] = county.rows(Opinion, line.id)
    assert (opinion.state, opinion.office_id, opinion.shown["applicant"]) == ("asked", county.office("SC").id, "示*甲")
    [run] = [run for run in county.rows(ClockRun, line.id) if run.clock == "opinion"]
    assert (run.subject_id, run.due_on.isoformat()) == (opinion.id, "2026-03-04")
    assert limits(line) == before
    assert [n.unit for n in county.rows(Notice, line.id) if n.cause == "request_opinion"] == [county.office("SC").unit]
    with pytest.raises(NotNow, match="Opinions are outstanding"):
        line.grant()
