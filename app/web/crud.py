"""The generated pages of this house: list, record and forms of one table, from what its view class declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, jsonify, make_response, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from app.errors import NotAllowed, NotFound, NotNow
from app.web import changes
from app.web.constraints import IN_USE
from app.web.crud_declared import SEEN
from app.web.crud_forms import offered, target_of
from app.web.crud_writing import SentBackError, Writing
from app.web.listing import Rows, read_filters, save

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from flask_appbuilder.actions import ActionItem
    from werkzeug.wrappers import Response as AnyResponse
    from wtforms import Form

LONGEST_REMEMBERED, LONGEST_PAGE = 500, 100


class GeneratedView(Writing):
    """One table's pages."""

    @expose("/list/")
    @has_access
    def list(self) -> str:
        """The rows that match the search."""
        read_filters(self)
        self.update_redirect()
        return self.render_template(self.list_template, title=self.list_title, widgets=self._list())

    def _list(self, **kwargs: Any) -> dict[str, Any]:
        name = type(self).__name__
        widgets = self._get_list_widget(
            filters=self._filters, order_column=request.args.get(f"_oc_{name}", ""),
            order_direction=_direction(request.args.get(f"_od_{name}", "")),
            page=request.args.get(f"page_{name}", type=int),
            page_size=min(request.args.get(f"psize_{name}", 0, type=int), LONGEST_PAGE), **kwargs,
        )
        if not self.search_columns:
            return widgets
        return self._get_search_widget(form=self.search_form.refresh(), widgets=widgets)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One record, and the lists that belong to it."""
        row = self._row(pk)
        widgets = self._get_show_widget(pk, row)
        self.update_redirect()
        return self.render_template(
            self.show_template, pk=pk, title=self.name_of(row), widgets=self._with_related(row, widgets),
            related_views=self._related_views,
        )

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> AnyResponse | str:
        """A form for a new record; sent, the record is made."""
        given = self._given()
        if request.method == "GET":
            return self._add_page(self._adding(given), given)
        try:
            row = self._attempt(lambda: self._insert(given), lambda: self._adding(given))
        except SentBackError as back:
            return make_response(self._add_page(back.form, given), back.status)
        flash(gettext("%(name)s was added.", name=self.name_of(row)), "success")
        return redirect(self._address_after(row))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> AnyResponse | str:
        """A form with the record; sent, the record is changed."""
        row = self._row(pk)
        if request.method == "GET":
            form = self.edit_form(obj=row, **{SEEN: changes.fingerprint(row, self.edit_columns)})
            return self._edit_page(row, form)
        try:
            row = self._attempt(lambda: self._update(pk), self.edit_form)
        except SentBackError as back:
            return make_response(self._edit_page(self._row(pk), back.form), back.status)
        flash(gettext("%(name)s was saved.", name=self.name_of(row)), "success")
        return redirect(self._address_after(row))

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk: str) -> AnyResponse:
        """Remove a record that nothing uses."""
        try:
            name, address = save(lambda: self._remove(pk))
        except IntegrityError as error:
            raise NotNow(IN_USE) from error
        flash(gettext("%(name)s was deleted.", name=name), "success")
        return redirect(address)

    @expose("/choices/<column>")
    @expose("/choices/<column>/<chosen>")
    @has_access
    @permission_name("add")
    def choices(self, column: str, chosen: str = "") -> Response:
        """What a search input of the forms offers for the words typed so far; at first, with the row chosen now."""
        if column not in {*self.add_columns, *self.edit_columns} or column in self.short_relations:
            abort(404)
        if (model := target_of(self.datamodel, column)) is None:
            abort(404)
        words = request.args.get("q", "").replace("\0", "").strip()[:50]
        return jsonify(offered(model, words, chosen, self.spoken.get(column, str)))

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    def action(self, name: str, pk: str) -> AnyResponse:
        """Do an action of the record's page."""
        return self._permitted(name).func(self._row(pk))

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> AnyResponse:
        """Do an action on the ticked rows of the list."""
        chosen = self._permitted(request.form.get("action", ""))
        return chosen.func([self._row(pk) for pk in request.form.getlist("rowid")])

    def _permitted(self, name: str) -> ActionItem:
        if name not in self.actions:
            raise NotFound
        if not self.appbuilder.sm.has_access(self.get_action_permission_name(name), self.class_permission_name):
            raise NotAllowed
        return self.actions[name]

    # -- helpers --------------------------------------------------------------------------------------------------

    def _given(self) -> dict[str, Any]:
        """The record from whose page the form was opened, e.g. the item of a new material."""
        relation = self.belongs_to[0] if self.belongs_to else ""
        pk = request.args.get(f"_flt_0_{relation}", "")
        if not relation or not pk:
            return {}
        row = Rows(self.datamodel.get_related_model(relation)).find(pk)
        if row is None:
            raise NotFound
        return {relation: row}

    def _add_page(self, form: Form, given: Mapping[str, Any]) -> str:
        widgets = self._get_add_widget(form=form, exclude_cols=[*given])
        return self.render_template(self.add_template, title=self.new_title, widgets=widgets)

    def _edit_page(self, row: Any, form: Form) -> str:
        widgets = self._get_edit_widget(form=form)
        return self.render_template(
            self.edit_template, title=gettext("Edit: %(name)s", name=self.name_of(row)), widgets=widgets,
            related_views=[], pk=inspect(row).identity[0],
        )

    def _with_related(self, row: Any, widgets: dict[str, Any]) -> dict[str, Any]:
        widgets["related_views"] = [
            self._get_related_view_widget(
                row, view, page=request.args.get(f"page_{type(view).__name__}", type=int)
            )
            for view in self._related_views
        ]
        return widgets

    def update_redirect(self) -> None:
        """Remember the page for «Back»; a long address would burst the cookie."""
        if len(request.url) <= LONGEST_REMEMBERED:
            super().update_redirect()


def _direction(value: str) -> str:
    return value if value in {"asc", "desc"} else "asc"
