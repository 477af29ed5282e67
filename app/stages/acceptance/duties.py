"""What silence does: an application nobody answered within five working days counts as accepted (行政许可法32(4))."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.clocks import silence_ends_at
from app.engine.duties import Tally
from app.engine.perform import perform
from app.engine.settings import calendar, load
from app.errors import Refusal
from app.law.clock import Clock
from app.law.lifecycle import TRANSITIONS
from app.models.application import Application
from app.models.calendar import ClockRun

log = logging.getLogger(__name__)

NAME = ACT = "deem_accepted"
SILENT = sorted(state.value for state in TRANSITIONS[ACT].sources)


def deem_accepted(session: Session, now: datetime) -> Tally:
    """Deem accepted what is due, each in a transaction of its own; one that fails stops no other."""
    scope.bind(session, SYSTEM)
    unanswered, tally = _unanswered(session, now), Tally()
    days = calendar(session, load(session)) if unanswered else None
    for row in unanswered:
        assert days is not None
        try:
            ends = silence_ends_at(row.started_at, row.closing, days)
            if ends is not None and now > ends:
                tally += Tally(seen=1)
                perform(session, ACT, row.id, SYSTEM, {}, row.version)
                tally += Tally(raised=1)
        except Refusal as refusal:  # somebody was faster, or the database is busy: the next check looks again
            log.info("The application %s was not deemed accepted: %s", row.id, refusal.code)
        except Exception:
            log.exception("The application %s cannot be deemed accepted.", row.id)
            tally += Tally(failed=1)
    return tally


def _unanswered(session: Session, now: datetime) -> Sequence[Row[Any]]:
    """The applications past the day the item promised an answer for: the fifth working day, or an earlier one."""
    found = session.execute(
        select(Application.id, Application.version, ClockRun.started_at, ClockRun.closing)
        .join(ClockRun, ClockRun.application_id == Application.id)
        .where(ClockRun.clock == Clock.CORRECTION, ClockRun.stopped_at.is_(None), ClockRun.due_at < now)
        .where(Application.state.in_(SILENT))
        .order_by(ClockRun.due_at, Application.id)
    )
    return found.all()
