"""Versions of an item: an application keeps what the item said when it was filed (第十五条（三）, req. 54)."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine.now import now
from app.models.catalogue import Item, ItemVersion
from app.models.fees import ItemFee

ITEM_FIELDS = (
    "code",
    "name",
    "basic_code",
    "impl_code",
    "item_type",
    "exercise_level",
    "handling",
    "statutory_amount",
    "statutory_unit",
    "promised_days",
    "clock_start",
    "correction_days",
    "extension_max",
    "needs_verification",
    "result_name",
    "legal_basis",
    "conditions",
    "quantity",
    "procedure",
    "place",
    "online",
    "has_fee",
    "fee_text",
    "is_fronted",
    "office_id",
    "department_id",
    "retention_id",
    "revision",
)
MATERIAL_FIELDS = (
    "id",
    "position",
    "name",
    "requirement",
    "condition",
    "form",
    "original_count",
    "copy_count",
    "issuer",
    "is_core",
    "tolerable",
    "supplement_days",
    "shared_source",
    "review_points",
)
QUESTION_FIELDS = ("position", "name", "label", "type", "choices", "required", "pattern", "help")
STANDARD_FIELDS = ("position", "name", "kind", "legal_basis", "unit_price", "unit_name", "is_active")


def snapshot(item: Item) -> dict[str, Any]:
    """What the item says now: its fields, its material list, its own questions, its fees."""
    return {name: getattr(item, name) for name in ITEM_FIELDS} | {
        "materials": [{name: getattr(m, name) for name in MATERIAL_FIELDS} for m in item.materials],
        "extra_fields": [{name: getattr(e, name) for name in QUESTION_FIELDS} for e in item.extra_fields],
        "fees": [_standard(each) for each in item.fees],
    }


def _standard(fee: ItemFee) -> dict[str, Any]:
    """A price is kept as text: JSON knows no exact decimals."""
    return {name: getattr(fee, name) for name in STANDARD_FIELDS} | {"unit_price": f"{fee.unit_price:.2f}"}


def kept(name: str, value: Any) -> Any:
    """A value of a snapshot as its column keeps it."""
    return Decimal(value) if name == "unit_price" else value


def current(session: Session, item: Item, by: str) -> ItemVersion:
    """The version row with the item's present content, made if this content is new."""
    content = snapshot(item)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    found = session.scalar(select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.digest == digest))
    if found is None:
        last = session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item.id)) or 0
        found = ItemVersion(
            item_id=item.id, number=last + 1, digest=digest, snapshot=content, taken_at=now(), created_by=by
        )
        session.add(found)
    return found
