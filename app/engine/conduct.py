"""The frame of every act, whatever it is done on: replay, one transaction, the answer kept, refusals recorded."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.engine import refused, scope, trail, transaction
from app.engine.actors import Actor
from app.engine.acts import Act
from app.engine.now import now as server_now
from app.engine.object_acts import ObjectAct
from app.engine.settings import Settings, calendar, hold_calendar, load
from app.errors import NotNow, Refusal
from app.law import N_
from app.law.workdays import Calendar
from app.models.trail import ActResult

Answer = dict[str, Any]

DEMO = "demo"
"""Set in `session.info` while the demo is played."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, by whom, and by which rules of the county it is judged."""

    session: Session
    actor: Actor
    data: Mapping[str, Any]
    version: int | None
    request_id: str
    at: datetime | None
    settings: Settings
    days: Calendar

    def moment(self) -> datetime:
        """The moment of the act; asked once its row is locked, so that times within a history never go back."""
        return self.at or server_now()


Work = Callable[[Asked], tuple[Answer, datetime]]
"""The moments between replay and commit; answers what is told and kept, and the moment of the act."""


def conduct(
    session: Session,
    act: Act | ObjectAct,
    subject_id: int | None,
    actor: Actor,
    data: Mapping[str, Any],
    version: int | None,
    key: str | None,
    request_id: str,
    at: datetime | None,
    work: Work,
) -> Answer:
    """Do `work` once for this key in one transaction; a refusal that the rule forbids is recorded."""
    if at is not None and not session.info.get(DEMO):
        raise ValueError("only the demo's player tells perform the time")
    request_id = request_id or uuid4().hex
    scope.bind(session, actor)

    def once() -> Answer:
        given = _digest(act, subject_id, version, data)
        stored = _replay(session, actor, key, given) if key is not None and actor.user_id is not None else None
        if stored is not None:
            return stored
        hold_calendar(session)
        settings = load(session)
        asked = Asked(session, actor, data, version, request_id, at, settings, calendar(session, settings))
        answer, moment = work(asked)
        if key is not None and actor.user_id is not None:
            result = {"act": act.transition.name, "input_digest": given, "answer": answer, "at": moment}
            trail.write(session, ActResult(actor_id=actor.user_id, key=key, **result))
        return answer

    try:
        return transaction.run(session, once)
    except Refusal as refusal:
        refused.record(session, refusal, act, subject_id, actor, data, request_id)
        raise


def _digest(act: Act | ObjectAct, subject_id: int | None, version: int | None, data: Mapping[str, Any]) -> str:
    """What was asked, in short: the same key with another digest is another request."""
    said = json.dumps([act.transition.name, subject_id, version, data], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


_IN_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("whose"), 0)))
_RESULT = ActResult.__table__.c
_STORED = select(_RESULT.input_digest, _RESULT.answer).where(
    _RESULT.actor_id == bindparam("actor"), _RESULT.key == bindparam("key")
)


def _replay(session: Session, actor: Actor, key: str, digest: str) -> Answer | None:
    """The answer stored under this actor's key; the same key with other input is refused."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_IN_TURN, {"whose": f"{actor.user_id}:{key}"})
    stored = connection.execute(_STORED, {"actor": actor.user_id, "key": key}).one_or_none()
    if stored is None:
        return None
    if stored.input_digest != digest:
        raise NotNow(N_("This key was used for another input already."))
    return dict(stored.answer)
