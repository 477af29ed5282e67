"""Pages of the hall without login: the ticket machine, the slip it prints, the screen that calls numbers."""

from __future__ import annotations

import hashlib
import json
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.engine import queue, scope
from app.engine.actors import kiosk
from app.engine.now import now
from app.engine.perform_object import perform_object
from app.engine.presence import in_office_hours
from app.engine.settings import calendar, load
from app.errors import Incomplete, NotFound, NotNow, Refusal
from app.extensions import db
from app.models.catalogue import Item
from app.models.counter import AT_A_WINDOW, Ticket
from app.models.organisation import Centre, Window
from app.stages.ticketing.shown import slip_of, span
from app.web import words
from app.web.logging import request_id
from app.web.public import PublicView, limited

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

NUMBERS_PER_MINUTE = 20
MOST_ITEMS, MOST_SHOWN, NEXT_SHOWN, LONGEST_WORD = 60, 12, 3, 50
RENEWED_AFTER = 300
"""Seconds after which an idle machine asks for its page anew, so that the counts and the form's token stay fresh."""


def _enter(code: str) -> Centre:
    """The hall; from here on the session shows what its ticket machine may see."""
    centre = db.session.scalar(select(Centre).where(Centre.code == code))
    if centre is None:
        raise NotFound
    scope.bind(db.session(), kiosk(centre.id))
    return centre


def _windows_of(centre_id: int, kind: str) -> str:
    here = select(Window).where(Window.centre_id == centre_id, Window.kind == kind, Window.is_active.is_(True))
    found = db.session.scalars(here.order_by(Window.code)).all()
    return span(found) if found else ""


class KioskPage(PublicView):
    """The ticket machine of a hall: touch an area or an item, take the slip."""

    route_base = "/kiosk"
    default_view = "choose"

    @expose("/<code>")
    @limited("kiosk")
    def choose(self, code: str) -> AnyResponse:
        """What one may come for."""
        return self._page(_enter(code))

    @expose("/<code>/take", methods=["POST"])
    @limited("kiosk take", NUMBERS_PER_MINUTE, by_all=True)
    def take(self, code: str) -> AnyResponse:
        """Take a number; the same form sent twice leads to the one slip."""
        centre, token = _enter(code), request.form.get("token", "")
        if not token:
            abort(400)
        chosen = {name: value for name in ("area", "item") if (value := request.form.get(name, ""))}
        try:
            perform_object(
                db.session(), "ticket", "take", None, kiosk(centre.id), {**chosen, "token": token}, None,
                request_id=request_id(),
            )  # fmt: skip
        except (Incomplete, NotNow) as refusal:
            if self._of_token(centre, token) is None:
                return self._page(centre, refusal)
        return redirect(url_for(".slip", code=code, token=token), 303)

    @expose("/<code>/slip/<token>")
    @limited("kiosk slip", by_all=True)
    def slip(self, code: str, token: str) -> str:
        """The slip, which prints itself."""
        centre = _enter(code)
        ticket = self._of_token(centre, token)
        if ticket is None:
            raise NotFound
        return self.render_template("kiosk_slip.html", title=ticket.number, slip=slip_of(ticket), code=code)

    def _page(self, centre: Centre, refusal: Refusal | None = None) -> AnyResponse:
        typed = request.args.get("q", "").replace("\0", "").strip()[:LONGEST_WORD]
        moment = now()
        said = ""
        if refusal is not None:
            complaints = refusal.complaints if isinstance(refusal, Incomplete) else ()
            said = " ".join(map(words.of_complaint, complaints)) or words.of_refusal(refusal)
        days = calendar(db.session(), load(db.session()))
        page = self.render_template(
            "kiosk.html", title=centre.name, centre=centre, areas=queue.areas(db.session(), centre.id), span=span,
            waits=queue.waiting(db.session(), centre.id, moment.date()), items=_items(centre, typed), typed=typed,
            elsewhere=_items(centre, typed, fronted=False) if centre.is_town and typed else [],
            is_open=in_office_hours(centre, moment, days), new_token=lambda: token_urlsafe(16),
            issuing=_windows_of(centre.id, "certificate"), refusal=said,
        )  # fmt: skip
        response = make_response(page, refusal.status if refusal is not None else 200)
        response.headers["Refresh"] = f"{RENEWED_AFTER}; url={url_for('.choose', code=centre.code)}"
        return response

    @staticmethod
    def _of_token(centre: Centre, token: str) -> Ticket | None:
        own = select(Ticket).where(Ticket.kiosk_token == token, Ticket.centre_id == centre.id)
        found: Ticket | None = db.session.scalar(own)
        return found


def _items(centre: Centre, typed: str, *, fronted: bool = True) -> list[Item]:
    """The items that are taken here; where `fronted` is False those that a town sends to the county hall."""
    query = select(Item).where(Item.is_active.is_(True), Item.is_public.is_(True))
    if centre.is_town:
        query = query.where(Item.is_fronted.is_(fronted))
    if typed:
        query = query.where(
            or_(Item.name.contains(typed, autoescape=True), Item.code.startswith(typed, autoescape=True))
        )
    return list(db.session.scalars(query.order_by(Item.code).limit(MOST_ITEMS)))


class QueueScreen(PublicView):
    """The screen of a hall: which number is called to which window, how many wait."""

    route_base = "/queue"
    default_view = "screen"

    @expose("/<code>")
    @limited("queue", 240)
    def screen(self, code: str) -> AnyResponse:
        """The numbers of this moment; 304 to whoever has seen them."""
        centre = _enter(code)
        called, waits, following, missed = _called(centre), *_standing(centre)
        shown = {
            "called": [[t.number, t.window.code, t.state, t.calls] for t in called], "waits": waits, "next": following,
            "missed": missed, "areas": [[a.letter, span(a.windows)] for a in queue.areas(db.session(), centre.id)],
            "language": session.get("locale", ""), "hall": centre.name,
        }  # fmt: skip
        response = make_response()
        response.set_etag(hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32])
        if request.if_none_match.contains(response.get_etag()[0]):
            response.status_code = 304
            return response
        response.set_data(
            self.render_template(
                "queue_screen.html", title=gettext("Queue – %(hall)s", hall=centre.name), centre=centre, called=called,
                shown=shown,
            )
        )
        return response


def _called(centre: Centre) -> list[Ticket]:
    """Who is called or served at a window now, the latest call first."""
    here = (
        select(Ticket)
        .where(Ticket.centre_id == centre.id, Ticket.day == now().date(), Ticket.state.in_(AT_A_WINDOW))
        .options(joinedload(Ticket.window))
    )
    return list(db.session.scalars(here.order_by(Ticket.called_at.desc(), Ticket.id.desc()).limit(MOST_SHOWN)))


def _standing(centre: Centre) -> tuple[dict[str, int], dict[str, list[str]], list[str]]:
    """How many wait in each area, which numbers come next, and which were missed and may be put back."""
    today = now().date()
    waits = queue.waiting(db.session(), centre.id, today)
    following: dict[str, list[str]] = {}
    for area in sorted(waits):
        ids = queue.in_line(centre.id, area, today).limit(NEXT_SHOWN).subquery()
        next_ones = select(Ticket.number).join(ids, ids.c.id == Ticket.id).order_by(Ticket.place)
        following[area] = list(db.session.scalars(next_ones))
    here = (Ticket.centre_id == centre.id, Ticket.day == today, Ticket.state == "missed")
    missed: Any = select(Ticket.number).where(*here).order_by(Ticket.called_at.desc()).limit(MOST_SHOWN)
    return waits, following, list(db.session.scalars(missed))
