"""Placed objects past their time: those the room names are told once, whether or not anybody looks.

The clocks of applications are the checker's (`supervision.checker`); a placed object has one due moment of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import notices, scope, transaction
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.notices import Address
from app.law.clock import Lamp

NAME, CAUSE = "tell_late_objects", "late_object"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Late:
    """In which states an object of this class is waited for, and who is told that its time has passed."""

    model: type[Any]
    states: frozenset[str]
    tells: Callable[[Session, Any], Iterable[Address]]
    lamp: Callable[[Any], Lamp] = lambda _row: Lamp.RED
    """The lamp under which they hear of it."""


LATE: dict[str, Late] = {}
"""Kind -> who hears of what is late; the rooms write here what they declare."""


def tell(session: Session, now: datetime) -> Tally:
    """Tell of every object whose time has passed since; once for each due moment."""
    tally = Tally()
    with scope.unscoped(session):
        for kind, late in LATE.items():
            model = late.model
            waits = (model.due_at < now, model.state.in_(sorted(late.states)), model.late_told_at.is_(None))
            ids = session.scalars(select(model.id).where(*waits).order_by(model.id)).all()
            for start in range(0, len(ids), BATCH):
                batch = ids[start : start + BATCH]
                told = transaction.run(session, partial(_tell, session, kind, late, batch, now))
                tally += Tally(seen=len(batch), raised=told)
    return tally


def _tell(session: Session, kind: str, late: Late, ids: Iterable[int], now: datetime) -> int:
    found = select(late.model).where(late.model.id.in_(ids), late.model.late_told_at.is_(None)).with_for_update()
    rows = session.scalars(found.execution_options(populate_existing=True)).all()
    for row in rows:
        row.late_told_at = now
        session.add_all(
            notices.notices(
                late.tells(session, row),
                cause=CAUSE,
                level=late.lamp(row).value,
                at=now,
                by=SYSTEM.username,
                params={"number": str(getattr(row, "number", None) or ""), "by": SYSTEM.name},
                subject=(kind, row.id),
            )
        )
    return len(rows)
