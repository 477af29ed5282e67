"""The facts the guards ask about custody: papers on their way, the result, its fee, the archive file."""

from collections.abc import Collection
from datetime import datetime

from app.engine import sheets
from app.engine.actors import Actor, Grant
from app.engine.dossier import Dossier
from app.engine.item_facts import ItemFacts
from app.law.guards import APPLICANT, CERTIFICATE_CENTRE
from app.law.states import NEGATIVE, State
from app.models.custody import Slip


class CustodyFacts(ItemFacts):
    """A dossier seen by one person in one role at one moment: who holds what of it."""

    def __init__(self, dossier: Dossier, actor: Actor, grant: Grant, now: datetime) -> None:
        super().__init__(dossier.item)
        self.dossier = dossier
        self.actor = actor
        self.grant = grant
        self.now = now

    @property
    def own_units(self) -> Collection[str]:
        return self.grant.units

    @property
    def state(self) -> State:
        return self.dossier.state

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
        """Whether the last file arrived; a supplement sent back to the certificate centre is sent by nobody again."""
        sent = [s for s in self.file_slips if s.state != "returned" or s.from_unit != CERTIFICATE_CENTRE]
        return bool(sent) and sent[-1].state == "accepted"

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
    def result_to_send(self) -> bool:
        """Whether own units hold some of the result, and elsewhere than where it is issued."""
        holders = self.dossier.result_held_by
        if not holders:
            return self.result_here
        return any(h in self.own_units and h != self.issuing_desk for h in holders)

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
    def granted(self) -> bool:
        return self.dossier.happened("grant")

    @property
    def scan_exists(self) -> bool:
        return self.dossier.certificate is not None

    @property
    def dispatched(self) -> bool:
        return any(d.state == "sent" for d in self.dossier.dispatches)

    @property
    def fee_due(self) -> bool:
        return bool(self.fees_open)

    @property
    def fee_notice_open(self) -> bool:
        return any(fee.state == "notified" for fee in self.dossier.fees)

    @property
    def fee_settled(self) -> bool:
        return not self.fees_open

    @property
    def fees_open(self) -> tuple[str, ...]:
        return tuple(fee.name for fee in self.dossier.fees if fee.is_open)

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
        homes = {f"centre:{a.centre_id}", f"office:{a.office_id}", CERTIFICATE_CENTRE, APPLICANT}
        return all(p.holder in homes for p in self.dossier.pieces if p.kind == "material")
