"""What the county files as one thing (一件事): its lead item, and the items that take part (第十五条（五）)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.roles import STAFF_ROLES, Role
from app.models.catalogue import Item
from app.models.theme import Theme, ThemeItem
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYBODY, ADMINISTRATOR = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})


class ThemeItemView(GeneratedView):
    """The items that take part in one thing."""

    model = ThemeItem
    route_base = "/theme-items"
    list_title, new_title = _("Items that take part"), _("New part")
    readers, editors = EVERYBODY, ADMINISTRATOR
    include_route_methods = {"list", "show", "add", "edit", "delete", "choices"}
    belongs_to = ("theme", "ThemeView")
    list_columns = ["position", "item"]
    show_columns = add_columns = ["theme", "item", "position"]
    edit_columns = ["position"]
    search_columns: list[str] = []
    base_order = ("position", "asc")
    sentences = {"theme_item_once": ("item", N_("This item takes part already."))}

    def complaints(self, row: ThemeItem) -> Iterator[Complaint]:
        """The lead item is no part besides."""
        if row.theme is not None and row.item is not None and row.theme.lead_item_id == row.item.id:
            yield Complaint("item", N_("This item leads: it is filed anyway."))


class ThemeView(GeneratedView):
    """What is filed at one window and decided together."""

    model = Theme
    route_base = "/themes"
    list_title, new_title = _("One thing"), _("New theme")
    readers, editors = EVERYBODY, ADMINISTRATOR
    include_route_methods = {"list", "show", "add", "edit", "choices"}
    related_views = [ThemeItemView]
    list_columns = show_columns = add_columns = ["code", "name", "lead_item", "is_active"]
    edit_columns = ["name", "is_active"]
    search_columns = ["code", "name", "is_active"]
    base_order = ("code", "asc")

    def complaints(self, row: Theme) -> Iterator[Complaint]:
        """It needs somebody else: the lead office alone is no thing to decide together."""
        if row.id is None or not row.is_active:
            return
        lead = db.session.get_one(Item, row.lead_item_id)
        parts = select(Item.office_id).join(ThemeItem, ThemeItem.item_id == Item.id).where(ThemeItem.theme_id == row.id)
        if set(db.session.scalars(parts)) <= {lead.office_id}:
            yield Complaint("is_active", N_("Nobody else takes part yet: add an item of another office first."))
