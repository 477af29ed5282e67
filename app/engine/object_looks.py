"""A small object as somebody sees it: what it says, and what they may do with it or bring into being now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.object_acts import SUBJECTS, ObjectAct, of_kind
from app.engine.object_admission import On, admit, on_what
from app.engine.settings import calendar, load
from app.errors import NotFound, Refusal
from app.models.application import Application
from app.models.base import Placed


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as somebody sees it: the row, and which of its acts would be refused now, and why."""

    subject: Any
    refusals: dict[str, Refusal | None]

    @property
    def lawful(self) -> list[ObjectAct]:
        """The acts that would not be refused now."""
        acts = of_kind(self.subject.__tablename__)
        return [act for act in acts if self.refusals.get(act.transition.move, act) is None]


def look(session: Session, kind: str, subject_id: int, actor: Actor, now: datetime) -> Seen:
    """An object within reach with what may be done on it; NotFound where it is absent or out of reach."""
    model = SUBJECTS.get(kind)
    subject = session.get(model, subject_id, populate_existing=True) if model is not None else None
    if subject is None:
        raise NotFound
    acts = [act for act in of_kind(kind) if not act.transition.birth]
    if isinstance(subject, Placed):
        on = on_what(session, subject, actor, None, now)
        return Seen(subject, {a.transition.move: _refusal(a, subject, on) for a in acts})
    settings = load(session)
    with scope.acting_on(session, subject.application_id):
        application = session.get_one(Application, subject.application_id)
        dossier = Dossier(session, application, calendar(session, settings), settings)
        on = on_what(session, subject, actor, dossier, now)
        return Seen(subject, {a.transition.move: _refusal(a, subject, on) for a in acts})


def births(session: Session, kind: str, actor: Actor, now: datetime) -> list[ObjectAct]:
    """The acts by which this person may bring an object of the kind into being now."""
    found = [act for act in of_kind(kind) if act.transition.birth]
    return [act for act in found if _refusal(act, None, on_what(session, None, actor, None, now)) is None]


def birth_refusal(session: Session, act: ObjectAct, actor: Actor, now: datetime) -> Refusal | None:
    """Why this person may not bring such an object into being now; None where it is open to them."""
    return _refusal(act, None, on_what(session, None, actor, None, now))


def _refusal(act: ObjectAct, subject: Any, on: On) -> Refusal | None:
    try:
        admit(act, subject, on, subject.version if subject is not None else None)
    except Refusal as refusal:
        return refusal
    return None
