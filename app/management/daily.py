"""综合受理窗口的日常管理: a leader's page of the own windows; a filter of the page, not of the rows (第三条)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, or_, select

from app.engine import presence
from app.engine.now import now
from app.engine.presence import Away
from app.engine.teaching import untaught
from app.errors import NotAllowed
from app.extensions import db
from app.law import N_
from app.law.lifecycle import TRANSITIONS
from app.law.roles import Role
from app.law.states import STATE_LABELS
from app.management.leadership import led_by
from app.management.people import active, on
from app.models.counter import Ticket
from app.models.organisation import Centre, Posting, Staff, Window
from app.models.people import Leadership
from app.web import desk, desk_cards, notices, object_desk
from app.web.actor import current_actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.engine.actors import Actor

NO_LEADER = N_("You lead no windows today; the county administrator says who does.")


@dataclass(frozen=True)
class OnDuty:
    """One person at a window of the leader's: there, or away; how many items nobody has taught them."""

    name: str
    window: str
    away: Away | None
    untaught: int


@dataclass(frozen=True)
class Queue:
    """One window's numbers of today."""

    window: str
    now_serving: str
    finished: int


class DailyView(BaseView):
    """Daily management of my windows."""

    route_base = "/daily"
    default_view = "index"
    list_title = _("Daily management of my windows")
    readers = frozenset({Role.WINDOW_MANAGER})
    extra_args = {"acts": TRANSITIONS, "state_labels": STATE_LABELS}

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> str:
        """Who is there, who waits, what is late, who still has to learn: of the own windows alone."""
        session, actor, moment = db.session(), current_actor(), now()
        led = led_by(session, actor, moment.date())
        if not led:
            raise NotAllowed(NO_LEADER)
        mine = _narrowed(actor, led)
        piles = [pile for pile in desk.piles(session, mine, moment) if pile.lines]
        cards = [*desk_cards.cards(session, mine, moment), *object_desk.cards(session, mine, moment)]
        places = [str(each.window or each.centre) for each in led]
        return self.render_template(
            "daily.html", title=gettext("Daily management of my windows"), led=places,
            staff=_on_duty(session, led, moment.date()), queues=_queues(session, led, moment.date()),
            waiting=_waiting(session, led, moment.date()), piles=piles, cards=cards,
            notices=notices.latest(session, mine), destinations=presence.DESTINATIONS,
        )  # fmt: skip


def _narrowed(actor: Actor, led: list[Leadership]) -> Actor:
    """The leader as nothing but the window manager of the centres led."""
    centres = frozenset(each.centre_id for each in led)
    grants = (replace(g, centres=g.centres & centres) for g in actor.grants if g.role is Role.WINDOW_MANAGER)
    return replace(actor, grants=tuple(grants))


def _windows(led: list[Leadership]) -> ColumnElement[bool]:
    """The windows led: those named, and all of the centres led as a whole."""
    whole = sorted(each.centre_id for each in led if each.window_id is None)
    single = sorted(each.window_id for each in led if each.window_id is not None)
    return or_(Window.centre_id.in_(whole), Window.id.in_(single))


def _on_duty(session: Session, led: list[Leadership], today: date) -> list[OnDuty]:
    rows = session.execute(
        select(Staff, Window, Centre)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Window, Window.id == Posting.window_id)
        .join(Centre, Centre.id == Window.centre_id)
        .where(on(today), _windows(led), Staff.id.in_(active().with_only_columns(Staff.id)))
        .order_by(Centre.id, Window.code, Staff.name)
    ).all()
    away = {each.staff_id: each for pk in {c.id for _s, _w, c in rows} for each in presence.away_at(session, pk)}
    missing = untaught(session, [(staff.id, c.is_town) for staff, w, c in rows if w.kind == "comprehensive"])
    return [
        OnDuty(staff.name, f"{window.code} {window.name}", away.get(staff.id), len(missing.get(staff.id, ())))
        for staff, window, _centre in rows
    ]


def _queues(session: Session, led: list[Leadership], today: date) -> list[Queue]:
    """What each window serves now and has finished today."""
    led_now = select(Window).where(_windows(led), Window.is_active.is_(True)).order_by(Window.centre_id, Window.code)
    windows = session.scalars(led_now).all()
    own = (Ticket.window_id.in_([each.id for each in windows]), Ticket.day == today)
    at_window = select(Ticket.window_id, Ticket.number).where(*own, Ticket.state.in_(("called", "serving")))
    counted = select(Ticket.window_id, func.count()).where(*own, Ticket.state == "finished")
    serving = dict(session.execute(at_window).all())
    finished = dict(session.execute(counted.group_by(Ticket.window_id)).all())
    return [Queue(f"{w.code} {w.name}", serving.get(w.id, ""), finished.get(w.id, 0)) for w in windows]


def _waiting(session: Session, led: list[Leadership], today: date) -> int:
    """How many numbers wait for the areas of the own windows."""
    areas = select(Window.centre_id, Window.area).where(_windows(led)).distinct()
    mine = [(Ticket.centre_id == centre_id) & (Ticket.area == area) for centre_id, area in session.execute(areas)]
    waits = select(func.count()).where(Ticket.day == today, Ticket.state == "waiting", or_(*mine))
    return (session.scalar(waits) or 0) if mine else 0

