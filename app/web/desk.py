"""Desks: what waits for whom. A desk declares its states, its roles and what else must hold; it never decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.lamps import lamp_at, thresholds
from app.engine.settings import calendar, load
from app.law.clock import Lamp
from app.law.roles import Reach, Role
from app.law.states import State
from app.models.application import Application
from app.models.calendar import ClockRun
from app.models.catalogue import Item
from app.models.organisation import Centre
from app.web.clock_words import left
from app.web.conditions import NOW

if TYPE_CHECKING:
    from app.engine.actors import Actor, Grant
    from app.law.workdays import Calendar

FIRST_ROWS, PAGE_ROWS, MOST_COUNTED = 6, 50, 99
Place = tuple[datetime, int]
"""Where a page of a desk begins: after this deadline and this application."""


class Desk:
    """One pile of work. Subclasses declare; the oldest deadline lies on top."""

    name: ClassVar[str]
    title: ClassVar[str]
    roles: ClassVar[Collection[Role]]
    states: ClassVar[Collection[State]]
    act: ClassVar[str] = ""
    """The act one usually does with what lies here; it is offered in the row."""
    columns: ClassVar[Sequence[str]] = ("lamp", "matter", "applicant")

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """What else must hold of an application that lies here; the moment it is looked at is called NOW."""
        return true()

    @classmethod
    def told(cls, now: datetime) -> dict[str, Any]:
        """What `also` must be told besides that."""
        return {}


@dataclass(frozen=True)
class Line:
    """An application as it lies on a desk."""

    id: int
    number: str
    item: str
    applicant: str
    centre: str
    state: State
    due_at: datetime
    lamp: Lamp
    words: str


@dataclass(frozen=True)
class Pile:
    """What lies on one desk: the first lines, and how many there are, counted up to MOST_COUNTED."""

    desk: type[Desk]
    lines: list[Line]
    count: int = 0
    more: Place | None = None

    @property
    def counted(self) -> str:
        """The count in figures."""
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


def register(*desks: type[Desk]) -> None:
    """Set these desks up in the application at hand, in the order of the rooms."""
    current_app.extensions.setdefault("desks", []).extend(desks)


def desks_of(actor: Actor) -> list[type[Desk]]:
    """The desks of whoever holds one of their roles."""
    held = set(actor.roles)
    return [desk for desk in current_app.extensions.get("desks", ()) if held & set(desk.roles)]


def piles(session: Session, actor: Actor, now: datetime) -> list[Pile]:
    """The top of every desk of this person, in two queries."""
    desks = desks_of(actor)
    if not desks:
        return []
    found = _ids(session, _tops(tuple(desks), actor.grants), desks, now)
    lines = _lines(session, {pk for ids in found for pk in ids[:FIRST_ROWS]}, now)
    return [
        Pile(desk, [lines[pk] for pk in ids[:FIRST_ROWS] if pk in lines], len(ids))
        for desk, ids in zip(desks, found, strict=True)
    ]


def page(session: Session, desk: type[Desk], actor: Actor, now: datetime, after: Place | None) -> Pile:
    """One page of a desk, from `after` on."""
    [ids] = _ids(session, _union([_heap(desk, actor.grants, PAGE_ROWS + 1, after)]), [desk], now)
    found = _lines(session, set(ids[:PAGE_ROWS]), now)
    lines = [found[pk] for pk in ids[:PAGE_ROWS] if pk in found]
    return Pile(desk, lines, more=(lines[-1].due_at, lines[-1].id) if len(ids) > PAGE_ROWS else None)


def _lies_on(desk: type[Desk], grants: Collection[Grant]) -> ColumnElement[bool]:
    """Which applications lie on the desk for whoever has these grants: each role with its own reach."""
    mine = [and_(_within(grant), desk.also(grant)) for grant in grants if grant.role in desk.roles]
    waits = (Application.state.in_(sorted(state.value for state in desk.states)), Application.next_due_at.is_not(None))
    return and_(*waits, or_(*mine))


def _within(grant: Grant) -> ColumnElement[bool]:
    match grant.reach:
        case Reach.CENTRE:
            return Application.centre_id.in_(sorted(grant.centres))
        case Reach.OFFICE:
            return Application.office_id.in_(sorted(grant.offices))
        case Reach.COUNTY:
            return true()
        case _:
            return false()


def _heap(desk: type[Desk], grants: Collection[Grant], rows: int, after: Place | None = None) -> Select[Any]:
    # Not ordered by the bare column: SQLite would walk through all that is open in the county, in that order.
    due = func.coalesce(Application.next_due_at, None, type_=Application.next_due_at.type)
    query = select(Application.id.label("id"), due.label("due")).where(_lies_on(desk, grants))
    if after is not None:
        at, last = after
        query = query.where(
            or_(Application.next_due_at > at, and_(Application.next_due_at == at, Application.id > last))
        )
    return query.order_by(due, Application.id).limit(rows)


@lru_cache(maxsize=128)
def _tops(desks: tuple[type[Desk], ...], grants: tuple[Grant, ...]) -> Select[Any]:
    """The question for all these desks, put together once for everybody with the same grants."""
    return _union([_heap(desk, grants, MOST_COUNTED + 1) for desk in desks])


def _union(heaps: Sequence[Select[Any]]) -> Select[Any]:
    """The applications of each heap, the nearest deadline first."""
    tops = (heap.subquery() for heap in heaps)
    parts = (select(literal(i).label("desk"), each.c.id, each.c.due) for i, each in enumerate(tops))
    every = union_all(*parts).subquery()
    return select(every.c.desk, every.c.id).order_by(every.c.desk, every.c.due, every.c.id)


def _ids(session: Session, question: Select[Any], desks: Sequence[type[Desk]], now: datetime) -> list[list[int]]:
    """What lies on each of the desks that the question is about."""
    told = {NOW.key: now}
    for desk in desks:
        told |= desk.told(now)
    found: list[list[int]] = [[] for _ in desks]
    with scope.unscoped(session):  # each heap says the reach of its grants itself, so that its index is used
        for place, pk in session.execute(question, told):
            found[place].append(pk)
    return found


NEAREST = (
    select(func.min(ClockRun.id))
    .where(ClockRun.application_id == Application.id, ClockRun.due_at == Application.next_due_at)
    .where(ClockRun.stopped_at.is_(None), ClockRun.paused_on.is_(None))
    .correlate(Application)
    .scalar_subquery()
)
"""The running clock that ends first."""
LINES = (
    select(
        Application.id, Application.short_no, Application.applicant_name, Application.state,
        Item.name.label("item"), Centre.name.label("centre"), ClockRun,
    )
    .join(Item, Item.id == Application.item_id)
    .join(Centre, Centre.id == Application.centre_id)
    .join(ClockRun, ClockRun.id == NEAREST)
    .where(Application.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


def _lines(session: Session, ids: Collection[int], now: datetime) -> dict[int, Line]:
    """What is shown of these applications, in one query; no personal number is read."""
    if not ids:
        return {}
    rows = session.execute(LINES, {"ids": list(ids)})
    settings = load(session)
    days, given = calendar(session, settings), thresholds(session, settings)
    return {row.id: _line(row, lamp_at(row.ClockRun, now, days, given), now, days) for row in rows}


def _line(row: Any, colour: Lamp, now: datetime, days: Calendar) -> Line:
    due_at = row.ClockRun.due_at
    return Line(
        row.id, row.short_no, row.item, row.applicant_name, row.centre, State(row.state), due_at, colour,
        left(due_at, now, days),
    )  # fmt: skip
