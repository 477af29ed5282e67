"""The public ways to pay, as the administrator lists them: windows choose from these, and there is no other (七)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app.extensions import db
from app.law.roles import STAFF_ROLES, Role
from app.models.catalogue import Item
from app.models.fees import ItemFee, PaymentChannel
from app.web.api_reference_inputs import CHANNEL_ACCOUNTS, CHANNEL_KINDS, channel_complaints
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.errors import Complaint


class ChannelView(GeneratedView):
    """The public payment channels."""

    model = PaymentChannel
    route_base = "/channels"
    list_title, new_title = _("Public payment channels"), _("New payment channel")
    readers, editors = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})
    choices_of = {"kind": CHANNEL_KINDS, "account": CHANNEL_ACCOUNTS}
    list_columns = show_columns = add_columns = edit_columns = ["code", "name", "kind", "account", "is_active"]
    search_columns = ["code", "name", "kind", "is_active"]
    base_order = ("code", "asc")

    def complaints(self, row: PaymentChannel) -> Iterator[Complaint]:
        """No account that somebody typed."""
        return channel_complaints(row)

    def impact(self, row: PaymentChannel) -> Iterator[str]:
        """Without any channel no applicant can be told how to pay."""
        if row.is_active or row.id is None:
            return
        others = select(PaymentChannel.id).where(PaymentChannel.is_active.is_(True), PaymentChannel.id != row.id)
        if db.session.scalar(others.limit(1)) is None:
            charged = select(func.count(Item.id.distinct())).join(ItemFee, ItemFee.item_id == Item.id)
            yield ngettext(
                "Without a channel no payment notice can be given; %(num)s active item has a fee.",
                "Without a channel no payment notice can be given; %(num)s active items have a fee.",
                db.session.scalar(charged.where(Item.is_active.is_(True), ItemFee.is_active.is_(True))),
            )  # fmt: skip
