"""The moves of a small object: the state goes where the table says, and each move is an event of the object's chain.

A placed object may also be moved by an act on something else (a walk-in ticket begins with a registration); the move is
written beside that act's own event, in the same transaction and under the same request.
"""

from typing import Any, Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.engine.trail import record_of, write
from app.engine.turn import Step
from app.law import chain
from app.law.object_acts import OBJECT_ACTS, ObjectTransition
from app.law.states import Kind
from app.models.application import Application
from app.models.trail import Event


def move(step: Step, act: ObjectTransition, subject: Any, before: str | None) -> None:
    """The object goes where the table says; whoever brought it into being is its creator."""
    subject.state = next(m for m in act.moves if m.source == before).to
    if before is not None:
        subject.version += 1
        return
    subject.version, subject.created_at, subject.created_by = 1, step.now, step.by
    step.session.add(subject)


def move_beside(step: Step, name: str, subject: Any, **said: Any) -> None:
    """Move a placed object, or bring it into being, as part of the act at hand; chained once numbers are drawn."""
    act, before = OBJECT_ACTS[name], subject.state
    move(step, act, subject, before)
    step.beside.append(
        lambda: chain_on(step, act, subject, before, said, head(step.session, act.kind, subject.id), None)
    )


def settle_beside(step: Step) -> None:
    """Write the events of what the act moved besides its subject; the rows have their ids and numbers now."""
    for chain_it in step.beside:
        chain_it()


class Head(Protocol):
    """The end of a chain: the number of its last event, and its digest."""

    @property
    def seq(self) -> int: ...
    @property
    def hash(self) -> str: ...


_OWN = Event.__table__.c
_LAST = (
    select(_OWN.seq, _OWN.hash)
    .where(_OWN.subject_kind == bindparam("kind"), _OWN.subject_id == bindparam("subject"))
    .order_by(_OWN.seq.desc())
    .limit(1)
)


def head(session: Session, kind: str, subject_id: int) -> Head | None:
    """The end of the chain of an object that the act has locked."""
    found: Head | None = session.connection().execute(_LAST, {"kind": kind, "subject": subject_id}).one_or_none()
    return found


def chain_on(
    step: Step, act: ObjectTransition, subject: Any, before: str | None, said: dict[str, Any], last: Head | None,
    application: Application | None,
) -> Event:  # fmt: skip
    """One more event of the object's own chain, after the `last` one."""
    number = application.number if application is not None else getattr(subject, "number", None) or ""
    event = Event(
        application_id=application.id if application is not None else None,
        subject_kind=act.kind,
        subject_id=subject.id,
        seq=(last.seq if last is not None else 0) + 1,
        act=act.name,
        kind=Kind.RECORD.value,
        from_state=before,
        to_state=subject.state,
        at=step.now,
        actor_id=step.actor.user_id,
        actor_name=step.actor.name,
        role=step.role.value,
        request_id=step.request_id,
        payload=said,
        previous_hash=last.hash if last is not None else chain.genesis(act.kind, subject.id, number),
    )
    event.hash = chain.link(event.previous_hash, record_of(event))
    write(step.session, event)
    return event
