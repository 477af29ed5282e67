"""Pages of the queue: the window's own, the ticket machine, the screen, the lists, and how a ticket is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import FilterGreater
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, func, select

from app.engine import queue
from app.engine.presence import window_is_away
from app.extensions import db
from app.law import N_
from app.law.roles import Role
from app.models.counter import AT_A_WINDOW, Ticket
from app.models.organisation import Centre, Window
from app.stages.ticketing import public, shown, window_bar
from app.web import desk_cards, forms, notices, object_page
from app.web.actor import current_actor
from app.web.desk_cards import Card, CardLine
from app.web.forms import Shape
from app.web.object_list import ObjectList

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from flask_appbuilder import AppBuilder
    from sqlalchemy.orm import Session

    from app.engine.actors import Actor

SEE_TICKETS = frozenset(
    {Role.GUIDE, Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.SUPERVISOR, Role.BUREAU_LEADER}
)


class TicketList(ObjectList):
    """The numbers of the halls within reach."""

    model, kind = Ticket, "ticket"
    route_base = "/tickets"
    list_title = _("Queue numbers")
    readers = SEE_TICKETS
    list_columns = ["number", "centre.name", "area", "state", "window.name", "issued_at", "called_at", "finished_at"]
    label_columns = {"centre.name": _("Centre"), "window.name": _("Window")}
    order_columns = ["issued_at", "called_at"]
    search_columns = ["number", "area", "state", "day", "walk_in"]
    choices_of = {"state": shown.STATES}
    include_route_methods = {"list", "show", "slip"}

    @expose("/slip/<pk>")
    @has_access
    @permission_name("show")
    def slip(self, pk: str) -> str:
        """The slip, printed for somebody who took the number at the guide desk."""
        ticket = self._row(pk)
        return self.render_template("slip.html", title=ticket.number, slip=shown.slip_of(ticket), ticket=ticket)


class OutOfTurnList(ObjectList):
    """Who was called or served before others that waited, and why."""

    model, kind = Ticket, "ticket"
    route_base = "/out-of-turn"
    list_title = _("Called out of turn")
    readers = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER, Role.WINDOW_MANAGER})
    list_columns = ["called_at", "number", "centre.name", "window.name", "passed_over", "reason", "walk_in"]
    label_columns = {"centre.name": _("Centre"), "window.name": _("Window")}
    order_columns = ["called_at", "passed_over"]
    search_columns = ["number", "day", "walk_in", "reason"]
    base_filters = [["passed_over", FilterGreater, 0]]


def _areas(_subject: Any) -> Mapping[str, str]:
    """The areas of the halls where whoever asks works, each with its windows."""
    found = [area for centre in sorted(current_actor().places) for area in queue.areas(db.session(), centre)]
    return {area.letter: f"{area.letter} ({shown.span(area.windows)})" for area in found}


def _halls(_subject: Any) -> Mapping[int, str]:
    """Of several halls one is chosen; a single one goes without saying."""
    places = current_actor().places
    if len(places) < 2:  # noqa: PLR2004
        return {}
    return dict(db.session.execute(select(Centre.id, Centre.name).where(Centre.id.in_(places))).all())


def _other_areas(ticket: Ticket | None) -> Mapping[str, str]:
    return {letter: words for letter, words in _areas(None).items() if ticket is None or letter != ticket.area}


SHAPES = {
    "take_ticket": Shape(
        choices={"area": _areas, "centre_id": _halls}, searched={"item": "ApplicationPage.items"}, left_out=("token",)
    ),
    "redirect_ticket": Shape(choices={"area": _other_areas}),
}


AT_IT = select(Ticket.number).where(Ticket.window_id == Window.id, Ticket.state.in_(AT_A_WINDOW)).limit(1)
WAITING = select(func.count(Ticket.id)).where(
    Ticket.centre_id == Window.centre_id, Ticket.area == Window.area, Ticket.day == bindparam("day"),
    Ticket.state == "waiting",
)  # fmt: skip
MY_WINDOW = select(
    Window.area,
    AT_IT.correlate(Window).scalar_subquery().label("number"),
    WAITING.correlate(Window).scalar_subquery().label("count"),
).where(Window.id == bindparam("window"), Window.is_active.is_(True))


def card(session: Session, actor: Actor, moment: datetime) -> Card | None:
    """The clerk's window on the desk: who is there, how many wait."""
    if actor.window_id is None or not actor.grants_of("call_ticket"):
        return None
    window = session.execute(MY_WINDOW, {"window": actor.window_id, "day": moment.date()}).one_or_none()
    if window is None or (window.number is None and not window.count):
        return None
    if window.number is not None:
        words = _("Number %(number)s is at your window", number=window.number)
    else:
        is_left = window_is_away(session, actor.window_id)
        words = _("Your window is left") if is_left else _("Your window is free")
    line = CardLine(url_for("WindowBar.show"), str(words), str(_("%(count)s wait in area %(area)s", count=window.count,
                                                              area=window.area)))
    return Card("my-window", N_("My window"), [line])


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    notices.OBJECT_WORDS["ticket"] = N_("Queue number")
    object_page.SHOWN["ticket"] = object_page.Kind(
        N_("Queue number"), shown.facts, more=shown.more, list_endpoint="TicketList.list"
    )
    desk_cards.register(card)
    appbuilder.add_view_no_menu(public.KioskPage)
    appbuilder.add_view_no_menu(public.QueueScreen)
    work = {"category": "Work", "category_label": _("Work")}
    appbuilder.add_view(window_bar.WindowBar, "My window", label=window_bar.LABEL, icon="bell", **work)
    appbuilder.add_view(TicketList, "Queue numbers", label=_("Queue numbers"), icon="ticket", **work)
    watch = {"category": "Supervision", "category_label": _("Supervision"), "category_icon": "eye"}
    appbuilder.add_view(OutOfTurnList, "Out of turn", label=_("Called out of turn"), icon="flag", **watch)
