"""The role editor: acts by name, in plain words, within the bounds; and accounts that hold lawful roles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Permission, PermissionView, User, ViewMenu
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select

from app.engine import actors
from app.engine.now import now
from app.extensions import db
from app.law.lifecycle import TRANSITIONS
from app.law.roles import BOUNDS, TOXIC_PAIRS, Bound, Role, may_ever
from app.models.organisation import Posting, Staff
from app.web.role_editor import grant_words, tick_words
from tests.generated import audit, client_of, value
from tests.web.forms import fields_of, fill_in, send_again
from tests.web.logins import add_account

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def path_of(house: Flask, role: Role) -> str:
    return f"/roles/edit/{value(house, select(RoleRow.id).where(RoleRow.name == role.value))}"


def permission(house: Flask, name: str, view: str = "Application") -> str:
    query = select(PermissionView.id).join(Permission).join(ViewMenu)
    return str(value(house, query.where(Permission.name == name, ViewMenu.name == view)))


def acts_of(house: Flask, username: str) -> set[str]:
    with house.app_context():
        user_id = db.session.scalar(select(User.id).where(User.username == username))
        actor = actors.load(db.session, user_id, now().date())
        return set().union(*(grant.acts for grant in actor.grants))


@pytest.mark.database
def test_accept_reject_and_issue_are_permissions_of_the_role_editor(house: Flask, admin: FlaskClient) -> None:
    approvers = admin.get(path_of(house, Role.APPROVER)).text
    assert "Accept (can_accept)" in approvers
    assert "Propose non-acceptance (can_reject)" in approvers
    assert "Issue (can_issue)" in admin.get(path_of(house, Role.CERT_CLERK)).text


@pytest.mark.req(1)
def test_what_the_bounds_refuse_is_not_offered(house: Flask, admin: FlaskClient) -> None:
    for role in BOUNDS.keys() - {Role.SYSTEM}:
        page = admin.get(path_of(house, role)).text
        for name, row in TRANSITIONS.items():
            if not may_ever(role, name, row.act_class):
                assert f"({'can_' + name})" not in page, (role, name)


@pytest.mark.req(1)
def test_a_front_role_saved_with_a_decision_is_refused_with_a_sentence(house: Flask, admin: FlaskClient) -> None:
    path = path_of(house, Role.TOWN_CLERK)
    fields = fields_of(admin.get(path).text)
    fields["permissions"].append(permission(house, "can_accept"))
    answer = admin.post(path, data=fields)
    assert answer.status_code == 422
    assert "Town centre window clerk may never do this, whatever a county grants: Accept." in answer.text
    assert "accept" not in acts_of(house, "tina")


@pytest.mark.database
def test_a_county_gives_and_takes_an_act_within_the_bounds(house: Flask, admin: FlaskClient) -> None:
    assert BOUNDS[Role.WINDOW_MANAGER][TRANSITIONS["register"].act_class] is Bound.ALLOWED
    path = path_of(house, Role.WINDOW_MANAGER)
    fields = fields_of(admin.get(path).text)
    register, remind = permission(house, "can_register"), permission(house, "can_remind")
    fields["permissions"] = [*(each for each in fields["permissions"] if each != remind), register]
    asked = admin.post(path, data=fields)
    assert "1 people can no longer do «Remind»: 示manager.hall." in asked.text
    assert "Lets 1 people do «Register»: 示manager.hall." in asked.text
    assert "register" not in acts_of(house, "manager.hall")
    assert send_again(admin, path, asked).status_code == 302
    assert "register" in acts_of(house, "manager.hall")
    assert "remind" not in acts_of(house, "manager.hall")
    told = [detail.partition(": ")[2] for what, detail, _ in audit(house) if what == "changed role"]
    assert told == ["permissions: − can remind on Application", "permissions: + can register on Application"]


def test_accounts_and_roles_stay_with_the_administrator_who_keeps_the_key(house: Flask, admin: FlaskClient) -> None:
    path = path_of(house, Role.SUPERVISOR)
    fields = fields_of(admin.get(path).text)
    fields["permissions"].append(permission(house, "can_edit", "UserDBModelView"))
    refused = admin.post(path, data=fields)
    assert refused.status_code == 422
    assert "given by the county administrator alone" in refused.text
    path = path_of(house, Role.COUNTY_ADMIN)
    fields = fields_of(admin.get(path).text)
    fields["permissions"].remove(permission(house, "can_edit", "RoleView"))
    locked_out = admin.post(path, data=fields)
    assert locked_out.status_code == 422
    assert "keeps the pages of accounts and roles" in locked_out.text


def test_roles_are_those_of_the_rule(house: Flask, admin: FlaskClient) -> None:
    with house.app_context():
        house.appbuilder.sm.add_role("friends")
    token = fields_of(admin.get(path_of(house, Role.GUIDE)).text)["csrf_token"]
    assert "friends" not in admin.get("/roles/list/").text
    assert admin.post("/roles/add", data={"csrf_token": token, "name": "x"}).status_code == 404
    guide = path_of(house, Role.GUIDE).replace("edit", "delete")
    assert admin.post(guide, data={"csrf_token": token}).status_code == 404


@pytest.mark.req(1)
def test_each_pair_of_roles_that_defeats_the_separation_is_refused_in_words(house: Flask, admin: FlaskClient) -> None:
    ids = {role.name: str(role.id) for role in all_roles(house)}
    user = value(house, select(User.id).where(User.username == "tina"))
    for pair in TOXIC_PAIRS:
        answer = fill_in(admin, f"/users/edit/{user}", roles=[ids[role.value] for role in pair])
        assert answer.status_code == 422, pair
        assert "Nobody may be" in answer.text
    assert acts_of(house, "tina") >= {"register", "receive"}
    answer = fill_in(admin, f"/users/edit/{user}", roles=[ids["window_clerk"], ids["approver"]])
    assert "Nobody may be Approver and Hall window clerk at once." in answer.text


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2027, 1, 1)])
def test_a_new_user_name_hides_no_post_at_the_hall(house: Flask, admin: FlaskClient, since: date) -> None:
    ids = {role.name: str(role.id) for role in all_roles(house)}
    user = value(house, select(User.id).where(User.username == "clerk.hall"))
    with house.app_context():
        post = db.session.scalars(select(Posting).join(Staff).where(Staff.user_id == user)).one()
        post.since = since
        db.session.commit()
    both = [ids["window_clerk"], ids["cert_clerk"]]
    answer = fill_in(admin, f"/users/edit/{user}", roles=both, username="somebody.else")
    assert (answer.status_code, "Nobody may be" in answer.text) == (422, True)


def test_a_user_name_in_capital_letters_locks_nobody_out(house: Flask, admin: FlaskClient) -> None:
    user = value(house, select(User.id).where(User.username == "tina"))
    answer = fill_in(admin, f"/users/edit/{user}", username="ROOT")
    assert (answer.status_code, "capital letters make no difference" in answer.text) == (422, True)
    assert fill_in(admin, f"/users/edit/{user}", username="Tina").status_code == 302


def all_roles(house: Flask) -> list[RoleRow]:
    with house.app_context():
        return list(db.session.scalars(select(RoleRow)))


@pytest.mark.database
def test_an_account_is_made_with_roles_in_plain_words_and_logs_in(house: Flask, admin: FlaskClient) -> None:
    page = admin.get("/users/add").text
    assert "Head of approval office" in page
    clerk = next(str(role.id) for role in all_roles(house) if role.name == "window_clerk")
    new = {"username": "li", "first_name": "四", "last_name": "李", "email": "li@example.cn", "active": "y",
           "roles": [clerk], "password": "three green pots", "conf_password": "three green pots"}  # fmt: skip
    refused = fill_in(admin, "/users/add", **(new | {"password": "short", "username": "tina"}))
    assert refused.status_code == 422
    assert fields_of(refused.text)["last_name"] == ["李"]
    assert "short" not in refused.text
    assert fill_in(admin, "/users/add", **(new | {"username": "tina"})).status_code == 422
    assert fill_in(admin, "/users/add", **(new | {"email": "no address"})).status_code == 422
    own_network = new | {"username": "wu", "email": "wu@county.local"}
    assert [fill_in(admin, "/users/add", **each).status_code for each in (own_network, new)] == [302, 302]
    assert client_of(house, "li").get("/items/list/").status_code == 200
    assert not any("three green pots" in detail for _, detail, _ in audit(house))


def test_one_resets_somebody_elses_password_from_their_page(house: Flask, admin: FlaskClient) -> None:
    user = add_account(house, "li")
    page = admin.get(f"/users/show/{user}").text
    assert "action/resetpasswords" in page
    assert "action/resetmypassword" not in page
    assert "action/resetmypassword" in admin.get("/users/userinfo/").text
    token = fields_of(admin.get("/offices/add").text)["csrf_token"]
    answer = admin.post(f"/users/action/resetpasswords/{user}", data={"csrf_token": token})
    assert answer.headers["Location"].startswith("/resetpassword/form")
    assert admin.post(f"/users/action/nothing/{user}", data={"csrf_token": token}).status_code == 404


def test_no_permission_stands_in_the_editor_as_a_program_names_it(house: Flask) -> None:
    with house.test_request_context():
        rows = list(db.session.scalars(select(PermissionView)).unique())
        bare = [
            str(row)
            for row in rows
            if grant_words(row).startswith(f"{row.view_menu.name}:") or tick_words(row) == row.permission.name
        ]
    assert len(rows) > 100
    assert bare == []
