"""Whoever is absent is stood in for by a colleague who holds the lent role in the same reach and signs with both names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.now import now
from app.errors import Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.jobs import tick
from app.law.roles import Role
from app.law.workdays import ZONE
from app.models.examination import Suspension
from app.models.organisation import Posting
from app.models.people import Study
from app.models.substitution import SubstitutePeriod
from app.models.trail import Event, Notice, RefusedAct
from app.supervision.verify import violations
from app.web.roles_sync import RoleRow
from tests.factories import County, Line, made
from tests.management.staffing import do, everything, plan, the
from tests.stages.rating.ratings import centre, complained, finished, rate, rating_of
from tests.web.at_work import at_work
from tests.web.forms import fill_in
from tests.web.logins import grant_everything
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy import Engine

SUSPENSION = {"suspension_kind": "site_survey", "basis": "规范第十五条（五）", "reason": "需要到现场核对林地界线。", "planned_days": 3}


def begun(county: County, *args: str, **more: object) -> int:
    """A substitution that has begun."""
    period = plan(county, *args, **more)
    tick(county.session)
    assert the(county, "substitute_period", period).state == "active"
    return period


@pytest.mark.database
def test_the_substitute_acts_in_the_lent_role_under_both_names(app: Flask, county: County) -> None:
    line = Line(county).until("accepted")
    line.do("approver", "request_suspension", **SUSPENSION)
    second = Program(app, county, "approver2")
    assert error(second.do("suspend", line.id, opinion="同意勘验。")) == (403, "not_allowed")
    begun(county, "head", "head", "approver2")
    assert second.do("suspend", line.id, opinion="同意勘验。").status_code == 200
    event = next(e for e in county.rows(Event, line.id) if e.act == "suspend")
    head, own = county.actor("head").user_id, county.actor("approver2").user_id
    assert (event.actor_name, event.actor_id, event.role) == ("示approver2（代示head）", own, "office_head")
    assert event.payload["for_id"] == head
    shown = second.get(f"application/{line.id}/events").json
    assert "示approver2（代示head）" in [each["by"] for each in shown]
    assert [e.actor_name for e in county.rows(Event, line.id) if e.act == "accept"] == ["示approver"]


def test_the_lent_role_lies_at_the_absent_person_s_place_and_pools_with_nothing(county: County) -> None:
    begun(county, "leader", "clerk.other", "clerk.town")
    own, lent = county.actor("clerk.town").grants
    assert (own.role, lent.role) == (Role.TOWN_CLERK, Role.TOWN_CLERK)
    assert own.for_id is None
    assert lent.for_name == "示clerk.other"
    assert own.centres.isdisjoint(lent.centres)
    line = Line(county, clerk="clerk.other", item="I04")
    line.register()
    line.clerk = "clerk.town"
    line.receive()
    assert county.rows(Event, line.id)[-1].actor_name == "示clerk.town（代示clerk.other）"
    third = county.actor("clerk2.town")
    assert not third.sees(county.application(line.id).centre_id, 0)


def test_the_desk_and_the_notices_of_the_absent_person_reach_the_substitute(app: Flask, county: County) -> None:
    from app.web import notices

    line = Line(county, clerk="clerk.other", item="I04").register().receive()
    with scope.unscoped(county.session):
        told = county.actor("clerk.other").user_id
        county.session.add(
            Notice(application_id=line.id, user_id=told, cause="remind", params={"number": "N", "by": "乙"}, at=now(),
                   created_by="x")
        )  # fmt: skip
        county.session.commit()
    begun(county, "leader", "clerk.other", "clerk.town")
    actor = county.actor("clerk.town")
    scope.bind(county.session, actor)
    with app.test_request_context():
        assert [each.number for each in notices.latest(county.session, actor) if each.number == "N"] == ["N"]
    scope.bind(county.session, county.actor("clerk2.town"))
    with app.test_request_context():
        assert not [e for e in notices.latest(county.session, county.actor("clerk2.town")) if e.number == "N"]


def test_whoever_received_does_not_decide_in_a_lent_role_either(county: County) -> None:
    """受审分离 counts the person: a toxic pair is refused when it is planned, and recorded."""
    for absent, substitute in (("approver", "clerk.hall"), ("clerk.hall", "approver"), ("head", "cert")):
        with pytest.raises(NotAllowed, match="receiving and deciding"):
            plan(county, "leader", absent, substitute)
    with scope.unscoped(county.session):
        refused = county.session.scalars(select(RefusedAct.act)).all()
    assert refused == ["plan_substitute"] * 3


def test_the_reviewer_who_stands_in_for_the_head_does_not_grant(county: County) -> None:
    line = Line(county).until("reviewed")
    reviewer = next(e.actor_name for e in county.rows(Event, line.id) if e.act == "review")
    assert reviewer == "示approver"
    begun(county, "head", "head", "approver")
    with pytest.raises(NotAllowed, match="review"):
        line.grant("approver")
    assert county.application(line.id).state == "accepted"


def test_a_pair_that_became_toxic_meanwhile_does_not_begin_and_the_planner_hears_of_it(
    county: County, clock: time_machine.Traveller
) -> None:
    tomorrow = (now().date() + timedelta(days=1)).isoformat()
    period = plan(county, "leader", "clerk.hall", "clerk2.hall", since=tomorrow, until=tomorrow)
    from app.models.accounts import User

    approver = county.session.scalars(select(RoleRow).where(RoleRow.name == "approver")).one()
    user = county.session.scalars(select(User).where(User.username == "clerk2.hall")).one()
    user.roles = [approver]
    county.session.commit()
    clock.move_to(datetime(2026, 3, 3, 9, 0, tzinfo=ZONE))
    tick(county.session)
    assert the(county, "substitute_period", period).state == "planned"
    assert len(county.actor("clerk2.hall").grants) == 1
    with scope.unscoped(county.session):
        told = county.session.scalars(select(Notice.user_id).where(Notice.cause == "late_object")).all()
    assert told == [county.actor("leader").user_id], "whoever planned it"


def test_an_account_gets_no_role_that_does_not_go_with_what_it_lends_or_is_lent(app: Flask, county: County) -> None:
    Program(app, county, "admin")
    begun(county, "manager.hall", "clerk.hall", "clerk2.hall")
    roles = {row.name: str(row.id) for row in county.session.scalars(select(RoleRow))}
    ids = {who: county.actor(who).user_id for who in ("clerk.hall", "clerk2.hall")}
    county.session.rollback()
    admin = at_work(app, "admin")
    for who, user_id in ids.items():
        refused = fill_in(admin, f"/users/edit/{user_id}", roles=roles["approver"])
        assert (who, refused.status_code, "Nobody may be" in refused.text) == (who, 422, True)
        assert [g.role for g in county.actor(who).grants if g.for_id is None] == [Role.WINDOW_CLERK]
        county.session.rollback()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"since": "2026-03-01"}, "since"),
        ({"since": "2026-03-10", "until": "2026-03-09"}, "until"),
        ({"until": "2026-04-01"}, "until"),
        ({"absent": 987654}, "absent"),
        ({"reason": ""}, "reason"),
    ],
)
def test_days_and_people_of_a_plan_are_checked(county: County, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        plan(county, "manager.hall", "clerk.hall", "clerk2.hall", **changes)
    assert field in {each.field for each in refused.value.complaints}


def test_thirty_days_are_the_most(county: County) -> None:
    with pytest.raises(Incomplete):
        plan(county, "manager.hall", "clerk.hall", "clerk2.hall", days=31)
    assert plan(county, "manager.hall", "clerk.hall", "clerk2.hall", days=30)


def test_nobody_lends_what_is_not_theirs_to_lend(app: Flask, county: County) -> None:
    for who, absent, substitute in (
        ("manager.hall", "clerk.town", "clerk.hall"),  # another place
        ("manager.hall", "clerk.hall", "clerk.town"),  # somebody from another place
        ("manager.hall", "leader", "clerk.hall"),
        ("head", "clerk.hall", "clerk2.hall"),
        ("head.other", "approver", "approver2"),
        ("leader", "supervisor", "archivist"),
        ("leader", "admin", "leader"),
    ):
        with pytest.raises(NotAllowed):
            plan(county, who, absent, substitute)
    clerk = Program(app, county, "clerk.hall")
    told = {"absent": 1, "substitute": 2, "since": "2026-03-02", "until": "2026-03-02", "reason": "年休假"}
    assert error(clerk.post("substitute_period/transitions/plan", told)) == (403, "not_allowed")
    assert everything(county, SubstitutePeriod) == []


def test_at_the_hall_no_window_clerk_is_certificate_clerk_whoever_lends_whatever_comes_first(
    app: Flask, county: County
) -> None:
    """At a town the pair is allowed: neither a post at the hall nor a role, given later, brings it to the hall."""
    grant_everything(app)
    roles = {row.name: str(row.id) for row in county.session.scalars(select(RoleRow))}
    staff, user = county.staff("clerk2.town"), county.actor("clerk2.town").user_id
    hall = str(centre(county, "hall"))
    begun(county, "leader", "cert", "clerk2.town")
    admin = at_work(app, "admin")
    assert fill_in(admin, f"/users/edit/{user}", roles=roles["window_clerk"]).status_code == 302
    county.session.rollback()
    assert county.actor("clerk2.town").roles == (Role.WINDOW_CLERK, Role.CERT_CLERK)
    county.session.rollback()
    refused = fill_in(admin, f"/postings/add?_flt_0_staff={staff}", centre=hall, since="2026-03-02")
    assert (refused.status_code, "At the county hall nobody is window clerk" in refused.text) == (422, True)
    assert fill_in(admin, f"/users/edit/{user}", roles=roles["town_clerk"]).status_code == 302
    path = f"/postings/add?_flt_0_staff={county.staff('cert')}"
    assert fill_in(admin, path, centre=hall, since="2026-03-02").status_code == 302
    refused = fill_in(admin, f"/users/edit/{user}", roles=roles["window_clerk"])
    assert (refused.status_code, "Nobody may be" in refused.text) == (422, True)
    county.session.rollback()
    assert county.actor("clerk2.town").roles == (Role.TOWN_CLERK, Role.CERT_CLERK)


def test_a_place_the_planner_does_not_reach_is_lent_by_the_leader_alone(county: County) -> None:
    other = centre(county, "other")
    with scope.unscoped(county.session):
        county.session.add(Posting(**made(staff_id=county.staff("clerk2.hall"), centre_id=other, since=date(2024, 1, 1))))
        county.session.commit()
    with pytest.raises(NotAllowed, match="also works at another place"):
        plan(county, "manager.hall", "clerk2.hall", "clerk.hall")
    begun(county, "leader", "clerk2.hall", "clerk.hall")
    assert other in county.actor("clerk.hall").grants[1].centres


@pytest.mark.database
def test_a_post_given_after_the_plan_is_not_lent_by_it(county: County, clock: time_machine.Traveller) -> None:
    begun(county, "head", "approver", "approver2", days=5)
    clock.shift(timedelta(days=1))
    other = county.office("SC").id
    with scope.unscoped(county.session):
        county.session.add(Posting(**made(staff_id=county.staff("approver"), office_id=other, since=now().date())))
        county.session.commit()
    assert other in county.actor("approver").offices
    assert other not in county.actor("approver2").offices
    assert [grant.offices for grant in county.actor("approver2").grants] == [frozenset({county.office("NL").id})] * 2


def test_whoever_stands_in_does_not_prolong_it(county: County) -> None:
    begun(county, "leader", "manager.hall", "clerk.hall", days=30)
    after = {"since": "2026-04-01", "until": "2026-04-30"}
    with pytest.raises(NotAllowed, match="does not plan who does"):
        plan(county, "clerk.hall", "manager.hall", "clerk.hall", **after)
    assert plan(county, "clerk.hall", "clerk2.hall", "clerk.hall", **after), "but whoever else is absent is stood in for"


def test_nobody_stands_in_for_themselves_or_while_absent(county: County) -> None:
    with pytest.raises(Incomplete):
        plan(county, "manager.hall", "clerk.hall", "clerk.hall")
    plan(county, "manager.hall", "clerk.hall", "clerk2.hall")
    for absent, substitute in (("clerk.hall", "manager.hall"), ("clerk2.hall", "manager.hall"), ("manager.hall", "clerk.hall")):
        with pytest.raises(NotNow):
            plan(county, "manager.hall", absent, substitute)


@pytest.mark.database
def test_of_two_plans_for_one_absent_person_at_once_one_wins(county: County, engine: Engine) -> None:
    absent, substitutes = "clerk.hall", ("clerk2.hall", "manager.hall")
    ids = {name: county.staff(name) for name in (absent, *substitutes)}
    actor = county.actor("leader")
    county.session.rollback()
    start, outcome = Barrier(2), []

    def one(substitute: str) -> None:
        from app.engine.perform_object import perform_object

        told = {
            "absent": ids[absent], "substitute": ids[substitute], "since": "2026-03-02", "until": "2026-03-02",
            "reason": "年休假",
        }  # fmt: skip
        with Session(engine) as session:
            start.wait()
            try:
                perform_object(session, "substitute_period", "plan", None, actor, told, None)
                outcome.append("planned")
            except Refusal as refusal:
                outcome.append(refusal.code)

    threads = [Thread(target=one, args=(each,)) for each in substitutes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["not_now", "planned"]
    assert len(everything(county, SubstitutePeriod)) == 1


@pytest.mark.database
def test_it_begins_and_ends_by_itself_and_lends_nothing_before_or_after(
    county: County, clock: time_machine.Traveller
) -> None:
    period = plan(county, "manager.hall", "clerk.hall", "clerk2.hall", since="2026-03-03", until="2026-03-04")
    seen = []
    for day in (2, 3, 4, 5):
        clock.move_to(datetime(2026, 3, day, 9, 0, tzinfo=ZONE))
        if day == 5:
            assert len(county.actor("clerk2.hall").grants) == 1  # even before the duty ran
        tick(county.session)
        seen.append((the(county, "substitute_period", period).state, len(county.actor("clerk2.hall").grants)))
    assert seen == [("planned", 1), ("active", 2), ("active", 2), ("ended", 1)]


def test_it_is_ended_early_or_cancelled_by_whoever_may_plan_it(county: County) -> None:
    period = begun(county, "manager.hall", "clerk.hall", "clerk2.hall", days=9)
    with pytest.raises((NotAllowed, NotFound)):
        do(county, "head", "end_substitute", period)
    with pytest.raises(NotNow):
        do(county, "manager.hall", "cancel_substitute", period)
    do(county, "manager.hall", "end_substitute", period)
    assert len(county.actor("clerk2.hall").grants) == 1
    other = plan(county, "manager.hall", "clerk.hall", "clerk2.hall")
    do(county, "leader", "cancel_substitute", other)
    tick(county.session)
    assert the(county, "substitute_period", other).state == "cancelled"


def test_whoever_has_no_window_sits_at_the_absent_person_s(county: County) -> None:
    assert county.actor("manager.hall").window_id is None
    begun(county, "leader", "clerk.hall", "manager.hall")
    assert county.actor("manager.hall").window_id == county.actor("clerk.hall").window_id


def test_a_lent_role_opens_its_pages_while_it_is_lent(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.hall")
    assert clerk.get("substitute_period/transitions").json == []
    begun(county, "leader", "manager.hall", "clerk.hall")
    assert [each["name"] for each in clerk.get("substitute_period/transitions").json] == ["plan"]


def test_what_a_leading_role_sees_ends_at_its_own_place_whatever_is_lent_elsewhere(app: Flask, county: County) -> None:
    about = complained(county, centre=centre(county, "town")).id
    study = Study(
        centre_id=centre(county, "town"), staff_id=county.staff("clerk2.town"), kind="exam", subject="窗口业务",
        result="不合格", studied_on=now().date(), state="recorded", created_at=now(), created_by="test",
    )  # fmt: skip
    with scope.unscoped(county.session):
        county.session.add(study)
        county.session.commit()
        mark = study.id
    Program(app, county, "clerk2.town").post("application/", {"item": "I12"})  # a form that is sent back, on record
    begun(county, "leader", "clerk.town", "manager.hall")
    manager, program = at_work(app, "manager.hall"), Program(app, county, "manager.hall")
    assert county.actor("manager.hall").sees(centre(county, "town"), 0)  # as a clerk
    for address in (f"/object/complaint/{about}", f"/object/study/{mark}"):
        assert manager.get(address).status_code == 404, address
    assert program.get("complaint/").json["count"] == 0
    assert "示clerk2.town" in at_work(app, "supervisor").get("/missteps/list/").text
    for address in ("/missteps/list/", "/staff-photos/"):
        page = manager.get(address)
        assert (page.status_code, "示clerk2.town" in page.text) == (200, False), address
    line = finished(county, clerk="clerk2.town", issuer="clerk2.town")
    rate(county, line, 5, comment="等了很久。")
    assert program.get(f"rating/{rating_of(county, line).id}").json["result"]["grade"] is None


def test_verify_accepts_what_was_lent_and_finds_what_was_not(county: County, tmp_path: object) -> None:
    line = Line(county).until("accepted")
    line.do("approver", "request_suspension", **SUSPENSION)
    period = begun(county, "head", "head", "approver2")
    line.do("approver2", "suspend", opinion="同意勘验。")
    assert county.rows(Suspension, line.id)
    found = [v for v in violations(county.session, tmp_path) if not v.startswith(("5:", "6:"))]
    assert found == []
    from sqlalchemy import text

    with scope.unscoped(county.session):
        county.session.execute(text("DROP TRIGGER substitute_period_frozen"))
        county.session.execute(update(SubstitutePeriod).where(SubstitutePeriod.id == period).values(
            since=date(2026, 2, 1), until=date(2026, 2, 2)))  # fmt: skip
        county.session.commit()
    assert any(v.startswith("7:") and "stands in" in v for v in violations(county.session, tmp_path))


def test_verify_finds_a_toxic_pair_that_is_lent(county: County, tmp_path: object) -> None:
    from app.models.accounts import User

    begun(county, "manager.hall", "clerk.hall", "clerk2.hall")
    approver = county.session.scalars(select(RoleRow).where(RoleRow.name == "approver")).one()
    user = county.session.scalars(select(User).where(User.username == "clerk2.hall")).one()
    user.roles = [approver]
    county.session.commit()
    found = [v for v in violations(county.session, tmp_path) if v.startswith("30:")]
    assert found == ["30: the account clerk2.hall holds approver and window_clerk"]
