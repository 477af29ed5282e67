"""How an act on a small object is conducted: the moments of `perform`, on the object's own version and chain.

An object of an application: the application is locked first, so that nothing is decided on it meanwhile; its version
does not move. A placed object (`models.base.Placed`) hangs on none: its own row is locked, its state moves as the table
of small life cycles says, and an act may bring it into being.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.engine import notices, scope
from app.engine.actors import Actor
from app.engine.conduct import Answer, Asked, conduct
from app.engine.dossier import Dossier
from app.engine.inputs import read
from app.engine.object_acts import SUBJECTS, ObjectAct, at_address
from app.engine.object_admission import admit, on_what, reaches
from app.engine.object_moves import chain_on, head, move, settle_beside
from app.engine.trail import masked
from app.engine.turn import Step, Turn
from app.errors import NotAllowed, NotFound
from app.law import N_
from app.models.application import Application
from app.models.trail import Event

Which = int | Callable[[Session], int | None] | None
"""The object's id; or how to find it once nobody else writes (the next in a queue); None for a birth."""


def perform_object(
    session: Session,
    kind: str,
    move: str,
    subject_id: Which,
    actor: Actor,
    data: Mapping[str, Any],
    version: int | None,
    key: str | None = None,
    *,
    request_id: str = "",
    at: datetime | None = None,
) -> Answer:
    """Conduct `move` on an object of `kind` and answer where it stands now; raises what `perform` does.

    An object that the act itself finds has been seen by nobody, and needs no version.
    """
    act = at_address(kind, move)
    if act is None or act.transition.birth is not (subject_id is None):
        raise NotFound
    known = subject_id if isinstance(subject_id, int) else None
    with act.ahead(session, actor, known) if act.ahead and known is not None else nullcontext() as ahead:
        work = partial(_on_place, ahead=ahead) if act.is_placed else _on_application
        return conduct(
            session, act, known, actor, data, version, key, request_id, at, lambda asked: work(asked, act, subject_id)
        )


def _on_application(asked: Asked, act: ObjectAct, subject_id: Which) -> tuple[Answer, datetime]:
    session, actor = asked.session, asked.actor
    model = SUBJECTS[act.transition.kind]
    application_id = session.scalar(select(model.application_id).where(model.id == subject_id))
    if application_id is None:
        raise NotFound
    with scope.acting_on(session, application_id), session.no_autoflush:
        dossier = Dossier(session, _locked(session, application_id), asked.days, asked.settings)
        subject = session.get_one(model, subject_id, populate_existing=True)
        now = asked.moment()
        grant = admit(act, subject, on_what(session, subject, actor, dossier, now), asked.version)
        row: Any = act.transition  # a body asks its name alone
        turn = Turn(session, actor, grant, row, now, asked.settings, asked.days, asked.request_id, dossier)
        loaded = read(act.schema(), asked.data)
        before, due = subject.state, getattr(subject, "due_at", None)
        act.body(turn, subject, loaded)
        turn.settle()
        dossier.application.next_due_at = dossier.clocks.next_due()  # an escalation answered waits no more
        subject.version += 1
        _wait_anew(subject, due)
        turn.draw_numbers()
        session.flush()
        for file in turn.claimed:
            file.application_id = application_id
        own = [e for e in dossier.all_events if (e.subject_kind, e.subject_id) == (act.transition.kind, subject.id)]
        last = own[-1] if own else None
        event = chain_on(turn, act.transition, subject, before, _said(turn, act, loaded), last, dossier.application)
        settle_beside(turn)
        _tell(turn, event, dossier)
        session.flush()
    return standing(act.transition.kind, subject), now


def _on_place(asked: Asked, act: ObjectAct, which: Which, *, ahead: Any) -> tuple[Answer, datetime]:
    session, actor = asked.session, asked.actor
    is_known = isinstance(which, int)
    subject_id = which(session) if callable(which) else which
    subject: Any = None if act.transition.birth else _locked_place(session, act, subject_id)
    now = asked.moment()
    with scope.acting_on(session, scope.NO_APPLICATION), session.no_autoflush:
        on = on_what(session, subject, actor, None, now)
        grant = admit(act, subject, on, asked.version if is_known or subject is None else subject.version)
        step = Step(
            session, actor, grant, act.transition, now, asked.settings, asked.days, asked.request_id, ahead=ahead
        )
        loaded = read(act.schema(), asked.data)
        before, due = (subject.state, subject.due_at) if subject is not None else (None, None)
        subject = act.body(step, subject, loaded) or subject
        step.settle()
        move(step, act.transition, subject, before)
        _wait_anew(subject, due)
        if not reaches(grant, subject, None, actor):
            raise NotAllowed(N_("This belongs to another place than yours."), act=act.transition.label)
        step.draw_numbers()
        session.flush()
        for file in step.claimed:
            file.subject_kind, file.subject_id = act.transition.kind, subject.id
        last = head(session, act.transition.kind, subject.id)
        event = chain_on(step, act.transition, subject, before, _said(step, act, loaded), last, None)
        settle_beside(step)
        _tell(step, event, None)
        session.flush()
    return standing(act.transition.kind, subject), now


def _said(step: Step, act: ObjectAct, data: dict[str, Any]) -> dict[str, Any]:
    """What the event keeps: the input, masked, and what the body added."""
    return {**masked(act.schema(), data), **step.payload}


def _wait_anew(subject: Any, before: datetime | None) -> None:
    """Where the time it waits for has moved, its lateness is told anew."""
    if getattr(subject, "due_at", before) != before:
        subject.late_told_at = None


def standing(kind: str, subject: Any) -> Answer:
    """Where an object stands, as page, API and key are told."""
    return {
        "id": subject.id,
        "kind": kind,
        "application_id": getattr(subject, "application_id", None),
        "state": subject.state,
        "version": subject.version,
    }


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


def _locked_place(session: Session, act: ObjectAct, subject_id: int | None) -> Any:
    """The placed object within reach, locked; out of reach and absent are the same."""
    model = SUBJECTS[act.transition.kind]
    wanted: Select[Any] = select(model).where(model.id == subject_id).with_for_update(of=model)
    found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _tell(step: Step, event: Event, dossier: Dossier | None) -> None:
    params: dict[str, Any] = {"by": step.actor.name}
    about: dict[str, Any] = {"subject": (event.subject_kind, event.subject_id)}
    if dossier is not None:
        params |= {"number": dossier.application.short_no, "item": dossier.item["name"]}
        about = {"application_id": dossier.application.id}
    step.session.add_all(
        notices.notices(
            step.told,
            cause=event.act,
            level=step.level,
            at=step.now,
            by=step.by,
            text=step.message,
            params=params,
            **about,
        )
    )
