"""The forms of what is done with the people at the windows: whom they offer, and from which place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.engine.now import now
from app.extensions import db
from app.law import N_
from app.law.roles import Reach, Role
from app.management.people import active, names_of, on, posted, units
from app.models.catalogue import Item
from app.models.organisation import Centre, Posting, Staff
from app.web.actor import current_actor
from app.web.forms import Shape

if TYPE_CHECKING:
    from app.engine.actors import Actor, Grant


def _grants(act: str) -> tuple[Grant, ...]:
    return current_actor().grants_of(act)


def _colleagues(act: str) -> Mapping[int, str]:
    """The people at the places where the act may be done; all of them for whoever reaches the county."""
    grants, today = _grants(act), now().date()
    wanted = active().order_by(Staff.name, Staff.id)
    if not any(each.reach is Reach.COUNTY for each in grants):
        wanted = posted(grants, today)
    return {each.id: each.name for each in db.session.scalars(wanted)}


def _people(act: str) -> Mapping[int, str]:
    """As above, each with the place of work: names repeat in a county."""
    found, names = _colleagues(act), names_of(db.session())
    posts = select(Posting.staff_id, Posting.centre_id, Posting.office_id).where(on(now().date()))
    where: dict[int, str] = {}
    for staff_id, centre_id, office_id in db.session.execute(posts.order_by(Posting.since)):
        where[staff_id] = names.get(f"centre:{centre_id}" if centre_id else f"office:{office_id}", "")
    return {pk: f"{name} · {where[pk]}" if where.get(pk) else name for pk, name in found.items()}


def _places(act: str) -> Mapping[str, str]:
    own = {unit for grant in _grants(act) for unit in units(grant)}
    return {unit: name for unit, name in names_of(db.session()).items() if unit in own}


def _begins_here(act: str, _actor: Actor) -> Mapping[str, Any]:
    """Today, at the only place there is."""
    own = list(_places(act))
    return {"held_on": now().date().isoformat(), **({"unit": own[0]} if len(own) == 1 else {})}


def _own_items(_ground: object) -> Mapping[int, str]:
    offices = {pk for grant in _grants("train") for pk in grant.offices}
    wanted = select(Item).where(Item.office_id.in_(sorted(offices)), Item.is_active.is_(True)).order_by(Item.code)
    return {each.id: f"{each.code} {each.name}" for each in db.session.scalars(wanted)}


def _clerks(_ground: object) -> Mapping[int, str]:
    """Everybody at a window of the county, each with the place."""
    wanted = (
        select(Staff.id, Staff.name, Centre.name)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Centre, Centre.id == Posting.centre_id)
        .where(on(now().date()), Posting.window_id.is_not(None), Staff.id.in_(active().with_only_columns(Staff.id)))
        .order_by(Centre.id, Staff.name, Staff.id)
    )
    return {pk: f"{name} · {centre}" for pk, name, centre in db.session.execute(wanted)}


def _begins_period(_ground: object, _actor: Actor) -> Mapping[str, Any]:
    return {"since": now().date().isoformat(), "until": now().date().isoformat()}


SHAPES = {
    "plan_substitute": Shape(
        choices={
            "absent": lambda _ground: _people("plan_substitute"),
            "substitute": lambda _ground: _people("plan_substitute"),
        },
        begins=_begins_period,
    ),
    "end_substitute": Shape(ask=N_("The lent role goes back at once. Go on?")),
    "cancel_substitute": Shape(is_grave=True),
    "hold_meeting": Shape(
        choices={
            "unit": lambda _ground: _places("hold_meeting"),
            "attendees": lambda _ground: _colleagues("hold_meeting"),
        },
        begins=lambda _ground, actor: _begins_here("hold_meeting", actor),
    ),
    "train": Shape(
        choices={"unit": lambda _ground: _places("train"), "items": _own_items, "clerks": _clerks},
        begins=lambda _ground, actor: _begins_here("train", actor),
    ),
    "record_study": Shape(
        choices={"staff": lambda _ground: _people("record_study")},
        begins=lambda _ground, _actor: {"studied_on": now().date().isoformat()},
    ),
    "end_relative": Shape(
        is_grave=True, ask=N_("From now on you may act on this person's matters again. Go on?")
    ),
}  # fmt: skip

MAY_LEAVE = (Role.GUIDE, Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.CERT_CLERK)
