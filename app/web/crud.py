"""The generated pages of this house: list, record and forms of one table, from what its view class declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, jsonify, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from app.errors import Complaint, NotAllowed, NotFound, NotNow
from app.extensions import db
from app.law import N_
from app.web import changes
from app.web.constraints import IN_USE, explain
from app.web.crud_declared import SEEN, Declared
from app.web.crud_forms import offered, target_of
from app.web.listing import Rows, read_filters, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flask import Response
    from flask_appbuilder.actions import ActionItem
    from werkzeug.wrappers import Response as AnyResponse
    from wtforms import Form

STALE = N_("Somebody changed this record after you opened it. Compare, and save again if yours is right.")
RECORDED_NOW = N_("Recorded now: %(value)s")
LONGEST_REMEMBERED = 500


class _SentBackError(Exception):
    """The form is shown again: nothing was written, what was typed stays."""

    def __init__(self, form: Form, status: int = 422) -> None:
        super().__init__()
        self.form, self.status = form, status


class GeneratedView(Declared):
    """One table's pages, from what its class declares; a room adds what only it knows."""

    # -- what a room may add --------------------------------------------------------------------------------------

    def name_of(self, row: Any) -> str:
        """What the record is called."""
        return str(row)

    def complaints(self, row: Any) -> Iterable[Complaint]:
        """What is wrong with the row as the form would leave it."""
        return ()

    def complaint_of_deletion(self, row: Any) -> str:
        """Why the row must stay; empty where it may go."""
        return ""

    def after(self, row: Any) -> None:
        """What else is written in the same transaction."""

    # -- pages ----------------------------------------------------------------------------------------------------

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
            page=request.args.get(f"page_{name}", type=int), page_size=request.args.get(f"psize_{name}", type=int),
            **kwargs,
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
        except _SentBackError as back:
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
        except _SentBackError as back:
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

    # -- inside the writing transaction ---------------------------------------------------------------------------

    def _attempt(self, work: Callable[[], Any], form_again: Callable[[], Form]) -> Any:
        try:
            return save(work)
        except IntegrityError as error:
            form = form_again()
            self._complain(form, [explain(error, self.datamodel.obj.__table__, self.sentences)])
            raise _SentBackError(form) from error

    def _insert(self, given: Mapping[str, Any]) -> Any:
        form = self._adding(given)
        self._validate(form)
        row = self.datamodel.obj()
        with db.session.no_autoflush:
            for name, value in given.items():
                setattr(row, name, value)
            self._fill(row, form, self.add_columns)
            self.pre_add(row)
            changes.stamp(row)
            db.session.add(row)
            self._look_at(row, form)
        db.session.flush()
        changes.record("added", row)
        self.after(row)
        return row

    def _update(self, pk: str) -> Any:
        row = self._row(pk, lock=True)
        form = self.edit_form(obj=row)
        self._validate(form)
        if form[SEEN].data != (now := changes.fingerprint(row, self.edit_columns)):
            self._tell_what_changed(form, row, now)
            raise _SentBackError(form, NotNow.status)
        with db.session.no_autoflush:
            self._fill(row, form, self.edit_columns)
            self._look_at(row, form)
            told = changes.of(row, self.edit_columns)
        db.session.flush()
        changes.record("changed", row, told)
        if told:
            self.after(row)
        return row

    def _remove(self, pk: str) -> tuple[str, str]:
        row = self._row(pk, lock=True)
        if sentence := self.complaint_of_deletion(row):
            raise NotNow(sentence)
        changes.record("deleted", row)
        name, address = self.name_of(row), self._address_after(row, gone=True)
        db.session.delete(row)
        db.session.flush()
        self.after(row)
        return name, address

    def _adding(self, given: Mapping[str, Any]) -> Form:
        """The form for a new record, without what is given already."""
        form = self.add_form()
        for name in given:
            del form[name]
        return form

    def _validate(self, form: Form) -> None:
        if not form.validate():
            raise _SentBackError(form)

    def _fill(self, row: Any, form: Form, columns: Iterable[str]) -> None:
        """Write the fields of the form, and nothing else that was sent."""
        for name in columns:
            if name in form:
                form[name].populate_obj(row, name)

    def _look_at(self, row: Any, form: Form) -> None:
        if found := list(self.complaints(row)):
            self._complain(form, found)
            raise _SentBackError(form)

    def _complain(self, form: Form, complaints: Iterable[Complaint]) -> None:
        first = next(field.name for field in form)
        for each in complaints:
            name = each.field if each.field in form else self._relation_of(each.field, form) or first
            form[name].errors = [*form[name].errors, gettext(each.sentence, **each.params)]

    def _relation_of(self, column: str, form: Form) -> str:
        """The field of the relation whose key the column is."""
        names = (name for name in form.data if self.datamodel.is_relation_many_to_one(name))
        return next((name for name in names if self.datamodel.get_relation_fk(name).name == column), "")

    def _tell_what_changed(self, form: Form, row: Any, now: str) -> None:
        form[SEEN].data = now
        for name in self.edit_columns:
            present = getattr(row, name, None)
            if name in form and form[name].data != present:
                form[name].errors = [gettext(RECORDED_NOW, value=present)]
        flash(gettext(STALE), "warning")

    # -- helpers --------------------------------------------------------------------------------------------------

    def _row(self, pk: str, *, lock: bool = False) -> Any:
        row = self.datamodel.find(pk, self._base_filters, lock=lock)
        if row is None:
            raise NotFound
        return row

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

    def _address_after(self, row: Any, *, gone: bool = False) -> str:
        """Where one goes on after writing: the record it belongs to, the record itself, or the list."""
        if self.belongs_to:
            relation, view = self.belongs_to
            return url_for(f"{view}.show", pk=inspect(getattr(row, relation)).identity[0])
        if gone:
            return url_for(f"{self.endpoint}.list")
        return url_for(f"{self.endpoint}.show", pk=inspect(row).identity[0])

    def update_redirect(self) -> None:
        """Remember the page for «Back»; a long address would burst the cookie."""
        if len(request.url) <= LONGEST_REMEMBERED:
            super().update_redirect()


def _direction(value: str) -> str:
    return value if value in {"asc", "desc"} else "asc"
