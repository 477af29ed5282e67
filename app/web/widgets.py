"""Flask-AppBuilder's inputs replaced by the browser's own, and its filter form by one of real fields."""

from collections.abc import Iterable
from typing import Any

from flask_appbuilder import forms
from flask_appbuilder.baseviews import BaseCRUDView
from flask_appbuilder.fieldwidgets import Select2Widget
from flask_appbuilder.forms import FieldConverter
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.widgets import SearchWidget
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field
from wtforms.fields import BooleanField, DateTimeLocalField, StringField, TextAreaField
from wtforms.widgets import DateInput, DateTimeLocalInput, FileInput, TextInput

# The comparison a person expects first, by the kind of field.
FIRST_CHOICE_OF_TEXT = ("FilterContains",)
FIRST_CHOICE_OF_DATES = ("FilterGreater",)
FIRST_CHOICE_OF_OTHERS = ("FilterEqual", "FilterRelationOneToManyEqual")


class NativeDate(DateInput):
    """The browser's calendar; a year of more than four digits is refused there already."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{**kwargs, "class": "form-control", "max": "9999-12-31"})


class NativeDateTime(DateTimeLocalInput):
    """The browser's calendar with hours and minutes, which Flask-AppBuilder's own widget drops."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{**kwargs, "class": "form-control", "max": "9999-12-31T23:59"})


class NativeFile(FileInput):
    """A plain file input; where a file is stored already, with a tick to remove it."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        control = super().__call__(field, **{**kwargs, "class": "form-control"})
        if not isinstance(field.data, str) or not field.data:
            return control
        tick = Markup('<input class="form-check-input" type="checkbox" name="_{}-delete">').format(field.name)
        words = _("Remove the present file: %(name)s", name=field.data)
        return Markup('<label class="choice">{}{}</label>{}').format(tick, words, control)


class UnchosenSelect(Select2Widget):
    """A select in which nothing is chosen beforehand, so that nobody files under the first row unseen."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        html = super().__call__(field, **kwargs)
        if field.data is not None or getattr(field, "allow_blank", False):
            return html
        return html.replace(">", Markup('><option value=""></option>'), 1)


class FilterWidget(SearchWidget):
    """The form above a list: one field per search column under its real name, showing what is set now.

    Flask-AppBuilder hands its template strings of unnamed inputs, from which scripts build the form.
    """

    def __call__(self, **kwargs: Any) -> str:
        active = {column: (name, value) for column, name, value in self.filters.get_filters_values_tojson()}
        rows = [self._row(column, *active.get(column, ("", ""))) for column in self.template_args["include_cols"]]
        return super(SearchWidget, self).__call__(rows=rows, **kwargs)

    def _row(self, column: str, active_operator: str, value: Any) -> dict[str, Any]:
        field: Field = self.template_args["form"][column]
        filters: list[BaseFilter] = self.filters.get_search_filters()[column]
        operators = [str(each.name) for each in filters]
        operator = operators.index(str(active_operator)) if str(active_operator) in operators else first(field, filters)
        if isinstance(value, list):
            value = value[0] if value else ""
        field.id = field.name = f"_flt_{operator}_{column}"
        field.flags.required = False
        return {
            "id": field.id,
            "column": column,
            "label": field.label.text,
            "operators": operators,
            "operator": operator,
            "control": control(field, str(value)),
            "value": value,
        }


def first(field: Field, filters: list[BaseFilter]) -> int:
    """Position of the comparison that stands there before anybody chose one."""
    if isinstance(field.widget, NativeDate | NativeDateTime):
        wanted = FIRST_CHOICE_OF_DATES
    elif isinstance(field, StringField):
        wanted = FIRST_CHOICE_OF_TEXT
    else:
        wanted = FIRST_CHOICE_OF_OTHERS
    return next((place for place, each in enumerate(filters) if type(each).__name__ in wanted), 0)


def control(field: Field, value: str) -> Markup:
    """The field as it stands in the filter: empty, or with what is searched for."""
    if isinstance(field, BooleanField):
        return select(field, [("y", _("Yes"))], value)  # «no» is «not equal»: the filter reads no other word
    if hasattr(field, "iter_choices"):
        choices = [(str(key), words) for key, words, *_rest in field.iter_choices() if key != "__None"]
        return select(field, choices, value)
    if isinstance(field, TextAreaField):
        return TextInput()(field, value=value, **{"class": "form-control"})
    return field(value=value)


def select(field: Field, choices: Iterable[tuple[str, str]], value: str) -> Markup:
    """A select that begins with «any»."""
    options = Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(key, Markup(" selected") if key == value else "", words)
        for key, words in choices
    )
    frame = Markup('<select class="my_select2 form-control" id="{}" name="{}"><option value=""></option>{}</select>')
    return frame.format(field.id, field.name, options)


def register() -> None:
    """Put the widgets in place for the whole process: once, before the first view is made."""
    if BaseCRUDView.search_widget is FilterWidget:
        return
    widgets = {"is_date": NativeDate, "is_datetime": NativeDateTime, "is_file": NativeFile, "is_image": NativeFile}
    FieldConverter.conversion_table = tuple(
        (kind, DateTimeLocalField if kind == "is_datetime" else field, widgets.get(kind, widget))
        for kind, field, widget in FieldConverter.conversion_table
    )
    forms.Select2Widget = UnchosenSelect
    BaseCRUDView.search_widget = FilterWidget
