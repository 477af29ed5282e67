"""How any act is conducted: one act, one transaction, its moments always in the same order.

1 replay · 2 load within reach, lock · 3 one role grants and reaches, forbidden guards · 4 version, state, guards of
order · 5 input · 6 body, clocks, numbers, documents, event, outbox, answer · 7 commit. The page, the API, a bulk
action, a job and the demo all come through here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.engine import birth, finish, refused, scope
from app.engine.actors import Actor, Grant
from app.engine.acts import ACTS, Act, as_set
from app.engine.admission import first_failed, grant_for
from app.engine.conduct import DEMO, Answer, Asked, conduct
from app.engine.dossier import Dossier
from app.engine.facts import Facts
from app.engine.inputs import read
from app.engine.turn import Turn
from app.errors import NotFound, NotNow
from app.law import N_
from app.law.guards import GuardKind
from app.models.application import Application
from app.models.trail import Event

__all__ = ["DEMO", "Answer", "perform"]


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

    def work(asked: Asked) -> tuple[Answer, datetime]:
        return _conduct(asked, act, subject_id)

    return conduct(session, act, subject_id, actor, data, version, key, request_id, at, work)


def _conduct(asked: Asked, act: Act, subject_id: int | None) -> tuple[Answer, datetime]:
    session, actor, data, settings, days = asked.session, asked.actor, asked.data, asked.settings, asked.days
    act = as_set(act, settings)
    if subject_id is None:
        grant, dossier = birth.enter(session, act, actor, data, days, settings)
    else:
        grant, dossier = None, Dossier(session, _load(session, actor, subject_id), days, settings)
    now = asked.moment()
    with scope.acting_on(session, subject_id), session.no_autoflush:
        if grant is None:
            grant = _admit(act, actor, dossier, asked.version, now)
        turn = Turn(session, actor, grant, act.transition, now, settings, days, asked.request_id, dossier)
        schema = act.schema()
        loaded = read(schema, data)
        act.body(turn, loaded)
        turn.settle()
        answer = finish.finish(turn, schema, loaded)
        session.flush()
    return answer, now


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
        if application is not None and application.parent_id is not None:
            # one after another: whoever decides one of a group knows what was asked about the others
            session.execute(select(Application.id).where(Application.id == application.parent_id).with_for_update())
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
