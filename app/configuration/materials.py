"""The lines of an item's material list as they are published, with the blank form and the sample text of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.engine.item_files import KINDS, claim
from app.engine.item_inputs import FORMS, REQUIREMENTS
from app.errors import Incomplete, Refusal
from app.extensions import db
from app.law import N_
from app.law.roles import STAFF_ROLES, Role
from app.models.catalogue import ItemMaterial
from app.web import changes, words
from app.web.crud import GeneratedView
from app.web.files import take_in
from app.web.listing import save

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

FILES = {"form": N_("Blank form"), "sample": N_("Sample text")}


class MaterialView(GeneratedView):
    """The lines of an item's material list, as they are published."""

    model = ItemMaterial
    route_base = "/materials"
    list_title = _("Materials")
    readers, editors = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show", "upload"}
    choices_of = {"requirement": REQUIREMENTS, "form": FORMS}
    list_columns = [
        "position", "name", "requirement", "form", "original_count", "copy_count", "tolerable", "supplement_days",
    ]
    show_columns = [
        "item", "position", "name", "requirement", "condition", "form", "original_count", "copy_count", "issuer",
        "is_core", "tolerable", "supplement_days", "shared_source", "review_points",
    ]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["name", "requirement", "tolerable"]
    base_order = ("position", "asc")
    show_template = "material.html"

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One line, and the files that windows hand out for it."""
        row = self._row(pk)
        widgets = self._get_show_widget(pk, row)
        self.update_redirect()
        files = [(kind, FILES[kind], getattr(row, column) is not None) for kind, column in KINDS.items()]
        return self.render_template(self.show_template, title=str(row), row=row, widgets=widgets, files=files)

    @expose(f"/upload/<pk>/<any({', '.join(KINDS)}):kind>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def upload(self, pk: str, kind: str) -> AnyResponse:
        """Put a blank form or a sample text to the material, instead of the one before."""
        self._row(pk)
        try:
            stored = take_in(request.files.get("file")).id
        except Incomplete as refusal:
            flash(words.of_complaint(refusal.complaints[0]), "danger")
        except Refusal as refusal:
            flash(words.of_refusal(refusal), "danger")
        else:
            save(lambda: self._put(pk, kind, stored))
            flash(gettext("%(name)s was saved.", name=gettext(FILES[kind])), "success")
        return redirect(url_for(".show", pk=pk), 303)

    def _put(self, pk: str, kind: str, file_id: int) -> None:
        row = self._row(pk, lock=True)
        file = claim(db.session(), file_id, row.__tablename__, row.id, KINDS[kind].removesuffix("_id"))
        setattr(row, KINDS[kind], file.id)
        changes.record("changed", row, [f"{kind}: {file.name}"])
