"""How an act on a small object is conducted: the moments of `perform`, on the object's own version and chain.

The object's application is locked first, so that nothing is decided on it meanwhile; its version does not move.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.engine import notices, perform, refused, scope, transaction
from app.engine.actors import Actor, Grant
from app.engine.dossier import Dossier
from app.engine.facts import Facts
from app.engine.inputs import read
from app.engine.now import now as server_now
from app.engine.object_acts import SUBJECTS, ObjectAct, at_address, of_kind
from app.engine.settings import calendar, hold_calendar, load
from app.engine.trail import masked, record_of
from app.engine.turn import Turn
from app.errors import NotAllowed, NotFound, NotNow, Refusal
from app.law import N_, chain
from app.law.guards import GuardKind
from app.law.states import Kind
from app.models.application import Application
from app.models.trail import ActResult, Event

Answer = dict[str, Any]


def perform_object(
    session: Session,
    kind: str,
    move: str,
    subject_id: int,
    actor: Actor,
    data: Mapping[str, Any],
    version: int | None,
    key: str | None = None,
    *,
    request_id: str = "",
    at: datetime | None = None,
) -> Answer:
    """Conduct `move` on an object of `kind` and answer where it stands now; raises what `perform` does."""
    act = at_address(kind, move)
    if act is None:
        raise NotFound
    if at is not None and not session.info.get(perform.DEMO):
        raise ValueError("only the demo's player tells perform the time")
    request_id = request_id or uuid4().hex
    scope.bind(session, actor)
    try:
        return transaction.run(
            session, lambda: _conduct(session, act, subject_id, actor, data, version, key, request_id, at)
        )
    except Refusal as refusal:
        refused.record(session, refusal, act, subject_id, actor, data, request_id)
        raise


def _conduct(
    session: Session,
    act: ObjectAct,
    subject_id: int,
    actor: Actor,
    data: Mapping[str, Any],
    version: int | None,
    key: str | None,
    request_id: str,
    at: datetime | None,
) -> Answer:
    given = perform.digest(act, subject_id, version, data)
    stored = perform.replay(session, actor, key, given) if key is not None else None
    if stored is not None:
        return stored
    hold_calendar(session)
    settings = load(session)
    days = calendar(session, settings)
    model = SUBJECTS[act.transition.kind]
    application_id = session.scalar(select(model.application_id).where(model.id == subject_id))
    if application_id is None:
        raise NotFound
    with scope.acting_on(session, application_id), session.no_autoflush:
        dossier = Dossier(session, _locked(session, application_id), days, settings)
        subject = session.get_one(model, subject_id, populate_existing=True)
        now = at or server_now()
        grant = _admit(act, subject, actor, dossier, version, now)
        row: Any = act.transition  # a body asks its name alone
        turn = Turn(session, actor, grant, row, now, settings, days, request_id, dossier)
        loaded = read(act.schema(), data)
        before = subject.state
        act.body(turn, subject, loaded)
        turn.settle()
        subject.version += 1
        event = _chain(turn, act, subject, before, loaded)
        _tell(turn, event)
        answer = {
            "id": subject.id,
            "kind": act.transition.kind,
            "application_id": application_id,
            "state": subject.state,
            "version": subject.version,
        }
        if key is not None and actor.user_id is not None:
            result = {"act": act.transition.name, "input_digest": given, "answer": answer, "at": now}
            session.add(ActResult(actor_id=actor.user_id, key=key, **result))
        session.flush()
    return answer


def _locked(session: Session, application_id: int) -> Application:
    """The application, whoever reaches it: an office that is asked sees the opinion alone."""
    found: Application = session.scalars(
        select(Application)
        .where(Application.id == application_id)
        .options(joinedload(Application.item_version), joinedload(Application.centre), joinedload(Application.office))
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    ).one()
    return found


def _admit(act: ObjectAct, subject: Any, actor: Actor, dossier: Dossier, version: int | None, now: datetime) -> Grant:
    """Moments 3 and 4: one role grants and reaches; then version, state and the guards of order."""
    grant = grant_for(act, subject, actor, dossier, now)
    if version != subject.version:
        raise NotNow(N_("Somebody was faster. Look at it again."))
    if not any(subject.state == move.source for move in act.transition.moves):
        raise refused.WrongState(N_("«%(act)s» cannot be done now: it stands elsewhere."), act=act.transition.label)
    failed = _failed(act, Facts(dossier, actor, grant, now), GuardKind.NOT_NOW)
    if failed is not None:
        raise NotNow(failed)
    return grant


def grant_for(act: ObjectAct, subject: Any, actor: Actor, dossier: Dossier, now: datetime) -> Grant:
    """The first role that grants the act, reaches the object and meets no forbidding guard; else NotAllowed."""
    sentence = N_("Your role does not include «%(act)s».")
    for grant in actor.grants_of(act.transition.name):
        if not reaches(grant, subject, dossier.application):
            continue
        failed = _failed(act, Facts(dossier, actor, grant, now), GuardKind.FORBIDDEN)
        if failed is None:
            return grant
        sentence = failed
    raise NotAllowed(sentence, act=act.transition.label)


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as somebody sees it: the row, and which of its acts would be refused now, and why."""

    subject: Any
    refusals: dict[str, Refusal | None]

    @property
    def lawful(self) -> list[ObjectAct]:
        """The acts that would not be refused now."""
        return [act for act in of_kind(self.subject.__tablename__) if self.refusals[act.transition.move] is None]


def look(session: Session, kind: str, subject_id: int, actor: Actor, now: datetime) -> Seen:
    """An object within reach with what may be done on it; NotFound where it is absent or out of reach."""
    model = SUBJECTS.get(kind)
    subject = session.get(model, subject_id, populate_existing=True) if model is not None else None
    if subject is None:
        raise NotFound
    settings = load(session)
    with scope.acting_on(session, subject.application_id):
        application = session.get_one(Application, subject.application_id)
        dossier = Dossier(session, application, calendar(session, settings), settings)
        return Seen(subject, {a.transition.move: _refusal(a, subject, actor, dossier, now) for a in of_kind(kind)})


def _refusal(act: ObjectAct, subject: Any, actor: Actor, dossier: Dossier, now: datetime) -> Refusal | None:
    try:
        _admit(act, subject, actor, dossier, subject.version, now)
    except Refusal as refusal:
        return refusal
    return None


def reaches(grant: Grant, subject: Any, application: Application) -> bool:
    """An opinion is the office's that was asked; anything else goes with its application."""
    office_id = getattr(subject, "office_id", None)
    if office_id is not None:
        return office_id in grant.offices
    return grant.reaches(application.centre_id, application.office_id)


def _failed(act: ObjectAct, facts: Facts, kind: GuardKind) -> str | None:
    return next((g.sentence for g in act.transition.guards if g.kind is kind and not g.holds(facts)), None)


def _chain(turn: Turn, act: ObjectAct, subject: Any, before: str, data: dict[str, Any]) -> Event:
    """One more event of the object's own chain."""
    kind, application = act.transition.kind, turn.application
    own = [e for e in turn.dossier.all_events if (e.subject_kind, e.subject_id) == (kind, subject.id)]
    event = Event(
        application_id=application.id,
        subject_kind=kind,
        subject_id=subject.id,
        seq=len(own) + 1,
        act=act.transition.name,
        kind=Kind.RECORD.value,
        from_state=before,
        to_state=subject.state,
        at=turn.now,
        actor_id=turn.actor.user_id,
        actor_name=turn.actor.name,
        role=turn.role.value,
        request_id=turn.request_id,
        payload={**masked(act.schema(), data), **turn.payload},
        previous_hash=own[-1].hash if own else chain.genesis(kind, subject.id, application.number),
    )
    event.hash = chain.link(event.previous_hash, record_of(event))
    turn.session.add(event)
    return event


def _tell(turn: Turn, event: Event) -> None:
    a = turn.application
    turn.session.add_all(
        notices.notices(
            turn.told,
            application_id=a.id,
            cause=event.act,
            level="info",
            at=turn.now,
            by=turn.by,
            text=turn.message,
            params={"number": a.short_no, "item": turn.dossier.item["name"], "by": turn.actor.name},
        )
    )
