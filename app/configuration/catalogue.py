"""The catalogue as everybody reads it: items, their materials, questions and revisions; how long files are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.configuration import revisions
from app.configuration.differences_told import complained, told
from app.configuration.item_forms import ITEM_FIELDSETS, Content, ItemForms, by
from app.configuration.materials import MaterialView
from app.engine.differences import differences
from app.engine.item_inputs import FEE_KINDS, FIELD_TYPES
from app.errors import Incomplete
from app.extensions import db
from app.law import N_
from app.law.roles import STAFF_ROLES, Role
from app.models.archive import Retention
from app.models.catalogue import ItemField
from app.models.fees import ItemFee
from app.models.revision import ItemRevision
from app.web import changes
from app.web.crud import GeneratedView
from app.web.listing import save

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

EVERYBODY = frozenset(STAFF_ROLES)
NEW: Content = {
    "exercise_level": "4", "statutory_unit": "working_day", "clock_start": "accepted", "correction_days": 5,
    "extension_max": 10, "needs_verification": False, "has_fee": False, "is_fronted": False, "is_active": False,
    "is_public": False, "is_secret": False, "materials": [], "extra_fields": [], "fees": [],
}  # fmt: skip
"""What a new item says before anybody wrote anything."""

STATES = {"draft": N_("Draft"), "published": N_("Published"), "discarded": N_("Thrown away")}
SWITCHED = {
    ("is_fronted", True): N_("Fronted to the towns."), ("is_fronted", False): N_("Taken back from the towns."),
    ("is_active", True): N_("Put into service."), ("is_active", False): N_("Taken out of service."),
}  # fmt: skip


class QuestionView(GeneratedView):
    """The item's own questions, as they are published."""

    model = ItemField
    route_base = "/questions"
    list_title = _("Questions")
    readers, editors = EVERYBODY, frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list"}
    choices_of = {"type": FIELD_TYPES}
    list_columns = ["position", "label", "name", "type", "choices", "required", "pattern", "help"]
    show_columns: list[str] = []
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns: list[str] = []
    base_order = ("position", "asc")


class StandardView(GeneratedView):
    """What the item charges or holds as a deposit, as it is published."""

    model = ItemFee
    route_base = "/standards"
    list_title = _("Fees and deposits")
    readers, editors = EVERYBODY, frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list"}
    choices_of = {"kind": FEE_KINDS}
    list_columns = ["position", "name", "kind", "unit_price", "unit_name", "legal_basis", "is_active"]
    show_columns: list[str] = []
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns: list[str] = []
    base_order = ("position", "asc")


class RevisionView(GeneratedView):
    """The published revisions of an item, and what each changed."""

    model = ItemRevision
    route_base = "/revisions"
    list_title = _("Revisions")
    readers, editors = EVERYBODY, frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show"}
    base_filters = [["state", FilterEqual, "published"]]
    list_columns = ["number", "note", "published_at", "published_by"]
    show_columns: list[str] = []
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns: list[str] = []
    base_order = ("number", "desc")

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """What a revision changed against the one before."""
        row = self._row(pk)
        before = db.session.scalar(
            select(ItemRevision)
            .where(ItemRevision.item_id == row.item_id, ItemRevision.number < row.number)
            .order_by(ItemRevision.number.desc())
            .limit(1)
        )
        title = gettext("%(item)s, revision %(number)s", item=str(row), number=row.number)
        changed = told(before.content if before else {}, row.content)
        return self.render_template("revision.html", title=title, row=row, before=before, changed=changed)


class ItemView(ItemForms):
    """The items that are taken here; what is written goes into a draft, and to the counters when it is published."""

    route_base = "/items"
    list_title, new_title = _("Items"), _("New item")
    readers, editors = EVERYBODY, frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show", "add", "edit", "switch"}
    related_views = [MaterialView, QuestionView, StandardView, RevisionView]
    list_columns = ["code", "name", "office", "handling", "promised_days", "is_fronted", "is_active"]
    search_columns = ["code", "name", "office", "department", "item_type", "handling", "is_fronted", "is_active"]
    base_order = ("code", "asc")
    show_fieldsets = [*ITEM_FIELDSETS[:3], (_("Fronting and publication"), {
        "fields": ["is_fronted", "is_public", "is_secret", "revision"],
    })]  # fmt: skip
    show_template = "item.html"

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One item as it is published, with its draft where somebody began one."""
        row = self._row(pk)
        widgets = self._get_show_widget(pk, row)
        self.update_redirect()
        return self.render_template(
            self.show_template, pk=pk, title=str(row), row=row, draft=revisions.draft_of(db.session(), row),
            widgets=self._with_related(row, widgets), related_views=self._related_views,
        )

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> AnyResponse | str:
        """The form of a new item; sent, a draft begins."""

        def write(said: Content) -> str:
            draft = revisions.begin_draft(db.session(), None, NEW | said, by())
            return url_for("DraftView.show", draft_id=draft.id)

        return self.draft_form(NEW, gettext("New item"), write, lambda: NEW)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> AnyResponse | str:
        """The item's fields; sent, a draft begins. A draft that was begun already is opened."""
        item = self._row(pk)
        if (draft := revisions.draft_of(db.session(), item)) is not None:
            return redirect(url_for("DraftView.show", draft_id=draft.id))

        def now() -> Content:
            return revisions.content_of(self._row(pk))

        def write(said: Content) -> str:
            draft = revisions.begin_draft(db.session(), self._row(pk, lock=True), now() | said, by())
            return url_for("DraftView.show", draft_id=draft.id)

        title = gettext("Edit: %(name)s", name=str(item))
        return self.draft_form(now(), title, write, now)

    @expose("/switch/<pk>/<field>/<any(on, off):to>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def switch(self, pk: str, field: str, to: str) -> AnyResponse:
        """Front an item or take it out of service, in one step."""
        value = to == "on"
        if (field, value) not in SWITCHED:
            abort(404)
        try:
            save(lambda: self._switch(pk, field, value))
        except Incomplete as refusal:
            content = revisions.content_of(self._row(pk))
            for *_where, sentence in complained(content, refusal.complaints):
                flash(sentence, "danger")
        else:
            flash(gettext(SWITCHED[field, value]), "success")
        return redirect(url_for(".show", pk=pk), 303)

    def _switch(self, pk: str, field: str, value: bool) -> None:
        item = self._row(pk, lock=True)
        before = revisions.content_of(item)
        revision = revisions.switch(db.session(), item, field, value, by(), gettext(SWITCHED[field, value]))
        changes.record("changed", item, [str(each) for each in differences(before, revision.content)])


class RetentionView(GeneratedView):
    """How long files are kept; the archivist's."""

    model = Retention
    route_base = "/retention"
    list_title, new_title = _("Retention periods"), _("New retention period")
    readers = editors = frozenset({Role.ARCHIVIST})
    list_columns = show_columns = add_columns = ["code", "name", "years"]
    edit_columns = ["name", "years"]
    search_columns = ["name"]
    base_order = ("id", "asc")
