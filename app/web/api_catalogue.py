"""The catalogue by program: everybody reads it; what the administrator writes is published at once, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_login import current_user
from marshmallow import fields

from app.engine import extra_fields
from app.engine.differences import differences
from app.engine.inputs import many
from app.engine.item_inputs import ItemInput, MaterialInput, QuestionInput, StandardInput
from app.engine.publication import content_of, publish
from app.engine.versions import snapshot
from app.errors import Complaint, Incomplete, NotFound
from app.extensions import db
from app.law import N_
from app.models.catalogue import Item, ItemMaterial
from app.web import changes
from app.web.api_base import Answer, money, read
from app.web.api_records import columns
from app.web.api_reference import ReferenceResource


class ItemRow(Answer):
    """An item with its limits."""

    id = fields.Integer(strict=True)
    code = fields.String()
    name = fields.String()
    basic_code = fields.String()
    impl_code = fields.String()
    item_type = fields.String()
    exercise_level = fields.String()
    office_id = fields.Integer(strict=True)
    department_id = fields.Integer(strict=True)
    handling = fields.String()
    statutory_amount = fields.Integer(strict=True)
    statutory_unit = fields.String()
    promised_days = fields.Integer(strict=True)
    clock_start = fields.String()
    correction_days = fields.Integer(strict=True)
    extension_max = fields.Integer(strict=True)
    needs_verification = fields.Boolean()
    result_name = fields.String()
    has_fee = fields.Boolean()
    fee_text = fields.String()
    is_fronted = fields.Boolean()
    is_active = fields.Boolean()
    is_public = fields.Boolean()
    is_secret = fields.Boolean()
    retention_id = fields.Integer(strict=True)
    revision = fields.Integer(strict=True)


class QuestionShown(Answer):
    """A question that the item asks besides those of every application."""

    position = fields.Integer()
    name = fields.String()
    label = fields.String()
    type = fields.String()
    choices = fields.List(fields.String())
    required = fields.Boolean()
    pattern = fields.String()
    help = fields.String()


class StandardShown(Answer):
    """What the item charges, or holds as a deposit."""

    position = fields.Integer()
    name = fields.String()
    kind = fields.String()
    legal_basis = fields.String()
    unit_price = money()
    unit_name = fields.String()
    is_active = fields.Boolean()


class ItemShown(ItemRow):
    """An item with guide, questions and fees; `extra_schema` is the JSON Schema of `extra` in `register`."""

    legal_basis = fields.String()
    conditions = fields.String()
    quantity = fields.String()
    procedure = fields.String()
    place = fields.String()
    online = fields.String()
    extra_fields = fields.List(fields.Nested(QuestionShown))
    fees = fields.List(fields.Nested(StandardShown))
    extra_schema = fields.Function(lambda item: extra_fields.schema(snapshot(item)), metadata={"type": "object"})


class MaterialRow(Answer):
    """One line of an item's material list."""

    id = fields.Integer(strict=True)
    item_id = fields.Integer(strict=True)
    position = fields.Integer(strict=True)
    name = fields.String()
    requirement = fields.String()
    condition = fields.String()
    form = fields.String()
    original_count = fields.Integer(strict=True)
    copy_count = fields.Integer(strict=True)
    issuer = fields.String()
    is_core = fields.Boolean()
    tolerable = fields.Boolean()
    supplement_days = fields.Integer(strict=True)
    shared_source = fields.String()
    review_points = fields.String()


class ItemWithQuestions(ItemInput):
    """An item of the catalogue, what it asks, and what it charges."""

    extra_fields = many(N_("Questions of this item"), QuestionInput, most=30)
    fees = many(N_("Fees and deposits"), StandardInput, most=20)


class Published(ReferenceResource):
    """A resource whose writes are published as a revision of their item; refused while somebody drafts one."""

    @staticmethod
    def complaints(_row: Any) -> tuple[()]:
        """The publication complains."""
        return ()

    def _publish(self, item: Item | None, content: Mapping[str, Any]) -> Item:
        before = content_of(item) if item is not None else {}
        revision = publish(db.session(), content, current_user.username, "", item, is_new=item is None)
        told = [str(each) for each in differences(before, revision.content)] if before else [""]
        changes.record("changed" if before else "added", revision.item, told)
        assert revision.item is not None  # a published revision has its item
        return revision.item


class ItemApi(Published):
    """The item catalogue."""

    resource_name = "item"
    datamodel = SQLAInterface(Item)
    list_columns = search_columns = columns(ItemRow)
    show_columns = [name for name in columns(ItemShown) if not name.startswith("extra_") and name != "fees"]
    order_columns = ["id", "code", "name"]
    list_model_schema, show_model_schema = ItemRow(), ItemShown()
    input_schema = ItemWithQuestions

    def _add(self, data: dict[str, Any]) -> Item:
        return self._publish(None, read(self.input_schema(), data) | {"materials": []})

    def _change(self, pk: int, data: dict[str, Any]) -> Item:
        item = _find(Item, pk)
        return self._publish(item, content_of(item) | read(self.changing(), data))


class MaterialApi(Published):
    """The material lists of the items."""

    resource_name = "material"
    datamodel = SQLAInterface(ItemMaterial)
    list_columns = show_columns = search_columns = columns(MaterialRow)
    order_columns = ["id", "position"]
    list_model_schema, show_model_schema = MaterialRow(), MaterialRow()
    input_schema, fixed = MaterialInput, ("item_id",)

    def _add(self, data: dict[str, Any]) -> ItemMaterial:
        given = read(self.input_schema(), data)
        item = db.session.get(Item, given.pop("item_id"))
        if item is None:
            raise Incomplete([Complaint("item_id", N_("There is no such row."))])
        lines = content_of(item)["materials"]
        return self._written(item, [*lines, given], len(lines), given["position"])

    def _change(self, pk: int, data: dict[str, Any]) -> ItemMaterial:
        row = _find(ItemMaterial, pk)
        lines = content_of(row.item)["materials"]
        place = next(i for i, line in enumerate(lines) if line["id"] == pk)
        lines[place] |= read(self.changing(), data)
        return self._written(row.item, lines, place, lines[place]["position"])

    def _written(self, item: Item, lines: list[dict[str, Any]], place: int, position: int) -> ItemMaterial:
        own = f"materials.{place}."
        try:
            self._publish(item, content_of(item) | {"materials": lines})
        except Incomplete as refusal:
            raise Incomplete(
                [Complaint(each.field.removeprefix(own), each.sentence, each.params) for each in refusal.complaints]
            ) from refusal
        return next(each for each in item.materials if each.position == position)


def _find(model: Any, pk: int) -> Any:
    row = db.session.get(model, pk)
    if row is None:
        raise NotFound
    return row
