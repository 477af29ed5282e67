"""Which ticket an application is taken under: the one being served at the clerk's window, or a walk-in made there."""

from sqlalchemy import select

from app.engine.turn import Turn
from app.law import N_, numbering
from app.models.counter import Ticket
from app.models.organisation import Window


def own_window(t: Turn) -> Window:
    """The window the clerk is posted at."""
    window = t.session.get(Window, t.actor.window_id) if t.actor.window_id else None
    if window is None or not window.is_active:
        t.not_now_unless(False, N_("You are not posted at an active window today."))
    assert window is not None
    return window


def serving(t: Turn, ticket_id: int | None) -> Ticket:
    """The ticket named, if it is served at the clerk's window; else a walk-in ticket made and served there."""
    window = own_window(t)
    # one window serves one ticket: whoever opens the next one waits for the window's row
    t.session.execute(select(Window.id).where(Window.id == window.id).with_for_update())
    open_here = t.session.scalar(
        select(Ticket).where(Ticket.window_id == window.id, Ticket.state.in_(["called", "serving"]))
    )
    if ticket_id is not None:
        named = open_here if open_here is not None and open_here.id == ticket_id else None
        t.not_now_unless(
            named is not None and named.state == "serving", N_("This ticket is not being served at your window.")
        )
        assert named is not None
        return named
    if open_here is not None:
        t.not_now_unless(
            open_here.walk_in,
            N_("Ticket %(number)s is open at your window: serve or finish it first."),
            number=open_here.number,
        )
        open_here.state = "finished"
        open_here.finished_at = t.now
        t.session.flush()
    return _walk_in(t, window)


def _walk_in(t: Turn, window: Window) -> Ticket:
    letter = window.centre.ticket_letter
    ticket = Ticket(
        centre_id=window.centre_id,
        day=t.today,
        area=letter,
        state="serving",
        walk_in=True,
        window_id=window.id,
        served_by_id=t.actor.user_id,
        issued_at=t.now,
        called_at=t.now,
        created_by=t.by,
    )
    t.session.add(ticket)
    t.draw(
        numbering.counter_for_ticket(window.centre_id, letter, t.today),
        lambda n: setattr(ticket, "number", numbering.ticket_no(letter, n)),
    )
    return ticket
