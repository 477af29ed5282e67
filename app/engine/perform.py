"""How any act is conducted: one act, one transaction, its moments always in the same order.

1 replay · 2 load within reach, lock · 3 one role grants and reaches, forbidden guards · 4 version, state, guards of
order · 5 input · 6 body, clocks, numbers, documents, event, outbox, answer · 7 commit. The page, the API, a bulk
action, a job and the demo all come through here.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from app.engine import birth, finish, refused, scope, trail, transaction
from app.engine.actors import Actor, Grant
from app.engine.acts import ACTS, Act, as_set
from app.engine.admission import first_failed, grant_for
from app.engine.dossier import Dossier
from app.engine.facts import Facts
from app.engine.inputs import read
from app.engine.now import now as server_now
from app.engine.object_acts import ObjectAct
from app.engine.settings import calendar, hold_calendar, load
from app.engine.turn import Turn
from app.errors import NotFound, NotNow, Refusal
from app.law import N_
from app.law.guards import GuardKind
from app.models.application import Application
from app.models.trail import ActResult, Event

Answer = dict[str, Any]

DEMO = "demo"
"""Set in `session.info` while the demo is played."""


def perform(
    session: Session,
    name: str,
    subject_id: int | None,
    actor: Actor,
    data: Mapping[str, Any],
    version: int | None,
    key: str | None = None,
    *,
    request_id: str = "",
    at: datetime | None = None,
) -> Answer:
    """Conduct the act `name` on an application (None brings one into being) and answer its new standing.

    `version` is the one the actor's page was made from. `at` is the story's moment and for the demo's player alone.
    Raises NotFound, NotAllowed, NotNow, Incomplete or Busy; a refusal that the rule forbids is recorded.
    """
    act = ACTS.get(name)
    if act is None or act.transition.birth is not (subject_id is None):
        raise NotFound
    if at is not None and not session.info.get(DEMO):
        raise ValueError("only the demo's player tells perform the time")
    request_id = request_id or uuid4().hex
    scope.bind(session, actor)
    try:
        return transaction.run(
            session,
            lambda: _conduct(session, act, subject_id, actor, data, version, key, request_id, at),
        )
    except Refusal as refusal:
        refused.record(session, refusal, act, subject_id, actor, data, request_id)
        raise


def _conduct(
    session: Session,
    act: Act,
    subject_id: int | None,
    actor: Actor,
    data: Mapping[str, Any],
    version: int | None,
    key: str | None,
    request_id: str,
    at: datetime | None,
) -> Answer:
    given = digest(act, subject_id, version, data)
    if key is not None:
        stored = replay(session, actor, key, given)
        if stored is not None:
            return stored
    hold_calendar(session)
    settings = load(session)
    days = calendar(session, settings)
    act = as_set(act, settings)
    if subject_id is None:
        grant, dossier = birth.enter(session, act, actor, data, days, settings)
    else:
        grant, dossier = None, Dossier(session, _load(session, actor, subject_id), days, settings)
    now = at or server_now()  # asked once the row is locked, so that times within a history never go back
    with scope.acting_on(session, subject_id), session.no_autoflush:
        if grant is None:
            grant = _admit(act, actor, dossier, version, now)
        turn = Turn(session, actor, grant, act.transition, now, settings, days, request_id, dossier)
        schema = act.schema()
        loaded = read(schema, data)
        act.body(turn, loaded)
        turn.settle()
        answer = finish.finish(turn, schema, loaded)
        session.flush()
        if key is not None and actor.user_id is not None:
            result = {"act": act.transition.name, "input_digest": given, "answer": answer, "at": now}
            trail.write(session, ActResult(actor_id=actor.user_id, key=key, **result))
    return answer


def digest(act: Act | ObjectAct, subject_id: int | None, version: int | None, data: Mapping[str, Any]) -> str:
    """What was asked, in short: the same key with another digest is another request."""
    said = json.dumps([act.transition.name, subject_id, version, data], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


_IN_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("whose"), 0)))
_RESULT = ActResult.__table__.c
_STORED = select(_RESULT.input_digest, _RESULT.answer).where(
    _RESULT.actor_id == bindparam("actor"), _RESULT.key == bindparam("key")
)


def replay(session: Session, actor: Actor, key: str, digest: str) -> Answer | None:
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


_LOCKED = (
    select(Application)
    .where(Application.id == bindparam("id"), scope.WITHIN_REACH)
    .options(joinedload(Application.item_version), joinedload(Application.centre), joinedload(Application.office))
    .with_for_update(of=Application)
    .execution_options(populate_existing=True)
)


def _load(session: Session, actor: Actor, subject_id: int) -> Application:
    """Moment 2: the application within the actor's reach, locked; out of reach and absent are the same."""
    with scope.acting_on(session, subject_id):
        found = session.scalars(_LOCKED, {"id": subject_id, **scope.reach_of(actor)})
        application: Application | None = found.one_or_none()
    if application is None:
        raise NotFound
    return application


def _admit(act: Act, actor: Actor, dossier: Dossier, version: int | None, now: datetime) -> Grant:
    """Moments 3 and 4: one role grants and reaches; then version, state, and the guards of order."""
    a = dossier.application
    grant = grant_for(
        act, actor, lambda g: g.reaches(a.centre_id, a.office_id), lambda g: Facts(dossier, actor, g, now)
    )
    if version != a.version:
        raise _stale(dossier, version)
    if dossier.state not in act.transition.sources:
        raise refused.WrongState(
            N_("This application is %(state)s now; «%(act)s» cannot be done in this state."),
            state=dossier.state,
            act=act.transition.label,
        )
    facts = Facts(dossier, actor, grant, now)
    failed = first_failed(act, facts, GuardKind.NOT_NOW)
    if failed is not None:
        raise NotNow(failed.sentence, **failed.named(facts))
    return grant


def _stale(dossier: Dossier, version: int | None) -> NotNow:
    """Somebody was faster: say who, when and with what."""
    if version is None:
        return NotNow(N_("Say which version of the application you saw."))
    last: Event | None = next((e for e in reversed(dossier.events) if e.kind != "N"), None)
    if last is None or version > dossier.application.version:
        return NotNow(N_("This is not the version of the application. Load the page again."))
    return NotNow(
        N_("%(who)s did «%(act)s» at %(when)s in the meantime. Look at the application again."),
        who=last.actor_name,
        act=ACTS[last.act].transition.label if last.act in ACTS else last.act,
        when=last.at.strftime("%m-%d %H:%M"),
    )
