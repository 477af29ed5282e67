"""Who may do an act on a small object: one role grants it, may make the move, and reaches it; then order and time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import refused
from app.engine.actors import Actor, Grant
from app.engine.dossier import Dossier
from app.engine.facts import Facts
from app.engine.object_acts import ObjectAct
from app.engine.presence import window_is_away
from app.errors import NotAllowed, NotNow
from app.law import N_
from app.law.guards import Guard, GuardKind
from app.law.roles import Role
from app.models.application import Application
from app.models.counter import AT_A_WINDOW, Ticket
from app.models.organisation import Window


@dataclass(frozen=True, slots=True)
class Ground:
    """What the guards of an act on a placed object may ask (`law.placed_guards.PlacedFacts`)."""

    session: Session
    subject: Any
    actor: Actor
    grant: Grant
    now: datetime

    @property
    def actor_id(self) -> int | None:
        """Whoever acts."""
        return self.actor.user_id

    @property
    def role(self) -> Role:
        """As what."""
        return self.grant.role

    @property
    def window_id(self) -> int | None:
        """The window they are posted at."""
        return self.actor.window_id

    @property
    def window_area(self) -> str | None:
        """The area their window serves; None without an active window in the hall that the act is about."""
        window = self.session.get(Window, self.window_id) if self.window_id is not None else None
        if window is None or not window.is_active:
            return None
        is_elsewhere = self.subject is not None and self.subject.centre_id != window.centre_id
        return None if is_elsewhere else window.area

    @property
    def is_away(self) -> bool:
        """Whether their window is marked as left."""
        return self.window_id is not None and window_is_away(self.session, self.window_id)

    @property
    def open_ticket(self) -> str:
        """The number that is called to their window or served there; empty where none is."""
        here = select(Ticket.number).where(Ticket.window_id == self.window_id, Ticket.state.in_(AT_A_WINDOW))
        return self.session.scalar(here) or ""


@dataclass(frozen=True, slots=True)
class On:
    """Who acts on what: what a guard asks with each of the actor's grants."""

    actor: Actor
    application: Application | None
    facts: Callable[[Grant], Any]


def on_what(session: Session, subject: Any, actor: Actor, dossier: Dossier | None, now: datetime) -> On:
    if dossier is None:
        return On(actor, None, lambda grant: Ground(session, subject, actor, grant, now))
    return On(actor, dossier.application, lambda grant: Facts(dossier, actor, grant, now))


def admit(act: ObjectAct, subject: Any, on: On, version: int | None) -> Grant:
    """Moments 3 and 4: one role grants and reaches; then version, state and the guards of order."""
    grant = grant_for(act, subject, on)
    if subject is not None:
        if version != subject.version:
            raise NotNow(N_("Somebody was faster. Look at it again."))
        if not any(subject.state == move.source for move in act.transition.moves):
            raise refused.WrongState(N_("«%(act)s» cannot be done now: it stands elsewhere."), act=act.transition.label)
    failed = _failed(act, on.facts(grant), GuardKind.NOT_NOW)
    if failed is not None:
        raise NotNow(failed.sentence, **failed.named(on.facts(grant)))
    return grant


def grant_for(act: ObjectAct, subject: Any, on: On) -> Grant:
    """The first role that grants the act, reaches the object and meets no forbidding guard; else NotAllowed."""
    sentence = N_("Your role does not include «%(act)s».")
    for grant in on.actor.grants_of(act.transition.name):
        if subject is not None and not (
            _may_move(act, subject, grant) and reaches(grant, subject, on.application, on.actor)
        ):
            continue
        failed = _failed(act, on.facts(grant), GuardKind.FORBIDDEN)
        if failed is None:
            return grant
        sentence = failed.sentence
    raise NotAllowed(sentence, act=act.transition.label)


def _may_move(act: ObjectAct, subject: Any, grant: Grant) -> bool:
    """Where an act has several lines in the table, the one that begins here must name the role."""
    here = [move for move in act.transition.moves if move.source == subject.state]
    return not here or any(grant.role.value in move.roles for move in here)


def reaches(grant: Grant, subject: Any, application: Application | None, actor: Actor) -> bool:
    """An opinion is the office's that was asked, a placed object its place's; others go with their application.

    What one person told of themselves is that person's, wherever they work.
    """
    owner_id = getattr(subject, "owner_id", None)
    if owner_id is not None:
        return owner_id == actor.user_id  # type: ignore[no-any-return]
    if grant.role is Role.PUBLIC:
        return True  # the session showed no other object than the token's
    if application is None:
        department = getattr(subject, "department_id", None)
        return grant.reaches_place(subject.centre_id, subject.office_id, department)
    office_id = getattr(subject, "office_id", None)
    if office_id is not None:
        return office_id in grant.offices
    return grant.reaches(application.centre_id, application.office_id)


def _failed(act: ObjectAct, facts: Any, kind: GuardKind) -> Guard | None:
    return next((g for g in act.transition.guards if g.kind is kind and not g.holds(facts)), None)
