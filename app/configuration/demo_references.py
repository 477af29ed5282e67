"""What a demo story refers to by name: `{"$": "item", "code": "I04"}` stands for the id of that row."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration import demo_scans
from app.engine.actors import Actor
from app.models.accounts import User
from app.models.application import Application
from app.models.catalogue import Item, ItemMaterial
from app.models.counter import Ticket
from app.models.organisation import Centre, IndustryDepartment, Office, Staff, Window
from app.models.theme import Theme

Cast = dict[str, int]
"""Story -> the id of what it is about."""


def resolve(value: Any, session: Session, actor: Actor, cast: Cast) -> Any:
    """The value with every reference in it replaced."""
    if isinstance(value, list):
        return [resolve(each, session, actor, cast) for each in value]
    if not isinstance(value, dict):
        return value
    if "$" in value:
        return _KINDS[value["$"]](value, session, actor, cast)
    return {name: resolve(each, session, actor, cast) for name, each in value.items()}


def _row(column: Any, key: str) -> Callable[[dict[str, str], Session, Actor, Cast], int]:
    def find(value: dict[str, str], session: Session, _actor: Actor, _cast: Cast) -> int:
        found: int = session.scalars(select(column.class_.id).where(column == value[key])).one()
        return found

    return find


def _staff(value: dict[str, str], session: Session, _actor: Actor, _cast: Cast) -> int:
    wanted = select(Staff.id).join(User, User.id == Staff.user_id).where(User.username == value["username"])
    return session.scalars(wanted).one()


def _window(value: dict[str, str], session: Session, _actor: Actor, _cast: Cast) -> int:
    there = select(Window.id).join(Centre, Centre.id == Window.centre_id)
    return session.scalars(there.where(Centre.code == value["centre"], Window.code == value["code"])).one()


def _material(value: dict[str, str], session: Session, _actor: Actor, _cast: Cast) -> int:
    of_item = select(ItemMaterial.id).join(Item, Item.id == ItemMaterial.item_id)
    return session.scalars(of_item.where(Item.code == value["item"], ItemMaterial.position == value["position"])).one()


def _serving(_value: dict[str, str], session: Session, actor: Actor, _cast: Cast) -> int:
    """The ticket that is being served at the actor's window."""
    here = select(Ticket.id).where(Ticket.window_id == actor.window_id, Ticket.state == "serving")
    return session.scalars(here).one()


def _story(value: dict[str, str], _session: Session, _actor: Actor, cast: Cast) -> int:
    return cast[value["ref"]]


def _number(value: dict[str, str], session: Session, _actor: Actor, cast: Cast) -> str:
    return session.get_one(Application, cast[value["ref"]]).short_no


def _ticket(value: dict[str, str], session: Session, _actor: Actor, cast: Cast) -> int:
    return session.get_one(Application, cast[value["ref"]]).ticket_id


def _scan(value: dict[str, str], session: Session, actor: Actor, _cast: Cast) -> int:
    return demo_scans.upload(session, actor, value["title"])


_KINDS: dict[str, Callable[[Any, Session, Actor, Cast], Any]] = {
    "item": _row(Item.code, "code"),
    "theme": _row(Theme.code, "code"),
    "office": _row(Office.code, "code"),
    "department": _row(IndustryDepartment.code, "code"),
    "centre": _row(Centre.code, "code"),
    "user": _row(User.username, "username"),
    "staff": _staff,
    "window": _window,
    "material": _material,
    "serving": _serving,
    "story": _story,
    "number": _number,
    "ticket": _ticket,
    "scan": _scan,
}
