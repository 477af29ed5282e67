"""Who is touched by a decision is told of the right to be heard, and is heard before it (行政许可法36, 46-48)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.law.workdays import ZONE
from app.models.application import Decision
from app.models.hearing import Hearing
from app.models.trail import Document, Event
from tests.factories import Line
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.factories import County

OFFER = {"matter": "采伐林木与相邻林农之间的权属争议", "told": "示例甲；相邻林农示例丙"}
GRANT = {"content": "准予采伐", "basis": "《森林法》第五十七条", "long_term": True}


def on(clock: time_machine.Traveller, month: int, day: int, hour: int = 10) -> None:
    clock.move_to(datetime(2026, month, day, hour, 0, tzinfo=ZONE))


def told(county: County) -> tuple[Line, int]:
    """A reviewed application whose parties were told today (2 March) of their right."""
    line = Line(county).until("reviewed")
    line.do("approver", "offer_hearing", **OFFER)
    return line, county.rows(Hearing, line.id)[0].id


def asked(app: Flask, county: County) -> tuple[Line, int]:
    """Asked for on 2 March."""
    line, pk = told(county)
    clerk = Program(app, county, "clerk.town")
    answer = clerk.do_on("hearing", pk, "request", requester="示例丙", request=clerk.upload().json["id"])
    assert answer.json["state"] == "requested"
    return line, pk


def record(program: Program, county: County, presider: str, **changes: Any) -> dict[str, Any]:
    """What is kept of a hearing."""
    return {
        "presider": county.staff(presider), "parties": "示例甲、示例丙", "record": program.upload().json["id"],
        "summary": "示例丙主张林地界线有误，示例甲出示林权证，双方确认界线。", **changes,
    }  # fmt: skip


def grants(app: Flask, county: County, line: Line) -> Any:
    return Program(app, county, "head").do("grant", line.id, **GRANT, valid_from="2026-05-06")


@pytest.mark.database
def test_a_hearing_from_the_notice_to_a_decision_that_names_its_record(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line, pk = told(county)
    clerk, approver, head = (Program(app, county, who) for who in ("clerk.town", "approver", "head"))
    [notice] = [d for d in county.rows(Document, line.id) if d.kind == "hearing_notice"]
    assert clerk.get(f"application/{line.id}/documents/{notice.number}.pdf").data.startswith(b"%PDF")
    row = clerk.get(f"hearing/{pk}").json["result"]
    assert (row["number"], row["state"], row["due_at"]) == ("听证〔2026〕1号", "offered", "2026-03-09T17:30:00+08:00")
    said = GRANT | {"valid_from": "2026-05-06"}
    assert error(head.do("grant", line.id, **said)) == (409, "not_now")  # the days to ask are not over

    on(clock, 3, 9)
    clerk = Program(app, county, "clerk.town")
    assert fields(clerk.do_on("hearing", pk, "request", requester="示例丙")) == {"request"}
    asked = clerk.do_on("hearing", pk, "request", requester="示例丙", request=clerk.upload().json["id"])
    assert asked.json["state"] == "requested"
    assert clerk.get(f"hearing/{pk}").json["result"]["due_at"] == "2026-04-07T17:30:00+08:00"  # twenty working days

    on(clock, 3, 10)
    approver, head = Program(app, county, "approver"), Program(app, county, "head")
    for wrong in ("2026-03-18", "2026-04-08"):  # six working days ahead; a day too late
        answer = approver.do_on("hearing", pk, "set", held_on=wrong, place="县政务服务大厅三楼会议室")
        assert (fields(answer), "2026-03-19" in answer.text) == ({"held_on"}, True)
    assert approver.do_on("hearing", pk, "set", held_on="2026-03-19", place="县政务服务大厅三楼会议室").status_code == 200
    assert approver.do_on("hearing", pk, "set", held_on="2026-03-20", place="县政务服务大厅一楼会议室").status_code == 200
    assert error(head.do("grant", line.id, **said)) == (409, "not_now")
    early = head.do_on("hearing", pk, "hold", **record(head, county, "approver2"))
    assert error(early) == (409, "not_now")

    on(clock, 3, 20, 16)
    head = Program(app, county, "head")
    examiner = head.do_on("hearing", pk, "hold", **record(head, county, "approver"))
    assert error(examiner) == (403, "not_allowed")
    assert fields(head.do_on("hearing", pk, "hold", **record(head, county, "approver2", record=None))) == {"record"}
    held = head.do_on("hearing", pk, "hold", **record(head, county, "approver2"))
    assert (held.status_code, held.json["state"]) == (200, "held")

    clock.shift(60)
    refused = head.do("grant", line.id, **said)
    assert error(refused) == (409, "not_now")  # the review is older than what was heard
    presided = Program(app, county, "approver2").do("review", line.id)
    assert error(presided) == (403, "not_allowed")
    line.review()
    assert head.do("grant", line.id, **said).json["state"] == "approved"
    [decision] = county.rows(Decision, line.id)
    assert (decision.hearing_id, decision.basis) == (pk, "《森林法》第五十七条；听证笔录（听证〔2026〕1号）")
    [paper] = [d for d in county.rows(Document, line.id) if d.kind == "grant_decision"]
    assert "听证笔录（听证〔2026〕1号）" in str(paper.facts)
    chain = [e.act for e in county.rows(Event, line.id) if e.subject_kind == "hearing"]
    assert chain == ["request_hearing", "set_hearing", "set_hearing", "hold_hearing"]


def test_a_refusal_waits_for_the_hearing_too_and_names_it(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line, pk = asked(app, county)
    line.review(conclusion="refuse")
    approver, head = Program(app, county, "approver"), Program(app, county, "head")
    grounds = {"facts": "申请采伐的林木权属存在争议", "reasons": "权属有争议的林木不予核发许可",
               "legal_basis": "《森林法》第五十七条", "statement": "已听取申请人陈述"}  # fmt: skip
    assert error(head.do("refuse", line.id, **grounds)) == (409, "not_now")
    assert approver.do_on("hearing", pk, "set", held_on="2026-03-11", place="三楼会议室").status_code == 200
    on(clock, 3, 11)
    head = Program(app, county, "head")
    assert head.do_on("hearing", pk, "hold", **record(head, county, "approver2")).status_code == 200
    clock.shift(60)
    line.review(conclusion="refuse")
    assert head.do("refuse", line.id, **grounds).status_code == 200
    line.do("leader", "approve_refusal", opinion="同意不予许可")
    [decision] = county.rows(Decision, line.id)
    assert decision.hearing_id == pk
    assert decision.basis.endswith("听证笔录（听证〔2026〕1号）")


def test_who_asks_too_late_is_refused_and_the_decision_waits_no_longer(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line, pk = told(county)
    on(clock, 3, 9, 18)
    clerk = Program(app, county, "clerk.town")
    late = clerk.do_on("hearing", pk, "request", requester="示例丙", request=clerk.upload().json["id"])
    assert error(late) == (409, "not_now")
    assert grants(app, county, line).json["state"] == "approved"
    assert county.rows(Decision, line.id)[0].hearing_id is None


def test_the_right_can_be_told_again_once_nobody_used_it(county: County, clock: time_machine.Traveller) -> None:
    line, _ = told(county)
    on(clock, 3, 10)
    line.do("approver", "offer_hearing", **OFFER)
    assert [h.state for h in county.rows(Hearing, line.id)] == ["ceased", "offered"]


def test_the_office_never_asks_or_does_without_in_the_place_of_the_parties(app: Flask, county: County) -> None:
    line, pk = asked(app, county)
    approver, clerk, other = (Program(app, county, who) for who in ("approver", "clerk.town", "clerk.other"))
    waiver = {"reason": "双方已自行和解，撤回申请", "waiver": approver.upload().json["id"]}
    assert error(approver.do_on("hearing", pk, "waive", **waiver)) == (403, "not_allowed")
    assert error(approver.do_on("hearing", pk, "request", requester="示例丙")) == (403, "not_allowed")
    assert error(clerk.do_on("hearing", pk, "set", held_on="2026-03-12", place="会议室")) == (403, "not_allowed")
    assert error(clerk.do_on("hearing", pk, "hold")) == (403, "not_allowed")
    assert other.get(f"hearing/{pk}").status_code == 404
    assert other.post(f"hearing/{pk}/transitions/waive", {"version": 2, **waiver}).status_code == 404
    assert error(approver.do("offer_hearing", line.id, **OFFER)) == (409, "not_now")  # one is under way
    assert error(clerk.do("offer_hearing", line.id, **OFFER)) == (403, "not_allowed")
    assert error(clerk.do_on("hearing", pk, "waive", version=1, **waiver)) == (409, "not_now")
    assert fields(clerk.do_on("hearing", pk, "waive", reason=waiver["reason"])) == {"waiver"}
    waiver["waiver"] = clerk.upload().json["id"]
    assert clerk.do_on("hearing", pk, "waive", **waiver).json["state"] == "waived"
    assert grants(app, county, line).json["state"] == "approved"


def test_a_party_presides_over_nothing_and_a_record_never_changes(
    app: Flask, county: County, clock: time_machine.Traveller, session: Session
) -> None:
    _, pk = asked(app, county)
    Program(app, county, "approver").do_on("hearing", pk, "set", held_on="2026-03-11", place="三楼会议室")
    on(clock, 3, 11)
    head = Program(app, county, "head")
    nobody = head.do_on("hearing", pk, "hold", **record(head, county, "approver2") | {"presider": 987654})
    assert fields(nobody) == {"presider.0"}
    assert head.do_on("hearing", pk, "hold", **record(head, county, "approver2")).status_code == 200
    for change in ("record_id = null", "held_at = null", "number = 'x'", "matter = 'x'"):
        with pytest.raises(IntegrityError):
            session.execute(text(f"update hearing set {change}"))
        session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(text("delete from hearing"))
    session.rollback()


def test_what_ends_the_application_ends_its_hearing(app: Flask, county: County) -> None:
    line, pk = asked(app, county)
    line.do("clerk.town", "withdraw", request=county.file("clerk.town"))
    assert [h.state for h in county.rows(Hearing, line.id)] == ["ceased"]
    clerk = Program(app, county, "clerk.town")
    assert clerk.do_on("hearing", pk, "waive", reason="申请人已撤回申请", waiver=clerk.upload().json["id"]).status_code == 409


def test_pages_show_the_days_and_lead_through_the_hearing(
    app: Flask, session: Session, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("accepted")
    approver, clerk = at_work(app, "approver"), at_work(app, "clerk.town")
    address = f"/application/{line.id}/act/offer_hearing"
    assert send_act(approver, address, matter=OFFER["matter"], told="").status_code == 422
    assert send_act(approver, address, **OFFER).status_code == 303
    county.session.rollback()
    [hearing] = county.rows(Hearing, line.id)
    page = clerk.get(f"/application/{line.id}").text
    assert "2026-03-09 17:30" in page
    assert f'href="/object/hearing/{hearing.id}"' in page
    assert county.application(line.id).short_no in approver.get("/desk/hearings").text
    assert "/act/request" in clerk.get(f"/object/hearing/{hearing.id}").text
    assert "/act/set" not in clerk.get(f"/object/hearing/{hearing.id}").text
    clock.shift(timedelta(days=10))
    later = at_work(app, "approver")
    assert county.application(line.id).short_no not in later.get("/desk/hearings").text
    assert "Nobody asked for it in time" in later.get(f"/object/hearing/{hearing.id}").text
