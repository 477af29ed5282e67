"""Requirements that the engine keeps, tried from outside: a program does what it must not, and then what it may."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.acts import in_order
from app.jobs import tick
from app.models.application import ApplicationMaterial, Decision
from app.models.calendar import ClockRun
from app.models.catalogue import Item
from app.models.correction import OwedMaterial
from app.models.ledger import LedgerBatch
from app.models.trail import Event, Notice, RefusedAct
from tests.factories import APPLICANT, County, Line, tolerant
from tests.web.at_work import at_work
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from werkzeug.test import TestResponse

PERSON = {
    "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id", "id_no": APPLICANT["id_no"],
    "phone": "19900000001", "relation": "new",
}  # fmt: skip


def fields(answer: Any) -> set[str]:
    """Of what a refused input is told."""
    assert error(answer) == (422, "incomplete")
    return {each["field"] for each in answer.json["error"]["complaints"]}


def received(line: Line, **changed: Any) -> dict[str, Any]:
    """What the clerk sends who takes all papers."""
    given = {"materials": line.materials(), "identity_checked": "reader", "delivery_mode": "window", "sent_as": "scans"}
    return {**given, **changed}


@pytest.mark.req(5)
def test_a_town_takes_what_is_fronted_and_nothing_else(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    refused = clerk.post("application/", {**PERSON, "item": "I13"})
    assert refused.status_code in {403, 422}
    assert clerk.post("application/", {**PERSON, "item": "I12"}).status_code == 201


@pytest.mark.req(26)
@pytest.mark.req(28)
@pytest.mark.parametrize("said", [{"received_at": "2026-01-05T09:00:00+08:00"}, {"at": "2026-01-05"}, {"state": "delivered"}])
def test_no_time_and_no_state_is_taken_from_a_program(app: Flask, county: County, said: dict[str, str]) -> None:
    line = Line(county).register()
    clerk = Program(app, county, "clerk.town")
    assert clerk.do("receive", line.id, **received(line), **said).status_code in {403, 422}
    assert county.application(line.id).state == "draft"
    assert clerk.do("receive", line.id, **received(line)).status_code == 200


@pytest.mark.req(34)
def test_another_office_neither_sees_nor_accepts(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed")
    other = Program(app, county, "approver.other")
    assert error(other.get(f"application/{line.id}")) == (404, "not_found")
    assert error(other.do("accept", line.id, version=3, opinion="齐全")) == (404, "not_found")
    assert Program(app, county, "approver").do("accept", line.id, opinion="材料齐全").status_code == 200


@pytest.mark.req(55)
@pytest.mark.req(57)
def test_papers_are_received_once_each_is_judged_and_each_copy_compared(app: Flask, county: County) -> None:
    line = Line(county).register()
    clerk, lines = Program(app, county, "clerk.town"), line.materials()
    assert fields(clerk.do("receive", line.id, **received(line, materials=lines[1:])))
    copies = [{**each, "copy_verified": False} if each.get("copy_verified") else each for each in lines]
    assert copies != lines
    assert fields(clerk.do("receive", line.id, **received(line, materials=copies)))
    assert county.application(line.id).state == "draft"
    assert clerk.do("receive", line.id, **received(line)).status_code == 200


@pytest.mark.req(71)
def test_whoever_received_reminds_the_office_and_strangers_do_not(app: Flask, county: County) -> None:
    line = Line(county).until("received")
    said = {"target": "approver", "message": "请尽快办理"}
    assert error(Program(app, county, "clerk.other").do("remind", line.id, version=2, **said)) == (404, "not_found")
    clerk = Program(app, county, "clerk.town")
    assert clerk.do("remind", line.id, **said).status_code == 200
    assert error(clerk.do("remind", line.id, **said)) == (409, "not_now")  # once a day


@pytest.mark.req(104)
@pytest.mark.req(105)
def test_nothing_is_accepted_before_the_papers_came_nor_granted_before_the_review(app: Flask, county: County) -> None:
    line = Line(county).until("received")
    approver, head = (Program(app, county, who) for who in ("approver", "head"))
    assert error(approver.do("accept", line.id, opinion="齐全")) == (409, "not_now")
    line.confirm_file().accept()
    granted = {"content": "准予", "basis": "《森林法》第五十七条", "valid_from": "2026-03-02", "valid_to": "2027-03-01"}
    assert error(head.do("grant", line.id, **granted)) == (409, "not_now")
    assert county.application(line.id).state == "accepted"


@pytest.mark.req(78)
@pytest.mark.req(84)
def test_no_certificate_without_its_scan_and_no_delivery_without_a_signature(app: Flask, county: County) -> None:
    line = Line(county).until("approved")
    maker = Program(app, county, "cert")
    assert "scan" in fields(maker.do("make_certificate", line.id, cert_no="琼1号", physical_pieces=1))
    line.make_certificate().hand_over().confirm_handover()
    clerk = Program(app, county, "clerk2.town")
    signed = {"signer": APPLICANT["name"], "relation": "self", "id_last4": APPLICANT["id_no"][-4:]}
    assert "signature" in fields(clerk.do("issue", line.id, **signed))
    assert county.application(line.id).state == "handed_over"


@pytest.mark.req(82)
def test_nobody_but_the_certificate_centre_posts(app: Flask, county: County) -> None:
    line = Line(county, mode="ems").until("certified")
    for who in ("clerk.town", "approver", "head"):
        assert error(Program(app, county, who).do("dispatch", line.id, ems_no="1234567890123", pieces=1)) == (403, "not_allowed"), who
    tried = county.session.scalars(select(RefusedAct.act)).all()
    assert tried.count("dispatch") == 3
    assert "ems_no" in fields(Program(app, county, "cert").do("dispatch", line.id))


@pytest.mark.req(15)
def test_a_second_notice_with_other_materials_says_why_and_the_manager_hears_of_it(app: Flask, county: County) -> None:
    line = Line(county).register()
    clerk = Program(app, county, "clerk.town")
    first, second, _ = (each["id"] for each in clerk.shown(line.id)["materials"])
    lines = [{"material_id": first, "status": "missing", "requirement": "请补交申请表"}]
    assert clerk.do("notify", line.id, lines=lines).status_code == 200
    more = [*lines, {"material_id": second, "status": "defective", "requirement": "复印件不清晰"}]
    assert "again_reason" in fields(clerk.do("notify", line.id, lines=more))
    assert clerk.do("notify", line.id, lines=more, again_reason="首次未发现").status_code == 200
    assert [told.role for told in county.rows(Notice, line.id)] == ["window_manager"]


@pytest.mark.req(27)
@pytest.mark.req(64)
def test_a_limit_is_shown_with_its_day_moved_by_nobody_and_red_once_it_is_missed(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("received")
    approver = Program(app, county, "approver")
    moved = approver.do("confirm_file", line.id, due_on="2026-12-31")
    assert moved.status_code in {403, 422}
    handling = next(each for each in approver.get(f"application/{line.id}/clocks").json if each["clock"] == "handling")
    assert handling["due_on"] == "2026-03-03"
    clock.move_to(datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    tick(county.session)
    assert "lamp-red" in at_work(app, "approver").get(f"/application/{line.id}").text


@pytest.mark.req(30)
def test_a_decision_in_effect_is_decided_again_by_nobody(app: Flask, county: County) -> None:
    line = Line(county).until("approved")
    granted = {"content": "改为不准予", "basis": "《森林法》第五十七条", "valid_from": "2026-03-02", "valid_to": "2027-03-01"}
    for who in ("approver", "head", "leader", "clerk.town"):
        program = Program(app, county, who)
        for act in ("grant", "review", "reject", "accept"):
            assert error(program.do(act, line.id, **granted))[0] in {403, 409, 422}, (who, act)
        for method in ("PUT", "PATCH", "DELETE"):
            assert error(program.ask(method, f"application/{line.id}", json={"state": "refused"})) == (405, "method")
    assert county.application(line.id).state == "approved"
    assert len(county.rows(Decision, line.id)) == 1


@pytest.mark.req(32)
def test_what_is_not_offered_is_done_by_no_program(app: Flask, county: County) -> None:
    line = Line(county).until("accepted")
    for who in ("clerk.town", "approver", "head", "cert"):
        program = Program(app, county, who)
        offered = {each["name"] for each in program.get(f"application/{line.id}/transitions").json}
        for act in (each.transition.name for each in in_order()):
            if act not in offered:
                assert program.do(act, line.id, version=4).status_code in {403, 404, 409, 422}, (who, act)
    assert county.application(line.id).state == "accepted"


@pytest.mark.req(54)
def test_a_changed_catalogue_changes_no_application_that_was_filed(app: Flask, county: County) -> None:
    line = Line(county).register()
    item = county.session.scalars(select(Item).where(Item.code == "I12")).one()
    item.promised_days, item.materials[0].name = 3, "新版申请表"
    county.session.commit()
    clerk = Program(app, county, "clerk.town")
    assert clerk.shown(line.id)["materials"][0]["name"] == "申请表"
    newer = clerk.post("application/", {**PERSON, "item": "I12"}).json["id"]
    assert clerk.shown(newer)["materials"][0]["name"] == "新版申请表"


@pytest.mark.req(56)
def test_an_agent_comes_with_an_authorisation_and_a_number_that_is_right(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    agent = {"name": "示例乙", "id_type": "resident_id", "id_no": "469099200002290040", "phone": "19900000002"}
    assert fields(clerk.post("application/", {**PERSON, "item": "I12", "agent": agent}))
    paper = clerk.upload("授权委托书.pdf").json["id"]
    wrong = {**agent, "authorisation": paper, "id_no": "469099200002290041"}
    assert "agent.id_no" in fields(clerk.post("application/", {**PERSON, "item": "I12", "agent": wrong}))
    whole = {**PERSON, "item": "I12", "agent": {**agent, "authorisation": paper}}
    assert clerk.post("application/", whole).status_code == 201


@pytest.mark.req(58)
def test_what_may_not_follow_is_not_tolerated(app: Flask, county: County) -> None:
    line = Line(county).register()
    lines = line.materials()
    lines[0] |= {"status": "tolerated"}
    assert fields(Program(app, county, "clerk.town").do("receive", line.id, **received(line, materials=lines)))
    assert county.application(line.id).state == "draft"


@pytest.mark.req(68)
@pytest.mark.req(70)
def test_a_rejection_gives_law_and_reasons_and_its_notice_says_where_to_complain(app: Flask, county: County) -> None:
    line = Line(county).until("confirmed")
    approver, leader = (Program(app, county, who) for who in ("approver", "leader"))
    said = {"reason_code": "conditions_not_met", "facts": "经核实该林地权属存在争议。", "reasons": "权属争议未解决，不符合申请条件。",
            "legal_basis": "《森林法》第五十七条"}  # fmt: skip
    for blank in ("facts", "reasons", "legal_basis"):
        assert blank in fields(approver.do("reject", line.id, **(said | {blank: ""})))
    assert approver.do("reject", line.id, **said).status_code == 200
    assert error(Program(app, county, "head").do("approve_rejection", line.id, opinion="同意")) == (403, "not_allowed")
    assert leader.do("approve_rejection", line.id, opinion="同意不予受理").status_code == 200
    [notice] = [each for each in leader.get(f"application/{line.id}/documents").json if each["kind"] == "non_acceptance"]
    printed = leader.get(f"application/{line.id}/documents/{notice['number']}.pdf").data
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages).replace("\n", "")
    for words in ("权属争议未解决", "《森林法》第五十七条", "行政复议", "行政诉讼"):
        assert words in text, words


@pytest.mark.req(80)
def test_the_way_out_is_changed_until_the_result_has_left(app: Flask, county: County) -> None:
    line = Line(county).until("certified")
    clerk = Program(app, county, "clerk.town")
    assert "delivery_mode" in fields(clerk.do("change_delivery", line.id, delivery_mode="pickup", asked="phone"))
    home = {"delivery_mode": "ems", "ems_address": "海南省屯昌县枫木镇示例村1号", "asked": "phone"}
    assert clerk.do("change_delivery", line.id, **home).status_code == 200
    assert Program(app, county, "cert").do("dispatch", line.id, ems_no="1234567890123", pieces=1).status_code == 200
    assert error(clerk.do("change_delivery", line.id, delivery_mode="window", asked="phone")) == (409, "not_now")


@pytest.mark.req(83)
@pytest.mark.req(91)
def test_a_certificate_reaches_the_window_over_a_slip_and_the_file_has_five_working_days(app: Flask, county: County) -> None:
    line = Line(county).until("certified")
    clerk = Program(app, county, "clerk.town")
    due = {each["clock"]: each["due_on"] for each in clerk.get(f"application/{line.id}/clocks").json}
    assert (due["archive"], due["handover"] <= due["promised"]) == ("2026-03-09", True)
    assert error(clerk.do("issue", line.id)) == (409, "not_now")
    assert "pages" in fields(clerk.do("archive", line.id, medium="both", pages=[]))
    line.hand_over()
    assert error(Program(app, county, "clerk.other").do("confirm_handover", line.id, version=9)) == (404, "not_found")


class RefusedError(Exception):
    """What a program was told: status, code, and the fields of complaints."""

    def __init__(self, answer: TestResponse) -> None:
        told = answer.json["error"]
        super().__init__(answer.status_code, told["code"], {each["field"] for each in told["complaints"]})


class Outside(County):
    """The county, where each act of an application is done by somebody's program."""

    def __init__(self, app: Flask, county: County) -> None:
        super().__init__(county.session)
        self.app = app

    def do(self, username: str, act: str, application: int | None, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        program = Program(self.app, self, username)
        scope.bind(self.session, SYSTEM)  # what the next step is made of is read as by a page that shows it
        answer = program.post("application/", data) if application is None else program.do(act, application, **data)
        if answer.status_code >= 400:
            raise RefusedError(answer)
        return answer.json


@pytest.fixture
def owing(app: Flask, county: County) -> Line:
    """A registration by a program, whose plan may follow."""
    tolerant(county)
    return Line(Outside(app, county), item="I06").register()


def refused(*args: Any, status: int = 422, fields: set[str] | None = None) -> None:
    """Do what the first argument does with the others; it is refused like this."""
    with pytest.raises(RefusedError) as told:
        args[0](*args[1:])
    assert told.value.args[0] == status, told.value.args
    assert fields is None or fields <= told.value.args[2], told.value.args


@pytest.mark.req(60)
@pytest.mark.req(85)
@pytest.mark.req(86)
@pytest.mark.req(63)
def test_what_follows_has_its_day_is_named_on_the_slip_and_is_collected_before_the_result_goes_out(owing: Line) -> None:
    county = owing.county
    too_late = [{**owing.owed()[0], "due": "2026-03-10"}]
    refused(lambda: owing.receive("paper", owed=too_late), fields={"owed.0.due"})
    owing.receive("paper").confirm_file().accept().review().grant().make_certificate()
    [owed] = county.rows(OwedMaterial, owing.id)
    assert (owed.state, owed.due_on.isoformat()) == ("open", "2026-03-09")
    refused(lambda: owing.hand_over(collect=[]), fields={"collect"})
    owing.hand_over(collect=[{"owed_id": owed.id, "requirement": "核对签名"}]).confirm_handover()
    refused(owing.issue, status=409)
    assert county.application(owing.id).state == "handed_over"


@pytest.mark.req(16)
def test_no_material_of_another_list_is_asked_for(app: Flask, county: County, owing: Line) -> None:
    other = Line(county).register()
    foreign = county.rows(ApplicationMaterial, other.id)[0].id
    lines = [{"material_id": foreign, "status": "missing", "requirement": "请补交"}]
    refused(lambda: owing.do("clerk.town", "notify", lines=lines), status=403)
    assert [each.act for each in county.session.scalars(select(RefusedAct))] == ["notify"]
    assert not [each for each in county.rows(Event, owing.id) if each.act == "notify"]


@pytest.mark.req(66)
def test_a_correction_names_defects_and_what_is_owed_stands_there_by_itself(owing: Line) -> None:
    owing.receive("paper").confirm_file()
    refused(lambda: owing.request_correction(materials=(0, 3)), fields={"lines.1.material_id"})
    owing.request_correction()
    assert owing.county.application(owing.id).state == "correcting"


@pytest.mark.req(67)
def test_after_five_working_days_of_silence_no_program_rejects(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(Outside(app, county)).until("confirmed")
    clock.move_to(datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    because = {"reason_code": "barred", "facts": "申请事项依法不属于本机关职权范围", "reasons": "申请事项依法不属于本机关职权范围",
               "legal_basis": "《行政许可法》"}  # fmt: skip
    refused(lambda: line.do("approver", "reject", **because), status=409)
    assert county.application(line.id).state == "received"


@pytest.mark.req(17)
@pytest.mark.req(72)
@pytest.mark.parametrize(("item", "approver"), [("I12", "approver"), ("I05", "approver.other")])
def test_what_was_late_stays_late_whatever_is_done_afterwards(
    app: Flask, county: County, clock: time_machine.Traveller, item: str, approver: str
) -> None:
    line = Line(Outside(app, county), item=item).until("received")
    clock.move_to(datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    line.confirm_file(approver).accept(approver)
    late = {run.clock for run in county.rows(ClockRun, line.id) if run.outcome == "late"}
    assert "handling" in late
    for method in ("PUT", "PATCH", "DELETE", "POST"):
        asked = Program(app, county, approver).ask(method, f"application/{line.id}/clocks", json={"outcome": "met"})
        assert error(asked) == (405, "method")
    assert {run.clock for run in county.rows(ClockRun, line.id) if run.outcome == "late"} == late


@pytest.mark.req(95)
def test_no_program_of_anybody_builds_or_changes_a_ledger(app: Flask, county: County) -> None:
    asked = {"office_id": county.office("NL").id, "department_id": 1, "week_from": "2026-02-23"}
    for who in ("head", "approver", "supervisor", "leader", "department", "admin"):
        program = Program(app, county, who)
        for move in ("build", "build_ledger"):
            assert program.post(f"ledger/transitions/{move}", asked).status_code in {403, 404, 405}, (who, move)
        assert program.post("ledger/", asked).status_code in {403, 404, 405}, who
    assert county.session.scalars(select(LedgerBatch.id)).all() == []


@pytest.mark.req(23)
@pytest.mark.req(96)
def test_guide_and_rule_are_read_by_everybody_and_written_by_nobody(app: Flask, county: County) -> None:
    for client in (app.test_client(), at_work(app, "admin")):
        for address in ("/guide/", "/guide/I12", "/about/"):
            assert client.get(address).status_code == 200, address
            assert client.post(address, data={"name": "改"}).status_code == 405, address
        assert client.get("/guide/I99").status_code == 404
