"""Each window and each hall has one leader at a time, whose page shows the own windows and opens for nobody else (第三条)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.jobs import tick
from app.models.organisation import Centre, Window
from app.models.people import Leadership
from tests.factories import County, Line, made, person
from tests.management.staffing import do, plan
from tests.web.at_work import at_work
from tests.web.forms import fill_in
from tests.web.programs import Program

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

LEADER = "/daily/"


def place(county: County, code: str = "hall") -> Centre:
    return county.session.scalars(select(Centre).where(Centre.code == code)).one()


def window(county: County, code: str) -> Window:
    wanted = select(Window).join(Centre).where(Centre.code == "hall", Window.code == code)
    return county.session.scalars(wanted).one()


def second_manager(county: County) -> int:
    """Another window manager of the hall; the staff number."""
    from flask_appbuilder.security.sqla.models import Role

    role = county.session.scalars(select(Role).where(Role.name == "window_manager")).one()
    hall = place(county)
    staff = person(county.session, "manager2.hall", role, "hall:", {"hall": hall}, {}, {})
    county.session.commit()
    return staff.id


def leads(county: County, who: str = "manager.hall", **changes: object) -> Leadership:
    """Somebody leads the hall's windows."""
    told = {"centre_id": place(county).id, "staff_id": county.staff(who), "since": date(2026, 1, 1), **changes}
    row = Leadership(**made(**told))
    county.session.add(row)
    county.session.commit()
    return row


@pytest.fixture
def admin(app: Flask, county: County) -> FlaskClient:
    Program(app, county, "admin")
    return at_work(app, "admin")


@pytest.mark.req(7)
@pytest.mark.database
def test_a_place_has_one_leader_at_a_time_and_keeps_its_history(app: Flask, county: County, admin: FlaskClient) -> None:
    hall, first, second = place(county).id, county.staff("manager.hall"), second_manager(county)
    new = {"centre": str(hall), "since": "2026-03-02"}
    assert fill_in(admin, "/leaders/add", staff=str(first), **new).status_code == 302
    refused = fill_in(admin, "/leaders/add", staff=str(second), **new)
    assert refused.status_code == 422
    assert "This place has a leader in these days" in refused.text
    for days in ({"since": "2026-02-01"}, {"since": "2026-02-01", "until": "2026-03-02"}, {"since": "2027-01-01"}):
        assert fill_in(admin, "/leaders/add", staff=str(second), centre=str(hall), **days).status_code == 422, days
    county.session.rollback()
    [row] = county.session.scalars(select(Leadership)).all()
    assert fill_in(admin, f"/leaders/edit/{row.id}", until="2026-03-31").status_code == 302
    assert fill_in(admin, "/leaders/add", staff=str(second), centre=str(hall), since="2026-04-01").status_code == 302
    assert fill_in(admin, f"/leaders/edit/{row.id}", until="2026-04-01").status_code == 422  # into the next one's days
    county.session.rollback()
    rows = county.session.scalars(select(Leadership).order_by(Leadership.since)).all()
    assert [(r.staff_id, r.since, r.until) for r in rows] == [
        (first, date(2026, 3, 2), date(2026, 3, 31)), (second, date(2026, 4, 1), None),
    ]  # fmt: skip
    listed = admin.get("/leaders/list/").text
    assert "示manager.hall" in listed
    assert "示manager2.hall" in listed


@pytest.mark.database
def test_the_database_itself_refuses_a_second_leader_and_keeps_what_was(county: County) -> None:
    row = leads(county)
    other = second_manager(county)
    with pytest.raises(IntegrityError):
        leads(county, staff_id=other)
    county.session.rollback()
    leads(county, window_id=window(county, "A01").id, staff_id=other)
    with pytest.raises(IntegrityError):
        leads(county, window_id=window(county, "A01").id)
    county.session.rollback()
    for statement in (
        delete(Leadership).where(Leadership.id == row.id),
        update(Leadership).where(Leadership.id == row.id).values(staff_id=other),
    ):
        with pytest.raises(IntegrityError):
            county.session.execute(statement)
        county.session.rollback()


def test_a_leader_is_a_window_manager_of_the_place(app: Flask, county: County, admin: FlaskClient) -> None:
    hall, town = str(place(county).id), str(place(county, "town").id)
    foreign = str(county.session.scalars(select(Window.id).join(Centre).where(Centre.code == "town")).first())
    for told, sentence in (
        ({"centre": hall, "staff": str(county.staff("clerk.hall"))}, "window manager who works at this centre"),
        ({"centre": town, "staff": str(county.staff("manager.hall"))}, "window manager who works at this centre"),
        ({"centre": hall, "staff": str(county.staff("manager.hall")), "window": foreign}, "at another centre"),
        ({"centre": hall, "staff": str(county.staff("manager.hall")), "until": "2026-01-01"}, "before the first"),
    ):
        answer = fill_in(admin, "/leaders/add", since="2026-03-02", **told)
        assert (answer.status_code, sentence in answer.text) == (422, True), told


def test_only_the_administrator_names_a_leader(app: Flask, county: County) -> None:
    row = leads(county)
    for who in ("manager.hall", "leader", "supervisor", "clerk.hall", "head"):
        Program(app, county, who)
        client = at_work(app, who)
        assert client.get("/leaders/add").status_code == 403, who
        assert client.post("/leaders/add", data={"since": "2026-03-02"}).status_code in {400, 403}, who
        assert client.post(f"/leaders/edit/{row.id}", data={"until": "2026-03-02"}).status_code in {400, 403}, who


@pytest.mark.req(97)
def test_the_leader_s_page_shows_the_own_windows_and_opens_for_nobody_else(app: Flask, county: County) -> None:
    everybody = (
        "clerk.hall", "clerk.town", "approver", "head", "assistant", "leader", "cert", "supervisor", "archivist",
        "department", "guide", "admin", "manager.hall",
    )  # fmt: skip
    for who in everybody:
        Program(app, county, who)
    assert {who: at_work(app, who).get(LEADER).status_code for who in everybody} == dict.fromkeys(everybody, 403)
    leads(county)
    do(county, "clerk2.hall", "leave_window", destination="meeting")
    line = Line(county, clerk="clerk.hall").register().receive()
    line.do("clerk.hall", "escalate", type="special_complex", reason="材料涉及历史档案缺失，窗口无法判断。")
    opened = {who: at_work(app, who).get(LEADER).status_code for who in everybody}
    assert opened == {**dict.fromkeys(everybody, 403), "manager.hall": 200}
    page = at_work(app, "manager.hall").get(LEADER).text
    for words in ("示clerk.hall", "示clerk2.hall", "In a meeting", "A01窗口", "Brought up to you", "Items not taught yet"):
        assert words in page, words
    assert county.application(line.id).short_no in page
    assert "示clerk.town" not in page
    assert "T01窗口" not in page


def test_a_leader_of_one_window_sees_that_one(app: Flask, county: County) -> None:
    Program(app, county, "manager.hall")
    leads(county, window_id=window(county, "A02").id)
    page = at_work(app, "manager.hall").get(LEADER).text
    assert "示clerk2.hall" in page
    assert "示clerk.hall" not in page
    assert "A01窗口" not in page


def test_the_page_closes_with_the_last_day_and_opens_for_whoever_stands_in(app: Flask, county: County) -> None:
    for who in ("manager.hall", "clerk.hall"):
        Program(app, county, who)
    leads(county, until=date(2026, 3, 1))
    assert at_work(app, "manager.hall").get(LEADER).status_code == 403
    leads(county, since=date(2026, 3, 2))
    assert at_work(app, "manager.hall").get(LEADER).status_code == 200
    plan(county, "leader", "manager.hall", "clerk.hall")
    tick(county.session)
    assert at_work(app, "clerk.hall").get(LEADER).status_code == 200


def test_the_role_editor_does_not_open_it_to_another_role(app: Flask, county: County) -> None:
    from flask_appbuilder.security.sqla.models import PermissionView, Role

    leads(county)
    Program(app, county, "leader")
    session = county.session
    pages = [p for p in session.scalars(select(PermissionView)) if p.view_menu.name == "DailyView"]
    assert pages
    role = session.scalars(select(Role).where(Role.name == "bureau_leader")).one()
    role.permissions = [*role.permissions, *pages]
    session.commit()
    assert at_work(app, "leader").get(LEADER).status_code == 403
