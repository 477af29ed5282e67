"""The weekly ledgers of the bench: everything that was closed and is in none yet, sealed and written as workbooks."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from sqlalchemy import distinct, func, select

from app.engine import ledgers
from app.engine.now import now
from app.models.ledger import LedgerBatch, LedgerRow
from app.supervision.measuring import Figure, Sent, milliseconds

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

PROCESS = Path("/proc/self")
KILOBYTES_OF_ONE = 1024


def sealing(session: Session, engine: Engine) -> Figure:
    """Every ledger that is due, with the memory it took beyond what the process held before."""
    lines = _lines(session)
    before = _forget_peak()
    with Sent(engine, values=False) as sent:
        begun = perf_counter()
        tally = ledgers.build(session, now())
        spent = milliseconds(begun)
    assert not tally.failed, f"{tally.failed} of {tally.seen} ledgers were not built"
    told = _lines(session) - lines
    more = (_memory("VmHWM") - before) // KILOBYTES_OF_ONE
    what = f"{told} lines in {tally.raised} ledgers of {_offices(session)} offices (+{more} MB)"
    return Figure(what, spent, len(sent.statements))


def _lines(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(LedgerRow.__table__)) or 0


def _offices(session: Session) -> int:
    """How many offices closed something."""
    of = LedgerBatch.__table__.c
    return session.scalar(select(func.count(distinct(of.office_id))).where(of.closed_count > 0)) or 0


def _forget_peak() -> int:
    """Let the highest memory be counted anew; answers what is held now."""
    (PROCESS / "clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(what: str) -> int:
    """Kilobytes, by the kernel's count."""
    lines = (PROCESS / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))
