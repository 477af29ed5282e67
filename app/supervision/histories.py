"""Everything on record about each application, a few hundred at a time, for whoever looks at all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.orm import Session

from app.models.application import Application, ApplicationMaterial, Decision
from app.models.archive import ArchiveFile, ArchivePage
from app.models.calendar import Alert, ClockPause, ClockRun
from app.models.catalogue import ItemVersion
from app.models.correction import OwedMaterial
from app.models.custody import Piece, Slip, SlipLine
from app.models.delivery import Certificate, DeliveryReceipt, EmsDispatch
from app.models.encrypted import Encrypted, EncryptedJSON
from app.models.examination import Suspension
from app.models.fees import Fee
from app.models.rating import Rating
from app.models.trail import Document, Event, Outbox, StoredFile

CHUNK = 300

HANGING: tuple[type[Any], ...] = (
    Event, Outbox, ClockRun, ClockPause, Alert, Slip, SlipLine, Piece, Document, Decision, Certificate, DeliveryReceipt,
    ApplicationMaterial, ArchiveFile, ArchivePage, StoredFile, Suspension,
    OwedMaterial, EmsDispatch, Fee, Rating,
)  # fmt: skip


@dataclass
class History:
    """One application with its rows, each table in the order in which it was written; nothing is decrypted."""

    application: Row[Any]
    snapshot: dict[str, Any]
    rows: dict[type[Any], list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def events(self) -> list[Row[Any]]:
        """What happened to the application itself, by its numbers."""
        return [event for event in self.rows[Event] if event.subject_kind == "application"]

    def acts(self, *names: str) -> list[Row[Any]]:
        """The events of these acts."""
        return [event for event in self.events if event.act in names]

    def __str__(self) -> str:
        return f"application {self.application.short_no}"


Judge = Callable[[History], Iterator[str]]
"""An invariant of one application: a line for each violation, naming the row."""


def histories(session: Session) -> Iterator[History]:
    """Every application, in the order of registration."""
    last = 0
    while chunk := _chunk(session, last):
        last = max(chunk)
        yield from chunk.values()


def _chunk(session: Session, after: int) -> dict[int, History]:
    table = _table(Application)
    versions = _table(ItemVersion)
    found = session.execute(
        select(*_plain(table), versions.c.snapshot)
        .join(versions, versions.c.id == table.c.item_version_id)
        .where(table.c.id > after)
        .order_by(table.c.id)
        .limit(CHUNK)
    )
    chunk = {row.id: History(row, row.snapshot) for row in found}
    if chunk:
        for model in HANGING:
            _hang(session, model, chunk)
    return chunk


def _hang(session: Session, model: type[Any], chunk: dict[int, History]) -> None:
    table = _table(model)
    order = table.c.seq if model is Event else table.c.id
    mine = table.c.application_id.between(min(chunk), max(chunk))
    for row in session.execute(select(*_plain(table)).where(mine).order_by(table.c.application_id, order)):
        if row.application_id in chunk:
            chunk[row.application_id].rows[model].append(row)


def _table(model: type[Any]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _plain(table: Table) -> list[Any]:
    return [column for column in table.columns if not isinstance(column.type, Encrypted | EncryptedJSON)]
