"""An act of the bench: «accept» with all that belongs to it, and the same rows written by hand."""

from __future__ import annotations

import json
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Row, func, select, text, update
from sqlalchemy.orm import Session, aliased

from app.engine import actors, scope, transaction
from app.engine.now import now
from app.engine.perform import perform
from app.errors import NotNow
from app.law import N_
from app.models.application import Application
from app.models.calendar import ClockRun
from app.models.counter import Counter
from app.models.custody import Slip
from app.models.organisation import Posting, Staff
from app.models.trail import ActResult, Document, Event, Notice, Outbox
from app.supervision.measuring import TIMES, WARM_UPS, Figure, Sent, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.engine.actors import Actor

OPINION = {"opinion": "材料齐全"}
WRITTEN = ((ClockRun, "started_at"), (Document, "issued_at"), (Event, "at"), (Outbox, "created_at"), (Notice, "at"))
"""What «accept» adds, and by which moment it is known."""
DIFFER = ("number", "token", "key")


def accepting(session: Session, engine: Engine) -> list[Figure]:
    """Applications accepted and committed one by one, and after each the same rows for two others, written by hand.

    In turns, so that whatever else the machine does slows down all three alike.
    """
    scope.bind(session, actors.SYSTEM)
    first, second, *ready = _ready(session)
    took, plain, through_models = [], [], []
    _accept(session, first, _whoever(session, first))
    whoever = _whoever(session, second)
    with Sent(engine) as sent:
        _accept(session, second, whoever)
    for one, other, third in zip(ready[::3], ready[1::3], ready[2::3], strict=False):
        took.append(_accept(session, one, _whoever(session, one)))
        plain.append(_by_hand(engine, first.id, other.id))
        through_models.append(_by_models(engine, first.id, third.id))
    act, sql, by_hand = (median(each[WARM_UPS:]) for each in (took, plain, through_models))
    statements = len(sent.statements)
    return [
        Figure(f"accept, committed ({1000 / act:.0f} a second)", act, statements, sql),
        Figure(f"its rows, by hand ({1000 / by_hand:.0f} a second)", by_hand, statements, sql),
    ]


def _whoever(session: Session, row: Row[Any]) -> Actor:
    """Somebody who may accept the application; the transaction that asked has ended."""
    actor = actors.load(session, row.user_id, now().date())
    assert actor is not None
    session.rollback()
    return actor


def _accept(session: Session, row: Row[Any], actor: Actor) -> float:
    """The milliseconds until an application is accepted and committed."""
    begun = perf_counter()
    perform(session, "accept", row.id, actor, OPINION, row.version, _key(row.id), request_id=_key(row.id))
    return milliseconds(begun)


def _key(application_id: int) -> str:
    return f"bench-{application_id}"


def _ready(session: Session) -> list[Row[Any]]:
    """Copies of one application that waits for acceptance, and who of its office confirmed the file."""
    arrived = select(Slip.application_id).where(Slip.kind == "file", Slip.state == "accepted")
    one = aliased(Application)
    model = select(one.registered_at).where(one.state == "received", one.id.in_(arrived)).order_by(one.id).limit(1)
    found = list(
        session.execute(
            select(Application.id, Application.version, func.max(Event.actor_id).label("user_id"))
            .join(Event, Event.application_id == Application.id)
            .join(Staff, Staff.user_id == Event.actor_id)
            .join(Posting, (Posting.staff_id == Staff.id) & (Posting.office_id == Application.office_id))
            .where(Application.state == "received", Application.registered_at == model.scalar_subquery())
            .group_by(Application.id, Application.version)
            .limit(2 + 3 * (WARM_UPS + TIMES))
        )
    )
    if len(found) < 2 + 3 * (WARM_UPS + 1):
        raise NotNow(N_("There are too few applications to measure an act: ask for more rows."))
    return found


def _by_hand(engine: Engine, model: int, target: int) -> float:
    """The milliseconds it takes to write for one application what «accept» wrote for another, and to commit it."""
    with engine.connect() as connection:
        write = _written_down(connection, model, target)
    with engine.connect().execution_options(immediate=True) as connection:
        begun = perf_counter()
        with connection.begin():
            write(connection)
        return milliseconds(begun)


def _by_models(engine: Engine, model: int, target: int) -> float:
    """The milliseconds it takes to write the same through the models: fetched, changed, added, committed."""
    with Session(engine) as session, scope.unscoped(session):
        at = session.scalars(select(Application.accepted_at).where(Application.id == model)).one()
        kept = [
            (kind, {c.key: getattr(row, c.key) for c in kind.__table__.columns if c.key not in {"id", "event_id"}})
            for kind, moment in WRITTEN
            for row in session.scalars(select(kind).where(kind.application_id == model, getattr(kind, moment) == at))
        ]
        begun = perf_counter()
        transaction.run(session, lambda: _write_again(session, kept, target, at))
        return milliseconds(begun)


def _write_again(session: Session, kept: list[tuple[type[Any], dict[str, Any]]], target: int, at: datetime) -> None:
    application = session.get_one(Application, target)
    of_target = select(ClockRun).where(ClockRun.application_id == target, ClockRun.clock == "correction")
    run = session.scalars(of_target).one()
    application.state, application.version, application.accepted_at = "accepted", application.version + 1, at
    run.stopped_at, run.outcome = at, "met"
    event: Event | None = None
    for kind, values in kept:
        own = {name: target for name in ("application_id", "subject_id") if name in values}
        own |= {name: f"{str(values[name])[:20]}+{target}" for name in DIFFER if name in values}
        row = kind(**(values | own), **({"event": event} if kind is Outbox else {}))
        session.add(row)
        event = row if kind is Event else event


def _written_down(connection: Connection, model: int, target: int) -> Callable[[Connection], None]:
    application, run, counter = Application.__table__, ClockRun.__table__, Counter.__table__
    at = connection.scalar(select(application.c.accepted_at).where(application.c.id == model))
    added = []
    for kind, moment in WRITTEN:
        table = kind.__table__
        mine = select(table.c.id).where(table.c.application_id == model, table.c[moment] == at)
        added += [_insert(connection, table.name, row_id, target) for row_id in connection.scalars(mine).all()]
    answer = select(ActResult.id).where(ActResult.key == _key(model))
    added += [_insert(connection, "act_result", row_id, target) for row_id in connection.scalars(answer).all()]
    moved = {"state": "accepted", "version": application.c.version + 1, "accepted_at": at, "clock_from": at.date()}
    changed = (
        update(application).where(application.c.id == target).values(moved),
        update(run)
        .where(run.c.application_id == target, run.c.clock == "correction")
        .values(stopped_at=at, outcome="met"),
        update(counter).where(counter.c.name.like("document:acceptance%")).values(value=counter.c.value + 1),
    )

    def write(connection: Connection) -> None:
        for statement in changed:
            connection.execute(statement)
        event_id = None
        for insert, values in added:
            found = connection.execute(insert, values | {"event_id": event_id} if "event_id" in values else values)
            event_id = found.scalar_one() if found.returns_rows else event_id

    return write


def _insert(connection: Connection, table: str, row_id: int, target: int) -> tuple[Any, dict[str, Any]]:
    """The statement that writes a row again for another application."""
    row = connection.execute(text(f"SELECT * FROM {table} WHERE id = :id"), {"id": row_id}).mappings().one()  # noqa: S608
    values = {name: _plain(value) for name, value in row.items() if name != "id"}
    values |= {name: target for name in ("application_id", "subject_id") if name in values}
    values |= {name: f"{str(values[name])[:20]}-{target}" for name in DIFFER if name in values}
    marks = ", ".join(f":{name}" for name in values)
    back = " RETURNING id" if table == "event" else ""
    return text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks}){back}"), values  # noqa: S608


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
