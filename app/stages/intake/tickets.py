"""Which ticket an application is taken under: the one being served at the clerk's window, or a walk-in made there."""

from app.engine import queue
from app.engine.queue import own_window
from app.engine.turn import Turn
from app.law import N_
from app.models.counter import Ticket

__all__ = ["own_window", "serving"]


def serving(t: Turn, ticket_id: int | None) -> Ticket:
    """The ticket named, if it is served at the clerk's window; else a walk-in ticket made and served there."""
    window = own_window(t)
    if ticket_id is None:
        return queue.walk_in_beside(t, window)
    open_here = queue.open_at(t.session, window.id)
    named = open_here if open_here is not None and open_here.id == ticket_id else None
    t.not_now_unless(
        named is not None and named.state == "serving", N_("This ticket is not being served at your window.")
    )
    assert named is not None
    return named
