"""How a ticket is shown: its states in words, its page, its slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.engine.queue import areas
from app.extensions import db
from app.law import N_
from app.models.application import Application
from app.models.counter import AT_A_WINDOW
from app.web.actor import current_actor

if TYPE_CHECKING:
    from app.models.counter import Ticket
    from app.models.organisation import Window

STATES = {
    "waiting": N_("Waiting"), "called": N_("Called"), "serving": N_("Being served"), "missed": N_("Missed"),
    "finished": N_("Finished"), "expired": N_("Expired"),
}  # fmt: skip
TONES = {
    "waiting": "cyan", "called": "orange", "serving": "blue", "missed": "grey", "finished": "green", "expired": "grey",
}  # fmt: skip


@dataclass(frozen=True)
class Slip:
    """What a queue slip (排队单) says, which is all of it public."""

    hall: str
    number: str
    area: str
    windows: str
    item: str
    ahead: int
    issued_at: datetime
    good_until: datetime | None


def span(windows: Sequence[Window]) -> str:
    """The windows of an area by their codes: the first to the last where they are many."""
    codes = [window.code for window in windows]
    return " – ".join((codes[0], codes[-1])) if len(codes) > 2 else gettext(", ").join(codes)  # noqa: PLR2004


def slip_of(ticket: Ticket) -> Slip:
    """The slip of a ticket."""
    windows = next((a.windows for a in areas(db.session(), ticket.centre_id) if a.letter == ticket.area), ())
    return Slip(
        ticket.centre.name, ticket.number, ticket.area, span(windows) if windows else "—",
        ticket.item.name if ticket.item else "", ticket.ahead, ticket.issued_at, ticket.due_at,
    )  # fmt: skip


def facts(ticket: Ticket) -> list[tuple[str, Any]]:
    """One ticket in words."""
    found = [
        (gettext("Ticket number"), ticket.number),
        (gettext("Centre"), ticket.centre.name),
        (gettext("Area"), ticket.area),
        (gettext("State"), gettext(STATES[ticket.state])),
        (gettext("Issued at"), f"{ticket.issued_at:%Y-%m-%d %H:%M}"),
        (gettext("Window"), ticket.window.name if ticket.window else ""),
    ]
    if ticket.item:
        found.append((gettext("Item"), ticket.item.name))
    if ticket.walk_in:
        found.append((gettext("Walk-in"), gettext("Served without a number")))
    else:
        found.append((gettext("Waiting in front when it was taken"), ticket.ahead))
    if ticket.called_at and not ticket.walk_in:
        called = gettext("%(moment)s, called %(times)s times", moment=f"{ticket.called_at:%H:%M}", times=ticket.calls)
        found.append((gettext("Called at"), called))
    if ticket.finished_at:
        found.append((gettext("Finished at"), f"{ticket.finished_at:%Y-%m-%d %H:%M}"))
    if ticket.was_put_back:
        found.append((gettext("Put back once"), gettext("Yes")))
    if ticket.passed_over:
        found.append((gettext("People passed over"), ticket.passed_over))
    if ticket.reason:
        found.append((gettext("Reason for calling out of turn"), ticket.reason))
    return found


def more(ticket: Ticket) -> str:
    """The way to its slip, for whoever serves it the way to the window's page, and the applications it was for."""
    at_hand = ticket.state in AT_A_WINDOW and ticket.window_id == current_actor().window_id
    shown = render_template("_ticket.html", ticket=ticket, at_hand=at_hand, applications=applications(ticket))
    return Markup(shown)  # noqa: S704  (ours)


def applications(ticket: Ticket) -> Sequence[Any]:
    """The applications registered under a ticket, within reach."""
    own = select(Application).where(Application.ticket_id == ticket.id).options(joinedload(Application.item))
    return db.session.scalars(own.order_by(Application.id)).all()
