"""What the generated forms write: one transaction each, with its checks, its traces and its sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, url_for
from flask_babel import gettext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from app.errors import Complaint, NotFound, NotNow
from app.extensions import db
from app.law import N_
from app.web import changes
from app.web.constraints import explain
from app.web.crud_declared import SEEN, Declared
from app.web.impact import SHOWN
from app.web.listing import save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from wtforms import Form

STALE = N_("Somebody changed this record after you opened it. Compare, and save again if yours is right.")
RECORDED_NOW = N_("Recorded now: %(value)s")


class SentBackError(Exception):
    """The form is shown again: nothing was written, what was typed stays."""

    def __init__(self, form: Form, status: int = 422) -> None:
        super().__init__()
        self.form, self.status = form, status


class Writing(Declared):
    """Adds, changes and deletes the rows of one table; a room adds what only it knows."""

    # -- what a room may add --------------------------------------------------------------------------------------

    def name_of(self, row: Any) -> str:
        """What the record is called."""
        return str(row)

    def complaints(self, row: Any) -> Iterable[Complaint]:
        """What is wrong with the row as the form would leave it."""
        return ()

    def impact(self, row: Any) -> Iterable[str]:
        """What saving the row as the form would leave it changes beyond the row, in words.

        Nothing is written yet; `changes.before` gives a former value. Whatever is flushed here is undone, unless the
        person has seen these sentences and saves again.
        """
        return ()

    def complaint_of_deletion(self, row: Any) -> str:
        """Why the row must stay; empty where it may go."""
        return ""

    def after(self, row: Any) -> None:
        """What else is written in the same transaction."""

    # -- inside the writing transaction ---------------------------------------------------------------------------

    def _attempt(self, work: Callable[[], Any], form_again: Callable[[], Form]) -> Any:
        try:
            return save(work)
        except IntegrityError as error:
            form = form_again()
            self._complain(form, [explain(error, self.datamodel.obj.__table__, self.sentences)])
            raise SentBackError(form) from error

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
            self._ask_first(row, form, self.add_columns)
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
            raise SentBackError(form, NotNow.status)
        with db.session.no_autoflush:
            self._fill(row, form, self.edit_columns)
            self._look_at(row, form)
            told = changes.of(row, self.edit_columns)
            if told:
                self._ask_first(row, form, self.edit_columns)
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
            raise SentBackError(form)

    def _fill(self, row: Any, form: Form, columns: Iterable[str]) -> None:
        """Write the fields of the form, and nothing else that was sent."""
        for name in columns:
            if name in form:
                form[name].populate_obj(row, name)

    def _look_at(self, row: Any, form: Form) -> None:
        if found := list(self.complaints(row)):
            self._complain(form, found)
            raise SentBackError(form)

    def _ask_first(self, row: Any, form: Form, columns: Iterable[str]) -> None:
        """Send the form back once with what saving would do, if it does anything beyond the row."""
        # A new row has no key yet, and the one it gets while the impact is looked at is not the one it keeps.
        about = (self.endpoint, inspect(row).identity, changes.fingerprint(row, columns))
        if form[SHOWN].ask(tuple(self.impact(row)), *about):
            raise SentBackError(form, 200)

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

    def _row(self, pk: str, *, lock: bool = False) -> Any:
        row = self.datamodel.find(pk, self._base_filters, lock=lock)
        if row is None:
            raise NotFound
        return row

    def _address_after(self, row: Any, *, gone: bool = False) -> str:
        """Where one goes on after writing: the record it belongs to, the record itself, or the list."""
        if self.belongs_to:
            relation, view = self.belongs_to
            return url_for(f"{view}.show", pk=inspect(getattr(row, relation)).identity[0])
        if gone:
            return url_for(f"{self.endpoint}.list")
        return url_for(f"{self.endpoint}.show", pk=inspect(row).identity[0])
