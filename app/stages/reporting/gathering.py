"""What belongs into a ledger: what was closed by the end of its week and is in none yet, and what changed since.

A change is a difference between an application as it is now and the latest line that told of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.engine.ledgers import DEPARTMENT, Pair, counts
from app.law.ledger import CHANGE, CLOSED, canonical, differences, line_of
from app.law.weeks import Week
from app.law.workdays import Calendar
from app.models.application import Application
from app.models.catalogue import ItemVersion
from app.models.ledger import LedgerBatch, LedgerRow
from app.models.trail import Event
from app.stages.reporting.facts import AT_ONCE, IDS, Facts, facts_of
from app.stages.reporting.workbook import row_of

IN_MEMORY = 1024 * 1024
BLOCK = 64 * 1024
LOOKS_BACK = timedelta(days=1)
"""Events are numbered when they are written and seen when they are committed: the last day is looked at again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger."""

    position: int
    kind: str
    application_id: int
    changed: list[str]
    facts: Facts


def _spool() -> IO[bytes]:
    return SpooledTemporaryFile(IN_MEMORY)


@dataclass
class Gathered:
    """The lines of a ledger, kept outside the memory however many there are, with their counts and digest."""

    closed: int = 0
    changes: int = 0
    _digest: Any = field(default_factory=sha256)
    _lines: IO[bytes] = field(default_factory=_spool)
    _rows: IO[bytes] = field(default_factory=_spool)

    def add(self, kind: str, application_id: int, changed: list[str], facts: Facts) -> None:
        """One more line."""
        self.closed += kind == CLOSED
        self.changes += kind == CHANGE
        position, moved, said = self.closed + self.changes, canonical(changed), canonical(facts)
        self._digest.update(line_of(position, kind, application_id, moved, said))
        self._lines.write(f"{position}\t{kind}\t{application_id}\t{moved}\t{said}\n".encode())
        self._rows.write(row_of(Line(position, kind, application_id, changed, facts)))

    @property
    def rows_hash(self) -> str:
        """The digest of all lines."""
        digest: str = self._digest.hexdigest()
        return digest

    def lines(self) -> Iterator[dict[str, Any]]:
        """Every line in its place, as it goes into the database: what it says is text already, as it was sealed."""
        self._lines.seek(0)
        for kept in self._lines:
            position, kind, application_id, changed, facts = kept.decode().rstrip("\n").split("\t")
            yield {
                "position": int(position), "kind": kind, "application_id": int(application_id), "changed": changed,
                "facts": facts,
            }  # fmt: skip

    def rows(self) -> Iterator[bytes]:
        """Every line as the workbook shows it, block by block."""
        self._rows.seek(0)
        return iter(partial(self._rows.read, BLOCK), b"")

    def close(self) -> None:
        """Let go of the lines."""
        self._lines.close()
        self._rows.close()


def gather(session: Session, pair: Pair, week: Week, days: Calendar, previous: LedgerBatch | None) -> Gathered:
    """The lines of a pair's ledger for a week, from what is on record now."""
    found = Gathered()
    try:
        _fill(found, session, pair, week, days, previous)
    except BaseException:
        found.close()
        raise
    return found


def _fill(
    found: Gathered, session: Session, pair: Pair, week: Week, days: Calendar, previous: LedgerBatch | None
) -> None:
    closed = session.scalars(_closed(pair, week)).all()
    for application_id, facts in facts_of(session, closed, days):
        found.add(CLOSED, application_id, [], facts)
    told = session.scalars(_moved(pair, previous.created_at - LOOKS_BACK)).all() if previous else ()
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        before = _last_told(session, some)
        for application_id, facts in facts_of(session, some, days):
            if changed := differences(before[application_id], facts):
                found.add(CHANGE, application_id, changed, facts)


def _closed(pair: Pair, week: Week) -> Any:
    # In no ledger yet, not «in this week»: whatever came late into the database is told of all the same.
    told = exists().where(LedgerRow.application_id == Application.id, LedgerRow.kind == CLOSED)
    return (
        select(Application.id)
        .where(
            Application.office_id == pair[0], Application.item_version_id.in_(_versions(pair[1])),
            Application.closed_at < week.end, counts(), ~told,
        )
        .order_by(Application.closed_at, Application.id)
    )  # fmt: skip


def _versions(department_id: int) -> Any:
    return select(ItemVersion.id).where(department_id == DEPARTMENT)


def _moved(pair: Pair, since: datetime) -> Any:
    """The applications that ledgers of this pair told of, and that something happened to since."""
    # As a list of its own, so that the database begins with what happened lately and not with all that was ever told.
    moved = select(Event.application_id).where(Event.at >= since).cte("moved").prefix_with("MATERIALIZED")
    return (
        select(LedgerRow.application_id)
        .join(LedgerBatch, LedgerBatch.id == LedgerRow.batch_id)
        .where(
            LedgerBatch.office_id == pair[0], LedgerBatch.department_id == pair[1], LedgerRow.kind == CLOSED,
            LedgerRow.application_id.in_(select(moved.c.application_id)),
        )
        .order_by(LedgerRow.application_id)
    )  # fmt: skip


def _last_told(session: Session, ids: Sequence[int]) -> dict[int, Facts]:
    """What the latest line about each application says."""
    return dict(session.execute(_LAST_LINES, {"ids": ids}).all())  # type: ignore[arg-type]


_LATEST = select(func.max(LedgerRow.id)).where(LedgerRow.application_id.in_(IDS)).group_by(LedgerRow.application_id)
_LAST_LINES = select(LedgerRow.application_id, LedgerRow.facts).where(LedgerRow.id.in_(_LATEST))
