"""The facts the guards ask, answered from the database: each list is read once, and only when somebody asks."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from app.engine import sheets
from app.engine.actors import Actor, Grant
from app.engine.clocks import within_correction_by_law
from app.engine.dossier import Dossier
from app.law.clock import Clock, is_late
from app.law.lifecycle import TRANSITIONS
from app.law.roles import BACK_CLASSES, FRONT_ACTS, Role
from app.law.states import NEGATIVE, DeliveryMode, State
from app.models.catalogue import Item
from app.models.custody import Slip

ON_APPLICATION_TYPES = frozenset({"01", "05", "07", "08", "09", "10", "20"})
GUIDE_PARTS = ("legal_basis", "conditions", "procedure")
BACK_ACTS = frozenset(name for name, row in TRANSITIONS.items() if row.act_class in BACK_CLASSES)


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


class Facts(ItemFacts):
    """A dossier seen by one person in one role at one moment: what the guards ask."""

    def __init__(self, dossier: Dossier, actor: Actor, grant: Grant, now: datetime) -> None:
        super().__init__(dossier.item)
        self.dossier = dossier
        self.actor = actor
        self.grant = grant
        self.now = now

    # the person

    @property
    def actor_id(self) -> int | None:
        return self.actor.user_id

    @property
    def role(self) -> Role:
        return self.grant.role

    @property
    def own_units(self) -> Collection[str]:
        return self.grant.units

    def _did(self, acts: Collection[str]) -> bool:
        mine = self.actor.user_id
        return mine is not None and any(e.actor_id == mine and e.act in acts for e in self.dossier.events)

    @property
    def did_front_act(self) -> bool:
        return self._did(FRONT_ACTS)

    @property
    def did_back_act(self) -> bool:
        return self._did(BACK_ACTS)

    @property
    def is_party(self) -> bool:
        a = self.dossier.application
        return self.actor.id_index is not None and self.actor.id_index in (a.id_no_index, a.agent_id_index)

    # the application

    @property
    def state(self) -> State:
        return self.dossier.state

    @property
    def delivery_mode(self) -> DeliveryMode | None:
        mode = self.dossier.application.delivery_mode
        return DeliveryMode(mode) if mode else None

    @property
    def closed(self) -> bool:
        return self.dossier.application.closed_at is not None

    @property
    def original_effective(self) -> bool:
        return True  # judged once, when the application is registered

    @property
    def within_correction_days(self) -> bool:
        return within_correction_by_law(self.dossier.clocks, self.now)

    @property
    def any_clock_breached(self) -> bool:
        return any(
            is_late(r.stopped_at or self.now, r.due_at)
            for r in self.dossier.clocks.runs
            if r.clock in (Clock.PROMISED, Clock.STATUTORY)
        )

    # papers

    @property
    def file_slips(self) -> list[Slip]:
        return [s for s in self.dossier.slips if s.kind == "file"]

    @property
    def file_sent(self) -> bool:
        return bool(self.file_slips)

    @property
    def file_open(self) -> bool:
        return self.dossier.open_slip("file") is not None

    @property
    def file_confirmed(self) -> bool:
        return bool(self.file_slips) and self.file_slips[-1].state == "accepted"

    @property
    def file_sender_id(self) -> int | None:
        slip = self.dossier.open_slip("file")
        return slip.sender_id if slip else None

    @property
    def pieces_here(self) -> bool:
        return any(p.kind == "material" and p.holder in self.own_units for p in self.dossier.pieces)

    @property
    def issuing_desk(self) -> str:
        return self.dossier.issuing_desk

    @property
    def result_held_by(self) -> Collection[str]:
        return self.dossier.result_held_by

    @property
    def result_here(self) -> bool:
        holders = self.dossier.result_held_by
        if not holders and self.state in NEGATIVE:
            return f"office:{self.dossier.application.office_id}" in self.own_units
        return bool(holders) and all(h in self.own_units for h in holders)

    @property
    def slip_open(self) -> bool:
        return self.dossier.open_slip("result") is not None

    @property
    def slip_to(self) -> str | None:
        slip = self.dossier.open_slip("result")
        return slip.to_unit if slip else None

    @property
    def slip_sender_id(self) -> int | None:
        slip = self.dossier.open_slip("result")
        return slip.sender_id if slip else None

    @property
    def scan_exists(self) -> bool:
        return self.dossier.certificate is not None

    @property
    def dispatched(self) -> bool:
        return any(d.state == "sent" for d in self.dossier.dispatches)

    @property
    def fee_settled(self) -> bool:
        return not self.item["has_fee"]

    # examination

    @property
    def review_says(self) -> str | None:
        return self.dossier.reviews[-1].conclusion if self.dossier.reviews else None

    @property
    def review_is_last(self) -> bool:
        if not self.dossier.reviews:
            return False
        last_file = self.file_slips[-1].settled_at if self.file_slips else None
        return last_file is None or self.dossier.reviews[-1].reviewed_at >= last_file

    @property
    def reviewer_id(self) -> int | None:
        return self.dossier.reviews[-1].reviewer_id if self.dossier.reviews else None

    @property
    def proposer_id(self) -> int | None:
        filing = self.dossier.open_filing
        return filing.proposer_id if filing else None

    # afterwards

    @property
    def archive_state(self) -> str | None:
        return self.dossier.archive.state if self.dossier.archive else None

    @property
    def archive_lister_id(self) -> int | None:
        return self.dossier.archive.listed_by_id if self.dossier.archive else None

    @property
    def sheets_to_add(self) -> bool:
        return bool(sheets.wanted(self.dossier))

    @property
    def archive_complete(self) -> bool:
        a, archive = self.dossier.application, self.dossier.archive
        if archive is None or self.dossier.open_slip("file") is not None:
            return False
        listed = {p.document_id for p in archive.current_pages}
        receipts = [d.id for d in self.dossier.documents if d.kind == "service_receipt" and d.state == "valid"]
        if self.state is State.DELIVERED and not (receipts and set(receipts) <= listed):
            return False
        homes = {f"centre:{a.centre_id}", f"office:{a.office_id}"}
        return all(p.holder in homes for p in self.dossier.pieces if p.kind == "material")

    # No act of these stages has a body yet, so nothing of the kind can be on record.
    suspension_requested = False
    suspension_requester_id: int | None = None
    joint_review_open = False
    joint_review_heard = False
    opinions_open = False
    extended = False
    verified = False
    owed_open = 0
    fee_due = False
    fee_notice_open = False
    correction_rounds = 0
    every_answer_in = False
    draft_expired = False
    deemed = False
    unexplained_breach = False
    may_terminate = False
    something_awaited = False
    rating_reminded = False
    escalation_open = False


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
        self.is_party = actor.id_index is not None and actor.id_index in id_indexes
        self.original_effective = original_effective
