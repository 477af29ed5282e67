"""Invariants of what hangs on no application: each placed object's own events, and where they left it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.object_acts import SUBJECTS
from app.engine.trail import record_of
from app.law import chain
from app.law.chain import Link
from app.law.object_acts import OBJECT_ACTS
from app.law.roles import WITHOUT_LOGIN, Role
from app.models.base import Placed
from app.models.trail import Event

AT_ONCE = 2_000
_EVENTS: Table = Event.__table__


def placed_objects_are_where_their_events_left_them(session: Session) -> Iterator[str]:
    """1-4, 7, 11, 24: numbered and chained events, lawful moves, the state and version of the last one."""
    for model in sorted(scope.placed(), key=lambda each: str(each.__tablename__)):
        yield from _of_kind(session, model.__tablename__, model.__table__)


def no_event_is_of_nothing(session: Session) -> Iterator[str]:
    """34: an event that hangs on no application has its subject."""
    for kind in session.scalars(select(Event.subject_kind).where(Event.application_id.is_(None)).distinct()):
        model = SUBJECTS.get(kind)
        if model is None or not issubclass(model, Placed):
            yield f"there are events of «{kind}», which stands on nothing"
            continue
        there: Any = model
        orphans = select(Event.subject_id).where(Event.subject_kind == kind, Event.subject_id.not_in(select(there.id)))
        yield from (f"{kind} {subject_id} has events and is not there" for subject_id in session.scalars(orphans))


def _of_kind(session: Session, kind: str, table: Table) -> Iterator[str]:
    number = table.c.number if "number" in table.c else table.c.id
    rows = {
        row.id: row for row in session.execute(select(table.c.id, table.c.state, table.c.version, number.label("name")))
    }
    own = select(_EVENTS).where(_EVENTS.c.subject_kind == kind).order_by(_EVENTS.c.subject_id, _EVENTS.c.seq)
    events = session.execute(own.execution_options(yield_per=AT_ONCE))
    seen: set[int] = set()
    for subject_id, history in groupby(events, key=lambda event: event.subject_id):
        seen.add(subject_id)
        if subject_id in rows:
            yield from _of_one(kind, rows[subject_id], "number" in table.c, list(history))
    yield from (f"{kind} {row.name} has no event" for row in rows.values() if row.id not in seen)


def _of_one(kind: str, row: Row[Any], is_numbered: bool, events: list[Any]) -> Iterator[str]:
    named = f"{kind} {row.name}"
    links = [Link(e.seq, e.previous_hash, record_of(e), e.hash) for e in events]
    genesis = chain.genesis(kind, row.id, str(row.name) if is_numbered and row.name is not None else "")
    broken = chain.first_break(genesis, links)
    if broken is not None:
        yield f"{named}: the chain is broken at event {broken}"
    before, at = None, None
    for event in events:
        act = OBJECT_ACTS.get(event.act)
        moves = act.moves if act is not None and act.kind == kind else ()
        if event.from_state != before or not any((m.source, m.to) == (before, event.to_state) for m in moves):
            yield f"{named}: event {event.seq} «{event.act}» from {before} to {event.to_state} is no lawful move"
        if event.role not in set(Role) or (act is not None and Role(event.role) not in act.roles):
            yield f"{named}: event {event.seq} «{event.act}» was done as {event.role or 'nobody'}, who may never do it"
        elif (event.actor_id is None) is not (Role(event.role) in WITHOUT_LOGIN):
            yield f"{named}: event {event.seq} «{event.act}» does not say who did it"
        if at is not None and event.at < at:
            yield f"{named}: event {event.seq} «{event.act}» is dated before the one it follows"
        before, at = event.to_state, event.at
    if row.state != before:
        yield f"{named}: its state is {row.state}, its last event left it {before}"
    if row.version != len(events):
        yield f"{named}: its version is {row.version}, and it has {len(events)} events"


INVARIANTS = ((1, placed_objects_are_where_their_events_left_them), (34, no_event_is_of_nothing))
