"""The queue of a hall (第十五条（二）): who is next in an area, how somebody lines up, and a visit without a number.

The counter row that places in the queue are drawn from is the queue's lock: whoever lines up and whoever calls the next
one wait for it, so that of twenty windows each gets the next number, none twice and none left out.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from app.engine.actors import Actor
from app.engine.now import now
from app.engine.object_moves import move_beside
from app.engine.turn import Step
from app.errors import NotAllowed, NotNow
from app.law import N_, numbering
from app.law.clock import ZONE
from app.law.object_acts import OBJECT_ACTS
from app.law.placed_guards import free, posted
from app.models.counter import AT_A_WINDOW, Counter, Ticket
from app.models.organisation import Centre, Window

NOT_POSTED = posted.sentence
LAST_MINUTE = time(23, 59, 59)


@dataclass(frozen=True)
class Area:
    """A business area of a hall: its letter, and the windows that serve whoever waits there."""

    letter: str
    windows: Sequence[Window]


def areas(session: Session, centre_id: int) -> list[Area]:
    """The areas of a hall that numbers are taken for: those with an active comprehensive window."""
    serving = select(Window).where(
        Window.centre_id == centre_id, Window.is_active.is_(True), Window.kind == "comprehensive"
    )
    found: dict[str, list[Window]] = {}
    for window in session.scalars(serving.order_by(Window.area, Window.code)):
        if numbering.is_area(window.area):
            found.setdefault(window.area, []).append(window)
    return [Area(letter, windows) for letter, windows in found.items()]


def waiting(session: Session, centre_id: int, day: date) -> dict[str, int]:
    """How many wait in each area."""
    here = select(Ticket.area, func.count()).where(
        Ticket.centre_id == centre_id, Ticket.day == day, Ticket.state == "waiting"
    )
    return dict(session.execute(here.group_by(Ticket.area)).all())


def quickest(found: Collection[Area], waits: Mapping[str, int]) -> Area:
    """The area where one is called soonest: every comprehensive window takes every item."""
    return min(found, key=lambda area: (waits.get(area.letter, 0) / len(area.windows), area.letter))


def expires_at(centre: Centre, moment: datetime) -> datetime:
    """Until when a number is good: closing time, or the end of the day where the hall serves on after it."""
    closing = datetime.combine(moment.date(), centre.closes_at, ZONE)
    return closing if moment < closing else datetime.combine(moment.date(), LAST_MINUTE, ZONE)


def line_up(step: Step, ticket: Ticket) -> None:
    """Put a ticket at the end of its area's queue, with the number of those in front for a new one."""
    ticket.due_at = expires_at(step.session.get_one(Centre, ticket.centre_id), step.now)

    def take_place(place: int) -> None:
        ticket.place = place
        if ticket.id is None:
            ticket.ahead = waiting(step.session, ticket.centre_id, ticket.day).get(ticket.area, 0)

    step.draw(numbering.counter_for_queue(ticket.centre_id, ticket.area, ticket.day), take_place)


def draw_number(step: Step, ticket: Ticket) -> None:
    """Give a new ticket the next number of its area."""
    step.draw(
        numbering.counter_for_ticket(ticket.centre_id, ticket.area, ticket.day),
        lambda n: setattr(ticket, "number", numbering.ticket_no(ticket.area, n)),
    )


def next_for(actor: Actor) -> Callable[[Session], int]:
    """Finds the ticket that is called next at the actor's window, inside the act: the longest in line of its area."""

    def find(session: Session) -> int:
        if not actor.grants_of("call_ticket"):
            raise NotAllowed(N_("Your role does not include «%(act)s»."), act=OBJECT_ACTS["call_ticket"].label)
        window = session.get(Window, actor.window_id) if actor.window_id is not None else None
        if window is None or not window.is_active:
            raise NotNow(NOT_POSTED)
        today = now().date()
        connection = session.connection()
        if connection.dialect.name == "postgresql":  # SQLite has one writer, and it is this act
            connection.execute(
                _QUEUE_HELD, {"counter": numbering.counter_for_queue(window.centre_id, window.area, today)}
            )
        here = {"centre": window.centre_id, "area": window.area, "day": today}
        found: int | None = connection.execute(_FIRST, here).scalar()
        if found is None:
            raise NotNow(N_("Nobody waits in area %(area)s."), area=window.area)
        return found

    return find


# Plain statements, made once: a hall asks them all day, and the act that follows asks who reaches the ticket.
_T, _C = Ticket.__table__.c, Counter.__table__.c
_IN_LINE = (
    select(_T.id)
    .where(
        _T.centre_id == bindparam("centre"), _T.day == bindparam("day"), _T.state == "waiting",
        _T.area == bindparam("area"),
    )
    .order_by(_T.place)
)  # fmt: skip
_FIRST = _IN_LINE.limit(1).with_for_update(skip_locked=True)
_BEFORE = _IN_LINE.where(_T.place < bindparam("place")).with_for_update(skip_locked=True)
_QUEUE_HELD = select(_C.name).where(_C.name == bindparam("counter")).with_for_update()


def in_line(centre_id: int, area: str, day: date) -> Select[int]:
    """The waiting tickets of an area, the longest in line first."""
    here = (Ticket.centre_id == centre_id, Ticket.day == day, Ticket.state == "waiting", Ticket.area == area)
    return select(Ticket.id).where(*here).order_by(Ticket.place)


def passed_over(session: Session, ticket: Ticket) -> int:
    """How many wait in front of a ticket; those that another window is calling at this moment wait no more."""
    here = {"centre": ticket.centre_id, "area": ticket.area, "day": ticket.day, "place": ticket.place}
    return len(session.connection().execute(_BEFORE, here).all())


def own_window(step: Step) -> Window:
    """The active window the actor is posted at."""
    window = step.session.get(Window, step.actor.window_id) if step.actor.window_id else None
    if window is None or not window.is_active:
        raise NotNow(NOT_POSTED)
    return window


def open_at(session: Session, window_id: int) -> Ticket | None:
    """The ticket that is called to a window or served there, locked."""
    here = select(Ticket).where(Ticket.window_id == window_id, Ticket.state.in_(AT_A_WINDOW)).with_for_update(of=Ticket)
    found: Ticket | None = session.scalar(here.execution_options(populate_existing=True))
    return found


def left_at_windows(session: Session, today: date) -> Sequence[Ticket]:
    """The tickets that windows left open on a day before this one; one a window at most."""
    # Written out, so that the index of what is at a window answers it, as short as it is.
    at_a_window = Ticket.state.in_([literal_column(f"'{state}'") for state in AT_A_WINDOW])
    found = select(Ticket).where(at_a_window, Ticket.day < today).order_by(Ticket.day, Ticket.id)
    return session.scalars(found).all()


def new_walk_in(step: Step, window: Window) -> Ticket:
    """The ticket of a visit without a number, served at once; who else was waiting then is kept, and seen above."""
    letter = window.area if numbering.is_area(window.area) else window.centre.ticket_letter
    ticket = Ticket(
        centre_id=window.centre_id, day=step.today, area=letter, walk_in=True, window_id=window.id,
        served_by_id=step.actor.user_id, issued_at=step.now, called_at=step.now,
        passed_over=waiting(step.session, window.centre_id, step.today).get(letter, 0),
    )  # fmt: skip
    draw_number(step, ticket)
    return ticket


def walk_in_beside(step: Step, window: Window) -> Ticket:
    """A walk-in ticket made by an act on something else; a walk-in that is still open at the window ends with it."""
    # one window serves one ticket: whoever opens the next one waits for the window's row
    step.session.execute(select(Window.id).where(Window.id == window.id).with_for_update())
    open_here = open_at(step.session, window.id)
    if open_here is not None:
        if not open_here.walk_in:
            raise NotNow(free.sentence, number=open_here.number)
        open_here.finished_at = step.now
        move_beside(step, "finish_ticket", open_here)
        step.session.flush()
    ticket = new_walk_in(step, window)
    move_beside(step, "walk_in_ticket", ticket, window=window.code, passed_over=ticket.passed_over)
    return ticket
