"""The forms of an item's draft: what they show comes from the draft, what they send goes into it and nowhere else."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, request
from flask_appbuilder.fieldwidgets import BS3TextAreaFieldWidget
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from wtforms import TextAreaField

from app.engine.item_inputs import (
    CLOCK_STARTS,
    FEE_KINDS,
    FIELD_TYPES,
    FORMS,
    HANDLING,
    ITEM_TYPES,
    LEVELS,
    REQUIREMENTS,
    UNITS,
)
from app.engine.versions import kept
from app.errors import NotNow
from app.extensions import db
from app.law.roles import Role
from app.models.catalogue import Item, ItemField, ItemMaterial
from app.models.fees import ItemFee
from app.web.crud import GeneratedView
from app.web.crud_declared import SEEN
from app.web.crud_writing import STALE, SentBackError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.wrappers import Response as AnyResponse
    from wtforms import Form

Content = dict[str, Any]


def digest(content: Mapping[str, Any]) -> str:
    """What a page was made from: nobody overwrites unseen."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Drafted(GeneratedView):
    """A form whose values go into a draft: a part of it, or the item itself."""

    readers = editors = frozenset({Role.COUNTY_ADMIN})
    list_columns: list[str] = []
    show_columns: list[str] = []
    search_columns: list[str] = []

    def draft_form(
        self, said: Content, title: str, write: Callable[[Content], str], seen: Callable[[], Content]
    ) -> AnyResponse | str:
        """Show what the draft says; sent, `write` it and answer where one goes on.

        `seen` is what the form is made from, read again inside the writing transaction.
        """
        if request.method == "GET":
            form = self.edit_form(obj=self._row_of(said), **{SEEN: digest(seen())})
            return self._form_page(form, title)
        try:
            address = self._attempt(lambda: write(self._typed(seen)), self.edit_form)
        except SentBackError as again:
            return make_response(self._form_page(again.form, title), again.status)
        return redirect(address)

    def _form_page(self, form: Form, title: str) -> str:
        widgets = self._get_edit_widget(form=form)
        return self.render_template(self.edit_template, title=title, widgets=widgets, related_views=[])

    def _typed(self, seen: Callable[[], Content]) -> Content:
        form = self.edit_form()
        self._validate(form)
        if form[SEEN].data != (now := digest(seen())):
            form[SEEN].data = now
            flash(gettext(STALE), "warning")
            raise SentBackError(form, NotNow.status)
        row = self.datamodel.obj()
        with db.session.no_autoflush:
            self._fill(row, form, self.edit_columns)
        return {self._key(name): self._plain(row, name) for name in self.edit_columns if name in form}

    def _row_of(self, said: Content) -> Any:
        """A row that says this; it is shown and never saved."""
        row = self.datamodel.obj()
        for name in self.edit_columns:
            value = said.get(self._key(name))
            if self.datamodel.is_relation(name) and value is not None:
                value = db.session.get(self.datamodel.get_related_model(name), value)
            if self._key(name) in said:
                setattr(row, name, kept(name, value) if value else value)
        return row

    def _key(self, name: str) -> str:
        """The name under which the content keeps a column."""
        return self.datamodel.get_relation_fk(name).name if self.datamodel.is_relation(name) else name

    def _plain(self, row: Any, name: str) -> Any:
        value = getattr(row, name)
        if isinstance(value, Decimal):
            return f"{value:.2f}"
        return value.id if self.datamodel.is_relation(name) and value is not None else value


class LinesField(TextAreaField):
    """Several short texts, one a line."""

    widget = BS3TextAreaFieldWidget()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By this name the template of forms gives it the whole width.
        self.type = TextAreaField.__name__

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the lines, blank ones left out."""
        text = valuelist[0] if valuelist else ""
        self.data = [line.strip() for line in text.replace("\0", "").splitlines() if line.strip()]

    def _value(self) -> str:
        return "\n".join(self.data or ())


def by() -> str:
    """Whoever is at the form."""
    return str(current_user.username)


ITEM_FIELDSETS = [
    (_("Basics"), {"fields": [
        "code", "name", "basic_code", "impl_code", "item_type", "exercise_level", "office", "department",
        "result_name", "retention", "is_active",
    ]}),
    (_("Limits"), {"fields": [
        "handling", "promised_days", "statutory_amount", "statutory_unit", "clock_start", "correction_days",
        "extension_max", "needs_verification",
    ]}),
    (_("Guide for applicants"), {"fields": [
        "legal_basis", "conditions", "procedure", "quantity", "place", "online", "has_fee", "fee_text",
    ]}),
    (_("Fronting and publication"), {"fields": ["is_fronted", "is_public", "is_secret"]}),
]  # fmt: skip


class ItemForms(Drafted):
    """The item's own fields."""

    model = Item
    short_relations = ("office", "department", "retention")
    choices_of = {
        "item_type": ITEM_TYPES, "exercise_level": LEVELS, "handling": HANDLING, "statutory_unit": UNITS,
        "clock_start": CLOCK_STARTS,
    }  # fmt: skip
    add_columns: list[str] = []
    edit_fieldsets = ITEM_FIELDSETS


class MaterialForms(Drafted):
    """A line of the material list; nothing else may be asked for (行政许可法 31)."""

    model = ItemMaterial
    choices_of = {"requirement": REQUIREMENTS, "form": FORMS}
    add_columns: list[str] = []
    edit_columns = [
        "position", "name", "requirement", "condition", "form", "original_count", "copy_count", "issuer", "is_core",
        "tolerable", "supplement_days", "shared_source", "review_points",
    ]  # fmt: skip


class QuestionForms(Drafted):
    """A question of the item's own."""

    model = ItemField
    choices_of = {"type": FIELD_TYPES}
    add_columns: list[str] = []
    edit_columns = ["position", "label", "name", "type", "choices", "required", "pattern", "help"]
    edit_form_extra_fields = {"choices": LinesField(_("Choices"), description=_("One a line, at least two."))}


class StandardForms(Drafted):
    """A fee or deposit of the item; nothing else may be charged (行政许可法 58, 59)."""

    model = ItemFee
    choices_of = {"kind": FEE_KINDS}
    add_columns: list[str] = []
    edit_columns = ["position", "name", "kind", "unit_price", "unit_name", "legal_basis", "is_active"]
