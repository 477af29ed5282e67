"""What was bad is seen to: contact within a working day, a reply within five, and never by whoever served."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select, update

from app.engine import scope
from app.errors import Incomplete, NotAllowed, NotFound, NotNow
from app.jobs import tick
from app.law.workdays import ZONE
from app.models.rating import Rating
from app.models.trail import Event, Notice
from app.supervision.verify import violations
from tests.factories import County, Line
from tests.stages.rating.ratings import badly_rated, complained, finished, on_order, on_record, rate, rating_of
from tests.web.at_work import at_work
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
CONTACT = {"way": "phone", "note": "已致电致歉。"}
REPLY = {"outcome": "corrected", "rectification": "已调整轮值，高峰时段多开一个窗口。"}


def moment(day: int, hour: int = 17, minute: int = 30) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def opened(county: County, kind: str) -> int:
    """A work order of the hall, opened by a bad rating or by a complaint."""
    return rating_of(county, badly_rated(county)).id if kind == "rating" else complained(county).id


BOTH = pytest.mark.parametrize("kind", ["rating", "complaint"])


@BOTH
@pytest.mark.database
def test_an_order_goes_from_contact_to_its_end(county: County, kind: str) -> None:
    pk = opened(county, kind)
    order = on_record(county, kind, pk)
    assert (order.number, order.due_at, order.reply_due_at) == ("GD-20260302-0001", moment(3), moment(9))
    order = on_order(county, "manager.hall", kind, pk, "contact", **CONTACT)
    assert (order.state, order.due_at) == ("rectify", moment(9))
    evidence = county.file("manager.hall")
    order = on_order(county, "manager.hall", kind, pk, "reply", **REPLY, evidence=evidence)
    assert (order.state, order.due_at, order.evidence_id) == ("replied", None, evidence)
    order = on_order(county, "supervisor", kind, pk, "redo", reason="请写明何时起执行。")
    assert (order.state, order.due_at) == ("rectify", moment(9))
    on_order(county, "manager.hall", kind, pk, "reply", **REPLY)
    order = on_order(county, "supervisor", kind, pk, "close")
    assert (order.state, order.due_at) == ("closed", None)
    with scope.unscoped(county.session):
        own = select(Event).where(Event.subject_kind == kind, Event.subject_id == pk).order_by(Event.seq)
        chained = list(county.session.scalars(own))
    assert [e.seq for e in chained] == list(range(1, len(chained) + 1))
    assert order.version == len(chained) + (kind == "rating")  # the invitation is no act of its own
    assert "已致电" not in str([e.payload for e in chained])


@BOTH
def test_the_leader_gives_more_time_up_to_fifteen_days_while_there_is_any(
    county: County, clock: time_machine.Traveller, kind: str
) -> None:
    pk = opened(county, kind)
    on_order(county, "manager.hall", kind, pk, "contact", **CONTACT)
    for days, wrong in ((16, Incomplete), (5, Incomplete)):
        with pytest.raises(wrong):
            on_order(county, "leader", kind, pk, "extend", days=days, reason="需要协调多个部门。")
    with pytest.raises(NotAllowed):
        on_order(county, "manager.hall", kind, pk, "extend", days=15, reason="需要协调多个部门。")
    order = on_order(county, "leader", kind, pk, "extend", days=15, reason="需要协调多个部门。")
    assert (order.due_at, order.extended_to) == (moment(23), moment(23).date())
    with pytest.raises(Incomplete):
        on_order(county, "leader", kind, pk, "extend", days=15, reason="需要协调多个部门。")
    clock.move_to(moment(23, 17, 31))
    with pytest.raises(NotNow):
        on_order(county, "leader", kind, pk, "extend", days=15, reason="需要协调多个部门。")


@BOTH
def test_an_appeal_is_judged_by_the_supervisor_and_what_is_void_ends(
    county: County, clock: time_machine.Traveller, kind: str
) -> None:
    pk = opened(county, kind)
    reason = "与申请人核实，是误按，并非差评。"
    order = on_order(county, "manager.hall", kind, pk, "appeal", reason=reason)
    assert (order.state, order.due_at) == ("appealed", None)
    clock.move_to(moment(5, 9, 0))
    order = on_order(county, "supervisor", kind, pk, "deny", reason="申请人坚持原评价。")
    assert (order.state, order.due_at, order.reply_due_at) == ("contact", moment(6), moment(12))
    on_order(county, "manager.hall", kind, pk, "appeal", reason=reason)
    with pytest.raises(NotAllowed):
        on_order(county, "manager.hall", kind, pk, "void", reason="误按。请作废。")
    assert on_order(county, "supervisor", kind, pk, "void", reason="核实为误评。").state == "voided"
    with pytest.raises(NotNow):
        on_order(county, "manager.hall", kind, pk, "contact", **CONTACT)


@BOTH
def test_what_is_late_is_told_once_and_two_days_on_the_leader_hears(
    county: County, clock: time_machine.Traveller, kind: str
) -> None:
    pk = opened(county, kind)

    def told() -> list[str]:
        county.session.rollback()
        tick(county.session)
        clock.shift(60)
        tick(county.session)
        with scope.unscoped(county.session):
            late = select(Notice.role).where(Notice.cause == "late_object", Notice.subject_id == pk)
            return list(county.session.scalars(late.order_by(Notice.id)))

    clock.move_to(moment(3, 17, 29))
    assert told() == []
    clock.move_to(moment(4, 8, 0))
    assert told() == ["window_manager", "supervisor"]
    clock.move_to(moment(5, 17, 31))
    assert told() == ["window_manager", "supervisor", "bureau_leader"]
    on_order(county, "manager.hall", kind, pk, "contact", **CONTACT)
    clock.move_to(moment(13, 8, 0))  # the scheduler was down for days: everybody hears at once, and once
    assert told()[3:] == ["window_manager", "supervisor", "bureau_leader"]


def test_whoever_served_does_not_see_to_it(app: Flask, county: County) -> None:
    line = badly_rated(county)
    rating = rating_of(county, line)
    also_manager(county, "clerk2.hall")
    assert Program(app, county, "clerk2.hall").get(f"rating/{rating.id}/transitions").json == []
    for move, data in (("contact", CONTACT), ("appeal", {"reason": "并没有怠慢，是申请人误解。"})):
        with pytest.raises(NotAllowed, match="You served at the counter"):
            on_order(county, "clerk2.hall", "rating", rating.id, move, **data)
    assert on_order(county, "manager.hall", "rating", rating.id, "contact", **CONTACT).state == "rectify"


def test_whoever_served_in_the_matter_named_does_not_see_to_the_complaint(county: County) -> None:
    line = finished(county)
    number = county.application(line.id).short_no
    also_manager(county, "clerk.hall")
    complaint = complained(county, application_no=number)
    with pytest.raises(NotAllowed, match="You served at the counter"):
        on_order(county, "clerk.hall", "complaint", complaint.id, "contact", **CONTACT)
    assert on_order(county, "manager.hall", "complaint", complaint.id, "contact", **CONTACT).state == "rectify"


def test_where_only_whoever_served_manages_the_counters_the_office_sees_to_it(county: County) -> None:
    line = Line(county).until("sent").confirm_handover().issue()  # a town without a manager of its own
    rate(county, line, 5, concerns="centre")
    rating = rating_of(county, line)
    assert rating.concerns == "office"
    assert on_order(county, "head", "rating", rating.id, "contact", **CONTACT).state == "rectify"


def test_an_order_lies_with_whom_it_concerns_and_with_no_other_place(app: Flask, county: County) -> None:
    line = badly_rated(county, concerns="office")
    rating = rating_of(county, line)
    for who, message in (("manager.hall", "another unit"), ("supervisor", "role"), ("clerk.hall", "role")):
        with pytest.raises(NotAllowed, match=message):
            on_order(county, who, "rating", rating.id, "contact", **CONTACT)
    version = rating.version
    foreign = Program(app, county, "head.other").post(
        f"rating/{rating.id}/transitions/contact", {"version": version, **CONTACT}
    )
    assert error(foreign) in ((403, "not_allowed"), (404, "not_found"))
    head = Program(app, county, "head")
    assert error(head.do_on("rating", rating.id, "contact", version=7, **CONTACT)) == (409, "not_now")
    assert head.do_on("rating", rating.id, "contact", **CONTACT).json["state"] == "rectify"


def test_a_complaint_is_out_of_sight_elsewhere_and_of_colleagues(app: Flask, county: County) -> None:
    pk = complained(county).id
    for who in ("clerk.hall", "head", "cert", "archivist", "approver", "guide"):
        asked = at_work(app, who)
        absent, foreign = asked.get("/object/complaint/987654"), asked.get(f"/object/complaint/{pk}")
        assert (foreign.status_code, absent.status_code) == (404, 404), who
        with pytest.raises((NotFound, NotAllowed)):
            on_order(county, who, "complaint", pk, "contact", **CONTACT)
    office = complained(county, office=county.office("NL").id).id
    assert on_order(county, "head", "complaint", office, "contact", **CONTACT).state == "rectify"
    with pytest.raises((NotFound, NotAllowed)):
        on_order(county, "manager.hall", "complaint", office, "reply", **REPLY)


def test_the_desks_show_what_waits(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    pk = opened(county, "rating")
    other = complained(county)
    number = on_record(county, "rating", pk).number
    manager, supervisor = (at_work(app, who) for who in ("manager.hall", "supervisor"))
    assert "Bad ratings to see to" in manager.get("/").text
    assert f"/object/complaint/{other.id}" in manager.get("/").text
    assert f"/object/rating/{pk}" not in supervisor.get("/").text.split("What happened")[0]
    clock.move_to(moment(4, 8, 0))
    supervisor, leader = (at_work(app, who) for who in ("supervisor", "leader"))
    for page in (supervisor.get("/").text, leader.get("/").text):
        assert "Bad ratings past their time" in page
        assert number in page
    on_order(county, "manager.hall", "rating", pk, "appeal", reason="与申请人核实，是误按，并非差评。")
    assert "Bad ratings to judge" in supervisor.get("/").text


def test_what_was_done_passes_the_books(county: County, tmp_path: Path) -> None:
    pk = opened(county, "rating")
    on_order(county, "manager.hall", "rating", pk, "contact", **CONTACT)
    complaint = opened(county, "complaint")
    on_order(county, "manager.hall", "complaint", complaint, "contact", **CONTACT)
    county.session.rollback()
    assert [line for line in violations(county.session, tmp_path) if not line.startswith(("23:", "32:"))] == []
    with scope.unscoped(county.session):
        county.session.execute(update(Rating).where(Rating.id == pk).values(state="replied"))
        county.session.commit()
    said = [line for line in violations(county.session, tmp_path) if not line.startswith(("23:", "32:"))]
    assert len(said) == 1
    assert "rating" in said[0]


def also_manager(county: County, username: str) -> None:
    """Somebody at the counter who manages it, too."""
    session = county.session
    user = session.scalars(select(User).where(User.username == username)).one()
    user.roles.append(session.scalars(select(Role).where(Role.name == "window_manager")).one())
    session.commit()
