"""What happens to tickets by themselves: at closing time those that still wait, or were missed, expire.

Whoever is at a window then is served on; what is still open there when the day is over ends with it.
"""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import queue, scope
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.perform_object import perform_object
from app.errors import Refusal
from app.models.counter import Ticket

log = logging.getLogger(__name__)

NAME = "expire_tickets"
MOVES = {"waiting": "expire", "missed": "expire_missed"}


def expire_tickets(session: Session, now: datetime) -> Tally:
    """Let every number expire whose hall has closed since, and end what windows left open on an earlier day."""
    scope.bind(session, SYSTEM)
    late = select(Ticket.id, Ticket.state, Ticket.version).where(Ticket.due_at <= now, Ticket.state.in_(MOVES))
    moves = [(row.id, MOVES[row.state], row.version) for row in session.execute(late.order_by(Ticket.id))]
    moves += [(left.id, "end", left.version) for left in queue.left_at_windows(session, now.date())]
    tally = Tally()
    for ticket_id, move, version in moves:
        try:
            perform_object(session, "ticket", move, ticket_id, SYSTEM, {}, version)
        except Refusal:
            tally += Tally(seen=1)  # somebody was called at the last moment
        except Exception:
            log.exception("Ticket %s cannot expire.", ticket_id)
            tally += Tally(seen=1, failed=1)
        else:
            tally += Tally(seen=1, raised=1)
    return tally
