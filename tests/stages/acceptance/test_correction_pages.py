"""Correction notices as people meet them: the forms, the desks, the page of the application, the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.jobs import tick
from app.models.correction import CorrectionLine
from tests.factories import Line
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")
PROBLEM, WANTED, LAW = "第二页缺少申请人签名", "由申请人本人补签", "《森林法》第五十七条"


def test_what_is_to_be_put_right_is_said_in_a_form_and_answered_in_another(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed")
    here = f"/application/{line.id}"
    half = {"lines.0.problem": PROBLEM, "lines.1.requirement": WANTED, "reply_days": "10"}
    page = send_act(at_work(app, "approver"), f"{here}/act/request_correction", **half)
    assert page.status_code == 422
    assert PROBLEM in page.text  # nothing typed is lost, and no half line is passed over
    assert page.text.count("This is needed.") >= 4
    whole = {f"lines.{i}.{name}": words for i in (0, 1) for name, words in
             (("problem", PROBLEM), ("requirement", WANTED), ("basis", LAW))}  # fmt: skip
    sent = send_act(at_work(app, "approver"), f"{here}/act/request_correction", **whole, reply_days="10")
    assert sent.status_code == 303
    assert county.application(line.id).state == "correcting"

    clerk = at_work(app, "clerk.town")
    desk = clerk.get("/").text
    assert "To be put right by the applicant" in desk
    page = clerk.get(here).text
    assert "Correction notice 1" in page
    assert all(words in page for words in (PROBLEM, WANTED, LAW, "Waits for the applicant", "2026-03-16"))
    part = send_act(clerk, f"{here}/act/receive_correction_part", **{"lines.0.form": "original"})
    assert part.status_code == 303
    county.session.rollback()
    assert [bool(each.answered_at) for each in county.rows(CorrectionLine, line.id)] == [True, False]
    rest = {"lines.0.form": "copy", "lines.0.pieces": "2", "lines.0.copy_verified": "true"}
    assert send_act(clerk, f"{here}/act/receive_correction", **rest).status_code == 303
    county.session.rollback()
    assert county.application(line.id).state == "received"
    assert "Put right" in clerk.get(here).text


def test_a_program_reads_the_lines_and_answers_them(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed").request_correction()
    clerk = Program(app, county, "clerk.town")
    [notice] = clerk.shown(line.id)["corrections"]
    assert (notice["round"], notice["state"], notice["reply_days"]) == (1, "open", 10)
    [told] = notice["lines"]
    assert (told["problem"], told["answered_at"]) == ("缺少申请人签名", None)
    answer = {"line_id": told["id"], "form": "copy", "pieces": 1}
    refused = clerk.do("receive_correction", line.id, lines=[answer])
    assert (error(refused), fields(refused)) == ((422, "incomplete"), {"lines.0.copy_verified"})
    assert clerk.do("receive_correction", line.id, lines=[{**answer, "copy_verified": True}]).status_code == 200


def test_a_second_notice_by_an_approver_is_forbidden_and_by_the_head_needs_a_reason(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed").request_correction().receive_correction().confirm_file()
    material = Program(app, county, "approver").shown(line.id)["materials"][0]["id"]
    again = {
        "lines": [{"material_id": material, "problem": PROBLEM, "requirement": WANTED, "basis": LAW}], "reply_days": 5,
    }  # fmt: skip
    assert error(Program(app, county, "approver2").do("request_correction", line.id, **again)) == (403, "not_allowed")
    head = Program(app, county, "head")
    assert fields(head.do("request_correction", line.id, **again)) == {"leader_reason"}
    assert (
        head.do("request_correction", line.id, **again, leader_reason="补签的签名与身份证明不一致").status_code == 200
    )


def test_on_the_sixth_day_a_program_is_told_that_it_counts_as_accepted(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("confirmed")
    clock.move_to(datetime(2026, 3, 10, 9, tzinfo=CHINA))
    approver = Program(app, county, "approver")
    offered = [each["name"] for each in approver.get(f"application/{line.id}/transitions").json]
    assert "request_correction" not in offered
    assert "accept" in offered
    material = approver.shown(line.id)["materials"][0]["id"]
    late = approver.do(
        "request_correction", line.id, reply_days=5,
        lines=[{"material_id": material, "problem": PROBLEM, "requirement": WANTED, "basis": LAW}],
    )  # fmt: skip
    assert error(late) == (409, "not_now")
    assert error(approver.do("deem_accepted", line.id)) == (403, "not_allowed")


def test_the_head_finds_on_the_desk_what_may_be_terminated(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 3, 2, 9, tzinfo=CHINA))
    reminded, forgotten = (Line(county).until("confirmed").request_correction(reply_days=2) for _ in range(2))
    clock.move_to(datetime(2026, 3, 5, 9, tzinfo=CHINA))
    reminded.do("clerk.town", "remind_applicant", message="请尽快补正", by="sms")
    desk = at_work(app, "head").get("/desk/to-terminate").text
    assert county.application(reminded.id).short_no in desk
    assert county.application(forgotten.id).short_no not in desk


def test_the_way_of_an_application_that_silence_accepted_names_the_system_in_the_reader_s_language(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 3, 2, 9, tzinfo=CHINA))
    line = Line(county).until("confirmed")
    clock.move_to(datetime(2026, 3, 10, 9, tzinfo=CHINA))
    tick(county.session)
    page = at_work(app, "approver").get(f"/application/{line.id}", headers={"Accept-Language": "zh"}).text
    assert county.application(line.id).accepted_at is not None
    assert "03-10 09:00 system" not in page
