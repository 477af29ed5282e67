"""What an item must say before anybody may file under it (第六条: basis, limits, procedure, all materials)."""

from collections.abc import Iterator

from app.engine.item_facts import GUIDE_PARTS
from app.errors import Complaint
from app.law import N_, numbering
from app.models.catalogue import Item


def activation_complaints(item: Item) -> Iterator[Complaint]:
    """What an active item lacks; an inactive one may still be incomplete."""
    if not item.is_active:
        return
    for part in GUIDE_PARTS:
        if not (getattr(item, part) or "").strip():
            yield Complaint(part, N_("An active item needs this: it is told to every applicant at once."))
    if not numbering.is_impl_code(item.impl_code or ""):
        yield Complaint("impl_code", N_("The numbers of applications begin with this: 31 digits or capital letters."))
    if item.statutory_amount == 0 and not item.instant:
        yield Complaint("statutory_amount", N_("An active item needs its statutory limit."))
    if not item.materials:
        yield Complaint("is_active", N_("List the materials of this item before it is made active."))
