"""What a generated view declares, and what Flask-AppBuilder makes of it: labels, words of codes, forms."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from flask_appbuilder import ModelView
from flask_babel import gettext, lazy_gettext
from sqlalchemy import DateTime, Time
from wtforms import HiddenField

from app.web.crud_forms import FormMaker
from app.web.impact import SHOWN, ImpactField
from app.web.listing import RequestFilters, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask_appbuilder import Model

    from app.law.roles import Role

SEEN = "made_from"
"""The hidden field that says which values the form was made from."""


class Declared(RequestFilters, ModelView):
    """One table's pages. The columns of list, record, forms and search are named always: none is guessed."""

    model: type[Model] | None = None
    readers: frozenset[Role] = frozenset()
    """Who starts with seeing these pages; the county may change it."""
    editors: frozenset[Role] = frozenset()
    """Who starts with writing here, too."""
    include_route_methods = {"list", "show", "add", "edit", "delete", "choices"}
    short_relations: tuple[str, ...] = ()
    """Relations to tables of a few rows, offered as a whole; any other is searched while one types."""
    choices_of: Mapping[str, Mapping[str, str]] = {}
    """Column -> code -> its words."""
    spoken: Mapping[str, Callable[[Any], str]] = {}
    """Relation -> how a row of it is named in a form."""
    sentences: Mapping[str, tuple[str, str]] = {}
    """Constraint -> the field it is shown at, and the sentence."""
    belongs_to: tuple[str, str] | None = None
    """The relation to the record these rows are part of, and the view that shows it."""
    new_title: Any = lazy_gettext("New record")

    def __init__(self, **kwargs: Any) -> None:
        for page in ("list", "show", "add", "edit"):
            if getattr(self, f"{page}_columns") is None and getattr(self, f"{page}_fieldsets", None) is None:
                raise TypeError(f"{type(self).__name__} does not say its {page}_columns")
        if self.search_columns is None:
            raise TypeError(f"{type(self).__name__} does not say its search_columns")
        self.datamodel = Rows(self.model or self.datamodel.obj)
        self.datamodel.shown = self.list_columns
        super().__init__(**kwargs)

    def _init_properties(self) -> None:
        every = self.datamodel.get_columns_list()
        # To Flask-AppBuilder an empty list means «all of them, relations included».
        if not self.search_columns:
            self.search_exclude_columns = every
        for page in ("show", "add", "edit"):
            if not getattr(self, f"{page}_columns"):
                setattr(self, f"{page}_exclude_columns", every)
        said = {name: self._info(name) for name in every}
        labels = {name: lazy_gettext(words) for name, info in said.items() if (words := info.get("label"))}
        helps = {name: lazy_gettext(words) for name, info in said.items() if (words := info.get("help"))}
        self.label_columns = labels | (self.label_columns or {})
        self.description_columns = helps | (self.description_columns or {})
        self.formatters_columns = self._formatters() | (self.formatters_columns or {})
        super()._init_properties()

    def _info(self, name: str) -> Mapping[str, str]:
        """The column's own label and help; a relation has those of its key."""
        if self.datamodel.is_relation_many_to_one(name):
            return self.datamodel.get_relation_fk(name).info
        column = self.datamodel.list_columns.get(name)
        return column.info if column is not None else {}

    def _formatters(self) -> dict[str, Callable[[Any], str]]:
        found: dict[str, Callable[[Any], str]] = {}
        for name, column in self.datamodel.list_columns.items():
            if isinstance(column.type, Time):
                found[name] = _clock_time
            elif isinstance(getattr(column.type, "impl", column.type), DateTime):
                found[name] = _moment
        for name, words in self.choices_of.items():
            found[name] = _Words(words)
        return found

    def _init_forms(self) -> None:
        maker = FormMaker(self)
        labels, helps, checks = self.label_columns, self.description_columns, self.validators_columns
        self.search_form = self.search_form or FormMaker(self, for_search=True).create_form(
            labels, self.search_columns, {}, {}, self.search_form_extra_fields
        )
        add_form = self.add_form or maker.create_form(
            labels, self.add_columns, helps, checks, self.add_form_extra_fields
        )
        edit_form = self.edit_form or maker.create_form(
            labels, self.edit_columns, helps, checks, self.edit_form_extra_fields
        )
        self.add_form = type("AddForm", (add_form,), {SHOWN: ImpactField()})
        self.edit_form = type("EditForm", (edit_form,), {SEEN: HiddenField(), SHOWN: ImpactField()})


class _Words:
    """Shows the words of a code."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __call__(self, code: str | None) -> str:
        return gettext(self._words[code]) if code in self._words else code or "—"


def _clock_time(value: time | None) -> str:
    return value.strftime("%H:%M") if value else "—"


def _moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if value else "—"
