"""The queue of the bench: whoever is next called, of many numbers, and the same rows written in plain SQL."""

from __future__ import annotations

import json
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, text, update

from app.engine import actors, scope, transaction
from app.engine.now import now
from app.engine.perform_object import perform_object
from app.engine.queue import areas, expires_at, next_for
from app.law import numbering
from app.models.counter import AT_A_WINDOW, Counter, Ticket
from app.models.organisation import Centre, Window
from app.supervision.measuring import TIMES, WARM_UPS, Figure, Sent, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.engine.actors import Actor

TICKETS, A_DAY, WAITING = 100_000, 900, 400
NEXT = text(
    "SELECT id FROM ticket WHERE centre_id = :centre AND day = :day AND state = 'waiting' AND area = :area "
    "ORDER BY place LIMIT 1"
)
CALL = text("UPDATE ticket SET state = 'called', version = version + 1, window_id = :window, called_at = :at, "
            "calls = calls + 1, due_at = NULL WHERE id = :id AND state = 'waiting'")  # fmt: skip
MISS = text("UPDATE ticket SET state = 'missed' WHERE id = :id")
LOCK = text("SELECT name FROM counter WHERE name = :name FOR UPDATE")


def calling(session: Session, engine: Engine) -> Iterator[Figure]:
    """TICKETS numbers, most of them of earlier days; the next one called and committed, in turns with plain SQL."""
    scope.bind(session, actors.SYSTEM)
    actor, window = _whoever(session)
    transaction.run(session, lambda: _fill(session, window))
    place = {"centre": window.centre_id, "area": window.area, "day": now().date(), "window": window.id}
    took, plain = [], []
    with Sent(engine) as sent:
        ticket = _call(session, actor)[0]
    for _ in range(WARM_UPS + TIMES):
        model = _miss(session, actor, ticket)
        plain.append(_by_hand(engine, place, model))
        ticket, spent = _call(session, actor)
        took.append(spent)
    _miss(session, actor, ticket)
    act, sql = (median(each[WARM_UPS:]) for each in (took, plain))
    yield Figure(f"the next of {TICKETS} numbers called", act, len(sent.statements), sql)


def _whoever(session: Session) -> tuple[Actor, Window]:
    """A clerk at a comprehensive window of the hall."""
    for actor in actors.everybody(session, now().date()).values():
        window = session.get(Window, actor.window_id) if actor.window_id and actor.grants_of("call_ticket") else None
        if window is not None and window.is_active and window.kind == "comprehensive":
            return actor, window
    raise AssertionError("nobody is posted at a window")


def _fill(session: Session, window: Window) -> None:
    """Numbers of days before the first ticket, all of them finished, and of today, all of them waiting."""
    assert any(area.letter == window.area for area in areas(session, window.centre_id))
    moment, today = now(), now().date()
    stands_there = (Ticket.window_id == window.id, Ticket.state.in_(AT_A_WINDOW))
    session.execute(update(Ticket).where(*stands_there).values(state="finished"))
    common: dict[str, Any] = {
        "centre_id": window.centre_id, "area": window.area, "walk_in": False, "version": 1, "calls": 0, "ahead": 0,
        "was_put_back": False, "passed_over": 0, "reason": "", "issued_at": moment, "created_at": moment,
        "created_by": "bench",
    }  # fmt: skip
    rows, day = [], session.scalar(select(func.min(Ticket.day))) or today
    while len(rows) < TICKETS - WAITING:
        day -= timedelta(days=1)
        rows += [_row(window, day, n, state="finished", **common) for n in range(1, A_DAY + 1)]
    due = expires_at(session.get_one(Centre, window.centre_id), moment)
    drawn = dict(session.execute(select(Counter.name, Counter.value)).all())
    number = numbering.counter_for_ticket(window.centre_id, window.area, today)
    first = drawn.get(number, 0) + 1
    rows = rows[: TICKETS - WAITING]
    rows += [
        _row(window, today, first + n, state="waiting", **common) | {"due_at": due, "place": first + n}
        for n in range(WAITING)
    ]
    for start in range(0, len(rows), A_DAY):
        batch = [{"due_at": None, "place": None} | row for row in rows[start : start + A_DAY]]
        session.execute(insert(Ticket.__table__), batch)
    queue = numbering.counter_for_queue(window.centre_id, window.area, today)
    session.execute(Counter.__table__.delete().where(Counter.name.in_([number, queue])))
    session.execute(insert(Counter.__table__), [{"name": each, "value": first + WAITING} for each in (number, queue)])


def _row(window: Window, day: date, serial: int, **values: Any) -> dict[str, Any]:
    return values | {"day": day, "number": numbering.ticket_no(window.area, serial)}


def _call(session: Session, actor: Actor) -> tuple[int, float]:
    begun = perf_counter()
    answer = perform_object(session, "ticket", "call", next_for(actor), actor, {}, None, request_id="bench")
    return answer["id"], milliseconds(begun)


def _miss(session: Session, actor: Actor, ticket: int) -> int:
    """Nobody came: the window is free again. Answers the ticket, whose call is the model of the next one."""
    found = session.get_one(Ticket, ticket, populate_existing=True)
    perform_object(session, "ticket", "no_show", ticket, actor, {}, found.version, request_id="bench")
    return ticket


def _by_hand(engine: Engine, place: dict[str, Any], model: int) -> float:
    """The milliseconds it takes to find the next one and to write what a call writes, in plain SQL, and to commit."""
    with engine.connect() as connection:
        event = _event(connection, model)
        queue = numbering.counter_for_queue(place["centre"], place["area"], place["day"])
    typed = [bindparam(name, type_=kind) for name, kind in (("day", Ticket.__table__.c.day.type),)]
    moment = [bindparam("at", type_=Ticket.__table__.c.called_at.type)]
    with engine.connect().execution_options(immediate=True) as connection:
        begun = perf_counter()
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(LOCK, {"name": queue})
            asked = {name: place[name] for name in ("centre", "area", "day")}
            found = connection.execute(NEXT.bindparams(*typed), asked).scalar_one()
            connection.execute(CALL.bindparams(*moment), {"id": found, "window": place["window"], "at": now()})
            connection.execute(event[0], event[1] | {"subject_id": found})
        spent = milliseconds(begun)
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        connection.execute(MISS, {"id": found})
    return spent


def _event(connection: Connection, model: int) -> tuple[Any, dict[str, Any]]:
    """The statement that writes the event of a call again, for another ticket."""
    called = text("SELECT * FROM event WHERE subject_kind = 'ticket' AND subject_id = :id AND act = 'call_ticket'")
    row = connection.execute(called, {"id": model}).mappings().one()
    values = {name: json.dumps(v, ensure_ascii=False) if isinstance(v, dict) else v for name, v in row.items()}
    del values["id"]
    marks = ", ".join(f":{name}" for name in values)
    return text(f"INSERT INTO event ({', '.join(values)}) VALUES ({marks})"), values  # noqa: S608  (our own columns)
