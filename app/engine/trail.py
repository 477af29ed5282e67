"""The trail: each act is an event chained to the one before; personal values are masked before they are written."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from app.engine import scope
from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.law import chain
from app.law.identity import mask_address, mask_ems_no, mask_id, mask_name, mask_phone
from app.law.states import Kind
from app.models.base import Model
from app.models.trail import Event

_MASKS: dict[str, Callable[[str], str]] = {
    "id": lambda value: mask_id("resident_id", value),
    "phone": mask_phone,
    "address": mask_address,
    "ems": mask_ems_no,
    "name": mask_name,
    "hidden": lambda _: "****",
}
"""How each kind of personal field is written into an event."""


def masked(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The input as an event may keep it: plain JSON, personal fields masked as their schema says."""
    out: dict[str, Any] = {}
    for name, value in data.items():
        if value is None or value == []:
            continue
        field = schema.fields.get(name)
        out[name] = _masked_value(field, value)
    return out


def _masked_value(field: Any, value: Any) -> Any:
    if isinstance(field, fields.Nested):
        return masked(field.schema, value)
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        return [masked(field.inner.schema, line) for line in value]
    personal = field.metadata.get("personal") if field is not None else ""
    if personal:
        return _MASKS[personal](str(value))
    return plain(value)


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    return value


def record_of(event: Event) -> dict[str, Any]:
    """What the chain covers of an event: everything but its hashes and its row id."""
    return {
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "seq": event.seq,
        "act": event.act,
        "kind": event.kind,
        "from": event.from_state,
        "to": event.to_state,
        "at": event.at,
        "actor_id": event.actor_id,
        "actor_name": event.actor_name,
        "role": event.role,
        "request_id": event.request_id,
        "payload": event.payload,
    }


def append(
    session: Session,
    dossier: Dossier,
    *,
    act: str,
    kind: Kind,
    from_state: str | None,
    at: datetime,
    actor: Actor,
    role: str,
    request_id: str,
    payload: dict[str, Any],
) -> Event:
    """Chain one more event to the application's history; the application's row is locked, so the head is ours."""
    application = dossier.application
    head = dossier.events[-1] if dossier.events else None
    event = Event(
        application_id=application.id,
        subject_kind="application",
        subject_id=application.id,
        seq=(head.seq if head else 0) + 1,
        act=act,
        kind=kind.value,
        from_state=from_state,
        to_state=application.state,
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        role=role,
        request_id=request_id,
        payload=payload,
        previous_hash=head.hash if head else chain.genesis("application", application.id, application.number),
    )
    event.hash = chain.link(event.previous_hash, record_of(event))
    write(session, event)
    return event


def write(session: Session, *rows: Model) -> None:
    """Insert rows that the act never reads again, at once and in this order, guarded like all others.

    The unit of work would take longer for them than for what the act is about.
    """
    connection = session.connection()
    for row in rows:
        scope.guard_write(session, row)
        values = {name: value for name, value in vars(row).items() if not name.startswith("_")}
        row.id = connection.execute(_into(row.__table__), values).scalar_one()


@cache
def _into(table: Table) -> ReturningInsert[int]:
    return insert(table).returning(table.c.id)
