"""The role editor: what each staff role may do, in plain words, within the bounds that no county can move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, request
from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_appbuilder.security.sqla.models import PermissionView
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select
from wtforms.widgets import html_params

from app.engine.actors import PERMISSION_VIEW
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.object_acts import EVERY_ACT
from app.law.roles import ROLE_LABELS, STAFF_ROLES, Role
from app.web.crud import GeneratedView
from app.web.crud_forms import SomeOf
from app.web.roles_sync import Grant, act_of, is_void, with_a_body
from app.web.work_impact import at_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wtforms import Field
    from wtforms.fields.choices import Choice

ADMINISTRATION = frozenset({"UserDBModelView", "RoleView", "RoleMatrixView", "ResetPasswordView"})
"""The pages by which accounts and roles are given: the administrator's alone, and never lost."""

BEYOND = N_("%(role)s may never do this, whatever a county grants: %(act)s.")
NOT_THEIRS = N_("Accounts and roles are given by the county administrator alone.")
LAST_KEY = N_("The county administrator keeps the pages of accounts and roles; nobody else could give them back.")

VERBS = {
    "menu_access": N_("In the menu"), "can_list": N_("See the list"), "can_show": N_("Open"), "can_add": N_("Add"),
    "can_edit": N_("Edit"), "can_delete": N_("Delete"), "can_get": N_("Read by program"),
    "can_post": N_("Add by program"), "can_put": N_("Change by program"), "can_info": N_("Describe to a program"),
    "resetpasswords": N_("Give a new password"), "can_this_form_get": N_("Open the form"),
    "can_this_form_post": N_("Send the form"), "can_photos": N_("See and put in photos"),
    "can_counts": N_("See the figures"),
}


def role_words(row: RoleRow) -> str:
    """A role as people call it."""
    return gettext(ROLE_LABELS[Role(row.name)]) if row.name in STAFF_ROLES else row.name


def grant_of(row: PermissionView) -> Grant:
    """The permission and the view it is on."""
    return row.permission.name, row.view_menu.name


def grant_words(row: PermissionView) -> str:
    """A permission in plain words, with its name where it is an act's."""
    if act_of(grant_of(row)):
        return tick_words(row)
    return f"{group_of(row)}: {tick_words(row)}"


def words_of_grant(grant: Grant) -> str:
    """A permission on a page in plain words, whether the house still has such a page or not."""
    return f"{_group(grant)}: {_verb(grant[0])}"


def tick_words(row: PermissionView) -> str:
    """What stands beside the tick, under the heading of its group."""
    grant = permission, _view = grant_of(row)
    if act := act_of(grant):
        return f"{gettext(EVERY_ACT[act].label)} ({permission})"
    return _verb(permission)


def _verb(permission: str) -> str:
    return gettext(VERBS[permission]) if permission in VERBS else permission


def group_of(row: PermissionView) -> str:
    """The heading under which a permission stands: all acts together, or the page as the menu calls it."""
    return _group(grant_of(row))


def _group(grant: Grant) -> str:
    _permission, view = grant
    if act_of(grant):
        return gettext("Acts on applications")
    if view == PERMISSION_VIEW:
        return gettext("Applications")
    builder = current_app.appbuilder
    if (entry := builder.menu.find(view)) is not None:
        return str(entry.label)
    found = next((each for each in builder.baseviews if each.class_permission_name == view), None)
    if resource := getattr(found, "resource_name", None):
        return gettext("Programs: %(resource)s", resource=resource)
    return str(getattr(found, "list_title", "") or getattr(found, "form_title", "") or _in_the_menu(found) or view)


def _in_the_menu(view: Any) -> str:
    """What the menu calls a page."""
    items = (item for section in current_app.appbuilder.menu.get_list() for item in section.childs)
    return next((str(item.label) for item in items if view is not None and item.baseview is view), "")


def _order(row: PermissionView) -> tuple[Any, ...]:
    """Acts first, in the order of the life cycle; then the pages, each from seeing to deleting; programs last."""
    permission, view = grant_of(row)
    if act := act_of(grant_of(row)):
        return 0, "", list(EVERY_ACT).index(act)
    place = list(VERBS).index(permission) if permission in VERBS else len(VERBS)
    return 2 if view.endswith("Api") else 1, group_of(row), place


class TickList:
    """Ticks under the heading of their group."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        groups: dict[str, list[Choice]] = {}
        for choice in field.iter_choices():
            groups.setdefault(choice.render_kw["group"], []).append(choice)
        inside = Markup("").join(self._group(field, title, choices) for title, choices in groups.items())
        shown = html_params(id=field.id, tabindex="-1", **{"aria-describedby": kwargs.get("aria-describedby", "")})
        return Markup("<div {}>{}</div>").format(Markup(shown), inside)  # noqa: S704  (html_params escapes)

    def _group(self, field: Field, title: str, choices: Iterable[Choice]) -> Markup:
        tick = Markup(
            '<label class="choice"><input class="form-check-input" type="checkbox" name="{}" value="{}"{}>{}</label>'
        )
        ticks = Markup("").join(
            tick.format(field.name, each.value, Markup(" checked") if each.selected else "", each.label)
            for each in choices
        )
        return Markup('<fieldset><legend>{}</legend><div class="choices">{}</div></fieldset>').format(title, ticks)


class GrantsField(SomeOf):
    """The permissions that the bounds leave open to the role being edited."""

    def iter_choices(self) -> Iterator[Choice]:
        """What may be granted; the rest is not even offered."""
        role = Role(db.session.get(RoleRow, int(request.view_args["pk"])).name)
        rows = {key: row for key, row in self._get_object_list() if not _complaint(role, grant_of(row))}
        for choice in super().iter_choices():
            if (row := rows.get(choice.value)) is not None:
                yield choice._replace(render_kw={"group": group_of(row)})


def _complaint(role: Role, grant: Grant) -> Complaint | None:
    """Why this may not be granted to the role."""
    if is_void(role, grant):
        act = gettext(EVERY_ACT[str(act_of(grant))].label)
        return Complaint("permissions", BEYOND, {"role": gettext(ROLE_LABELS[role]), "act": act})
    if grant[1] in ADMINISTRATION and role is not Role.COUNTY_ADMIN and grant[0].startswith("can_"):
        return Complaint("permissions", NOT_THEIRS)
    return None


def complaints_of(row: RoleRow) -> Iterator[Complaint]:
    """What the permissions of a role may not be, whichever page gives them."""
    role, grants = Role(row.name), [grant_of(each) for each in row.permissions]
    yield from filter(None, (_complaint(role, grant) for grant in grants))
    keys = {("can_edit", "RoleView"), ("can_list", "RoleView"), ("can_edit", "UserDBModelView")}
    if role is Role.COUNTY_ADMIN and not keys <= set(grants):
        yield Complaint("permissions", LAST_KEY)


def _every_permission() -> list[PermissionView]:
    rows = db.session.scalars(select(PermissionView)).unique()
    acts = {None, *(act.name for act in with_a_body())}
    known = [row for row in rows if act_of(grant_of(row)) in acts]
    return sorted(known, key=_order)


class RoleView(GeneratedView):
    """The staff roles of the rule: their permissions may be changed, the roles themselves not."""

    model = RoleRow
    route_base = "/roles"
    list_title = _("Roles")
    readers = editors = frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show", "edit"}
    base_filters = [["name", FilterInFunction, lambda: [role.value for role in STAFF_ROLES]]]
    base_order = ("id", "asc")
    list_columns = ["name"]
    show_columns = ["name", "permissions"]
    add_columns: list[str] = []
    edit_columns = ["permissions"]
    search_columns: list[str] = []
    order_columns: list[str] = ["name"]
    label_columns = {"name": _("Role"), "permissions": _("Permissions")}
    description_columns = {"permissions": _("Only what the rule leaves open to this role is offered.")}
    formatters_columns = {
        "name": lambda name: gettext(ROLE_LABELS[Role(name)]),
        "permissions": lambda rows: "；".join(map(grant_words, sorted(rows, key=_order))),
    }
    edit_form_extra_fields = {
        "permissions": GrantsField(
            _("Permissions"), query_func=_every_permission, get_pk_func=lambda row: row.id, get_label=tick_words,
            description=description_columns["permissions"], widget=TickList(),
        )
    }

    def name_of(self, row: RoleRow) -> str:
        """The role in words."""
        return role_words(row)

    def complaints(self, row: RoleRow) -> Iterator[Complaint]:
        """Nothing beyond the bounds, and no administrator without a key."""
        return complaints_of(row)

    def impact(self, row: RoleRow) -> list[str]:
        """Who could do more or less, and what nobody could do any more."""
        return at_work()
