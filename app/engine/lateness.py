"""Small objects past their time: those the room names are told once, whether or not anybody looks, and if it goes on
being late those above them.

The clocks of applications are the checker's (`supervision.checker`); a small object has one due moment of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.engine import notices, scope, settings, transaction
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.notices import Address
from app.law.clock import Lamp
from app.law.limits import due_at
from app.law.workdays import Calendar, add_workdays
from app.models.base import Placed

NAME, CAUSE = "tell_late_objects", "late_object"
BATCH = 200
ABOVE_AFTER = 2
"""Working days past its time, after which those above are told."""

Tells = Callable[[Session, Any], Iterable[Address]]


@dataclass(frozen=True, slots=True)
class Late:
    """In which states an object of this class is waited for, who is told that its time has passed, and who then."""

    model: type[Any]
    states: frozenset[str]
    tells: Tells
    above: Tells | None = None
    lamp: Callable[[Any], Lamp] = lambda _row: Lamp.RED
    """The lamp under which they hear of it."""


LATE: dict[str, Late] = {}
"""Kind -> who hears of what is late; the rooms write here what they declare."""


def tell(session: Session, now: datetime) -> Tally:
    """Tell of every object whose time has passed since; once for each due moment, and once more for those above."""
    tally = Tally()
    with scope.unscoped(session):
        for kind, late in LATE.items():
            ids = session.scalars(select(late.model.id).where(_untold(late, now)).order_by(late.model.id)).all()
            if not ids:
                continue
            days = settings.calendar(session, settings.load(session))
            for start in range(0, len(ids), BATCH):
                batch = ids[start : start + BATCH]
                told = transaction.run(session, partial(_tell, session, kind, late, batch, now, days))
                tally += Tally(seen=told, raised=told)
    return tally


def _untold(late: Late, now: datetime) -> Any:
    model = late.model
    waits = and_(model.due_at < now, model.state.in_(sorted(late.states)))
    return waits if late.above is not None else and_(waits, model.late_told_at.is_(None))


def _tell(session: Session, kind: str, late: Late, ids: Sequence[int], now: datetime, days: Calendar) -> int:
    found = select(late.model).where(late.model.id.in_(ids), _untold(late, now)).with_for_update(of=late.model)
    raised = 0
    for row in session.scalars(found.execution_options(populate_existing=True)).all():
        whom = list(_whom(session, late, row, now, days))
        if not whom and row.late_told_at is not None:
            continue  # told already, and not yet late enough for those above
        raised, row.late_told_at = raised + 1, now
        placed = isinstance(row, Placed)
        session.add_all(
            notices.notices(
                whom,
                cause=CAUSE,
                level=late.lamp(row).value,
                at=now,
                by=SYSTEM.username,
                params={"number": str(getattr(row, "number", None) or ""), "by": SYSTEM.name},
                application_id=None if placed else row.application_id,
                subject=(kind, row.id),
            )
        )
    return raised


def _whom(session: Session, late: Late, row: Any, now: datetime, days: Calendar) -> Iterable[Address]:
    """Those who have not heard of it yet."""
    if row.late_told_at is None:
        yield from late.tells(session, row)
    if late.above is not None:
        above_at = due_at(add_workdays(row.due_at.date(), ABOVE_AFTER, days), row.due_at.timetz().replace(tzinfo=None))
        if now > above_at and (row.late_told_at is None or row.late_told_at <= above_at):
            yield from late.above(session, row)
