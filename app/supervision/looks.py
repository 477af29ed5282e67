"""Who looked at what, and what was refused: two lists for those who oversee (第五条, 第十条, 第十三条)."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import func, select

from app.extensions import db
from app.law.do_not import LABELS, WRITE, DoNot
from app.law.object_acts import EVERY_ACT
from app.law.roles import ROLE_LABELS, Role
from app.models.application import Application
from app.models.organisation import Staff
from app.models.trail import AuditRow, RefusedAct
from app.supervision.exports import AUDITED
from app.supervision.lists import READERS, account_for
from app.web import words
from app.web.archive_looks import LOOK
from app.web.crud import GeneratedView

LOOKS = {
    "reveal": _("Personal data shown in full"),
    LOOK: _("Archive file looked into"),
    "print": _("Paper printed"),
    "file": _("Scan or file opened"),
    "reveal_complaint": _("Phone of a complaint shown in full"),
    "ledger_workbook": _("Weekly ledger taken out"),
    "ledger_print": _("Weekly ledger printed"),
    AUDITED: _("Export taken out"),
}
EQUALS = 3
"""The place of «equal to» among the comparisons of a text (`web.listing.Comparisons`)."""


def _roles(held: str) -> str:
    return "、".join(gettext(ROLE_LABELS[Role(name)]) for name in held.split(",") if name in set(Role)) or "—"


def _act(name: str) -> str:
    if name == WRITE:
        return gettext("Edit or delete a record")
    return gettext(EVERY_ACT[name].label) if name in EVERY_ACT else name


class RefusedActList(GeneratedView):
    """Acts that the rule forbids, tried all the same, under the lines of the do-not list."""

    model = RefusedAct
    route_base = "/refused-acts"
    list_title = _("Refused acts")
    show_title = _("Refused act")
    list_template = "refused_acts.html"
    readers = READERS
    include_route_methods = {"list", "show"}
    list_columns = ["at", "actor_name", "roles", "act", "subject_no", "category", "why", "id"]
    show_columns = list_columns
    add_columns = edit_columns = ()
    order_columns = ["at"]
    search_columns = ["category", "actor_name", "at", "act", "subject_no"]
    base_order = ("id", "desc")
    choices_of = {
        "act": {name: row.label for name, row in EVERY_ACT.items()},
        "category": {each.value: label for each, label in LABELS.items()},
    }
    label_columns = {"why": _("Reason"), "id": _("Accountability")}
    formatters_columns = {"why": words.of_kept, "roles": _roles, "act": _act, "id": account_for("refused_act")}

    def name_of(self, row: RefusedAct) -> str:
        """The act that was refused."""
        return _act(row.act)

    def render_template(self, template: str, **kwargs: Any) -> str:
        """With how many there are under each line of the do-not list."""
        if template == self.list_template:
            kwargs["categories"] = by_category()
        return super().render_template(template, **kwargs)


def by_category(*conditions: Any) -> list[tuple[DoNot, str, int, str]]:
    """Every line of the do-not list with its words, its count and the address of what lies behind, in one query."""
    query = select(RefusedAct.category, func.count()).where(*conditions).group_by(RefusedAct.category)
    counted = dict(db.session.execute(query).all())
    return [(each, gettext(LABELS[each]), counted.get(each.value, 0), listed(each)) for each in DoNot]


def listed(category: DoNot) -> str:
    """The list of what was refused under this line."""
    return url_for("RefusedActList.list", **{f"_flt_{EQUALS}_category": category.value})


def _person(user_id: int) -> str:
    names = _of_the_page("looks_people", lambda rows: {row.actor_id for row in rows}, select(Staff.user_id, Staff.name),
                         Staff.user_id)  # fmt: skip
    return names.get(user_id, "—")


def _application(pk: int | None) -> str:
    if pk is None:
        return "—"
    numbers = _of_the_page("looks_numbers", lambda rows: {row.application_id for row in rows},
                           select(Application.id, Application.short_no), Application.id)  # fmt: skip
    link = Markup('<a href="{}">{}</a>')
    return link.format(url_for("ApplicationPage.show", application_id=pk), numbers[pk]) if pk in numbers else "—"


def _of_the_page(kept: str, keys: Any, query: Any, column: Any) -> dict[int, str]:
    """What the keys of all rows on the page are called, in one query."""
    found: dict[int, str] | None = g.get(kept)
    if found is None:
        shown = [row for row in db.session.identity_map.values() if isinstance(row, AuditRow)]
        found = dict(db.session.execute(query.where(column.in_(keys(shown) - {None}))).all())
        setattr(g, kept, found)
    return found


def _detail(said: str) -> str:
    return gettext(said) if said == "personal data" else said or "—"


class LookList(GeneratedView):
    """Who looked at what: every reveal, archive view, print, file and export."""

    model = AuditRow
    route_base = "/looks"
    list_title = _("Who looked at what")
    readers = READERS
    include_route_methods = {"list"}
    base_filters = [["what", FilterInFunction, lambda: [*LOOKS]]]
    list_columns = ["at", "actor_id", "what", "detail", "application_id", "reason"]
    show_columns = add_columns = edit_columns = ()
    order_columns = ["at"]
    search_columns = ["what", "created_by", "at", "detail", "reason"]
    base_order = ("id", "desc")
    choices_of = {"what": LOOKS}
    label_columns = {"actor_id": _("By")}
    formatters_columns = {"actor_id": _person, "application_id": _application, "detail": _detail}
