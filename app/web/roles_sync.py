"""Permissions and roles brought to this version of the house, without touching what the county changed.

A view says who starts with it: `readers` may see, `editors` may also write. Whatever shares the view name "Application"
is seen by the roles that reach applications; its acts are granted by the rows of the life cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from app.engine import transaction
from app.engine.actors import PERMISSION_VIEW
from app.engine.acts import in_order
from app.engine.now import now
from app.engine.object_acts import BODIES
from app.law.object_acts import EVERY_ACT, may_hold
from app.law.roles import REACH, STAFF_ROLES, Reach, Role
from app.models.calendar import Setting

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder
    from flask_appbuilder.menu import MenuItem

    from app.law.lifecycle import Transition
    from app.law.object_acts import ObjectTransition

LAST_GRANTS = "role_grants"
"""The setting that remembers which grants each role started with when it was last synchronised."""

WRITES = frozenset({"can_add", "can_edit", "can_delete", "can_post", "can_put"})
EVERYBODY = frozenset(STAFF_ROLES)
REACHING = frozenset(role for role in STAFF_ROLES if REACH[role] in {Reach.CENTRE, Reach.OFFICE, Reach.COUNTY})

# Views of Flask-AppBuilder that say nothing themselves.
READERS = {"MenuApi": EVERYBODY, "OpenApi": EVERYBODY}
EDITORS = {"ResetPasswordView": frozenset({Role.COUNTY_ADMIN})}

Grant = tuple[str, str]
"""A permission and the view it is on, e.g. («can_accept», «Application»)."""

OWN_ACCOUNT: frozenset[Grant] = frozenset({
    ("can_this_form_get", "ResetMyPasswordView"),
    ("can_this_form_post", "ResetMyPasswordView"),
    ("can_userinfo", "UserDBModelView"),
    ("resetmypassword", "UserDBModelView"),
})
"""What nobody needs a grant for, once logged in: the own account."""

CLOSED = frozenset({("userinfoedit", "UserDBModelView")})
"""Of Flask-AppBuilder, and not opened here."""


@dataclass
class Report:
    """What a synchronisation found and did, one line each."""

    created: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """What the county changed in the role editor, and keeps."""
    void: list[str] = field(default_factory=list)
    """Grants beyond the bounds: they are there, and have no effect."""

    def lines(self) -> list[str]:
        """The report as a command prints it."""
        return [f"{what}: {line}" for what, found in vars(self).items() for line in found]


def sync_roles(appbuilder: AppBuilder) -> Report:
    """Bring permissions and roles to this version; may be run at every start."""
    session = appbuilder.session
    return transaction.run(session, lambda: _sync(session, appbuilder))


def _sync(session: Session, appbuilder: AppBuilder) -> Report:
    report = Report()
    permissions = _permissions(session, set(every_permission(appbuilder)), report)
    last = _last_grants(session)
    start = starting_grants(appbuilder)
    rows = session.scalars(select(RoleRow).options(selectinload(RoleRow.permissions)))
    roles = {row.name: row for row in rows}
    for role in STAFF_ROLES:
        row = roles.get(role.value)
        if row is None:
            row = RoleRow(name=role.value)
            session.add(row)
        _merge(role, row, set(map(tuple, last.value.get(role.value, ()))), start[role], permissions, report)
    last.value = {role.value: sorted(map(list, start[role])) for role in STAFF_ROLES}
    session.flush()
    return report


def _merge(
    role: Role, row: RoleRow, before: set[Grant], start: set[Grant], permissions: dict[Grant, PermissionView],
    report: Report,
) -> None:
    """Give the role what is new in this version and take what left it; the county's own changes stay."""
    held = {(each.permission.name, each.view_menu.name) for each in row.permissions}
    new = start - before - held
    gone = (before - start) & held
    row.permissions = [permissions[grant] for grant in sorted((held | new) - gone)]
    report.granted += _named(role, new)
    report.revoked += _named(role, gone)
    report.kept += [f"{line} (added)" for line in _named(role, held - before - start)]
    report.kept += [f"{line} (taken away)" for line in _named(role, (before & start) - held)]
    report.void += _named(role, {grant for grant in held if is_void(role, grant)})


def is_void(role: Role, grant: Grant) -> bool:
    """Whether the bounds refuse this grant to the role, whatever the role editor says."""
    act = act_of(grant)
    return act is not None and not may_hold(role, act)


def act_of(grant: Grant) -> str | None:
    """The act that this permission is for; None where it is for a page."""
    permission, view = grant
    act = permission.removeprefix("can_")
    return act if view == PERMISSION_VIEW and act in EVERY_ACT else None


def with_a_body() -> list[Transition | ObjectTransition]:
    """The acts that can be done in this version: on applications, then on their small objects."""
    return [*(act.transition for act in in_order()), *(act.transition for act in BODIES.values())]


def every_permission(appbuilder: AppBuilder) -> Iterator[Grant]:
    """Every permission that this version knows: acts with a body, pages, menu entries."""
    for act in with_a_body():
        yield f"can_{act.name}", PERMISSION_VIEW
    for view in appbuilder.baseviews:
        yield from _of_pages(view)
    for item in _menu(appbuilder):
        yield "menu_access", item.name


def starting_grants(appbuilder: AppBuilder) -> dict[Role, set[Grant]]:
    """What each role holds before a county changes anything."""
    start: dict[Role, set[Grant]] = {role: set() for role in STAFF_ROLES}
    for act in with_a_body():
        for role in set(act.roles) & EVERYBODY:
            start[role].add((f"can_{act.name}", PERMISSION_VIEW))
    for view in appbuilder.baseviews:
        readers, editors = _audience(view)
        for grant in _of_pages(view):
            for role in editors if grant[0] in WRITES else readers:
                start[role].add(grant)
    for item in _menu(appbuilder):
        for role in _visitors(appbuilder, item):
            start[role].add(("menu_access", item.name))
    return start


def _of_pages(view: Any) -> list[Grant]:
    """The permissions of a view that the role editor grants, but for the acts."""
    grants = [(permission, view.class_permission_name) for permission in view.base_permissions]
    return [grant for grant in grants if act_of(grant) is None and grant not in OWN_ACCOUNT | CLOSED]


def _audience(view: Any) -> tuple[frozenset[Role], frozenset[Role]]:
    """Who starts with seeing the pages of a view, and who with writing there."""
    name = type(view).__name__
    editors = frozenset(getattr(view, "editors", EDITORS.get(name, ())))
    readers = frozenset(getattr(view, "readers", READERS.get(name, ())))
    if view.class_permission_name == PERMISSION_VIEW:
        # The engine decides who may act; here it is enough to reach applications at all.
        editors = readers = readers or REACHING
    return readers | editors, editors


def _visitors(appbuilder: AppBuilder, item: MenuItem) -> frozenset[Role]:
    """Who finds something behind a menu entry."""
    if item.childs:
        return frozenset().union(*(_visitors(appbuilder, child) for child in item.childs if child.name != "-"))
    view = item.baseview
    if view is None:
        endpoint = item.href.partition(".")[0]
        view = next((each for each in appbuilder.baseviews if each.endpoint == endpoint), None)
    return _audience(view)[0] if view is not None else frozenset()


def _menu(appbuilder: AppBuilder) -> Iterable[MenuItem]:
    for section in appbuilder.menu.get_list():
        yield section
        yield from (item for item in section.childs if item.name != "-")


def _permissions(session: Session, wanted: set[Grant], report: Report) -> dict[Grant, PermissionView]:
    """The rows of exactly the wanted permissions: the missing ones made, those nobody asks for any more removed."""
    pairs = select(PermissionView).join(PermissionView.permission).join(PermissionView.view_menu)
    rows = {(each.permission.name, each.view_menu.name): each for each in session.scalars(pairs)}
    for grant in sorted(rows.keys() - wanted):
        row = rows.pop(grant)
        session.delete(row)
        report.removed.append(_spoken(grant))
    names = {each.name: each for each in session.scalars(select(Permission))}
    views = {each.name: each for each in session.scalars(select(ViewMenu))}
    for permission, view in sorted(wanted - rows.keys()):
        rows[permission, view] = PermissionView(
            permission=names.setdefault(permission, Permission(name=permission)),
            view_menu=views.setdefault(view, ViewMenu(name=view)),
        )
        session.add(rows[permission, view])
        report.created.append(_spoken((permission, view)))
    session.flush()
    for model, key in ((Permission, PermissionView.permission_id), (ViewMenu, PermissionView.view_menu_id)):
        session.execute(delete(model).where(model.id.not_in(select(key))))
    return rows


def _last_grants(session: Session) -> Setting:
    row = session.get(Setting, LAST_GRANTS)
    if row is None:
        row = Setting(key=LAST_GRANTS, value={}, created_at=now(), created_by="system")
        session.add(row)
    return row


def _named(role: Role, grants: Iterable[Grant]) -> list[str]:
    return [f"{role.value}: {_spoken(grant)}" for grant in sorted(grants)]


def _spoken(grant: Grant) -> str:
    return f"{grant[0]} on {grant[1]}"
