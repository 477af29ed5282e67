"""Whoever said nothing within the time is taken to have said nothing."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.perform_object import perform_object
from app.errors import Refusal
from app.models.rating import Rating

log = logging.getLogger(__name__)

NAME = "expire_ratings"


def expire_ratings(session: Session, now: datetime) -> Tally:
    """End every invitation whose time is over, each in an act of its own, so that one stops no other."""
    scope.bind(session, SYSTEM)
    over = select(Rating.id, Rating.version).where(Rating.state == "invited", Rating.due_at < now).order_by(Rating.id)
    tally = Tally()
    for pk, version in session.execute(over).all():
        try:
            perform_object(session, "rating", "expire", pk, SYSTEM, {}, version)
        except Refusal:
            tally += Tally(seen=1)  # somebody rated at the last moment
        except Exception:
            log.exception("The invitation %s cannot be ended.", pk)
            tally += Tally(seen=1, failed=1)
        else:
            tally += Tally(seen=1, raised=1)
    return tally
