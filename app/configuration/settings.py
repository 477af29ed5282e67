"""The county's settings: each a value in words, with what it means."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape
from wtforms import StringField
from wtforms.widgets import html_params

from app.configuration.seed_files import read
from app.configuration.settings_checked import IMPACTS, complaints
from app.errors import Complaint
from app.law import N_
from app.law.roles import Role
from app.models.calendar import Setting
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wtforms import Form

LONGEST = 2000
YES_OR_NO = {"yes": N_("Yes"), "no": N_("No")}


@cache
def known() -> Mapping[str, Any]:
    """The settings of this version, by key, with label and help in both languages."""
    return {row["key"]: row for row in read("settings.json")}


def label(key: str) -> str:
    """What a setting is called."""
    return told(key, "label")


def told(key: str, part: str) -> str:
    """The label or the help of a setting, in the reader's language."""
    words = known()[key][part]
    return str(words.get(str(get_locale()), words["en"]))


def spoken(value: Any) -> str:
    """A value as it is read."""
    if isinstance(value, bool):
        word = YES_OR_NO["yes"] if value else YES_OR_NO["no"]
        return gettext(word)
    return ("、".join(map(str, value)) if isinstance(value, list) else str(value)) or "—"


class SettingInput:
    """A list for yes or no, lines for a list, a number or plain words for the rest."""

    def __call__(self, field: SettingField, **kwargs: Any) -> Markup:
        shown = {**kwargs, "id": field.id, "name": field.name, "class": "form-control"}
        present, text = field.present, field.text()
        if isinstance(present, bool):
            option = Markup('<option value="{}"{}>{}</option>')
            options = Markup("").join(
                option.format(key, Markup(" selected") if key == text else "", gettext(words))
                for key, words in YES_OR_NO.items()
            )
            return Markup("<select {}>{}</select>").format(Markup(html_params(**shown)), options)  # noqa: S704
        if isinstance(present, list):
            return Markup("<textarea {}>\n{}</textarea>").format(Markup(html_params(**shown)), escape(text))  # noqa: S704
        kind = "number" if isinstance(present, int) else "text"
        return Markup("<input {}>").format(Markup(html_params(type=kind, value=text, **shown)))  # noqa: S704


class SettingField(StringField):
    """A value of the kind that the setting has now."""

    widget = SettingInput()
    present: Any = None

    def process_data(self, value: Any) -> None:
        """Remember the kind of value."""
        self.present = self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed as that kind."""
        if not valuelist:
            return
        typed = valuelist[0].replace("\0", "").strip()
        if len(typed) > LONGEST:
            raise ValueError(gettext("At most %(most)s characters.", most=LONGEST))
        self.data = self._read(typed)

    def _read(self, typed: str) -> Any:
        if isinstance(self.present, bool):
            if typed not in YES_OR_NO:
                raise ValueError(gettext("Please choose yes or no."))
            return typed == "yes"
        if isinstance(self.present, int):
            if not (typed.isascii() and typed.isdecimal() and len(typed) < 5):  # noqa: PLR2004  (no limit of ours has more)
                raise ValueError(gettext("Please give a whole number from 0 to 9999."))
            return int(typed)
        if isinstance(self.present, list):
            return [line.strip() for line in typed.splitlines() if line.strip()]
        return typed

    def text(self) -> str:
        """What stands in the input."""
        if self.raw_data:
            return str(self.raw_data[0])
        if isinstance(self.data, bool):
            return "yes" if self.data else "no"
        return "\n".join(self.data) if isinstance(self.data, list) else str(self.data)


class SettingView(GeneratedView):
    """The settings; which there are, the version says."""

    model = Setting
    route_base = "/settings"
    list_title = _("Settings")
    readers = editors = frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show", "edit"}
    base_filters = [["key", FilterInFunction, lambda: [*known()]]]
    list_columns = show_columns = ["key", "value"]
    add_columns: list[str] = []
    edit_columns = ["value"]
    search_columns: list[str] = []
    order_columns = ["key"]
    base_order = ("key", "asc")
    formatters_columns = {"key": label, "value": spoken}
    edit_form_extra_fields = {"value": SettingField(_("Value"))}

    def name_of(self, row: Setting) -> str:
        """The setting's label."""
        return label(row.key)

    def complaints(self, row: Setting) -> Iterator[Complaint]:
        """Within its bounds."""
        found = complaints(row.value, known()[row.key].get("bounds", {}))
        return (Complaint("value", sentence, params) for sentence, params in found)

    def impact(self, row: Setting) -> Iterator[str]:
        """What it changes for work under way, where it changes anything."""
        if row.key in IMPACTS:
            yield from IMPACTS[row.key](row.value)

    def _edit_page(self, row: Setting, form: Form) -> str:
        form["value"].label.text, form["value"].description = label(row.key), told(row.key, "help")
        return super()._edit_page(row, form)
