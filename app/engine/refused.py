"""Refused acts: who tried what the rule forbids; kept in a short transaction of their own, never as an event."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.engine import missteps, scope, trail, transaction
from app.engine.actors import Actor
from app.engine.acts import Act
from app.engine.inputs import SERVER_FIELDS
from app.engine.now import now
from app.engine.object_acts import SUBJECTS, ObjectAct
from app.errors import Busy, Incomplete, NotAllowed, NotNow, Refusal
from app.models.application import Application
from app.models.base import Placed
from app.models.trail import RefusedAct


class WrongState(NotNow):
    """The state does not allow the act though the page was current: recorded, unlike other conflicts."""


def _is_recorded(refusal: Refusal) -> bool:
    if isinstance(refusal, Incomplete):
        return any(
            c.field.rsplit(".", 1)[-1] in SERVER_FIELDS and "not exist" in c.sentence for c in refusal.complaints
        )
    return isinstance(refusal, NotAllowed | WrongState)


def _number(session: Session, act: Act | ObjectAct, subject_id: int) -> str:
    """The number of the application the act was tried on, or on whose object; of a placed object its own."""
    found = session.get(SUBJECTS.get(act.transition.subject_kind, Application), subject_id)
    if isinstance(found, Placed):
        return str(getattr(found, "number", None) or "")
    if found is not None and not isinstance(found, Application):
        found = session.get(Application, found.application_id)
    return found.short_no if found is not None else ""


def record(
    session: Session,
    refusal: Refusal,
    act: Act | ObjectAct,
    subject_id: int | None,
    actor: Actor,
    data: Mapping[str, Any],
    request_id: str,
) -> None:
    """Keep the refused act if the rule says so; a busy database does not turn a refusal into an error.

    Wrong input is counted for training.
    """
    if isinstance(refusal, Incomplete):
        missteps.note(session, actor, act.transition.name, refusal.complaints)
    if not _is_recorded(refusal):
        return

    def write() -> None:
        number = ""
        if subject_id is not None:
            with scope.unscoped(session):
                number = _number(session, act, subject_id)
        session.add(
            RefusedAct(
                at=now(),
                actor_id=actor.user_id,
                actor_name=actor.name,
                roles=",".join(actor.roles),
                act=act.transition.name,
                subject_kind=act.transition.subject_kind,
                subject_id=subject_id,
                subject_no=number or str(data.get("item") or "")[:60],
                code=refusal.code,
                sentence=refusal.sentence[:500],
                params=trail.plain(refusal.params),
                request_id=request_id,
            )
        )
        session.flush()

    try:
        transaction.run(session, write)
    except Busy:
        return
