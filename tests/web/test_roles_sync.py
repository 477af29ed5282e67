"""Roles and permissions are brought to a version, and what the county changed stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select

from app.engine import actors
from app.engine.acts import in_order
from app.engine.now import now
from app.extensions import db
from app.law.lifecycle import TRANSITIONS
from app.law.roles import STAFF_ROLES, Role
from app.web import roles_sync
from app.web.roles_sync import sync_roles
from tests.web.logins import add_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

APPLICATION = "Application"


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    """The application with its roles as a county starts with them."""
    with app.app_context():
        sync_roles(app.appbuilder)
        yield app


def role(name: Role) -> RoleRow:
    return db.session.scalars(select(RoleRow).where(RoleRow.name == name.value)).one()


def held(name: Role) -> set[tuple[str, str]]:
    db.session.rollback()
    return {(each.permission.name, each.view_menu.name) for each in role(name).permissions}


def change(name: Role, *, give: str = "", take: str = "") -> None:
    """The county gives the role an act, or takes one away."""
    session, row = db.session, role(name)
    row.permissions = [each for each in row.permissions if each.permission.name != f"can_{take}"]
    if give:
        query = select(roles_sync.PermissionView).join(roles_sync.PermissionView.permission)
        row.permissions.append(session.scalars(query.where(roles_sync.Permission.name == f"can_{give}")).one())
    session.commit()


@pytest.mark.database
def test_each_staff_role_starts_with_the_acts_of_the_life_cycle(house: Flask) -> None:
    for name in STAFF_ROLES:
        acts = {permission.removeprefix("can_") for permission, view in held(name) if view == APPLICATION}
        wanted = {act.transition.name for act in in_order() if name in act.transition.roles}
        assert acts & TRANSITIONS.keys() == wanted


@pytest.mark.database
def test_a_second_run_changes_nothing(house: Flask) -> None:
    before = {name: held(name) for name in STAFF_ROLES}
    assert sync_roles(house.appbuilder).lines() == []
    assert {name: held(name) for name in STAFF_ROLES} == before


def test_an_act_without_a_body_is_no_permission(house: Flask) -> None:
    known = {permission for permission, view in roles_sync.every_permission(house.appbuilder) if view == APPLICATION}
    bodies = {f"can_{act.transition.name}" for act in in_order()}
    assert known & {f"can_{name}" for name in TRANSITIONS} == bodies


def test_what_the_county_gave_and_took_stays_and_is_reported(house: Flask) -> None:
    change(Role.WINDOW_MANAGER, give="register")
    change(Role.APPROVER, take="make_certificate")
    report = sync_roles(house.appbuilder)
    assert report.kept == [
        "window_manager: can_register on Application (added)",
        "approver: can_make_certificate on Application (taken away)",
    ]
    assert ("can_register", APPLICATION) in held(Role.WINDOW_MANAGER)
    assert ("can_make_certificate", APPLICATION) not in held(Role.APPROVER)


def test_a_new_version_brings_its_grants_and_takes_away_its_own(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = roles_sync.starting_grants(house.appbuilder)
    real[Role.GUIDE].add(("can_remind", APPLICATION))
    real[Role.APPROVER].discard(("can_accept", APPLICATION))
    monkeypatch.setattr(roles_sync, "starting_grants", lambda _builder: real)
    report = sync_roles(house.appbuilder)
    assert report.granted == ["guide: can_remind on Application"]
    assert report.revoked == ["approver: can_accept on Application"]
    assert ("can_accept", APPLICATION) not in held(Role.APPROVER)


def test_a_permission_that_this_version_no_longer_knows_goes_from_all_roles(house: Flask) -> None:
    manager = house.appbuilder.sm
    old = manager.add_permission_view_menu("can_list", "OldView")
    manager.add_permission_role(role(Role.GUIDE), old)
    assert sync_roles(house.appbuilder).removed == ["can_list on OldView"]
    assert ("can_list", "OldView") not in held(Role.GUIDE)
    assert manager.find_view_menu("OldView") is None


def test_a_grant_beyond_the_bounds_is_named_and_has_no_effect(house: Flask) -> None:
    change(Role.WINDOW_CLERK, give="accept")
    assert sync_roles(house.appbuilder).void == ["window_clerk: can_accept on Application"]
    user_id = add_account(house, "wang", "window_clerk")
    actor = actors.load(db.session, user_id, now().date())
    assert actor is not None
    assert not actor.grants_of("accept")
    assert actor.grants_of("register")


@pytest.mark.database
def test_the_administrator_holds_no_act_though_flask_appbuilder_gives_that_role_everything(house: Flask) -> None:
    root = add_account(house, "root", "county_admin")
    house.appbuilder.add_permissions(update_perms=True)
    acts = {f"can_{name}" for name in TRANSITIONS}
    assert not acts & {permission for permission, view in held(Role.COUNTY_ADMIN) if view == APPLICATION}
    actor = actors.load(db.session, root, now().date())
    assert actor is not None
    assert not any(grant.acts for grant in actor.grants)
