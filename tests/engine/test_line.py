"""The straight line of the rule, act by act, on both databases: what each act does, and who may not do it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from app.engine import scope
from app.errors import Incomplete, NotAllowed, NotFound, NotNow
from app.law.numbering import document_no
from app.models.application import Application, ApplicationMaterial, Decision, NegativeFiling
from app.models.archive import ArchiveFile
from app.models.calendar import ClockRun
from app.models.counter import Ticket
from app.models.custody import Piece, Slip
from app.models.delivery import DeliveryReceipt, EmsDispatch
from app.models.trail import Document, Event, Notice, Outbox
from tests.factories import APPLICANT, Line

if TYPE_CHECKING:
    import time_machine

    from tests.factories import County

pytestmark = pytest.mark.database
CHINA = ZoneInfo("Asia/Shanghai")


def _clocks(county: County, line: Line) -> dict[str, ClockRun]:
    return {run.clock: run for run in county.rows(ClockRun, line.id)}


@pytest.mark.req(3)
def test_a_town_files_a_fronted_item_the_county_decides_and_the_town_hands_out_the_result(county: County) -> None:
    line = Line(county).until("filed")
    application = county.application(line.id)
    assert application.state == "delivered"
    assert application.closed_at is not None
    assert [e.act for e in county.rows(Event, line.id)] == [
        "register", "receive", "confirm_file", "accept", "review", "grant", "make_certificate", "hand_over",
        "confirm_handover", "issue", "archive", "confirm_archive",
    ]  # fmt: skip
    assert county.rows(ArchiveFile, line.id)[0].state == "filed"
    assert county.rows(DeliveryReceipt, line.id)[0].desk == application.centre.unit


def test_every_move_has_its_event_its_outbox_row_and_its_version(county: County) -> None:
    line = Line(county).until("delivered")
    events = county.rows(Event, line.id)
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert county.application(line.id).version == len(events)
    assert {o.event_id for o in county.rows(Outbox, line.id)} == {e.id for e in events}


def test_the_clocks_of_the_line_start_and_stop_as_the_table_says(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 9, 24, 10, 0, tzinfo=CHINA))
    line = Line(county, item="I04").until("received")
    clock.move_to(datetime(2026, 9, 28, 10, 0, tzinfo=CHINA))
    line.confirm_file("approver.other").accept("approver.other")
    runs = _clocks(county, line)
    assert runs["correction"].due_on == date(2026, 10, 9)
    assert runs["handling"].due_on == date(2026, 9, 28)
    assert (runs["promised"].due_on, runs["statutory"].due_on) == (date(2026, 10, 10), date(2026, 10, 30))
    assert {name for name, run in runs.items() if run.stopped_at is None} == {"promised", "statutory"}
    clock.move_to(datetime(2026, 9, 30, 10, 0, tzinfo=CHINA))
    line.review("approver.other").grant("head.other")
    assert _clocks(county, line)["delivery"].due_on == date(2026, 10, 20)
    clock.move_to(datetime(2026, 10, 8, 10, 0, tzinfo=CHINA))
    line.make_certificate().hand_over()
    assert _clocks(county, line)["handover"].due_on == date(2026, 10, 10)
    clock.move_to(datetime(2026, 10, 9, 10, 0, tzinfo=CHINA))
    line.confirm_handover().issue()
    assert _clocks(county, line)["archive"].due_on == date(2026, 10, 14)  # closed with the certificate on the 8th
    assert _clocks(county, line)["handover"].stopped_at == datetime(2026, 10, 8, 10, 0, tzinfo=CHINA)


@pytest.mark.req(5)
def test_a_town_clerk_is_refused_an_item_that_is_not_fronted(county: County) -> None:
    with pytest.raises(NotAllowed):
        Line(county, item="I13").register()
    assert Line(county, clerk="clerk.hall", item="I13").register().id


@pytest.mark.req(5)
def test_an_item_that_is_not_fronted_is_refused_at_a_town_whatever_role_is_posted_there(county: County) -> None:
    role = county.session.scalars(select(Role).where(Role.name == "window_clerk")).one()
    county.session.scalars(select(User).where(User.username == "clerk.town")).one().roles = [role]
    county.session.commit()
    with pytest.raises(NotAllowed, match="not fronted"):
        Line(county, item="I13").register()
    Line(county, item="I12").register()


@pytest.mark.req(6)
def test_one_ticket_serves_several_applications_at_one_window(county: County) -> None:
    first = Line(county).register()
    ticket = county.application(first.id).ticket_id
    second = Line(county, item="I04").register(ticket_id=ticket)
    assert county.application(second.id).ticket_id == ticket
    with pytest.raises(NotNow):
        Line(county, clerk="clerk2.town", item="I04").register(ticket_id=ticket)


def test_a_walk_in_ends_with_the_next_one_at_the_same_window(county: County) -> None:
    for _ in range(2):
        Line(county).register()
    assert [t.state for t in county.session.scalars(select(Ticket).order_by(Ticket.id))] == ["finished", "serving"]


@pytest.mark.req(1)
def test_whoever_took_the_papers_in_may_not_decide_whatever_roles_they_hold(county: County) -> None:
    """Even with an approver's role in the right office: the receiver is refused on the data, not by the role."""
    from flask_appbuilder.security.sqla.models import Role, User

    from app.models.organisation import Office, Posting, Staff
    from tests.factories import made

    line = Line(county).until("received")
    clerk = county.session.scalars(select(User).where(User.username == "clerk.town")).one()
    clerk.roles.append(county.session.scalars(select(Role).where(Role.name == "approver")).one())
    staff = county.session.scalars(select(Staff).where(Staff.user_id == clerk.id)).one()
    office = county.session.scalars(select(Office).where(Office.code == "NL")).one()
    county.session.add(Posting(**made(staff_id=staff.id, office_id=office.id, since=date(2025, 1, 1))))
    county.session.commit()
    with pytest.raises(NotAllowed, match="separation of duties"):
        line.confirm_file("clerk.town")


@pytest.mark.req(34)
def test_an_approver_of_another_office_does_not_even_see_the_application(county: County) -> None:
    line = Line(county).until("received")
    with pytest.raises(NotFound):
        county.do("approver.other", "accept", line.id, {"opinion": "同意"})


def test_a_clerk_of_another_town_does_not_see_the_application_and_one_of_the_same_town_does(county: County) -> None:
    line = Line(county).register()
    with pytest.raises(NotFound):
        county.do("clerk.other", "notify", line.id, {"lines": []})
    with pytest.raises(Incomplete):
        county.do("clerk2.town", "notify", line.id, {"lines": []})


@pytest.mark.req(104)
def test_nothing_is_accepted_before_the_file_is_confirmed_and_a_short_file_goes_back_with_its_reason(
    county: County,
) -> None:
    line = Line(county).register().receive("paper")
    with pytest.raises(NotNow, match="arrived complete"):
        line.accept()
    slip = line.slip()
    short = [{"line_id": one.id, "received": 0, "missing": one.listed} for one in slip.lines]
    with pytest.raises(Incomplete, match="missing or wrong"):
        county.do(
            "approver",
            "confirm_file",
            line.id,
            {"slip_id": slip.id, "lines": [{"line_id": one.id, "received": 0} for one in slip.lines]},
        )
    county.do("approver", "return_file", line.id, {"slip_id": slip.id, "lines": short, "reason": "复印件未随件移交"})
    assert county.rows(Slip, line.id)[0].state == "returned"
    assert {p.holder for p in county.rows(Piece, line.id)} == {county.application(line.id).centre.unit}
    with pytest.raises(NotNow):
        line.accept()
    pieces = [{"piece_id": p.id, "pieces": p.copies} for p in county.rows(Piece, line.id)]
    county.do("clerk.town", "send_file", line.id, {"sent_as": "paper", "lines": pieces})
    line.confirm_file().accept()
    assert {p.holder for p in county.rows(Piece, line.id)} == {county.application(line.id).office.unit}


@pytest.mark.req(104)
def test_a_second_return_of_the_file_reaches_the_bureau_leader(county: County) -> None:
    line = Line(county).register().receive("paper")
    for _ in range(2):
        slip = line.slip()
        county.do("approver", "return_file", line.id, {"slip_id": slip.id, "reason": "页码不清，无法辨认", "lines": [
            {"line_id": one.id, "received": 0, "missing": one.listed} for one in slip.lines]})  # fmt: skip
        pieces = [{"piece_id": p.id, "pieces": p.copies} for p in county.rows(Piece, line.id)]
        county.do("clerk.town", "send_file", line.id, {"sent_as": "paper", "lines": pieces})
    assert [n.cause for n in county.rows(Notice, line.id) if n.role == "bureau_leader"] == ["return_file"]


@pytest.mark.req(55)
def test_papers_are_not_taken_while_a_material_is_unjudged_and_the_complaint_names_it(county: County) -> None:
    line = Line(county).register()
    with pytest.raises(Incomplete) as refusal:
        line.receive(materials=line.materials()[:1])
    assert sorted(c.params["name"] for c in refusal.value.complaints) == ["授权委托书", "身份证明"]


@pytest.mark.req(57)
def test_a_copy_that_was_not_compared_with_its_original_is_not_taken(county: County) -> None:
    line = Line(county).register()
    materials = line.materials()
    materials[1]["copy_verified"] = False
    with pytest.raises(Incomplete, match="marked"):
        line.receive(materials=materials)


@pytest.mark.req(58)
def test_a_missing_paper_is_tolerated_only_where_the_list_lets_it_follow(county: County) -> None:
    line = Line(county).register()
    materials = line.materials()
    materials[0] |= {"status": "tolerated"}
    with pytest.raises(Incomplete) as refusal:
        line.receive(materials=materials)
    assert "one-time notice" in refusal.value.complaints[0].sentence


@pytest.mark.req(16)
def test_a_material_outside_the_published_list_cannot_be_asked_for(county: County) -> None:
    line, other = Line(county).register(), Line(county).register()
    foreign = county.rows(ApplicationMaterial, other.id)[0].id
    with pytest.raises(NotAllowed, match="published list"):
        line.do("clerk.town", "notify", lines=[{"material_id": foreign, "status": "missing", "requirement": "请补交"}])


@pytest.mark.req(15)
def test_a_second_notice_with_other_materials_needs_a_reason_and_is_shown_to_the_manager(county: County) -> None:
    line = Line(county).register()
    first, second, _ = county.rows(ApplicationMaterial, line.id)
    lines = [{"material_id": first.id, "status": "missing", "requirement": "请补交申请表"}]
    line.do("clerk.town", "notify", lines=lines)
    other = [*lines, {"material_id": second.id, "status": "defective", "requirement": "复印件不清晰"}]
    with pytest.raises(Incomplete, match="marked"):
        line.do("clerk.town", "notify", lines=other)
    line.do("clerk.town", "notify", lines=other, again_reason="首次告知时未发现复印件不清晰")
    assert [n.role for n in county.rows(Notice, line.id)] == ["window_manager"]
    assert [e.payload["round"] for e in county.rows(Event, line.id) if e.act == "notify"] == [1, 2]


@pytest.mark.req(54)
def test_an_application_keeps_the_list_it_was_filed_under(county: County) -> None:
    from app.models.catalogue import Item

    line = Line(county).register()
    item = county.session.scalars(select(Item).where(Item.code == "I12")).one()
    item.promised_days, item.materials[0].name = 3, "新版申请表"
    county.session.commit()
    line.receive().confirm_file().accept()
    assert county.rows(ApplicationMaterial, line.id)[0].name == "申请表"
    assert _clocks(county, line)["promised"].amount == 5
    newer = Line(county).register()
    assert county.application(newer.id).item_version_id != county.application(line.id).item_version_id


@pytest.mark.req(68)
def test_non_acceptance_is_proposed_with_facts_reasons_and_law_and_only_the_leader_makes_it_so(county: County) -> None:
    line = Line(county).until("confirmed")
    said = {"reason_code": "conditions_not_met", "facts": "经核实该林地权属存在争议。", "reasons": "权属争议未解决，不符合申请条件。",
            "legal_basis": "《森林法》第五十七条"}  # fmt: skip
    for blank in ("facts", "reasons", "legal_basis"):
        with pytest.raises(Incomplete):
            line.do("approver", "reject", **(said | {blank: ""}))
    line.do("approver", "reject", **said)
    assert not [d for d in county.rows(Document, line.id) if d.kind == "non_acceptance"]
    with pytest.raises(NotAllowed):
        line.do("head", "approve_rejection", opinion="同意")
    line.do("leader", "return_rejection", opinion="请补充权属争议的依据")
    assert county.application(line.id).state == "received"
    line.do("approver", "reject", **said)
    line.do("leader", "approve_rejection", opinion="同意不予受理")
    application = county.application(line.id)
    assert (application.state, application.closed_at is not None) == ("not_accepted", True)
    assert [f.state for f in county.rows(NegativeFiling, line.id)] == ["returned", "approved"]
    assert [d.kind for d in county.rows(Document, line.id)][-1] == "non_acceptance"
    line.issue("clerk2.town")
    assert county.application(line.id).state == "delivered"


@pytest.mark.req(67)
def test_after_the_fifth_working_day_a_rejection_is_refused_though_no_checker_ran(
    county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("confirmed")
    said = {
        "reason_code": "barred",
        "facts": "经核实该林地权属存在争议。",
        "reasons": "权属争议未解决，不符合申请条件。",
        "legal_basis": "《森林法》第五十七条",
    }
    clock.move_to(datetime(2026, 3, 9, 17, 30, tzinfo=CHINA))
    line.do("approver", "reject", **said)
    clock.move_to(datetime(2026, 3, 9, 17, 30, 1, tzinfo=CHINA))
    with pytest.raises(NotNow, match="fifth working day"):
        line.do("leader", "approve_rejection", opinion="同意")


@pytest.mark.req(105)
def test_no_decision_without_a_review_that_recommends_it_and_not_by_the_reviewer(county: County) -> None:
    line = Line(county).until("accepted")
    with pytest.raises(NotNow, match="recommend"):
        line.grant()
    line.review(conclusion="refuse")
    with pytest.raises(NotNow, match="recommend"):
        line.grant()
    line.review()
    with pytest.raises(NotAllowed, match="instant"):
        line.grant("approver2")
    line.grant()
    assert county.rows(Decision, line.id)[0].kind == "grant"


@pytest.mark.req(72)
def test_an_instant_item_is_decided_by_one_approver_on_the_day_and_due_at_closing(county: County) -> None:
    line = Line(county, item="I05").until("received")
    line.confirm_file("approver.other").accept("approver.other").review("approver.other").grant("approver.other")
    assert _clocks(county, line)["promised"].due_at == datetime(2026, 3, 2, 17, 30, tzinfo=CHINA)


@pytest.mark.req(78)
def test_no_certificate_without_a_scan_and_no_number_twice(county: County) -> None:
    line, other = Line(county).until("approved"), Line(county).until("approved")
    with pytest.raises(Incomplete):
        line.do("cert", "make_certificate", cert_no="琼林采2026001", physical_pieces=1)
    with pytest.raises(Incomplete):
        line.do(
            "cert",
            "make_certificate",
            cert_no="琼林采2026001",
            physical_pieces=1,
            scan=county.file("cert", "image/png"),
        )
    line.do("cert", "make_certificate", cert_no="琼林采2026001", physical_pieces=1, scan=county.file("cert"))
    with pytest.raises(Incomplete) as refusal:
        other.do("cert", "make_certificate", cert_no="琼林采2026001", physical_pieces=1, scan=county.file("cert"))
    assert refusal.value.complaints[0].field == "cert_no"


def test_a_certificate_takes_no_number_that_the_next_paper_of_the_county_will_carry(county: County) -> None:
    line, following = Line(county).until("approved"), Line(county).register()
    number = document_no("receipt_voucher", 2026, 2)
    with pytest.raises(Incomplete) as refusal:
        line.do("cert", "make_certificate", cert_no=number, physical_pieces=1, scan=county.file("cert"))
    assert refusal.value.complaints[0].field == "cert_no"
    following.receive()


def test_a_file_is_named_once_within_one_act_too(county: County) -> None:
    line = Line(county).register()
    lines, scan = line.materials(), county.file("clerk.town")
    lines[0]["file"] = lines[1]["file"] = scan
    with pytest.raises(Incomplete) as refusal:
        line.receive(materials=lines)
    assert [each.field for each in refusal.value.complaints] == ["materials.1.file"]


@pytest.mark.req(83)
def test_the_window_issues_only_what_reached_it_over_a_slip_from_somebody_else(county: County) -> None:
    line = Line(county).until("certified")
    with pytest.raises(NotNow, match="handover slip"):
        line.issue()
    line.hand_over()
    with pytest.raises(NotNow, match="slip is open"):
        line.issue()
    with pytest.raises(NotFound):
        line.confirm_handover("clerk.other")
    with pytest.raises(NotAllowed, match="another desk"):
        line.confirm_handover("cert2")
    line.confirm_handover().issue()


@pytest.mark.req(84)
def test_nothing_is_delivered_without_the_right_person_signing(county: County) -> None:
    line = Line(county).until("handed_over")
    for wrong in (
        {"signer": "别人"},
        {"id_last4": "0000"},
        {"relation": "agent"},
        {"relation": "left_in_place"},
        {"signature": None},
    ):
        with pytest.raises(Incomplete):
            line.issue(**wrong)
    line.issue()
    assert {p.holder for p in county.rows(Piece, line.id) if p.kind != "material"} == {"applicant"}


@pytest.mark.req(82)
def test_ems_is_posted_and_delivered_by_the_certificate_centre_alone(county: County) -> None:
    line = Line(county, mode="ems").until("certified")
    with pytest.raises(NotAllowed):
        line.do("clerk.town", "dispatch", ems_no="1234567890123", pieces=1)
    for wrong in ("123", "EA12345678XCN", "12345678901234"):
        with pytest.raises(Incomplete):
            line.do("cert", "dispatch", ems_no=wrong, pieces=1)
    line.do("cert", "dispatch", ems_no="1234567890123", pieces=1)
    line.do("cert", "return_dispatch", reason="收件地址无人接收")
    with pytest.raises(NotNow):
        line.issue("cert", ems_receipt=county.file("cert"))
    line.do("cert", "dispatch", ems_no="EA123456785CN", pieces=1)
    with pytest.raises(NotAllowed):
        line.issue("clerk.town")
    line.issue("cert", ems_receipt=county.file("cert"))
    assert [d.state for d in county.rows(EmsDispatch, line.id)] == ["returned", "delivered"]


@pytest.mark.req(80)
def test_the_applicant_may_choose_another_way_out_until_it_left_but_a_town_result_is_not_picked_up_at_the_county(
    county: County,
) -> None:
    line = Line(county).until("certified")
    with pytest.raises(Incomplete):
        line.do("clerk.town", "change_delivery", delivery_mode="pickup", asked="phone")
    line.do(
        "clerk.town", "change_delivery", delivery_mode="ems", ems_address="海南省屯昌县枫木镇示例村1号", asked="phone"
    )
    line.do("cert", "dispatch", ems_no="1234567890123", pieces=1)
    with pytest.raises(NotNow, match="EMS"):
        line.do("clerk.town", "change_delivery", delivery_mode="window", asked="phone")


@pytest.mark.req(92)
def test_two_people_archive_and_the_file_lists_everything(county: County) -> None:
    line = Line(county).until("delivered")
    with pytest.raises(Incomplete) as refusal:
        line.archive(pages=line.sheets()[:-1])
    assert "身份证明" in str([c.params for c in refusal.value.complaints])
    line.archive()
    with pytest.raises(NotAllowed):
        line.confirm_archive("clerk.town")
    line.do("assistant", "return_archive", reason="缺少备考说明")
    line.archive().confirm_archive()
    file = county.rows(ArchiveFile, line.id)[0]
    assert (file.state, file.confirmed_by_id != file.listed_by_id) == ("filed", True)


@pytest.mark.req(91)
def test_a_service_receipt_that_comes_later_is_a_supplementary_sheet_with_five_days_of_its_own(county: County) -> None:
    line = Line(county).until("certified")
    line.archive().confirm_archive()
    line.hand_over().confirm_handover().issue()
    with pytest.raises(NotNow):
        line.confirm_archive()
    with scope.unscoped(county.session):
        listed = {p.document_id for p in county.rows(ArchiveFile, line.id)[0].current_pages}
    later = [s for s in line.sheets() if s.get("document_id") not in listed and "document_id" in s]
    line.archive(pages=later).confirm_archive()
    runs = [r for r in county.rows(ClockRun, line.id) if r.clock == "archive"]
    assert [r.outcome for r in runs] == ["met", "met"]


@pytest.mark.req(71)
def test_the_receiver_reminds_the_approver_once_a_day_and_nobody_s_page_goes_stale(
    county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("received")
    version = county.application(line.id).version
    line.do("clerk.town", "remind", target="approver", message="申请人已到窗口等候")
    assert county.application(line.id).version == version
    told = [n for n in county.rows(Notice, line.id) if n.cause == "remind"]
    assert [(n.role, n.text) for n in told] == [("approver", "申请人已到窗口等候")]
    with pytest.raises(NotNow, match="today"):
        line.do("clerk.town", "remind", target="approver", message="再次提醒")
    clock.shift(86400)
    line.do("clerk.town", "remind", target="approver", message="再次提醒")


@pytest.mark.req(56)
def test_an_agent_needs_an_authorisation_and_an_id_of_their_own(county: County) -> None:
    agent = {"name": "示例乙", "id_type": "resident_id", "id_no": "469099200002290040", "phone": "19900000002"}
    with pytest.raises(Incomplete):
        Line(county).register(agent=agent)
    with pytest.raises(Incomplete):
        Line(county).register(agent=agent | {"authorisation": county.file("clerk.town"), "id_no": "469099200002290041"})
    line = Line(county).register(agent=agent | {"authorisation": county.file("clerk.town")})
    assert county.application(line.id).agent_name == "示例乙"


def test_a_wrong_check_digit_and_a_missing_legal_representative_are_said_together(county: County) -> None:
    with pytest.raises(Incomplete) as refusal:
        Line(county).register(applicant_type="2", id_type="uscc", id_no="91469022MA5T12340J")
    assert {c.field for c in refusal.value.complaints} == {"legal_rep", "id_no"}


@pytest.mark.parametrize(
    "wrong", [{"applicant_name": "示例\n甲"}, {"address": "示例村\t1号"}, {"phone": "199٠٠٠٠٠٠٠1"}], ids=[*range(3)]
)
def test_a_line_has_no_break_and_a_number_has_plain_digits(county: County, wrong: dict[str, str]) -> None:
    with pytest.raises(Incomplete) as refusal:
        Line(county).register(**wrong)
    assert [each.field for each in refusal.value.complaints] == [*wrong]


def test_what_an_event_keeps_is_masked(county: County) -> None:
    line = Line(county).register()
    payload = str(county.rows(Event, line.id)[0].payload)
    assert APPLICANT["id_no"] not in payload
    assert "19900000001" not in payload
    assert "469***********1239" in payload


@pytest.mark.req(26)
@pytest.mark.req(28)
def test_a_time_or_state_sent_along_is_refused_by_name_and_recorded(county: County) -> None:
    from app.models.trail import RefusedAct

    with pytest.raises(Incomplete) as refusal:
        Line(county).register(registered_at="2026-01-01T09:00:00+08:00")
    assert refusal.value.complaints[0].field == "registered_at"
    with scope.unscoped(county.session):
        assert county.session.scalar(select(Application.id)) is None
        assert county.session.scalars(select(RefusedAct)).one().act == "register"


def test_somebody_with_a_passport_can_sign_and_a_false_ending_is_refused(county: County) -> None:
    passport = {"id_type": "passport", "id_no": "E1234567A"}
    line = Line(county).register(**passport).receive().confirm_file().accept().review().grant().make_certificate()
    line.hand_over().confirm_handover()
    for wrong in ("1239", "567a", "E123"):
        with pytest.raises(Incomplete):
            line.issue(id_last4=wrong)
    line.issue(id_last4="567A")
    assert county.rows(DeliveryReceipt, line.id)[0].signer == APPLICANT["name"]


def test_whoever_applies_cannot_take_the_application_in_or_decide_it(county: County) -> None:
    from app.models.accounts import User
    from app.models.encrypted import blind_index
    from app.models.organisation import Staff

    line = Line(county).until("confirmed")
    for username in ("clerk.town", "approver"):
        user = county.session.scalars(select(User).where(User.username == username)).one()
        staff = county.session.scalars(select(Staff).where(Staff.user_id == user.id)).one()
        staff.id_no, staff.id_no_index = APPLICANT["id_no"], blind_index("id_no", APPLICANT["id_no"])
        county.session.commit()
    with pytest.raises(NotAllowed, match="a party to this application"):
        Line(county).register()
    with pytest.raises(NotAllowed, match="a party to this application"):
        line.accept("approver")
    line.accept("approver2")
