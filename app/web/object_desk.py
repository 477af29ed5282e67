"""What waits on somebody's desk besides applications: small objects by kind and state, all of them in one query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from flask import current_app, url_for
from flask_babel import gettext
from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, literal, null, or_, select, true, union_all

from app.law.clock import ZONE
from app.law.roles import PLACE_REACH, Reach, Role
from app.models.base import Moment
from app.web.conditions import ME, MY_WINDOW, NOW
from app.web.desk_cards import Card, CardLine

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.engine.actors import Actor, Grant

FIRST_LINES = 6


class ObjectDesk:
    """One pile of small objects. Subclasses declare; what is due first lies on top."""

    name: ClassVar[str]
    title: ClassVar[str]
    kind: ClassVar[str]
    model: ClassVar[type[Any]]
    roles: ClassVar[Collection[Role]]
    states: ClassVar[Collection[str]]
    list_endpoint: ClassVar[str] = ""

    @classmethod
    def address(cls, subject_id: int, application_id: int | None) -> str:
        """Where a line leads: to the object's page, unless something else is to be done with it."""
        return url_for("ObjectPage.show", kind=cls.kind, subject_id=subject_id)

    @classmethod
    def words(cls) -> ColumnElement[str]:
        """What a line says: the object's number, or its subject."""
        found: ColumnElement[str] = cls.model.number
        return found

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """What else must hold of an object that waits here for this role; NOW, ME and MY_WINDOW are told."""
        return true()


def register(*desks: type[ObjectDesk]) -> None:
    """Set these piles up in the application at hand, in the order of the rooms."""
    current_app.extensions.setdefault("object_desks", []).extend(desks)


def cards(session: Session, actor: Actor, now: datetime) -> list[Card]:
    """The piles of this person that have something on them."""
    held = set(actor.roles)
    desks = [desk for desk in current_app.extensions.get("object_desks", ()) if held & set(desk.roles)]
    if not desks:
        return []
    told = {NOW.key: now, ME.key: actor.user_id, MY_WINDOW.key: actor.window_id}
    lines: dict[int, list[CardLine]] = {}
    for row in session.execute(_tops(tuple(desks), actor.grants), told):
        desk = desks[row.desk]
        address = desk.address(row.id, row.application_id)
        overdue = row.due_at is not None and row.due_at < now
        small = gettext("Due %(moment)s", moment=f"{row.due_at.astimezone(ZONE):%m-%d %H:%M}") if row.due_at else ""
        lines.setdefault(row.desk, []).append(CardLine(address, row.words or gettext("Look at it"), small, overdue))
    return [
        Card(desk.name, desk.title, lines[i], url_for(desk.list_endpoint) if desk.list_endpoint else "")
        for i, desk in enumerate(desks)
        if i in lines
    ]


@lru_cache(maxsize=128)
def _tops(desks: tuple[type[ObjectDesk], ...], grants: tuple[Grant, ...]) -> Select[Any]:
    """The question for all these piles, put together once for everybody with the same grants."""
    tops = (_heap(desk, i, grants).subquery() for i, desk in enumerate(desks))
    every = union_all(*(select(top) for top in tops)).subquery()
    return select(every).order_by(every.c.desk, every.c.due_at, every.c.id)


def _heap(desk: type[ObjectDesk], place: int, grants: Collection[Grant]) -> Select[Any]:
    model = desk.model
    mine = [_within(model, grant) & desk.also(grant) for grant in grants if grant.role in desk.roles]
    due = getattr(model, "due_at", cast(null(), Moment)).label("due_at")
    about = getattr(model, "application_id", cast(null(), BigInteger)).label("application_id")
    return (
        select(
            literal(place).label("desk"), model.id.label("id"), about, cast(desk.words(), String).label("words"), due,
        )
        .where(model.state.in_(sorted(desk.states)), or_(*mine))
        .order_by(due, model.id)
        .limit(FIRST_LINES)
    )


def _within(model: Any, grant: Grant) -> ColumnElement[bool]:
    """The guard of the session says who sees what; this says in which role it waits."""
    if not hasattr(model, "centre_id"):
        return true()
    match PLACE_REACH[grant.role]:
        case Reach.CENTRE:
            return model.centre_id.in_(sorted(grant.centres))  # type: ignore[no-any-return]
        case Reach.OFFICE:
            return model.office_id.in_(sorted(grant.offices))  # type: ignore[no-any-return]
        case _:
            return true()
