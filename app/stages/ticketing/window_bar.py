"""The window's own page: who is served here, who is next, and each move of the queue with one press."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from flask import make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.engine import queue
from app.engine.now import now
from app.engine.object_acts import of_kind
from app.engine.object_looks import births, look
from app.engine.perform_object import perform_object
from app.engine.presence import window_is_away
from app.errors import Busy, Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.extensions import db
from app.law.roles import Role
from app.models.counter import AT_A_WINDOW, Ticket
from app.models.organisation import Window
from app.stages.ticketing.shown import STATES, TONES, applications
from app.web import words
from app.web.actor import current_actor
from app.web.logging import request_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as AnyResponse

MOST_WAITING, LONGEST_KEY, BIGGEST_VERSION = 30, 80, 9
KEYS = {"next": "C", "serve": "S", "call_again": "R", "no_show": "N", "finish": "F", "walk_in": "W"}
"""Move -> the key that presses its button."""


class WindowBar(BaseView):
    """What somebody at a window does with the queue."""

    route_base = "/counter"
    default_view = "show"
    readers = frozenset({Role.WINDOW_CLERK, Role.TOWN_CLERK})
    extra_args = {"states": STATES, "tones": TONES, "keys": KEYS}

    @expose("/")
    @has_access
    @permission_name("list")
    def show(self) -> AnyResponse:
        """Who is served, who waits, what may be done now."""
        return self._page()

    @expose("/do/<move>", methods=["POST"])
    @has_access
    @permission_name("list")
    def do(self, move: str) -> AnyResponse:
        """Make a move; the engine decides whether it is lawful."""
        if move not in {"next", *(act.transition.move for act in of_kind("ticket"))}:
            raise NotFound
        try:
            self._perform(move)
        except (Incomplete, NotNow, NotAllowed, Busy) as refusal:
            return self._page(refusal)
        return redirect(url_for(".show"), 303)

    def _perform(self, move: str) -> None:
        actor, key = current_actor(), _key()
        kind: dict[str, Any] = {"request_id": request_id()}
        if move == "next":
            perform_object(db.session(), "ticket", "call", queue.next_for(actor), actor, {}, None, key, **kind)
            return
        sent, version = request.form.get("ticket", ""), request.form.get("version", "")
        ticket_id = int(sent) if sent.isdecimal() and len(sent) <= LONGEST_KEY // 5 else None
        seen = int(version) if version.isdecimal() and len(version) <= BIGGEST_VERSION else None
        data = {"area": request.form.get("area", "")} if move == "redirect" else {}
        perform_object(db.session(), "ticket", move, ticket_id, actor, data, seen, key, **kind)

    def _page(self, refusal: Refusal | None = None) -> AnyResponse:
        session, actor, moment = db.session(), current_actor(), now()
        window = session.get(Window, actor.window_id) if actor.window_id is not None else None
        if window is not None and not window.is_active:
            window = None
        ticket = _open_at(window)
        lawful: Sequence[str] = ()
        if ticket is not None:
            lawful = [act.transition.move for act in look(session, "ticket", ticket.id, actor, moment).lawful]
        areas = queue.areas(session, window.centre_id) if window else []
        said = ""
        if refusal is not None:
            said = words.of_refusal(refusal)
            if isinstance(refusal, Incomplete):
                said = " ".join(map(words.of_complaint, refusal.complaints))
        page = self.render_template(
            "counter.html", title=gettext("My window"), window=window, ticket=ticket, lawful=lawful,
            applications=applications(ticket) if ticket else [], refusal=said, today=moment.date(),
            others=[area.letter for area in areas if ticket is not None and area.letter != ticket.area],
            waits=queue.waiting(session, window.centre_id, moment.date()) if window else {},
            line=_line(window, "waiting"), missed=_line(window, "missed"), key=token_urlsafe(24),
            begun=[act.transition.move for act in births(session, "ticket", actor, moment)],
            is_away=window is not None and window_is_away(session, window.id),
        )  # fmt: skip
        return make_response(page, refusal.status if refusal is not None else 200)


def _open_at(window: Window | None) -> Ticket | None:
    if window is None:
        return None
    here = select(Ticket).where(Ticket.window_id == window.id, Ticket.state.in_(AT_A_WINDOW))
    found: Ticket | None = db.session.scalar(here)
    return found


def _line(window: Window | None, state: str) -> Sequence[Ticket]:
    """Who waits in the window's area, the longest in line first; or who missed the call there today."""
    if window is None:
        return ()
    here = select(Ticket).where(
        Ticket.centre_id == window.centre_id, Ticket.day == now().date(), Ticket.state == state,
        Ticket.area == window.area,
    )  # fmt: skip
    return db.session.scalars(here.order_by(Ticket.place).limit(MOST_WAITING)).all()


def _key() -> str | None:
    sent = request.form.get("idempotency_key", "")
    return sent if sent and len(sent) <= LONGEST_KEY and sent.isprintable() else None


LABEL = _("My window")
