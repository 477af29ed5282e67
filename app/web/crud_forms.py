"""The fields of generated forms: nothing chosen beforehand, no table loaded whole, no value that the column refuses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_appbuilder.fields import QuerySelectField, QuerySelectMultipleField
from flask_appbuilder.fieldwidgets import BS3TextAreaFieldWidget, BS3TextFieldWidget, Select2ManyWidget
from flask_appbuilder.forms import GeneralModelConverter
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy import Time, inspect, or_, select
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice
from wtforms.fields.choices import Choice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import NumberInput, Select, TimeInput, html_params

from app.extensions import db
from app.law.plain_text import is_plain
from app.models.base import Hundredths, is_whole_hundredths
from app.web.listing import Rows
from app.web.widgets import NativeDate, UnchosenSelect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from flask_appbuilder import Model
    from sqlalchemy import Column
    from wtforms import Form

LONGEST_TEXT, LARGEST_NUMBER, LARGEST_PRICE = 20_000, 999_999, Decimal("99999999.99")
NAMES = ("code", "username", "name", "number")
"""The columns by which a row of a large table is looked for."""
MOST_OFFERED = 20
NONE = "__None"


class PlainText:
    """Form validator: no character that steers a machine; a line break in a name would end the head of a letter."""

    def __init__(self, *, multiline: bool) -> None:
        self._multiline = multiline

    def __call__(self, form: Form, field: Field) -> None:
        if not is_plain(field.data or "", multiline=self._multiline):
            raise ValidationError(gettext("Control characters are not text."))


def at_most_two_decimals(form: Form, field: Field) -> None:
    """Form validator: a number that the column would round is refused, never changed."""
    if field.data is not None and not is_whole_hundredths(field.data):
        raise ValidationError(gettext("At most two decimals."))


class PlainSelect(Select):
    """A select of few choices, which needs no search box."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{**kwargs, "class": "form-control"})


class PlainTime(TimeInput):
    """The browser's own clock."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{**kwargs, "class": "form-control"})


class PlainNumber(NumberInput):
    """The browser's own number input."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{**kwargs, "class": "form-control"})


class _Offered:
    """Says its choices as WTForms wants them."""

    def iter_choices(self) -> Iterator[Choice]:
        """The rows on offer."""
        for choice in super().iter_choices():  # type: ignore[misc]
            yield Choice(*choice)


class OneOf(_Offered, QuerySelectField):
    """One row of a small table, or none."""

    def iter_choices(self) -> Iterator[Choice]:
        """None is an empty choice; Flask-AppBuilder calls it «__None», which would be shown."""
        for choice in super().iter_choices():
            yield choice._replace(value="") if choice.value == NONE else choice

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the empty choice for none."""
        super().process_formdata([value or NONE for value in valuelist])


class SomeOf(_Offered, QuerySelectMultipleField):
    """Rows of a small table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By this name the template of forms gives it the whole width.
        self.type = QuerySelectMultipleField.__name__


class SearchInput:
    """An input that asks `choices/<column>` while one types; the row chosen now is always among the answers."""

    def __call__(self, field: ChosenRow, **kwargs: Any) -> Markup:
        value = field.key() or ""
        address = url_for(f"{field.endpoint}.choices", column=field.name, **({"chosen": value} if value else {}))
        shown = {"id": field.id, "name": field.name, "value": value, "class": "my_select2_ajax", "endpoint": address}
        return Markup(f"<input {html_params(**(shown | kwargs))}>")  # noqa: S704  (html_params escapes)


class ChosenRow(Field):
    """One row of a large table, as a relation or as its key in a foreign key column."""

    widget = SearchInput()

    def __init__(self, label: Any, endpoint: str, model: type[Model], *, as_key: bool, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.endpoint, self._model, self._as_key = endpoint, model, as_key

    def process_data(self, value: Any) -> None:
        """Show the row that the record has."""
        self.data = db.session.get(self._model, value) if self._as_key and value is not None else value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Find the row that was chosen."""
        if not valuelist:
            return
        key = valuelist[0].strip()
        self.data = Rows(self._model).find(key) if key else None
        if key and self.data is None:
            raise ValueError(gettext("Please choose one that exists."))

    def populate_obj(self, obj: Any, name: str) -> None:
        """Write the row, or its key, into the record."""
        setattr(obj, name, self.key() if self._as_key else self.data)

    def key(self) -> Any:
        """The key of the chosen row."""
        return None if self.data is None else inspect(self.data).identity[0]


def offered(model: type[Model], words: str, chosen: str, spoken: Callable[[Any], str]) -> list[dict[str, Any]]:
    """The first rows whose code or name contains `words`; without words, the `chosen` one first."""
    mapper = inspect(model)
    key = mapper.primary_key[0]
    query = select(model).order_by(key).limit(MOST_OFFERED)
    if words:
        columns = [mapper.columns[name] for name in NAMES if name in mapper.columns]
        query = query.where(or_(*(column.contains(words, autoescape=True) for column in columns)))
    rows = list(db.session.scalars(query))
    if not words and chosen and (row := Rows(model).find(chosen)) and row not in rows:
        rows.insert(0, row)
    return [{"id": inspect(row).identity[0], "text": spoken(row)} for row in rows]


def target_of(rows: Rows, column: str) -> type[Model] | None:
    """The model that a relation or a foreign key column points to."""
    if rows.is_relation(column):
        return rows.get_related_model(column)
    keys = rows.list_columns[column].foreign_keys if column in rows.list_columns else ()
    for key in keys:
        return next(m.class_ for m in rows.obj.registry.mappers if m.local_table is key.column.table)
    return None


class FormMaker(GeneralModelConverter):
    """Makes the forms of one generated view."""

    def __init__(self, view: Any, *, for_search: bool = False) -> None:
        super().__init__(view.datamodel)
        self._view, self._for_search = view, for_search

    def _convert_col(self, col_name: str, label: Any, description: Any, checks: list, rel: Any, form: dict) -> None:
        rows: Rows = self.datamodel
        checks = list(checks)
        if rows.is_relation_many_to_many(col_name):
            form[col_name] = self._several(col_name, label, description, checks)
        elif (model := target_of(rows, col_name)) is not None:
            column = rows.get_relation_fk(col_name) if rows.is_relation(col_name) else rows.list_columns[col_name]
            checks.append(Optional() if column.nullable else InputRequired())
            form[col_name] = self._one(col_name, model, label, description, checks, column)
        else:
            form[col_name] = self._plain(col_name, label, description, checks)

    def _one(
        self, name: str, model: type[Model], label: Any, description: Any, checks: list, column: Column[Any]
    ) -> Any:
        if name in self._view.short_relations:
            return OneOf(
                label, description=description, validators=checks, query_func=lambda: _all(model),
                get_pk_func=lambda row: inspect(row).identity[0], allow_blank=column.nullable and not self._for_search,
                get_label=self._view.spoken.get(name, str), widget=UnchosenSelect(),
            )
        if self._for_search:
            raise TypeError(f"{type(self._view).__name__}: a search by {name} would load that table whole")
        return ChosenRow(
            label, type(self._view).__name__, model, as_key=not self.datamodel.is_relation(name),
            description=description, validators=checks,
        )

    def _several(self, name: str, label: Any, description: Any, checks: list) -> Any:
        model = self.datamodel.get_related_model(name)
        return SomeOf(
            label, description=description, validators=checks, query_func=lambda: _all(model),
            get_pk_func=lambda row: inspect(row).identity[0], get_label=self._view.spoken.get(name, str),
            widget=Select2ManyWidget(),
        )

    def _plain(self, name: str, label: Any, description: Any, checks: list) -> Any:
        column = self.datamodel.list_columns[name]
        default = self.datamodel.get_col_default(name)
        common = {"description": description, "validators": checks, "default": default}
        rows: Rows = self.datamodel
        if rows.is_boolean(name):
            return BooleanField(label, **common)
        required = DataRequired() if rows.is_string(name) else InputRequired()
        checks.append(Optional() if column.nullable or default == "" else required)
        if name in self._view.choices_of:
            return self._choice(label, self._view.choices_of[name], common)
        if rows.is_integer(name):
            checks.append(NumberRange(0, LARGEST_NUMBER))
            return IntegerField(label, widget=PlainNumber(), **common)
        if isinstance(column.type, Hundredths):
            checks += [at_most_two_decimals, NumberRange(Decimal("0.01"), LARGEST_PRICE)]
            return DecimalField(label, places=2, widget=PlainNumber(step="0.01"), **common)
        if rows.is_date(name) or isinstance(column.type, Time):
            field, widget = (DateField, NativeDate) if rows.is_date(name) else (TimeField, PlainTime)
            return field(label, widget=widget(), **common)
        return _text(label, column, common)


    def _choice(self, label: Any, words: Mapping[str, str], common: dict[str, Any]) -> SelectField:
        choices = [SelectChoice(code, lazy_gettext(text)) for code, text in words.items()]
        if not self._for_search:
            choices.insert(0, SelectChoice("", lazy_gettext("Choose…")))
        return SelectField(label, choices=choices, widget=PlainSelect(), **common)


def _text(label: Any, column: Column[Any], common: dict[str, Any]) -> Any:
    common["filters"] = [_tidy_or_none if column.nullable else _tidy]
    most = getattr(column.type, "length", None)
    common["validators"] += [Length(max=most or LONGEST_TEXT), PlainText(multiline=not most)]
    if most:
        return StringField(label, widget=BS3TextFieldWidget(), **common)
    return TextAreaField(label, widget=BS3TextAreaFieldWidget(), **common)


def _all(model: type[Model]) -> Iterable[Any]:
    return db.session.scalars(select(model).order_by(*inspect(model).primary_key)).all()


def _tidy(value: str | None) -> str:
    """Without outer blanks, and without the one character that a database refuses in a text."""
    return (value or "").replace("\0", "").strip()


def _tidy_or_none(value: str | None) -> str | None:
    return _tidy(value) or None
