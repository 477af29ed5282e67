"""What the guards ask about an item, as filed for an application or as it stands for a new one."""

from collections.abc import Collection
from typing import Any

from app.engine.actors import Actor, Grant
from app.law.publication import GUIDE_PARTS
from app.law.states import State
from app.models.catalogue import Item

ON_APPLICATION_TYPES = frozenset({"01", "05", "07", "08", "09", "10", "20"})


class ItemFacts:
    """What is asked of an item: as filed for an application, as it stands for a new one."""

    def __init__(self, item: dict[str, Any], *, active: bool = True) -> None:
        self.item = item
        self.item_active = active

    @property
    def item_fronted(self) -> bool:
        """Whether town centres take it."""
        return bool(self.item["is_fronted"])

    @property
    def on_application(self) -> bool:
        """Whether it is of a type handled on application (req. 100)."""
        return self.item["item_type"] in ON_APPLICATION_TYPES

    @property
    def instant(self) -> bool:
        """即办件."""
        return bool(self.item["handling"] == "instant")

    @property
    def needs_verification(self) -> bool:
        """Whether two people must verify before the review."""
        return bool(self.item["needs_verification"])

    @property
    def guide_complete(self) -> bool:
        """Basis, procedure, conditions, limits and materials are all there (第六条)."""
        return all(str(self.item[part]).strip() for part in GUIDE_PARTS) and bool(self.item["materials"])


class BirthFacts(ItemFacts):
    """What is asked before an application exists: the item named, the original named, the person."""

    state = State.DRAFT
    did_front_act = did_back_act = False

    def __init__(
        self,
        item: Item,
        snapshot: dict[str, Any],
        actor: Actor,
        grant: Grant,
        *,
        original_effective: bool,
        id_indexes: Collection[str],
    ) -> None:
        super().__init__(snapshot, active=item.is_active)
        self.actor_id = actor.user_id
        self.role = grant.role
        self.own_units = grant.units
        self.is_party = actor.is_party(*id_indexes)
        self.original_effective = original_effective
