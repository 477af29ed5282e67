"""What intake does without anybody asking: registrations that nobody returned to lapse."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.perform import perform
from app.errors import Refusal
from app.law.clock import Clock
from app.law.states import State
from app.models.application import Application
from app.models.calendar import ClockRun

log = logging.getLogger(__name__)

NAME = "lapse_drafts"


def lapse_drafts(session: Session, now: datetime) -> Tally:
    """Let each registration lapse whose time is over, each in a transaction of its own."""
    scope.bind(session, SYSTEM)
    kept_too_long = (
        select(Application.id, Application.version)
        .join(ClockRun, ClockRun.application_id == Application.id)
        .where(Application.state == State.DRAFT.value)
        .where(ClockRun.clock == Clock.DRAFT_KEEP.value, ClockRun.stopped_at.is_(None), ClockRun.due_at < now)
        .order_by(Application.id)
    )
    tally = Tally()
    for row in session.execute(kept_too_long).all():
        tally += _lapse(session, row.id, row.version)
    return tally


def _lapse(session: Session, application_id: int, version: int) -> Tally:
    try:
        perform(session, "lapse", application_id, SYSTEM, {}, version)
    except Refusal:
        return Tally(seen=1)  # somebody came back to it this minute
    except Exception:
        session.rollback()
        log.exception("The registration %s cannot lapse.", application_id)
        return Tally(seen=1, failed=1)
    return Tally(seen=1, raised=1)
