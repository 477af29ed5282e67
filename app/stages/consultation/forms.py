"""The forms of the room: the ticket served here, windows and managers of this centre, the item's materials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.engine.now import now
from app.extensions import db
from app.law.roles import Role
from app.models.consultation import Consultation
from app.models.counter import Ticket
from app.models.organisation import Office, Posting, Staff, Window
from app.web.actor import current_actor
from app.web.forms import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.actors import Actor

ITEMS = "ConsultationPage.items"
MOST_QUESTIONS = 20


def _tickets(_subject: Any) -> dict[int, str]:
    """The ticket that is being served at the own window; one at most."""
    window_id = current_actor().window_id
    if window_id is None:
        return {}
    served = select(Ticket.id, Ticket.number).where(Ticket.window_id == window_id, Ticket.state == "serving")
    return dict(db.session.execute(served).all())


def _ticket(subject: Any, _actor: Actor) -> Mapping[str, Any]:
    served = list(_tickets(subject))
    return {"ticket_id": served[0]} if served else {}


def _windows(consultation: Any) -> dict[int, str]:
    here = select(Window.id, Window.name).where(Window.centre_id == consultation.centre_id, Window.is_active.is_(True))
    return dict(db.session.execute(here.order_by(Window.code)).all())


def _managers(consultation: Any) -> dict[int, str]:
    """The window managers posted at the centre today."""
    today = now().date()
    here = (
        select(User.id, Staff.name)
        .join(Staff, Staff.user_id == User.id)
        .join(Posting, Posting.staff_id == Staff.id)
        .where(
            User.active.is_(True),
            User.roles.any(RoleRow.name == Role.WINDOW_MANAGER.value),
            Posting.centre_id == consultation.centre_id,
            Posting.since <= today,
            or_(Posting.until.is_(None), Posting.until >= today),
        )
    )
    return dict(db.session.execute(here.order_by(Staff.name)).all())


def _materials(consultation: Any) -> dict[int, str]:
    return {each.id: each.name for each in consultation.item.materials}


def _office(consultation: Any) -> Mapping[str, str]:
    """Where it goes; nobody chooses."""
    office = db.session.get(Office, consultation.item.office_id)
    return {"description": _("It goes to %(office)s, the office of the item.", office=office)} if office else {}


def _questions(_subject: Any) -> dict[int, str]:
    """The questions of the own centre that are not closed yet."""
    here = select(Consultation).where(
        Consultation.centre_id.in_(sorted(current_actor().places)), Consultation.state != "closed"
    )
    found = db.session.scalars(here.order_by(Consultation.id.desc()).limit(MOST_QUESTIONS))
    return {each.id: f"{each.number} {each.question[:30]}" for each in found}


SHAPES = {
    "open_consultation_at_window": Shape(choices={"ticket_id": _tickets}, begins=_ticket, searched={"item": ITEMS}),
    "lead_to_window": Shape(choices={"ticket_id": _tickets}, begins=_ticket, searched={"item": ITEMS}),
    "hand_out": Shape(choices={"forms": _materials, "samples": _materials}),
    "answer_guided": Shape(
        choices={"window_id": _windows}, show_if={"answer": "result=answered", "window_id": "result=guided"}
    ),
    "ask_manager": Shape(choices={"manager_id": _managers}),
    "pass_to_office": Shape(hints=_office),
    "give_help": Shape(choices={"consultation_id": _questions}, searched={"item": ITEMS}),
}
