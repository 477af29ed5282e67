"""The catalogue: items with their limits, guide and fronting, their material lists, retention periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.engine.catalogue import activation_complaints
from app.law import N_
from app.law.roles import STAFF_ROLES, Role
from app.models.archive import Retention
from app.models.catalogue import Item, ItemMaterial
from app.web.api_reference_inputs import (
    CLOCK_STARTS,
    FORMS,
    HANDLING,
    ITEM_TYPES,
    LEVELS,
    REQUIREMENTS,
    UNITS,
    item_complaints,
    material_complaints,
)
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.errors import Complaint

PROMISE = N_("An instant item promises no days, any other at least one.")
WITHIN = N_("The promised limit may not exceed the statutory one.")
SUPPLY = N_("Days to supply are given exactly where a paper may be supplied later.")


class MaterialView(GeneratedView):
    """The lines of an item's material list; nothing else may be asked for (行政许可法 31)."""

    model = ItemMaterial
    route_base = "/materials"
    list_title, new_title = _("Materials"), _("New material")
    readers, editors = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})
    belongs_to = ("item", "ItemView")
    choices_of = {"requirement": REQUIREMENTS, "form": FORMS}
    list_columns = [
        "position", "name", "requirement", "form", "original_count", "copy_count", "tolerable", "supplement_days",
    ]
    show_columns = add_columns = [
        "item", "position", "name", "requirement", "condition", "form", "original_count", "copy_count", "issuer",
        "tolerable", "supplement_days", "shared_source", "review_points",
    ]
    edit_columns = show_columns[1:]
    search_columns = ["name", "requirement", "tolerable"]
    base_order = ("position", "asc")
    sentences = {
        "material_position": ("position", N_("Another material stands at this position.")),
        "material_counts": ("original_count", N_("Originals and copies are numbers from 0 to 99.")),
        "material_supplement_days": ("supplement_days", N_("At most 60 days to supply.")),
        "material_days_if_tolerable": ("supplement_days", SUPPLY),
        "material_tolerable_needs_days": ("supplement_days", SUPPLY),
    }

    def complaints(self, row: ItemMaterial) -> Iterator[Complaint]:
        """What contradicts itself in the line."""
        return material_complaints(row)

    def complaint_of_deletion(self, row: ItemMaterial) -> str:
        """An active item keeps a material list."""
        if row.item.is_active and len(row.item.materials) == 1:
            return N_("This is the last material of an active item. Make the item inactive first.")
        return ""


class ItemView(GeneratedView):
    """The items that are taken here."""

    model = Item
    route_base = "/items"
    list_title, new_title = _("Items"), _("New item")
    readers, editors = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})
    related_views = [MaterialView]
    short_relations = ("office", "department", "retention")
    choices_of = {
        "item_type": ITEM_TYPES, "exercise_level": LEVELS, "handling": HANDLING, "statutory_unit": UNITS,
        "clock_start": CLOCK_STARTS,
    }
    list_columns = ["code", "name", "office", "handling", "promised_days", "is_fronted", "is_active"]
    search_columns = ["code", "name", "office", "department", "item_type", "handling", "is_fronted", "is_active"]
    base_order = ("code", "asc")
    show_fieldsets = [
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
    ]
    edit_fieldsets = show_fieldsets
    # A new item has no materials yet, so it cannot be active.
    add_fieldsets = [
        (name, {"fields": [field for field in part["fields"] if field != "is_active"]}) for name, part in show_fieldsets
    ]
    sentences = {
        "item_on_application": ("item_type", N_("Only items on application are handled here.")),
        "item_instant_is_same_day": ("promised_days", PROMISE),
        "item_commitment_has_days": ("promised_days", PROMISE),
        "item_promised_within_statutory": ("promised_days", WITHIN),
        "item_limits": ("promised_days", N_("A limit is no negative number.")),
        "item_correction_at_most_five": ("correction_days", N_("At most five working days.")),
        "item_extension_at_most_ten": ("extension_max", N_("At most ten working days (行政许可法 42).")),
        "item_secret_never_public": ("is_public", N_("A secret item is never public.")),
    }

    def complaints(self, row: Item) -> Iterator[Complaint]:
        """What contradicts itself, and what an active item lacks."""
        yield from item_complaints(row)
        yield from activation_complaints(row)


class RetentionView(GeneratedView):
    """How long files are kept; the archivist's."""

    model = Retention
    route_base = "/retention"
    list_title, new_title = _("Retention periods"), _("New retention period")
    readers = editors = frozenset({Role.ARCHIVIST})
    list_columns = show_columns = add_columns = ["code", "name", "years"]
    edit_columns = ["name", "years"]
    search_columns = ["name"]
    base_order = ("id", "asc")
