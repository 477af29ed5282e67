"""What goes up by itself: a file nobody confirms, a file returned twice, a level that lets its day pass."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from app.engine import scope, settings
from app.engine.actors import SYSTEM
from app.engine.code_sets import word
from app.engine.duties import Tally
from app.engine.perform import perform
from app.engine.perform_object import perform_object
from app.errors import Refusal
from app.law.clock import CLOCKS, Clock, escalates_at
from app.law.lifecycle import TRANSITIONS
from app.law.roles import Role
from app.models.application import Application
from app.models.calendar import ClockRun
from app.models.custody import Slip
from app.models.escalation import Escalation

log = logging.getLogger(__name__)

NAME = "escalate_stuck"
MOVABLE = tuple(sorted(state.value for state in TRANSITIONS["escalate"].sources))


def escalate_stuck(session: Session, now: datetime) -> Tally:
    """Bring up what is stuck, once; each matter in an act of its own, so that one stops no other."""
    scope.bind(session, SYSTEM)
    unconfirmed = _unconfirmed(session, now)
    bounced = [found for found in _returned_twice(session) if found not in unconfirmed]
    unanswered = _unanswered(session, now)
    tally = _each(unconfirmed, partial(_escalate, session, word("stuck", "unconfirmed")))
    tally += _each(bounced, partial(_escalate, session, word("stuck", "returned_twice")))
    return tally + _each(unanswered, partial(_pass_up, session))


def _unconfirmed(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Applications whose file waits longer than the rule of its clock allows, with their versions."""
    late = (
        select(ClockRun, Application.id, Application.version)
        .join(Application, Application.id == ClockRun.application_id)
        .where(ClockRun.clock == Clock.HANDLING.value, ClockRun.stopped_at.is_(None), ClockRun.due_at < now)
        .where(Application.state.in_(MOVABLE), ~_escalated_since(ClockRun.started_at))
    )
    found = []
    rows = session.execute(late).all()
    days = settings.calendar(session, settings.load(session)) if rows else None
    for run, application_id, version in rows:
        assert days is not None
        at = escalates_at(CLOCKS[Clock.HANDLING], run.due_at, days, run.closing)
        if at is not None and now > at:
            found.append((application_id, version))
    return found


def _returned_twice(session: Session) -> list[tuple[int, int]]:
    """Applications whose file came back a second time, and nobody was told above."""
    returned = (
        select(Slip.application_id, func.count().label("times"), func.max(Slip.settled_at).label("last"))
        .where(Slip.kind == "file", Slip.state == "returned")
        .group_by(Slip.application_id)
        .having(func.count() > 1)
        .subquery()
    )
    query = (
        select(Application.id, Application.version)
        .join(returned, returned.c.application_id == Application.id)
        .where(Application.state.in_(MOVABLE), ~_escalated_since(returned.c.last))
    )
    return [(row.id, row.version) for row in session.execute(query)]


def _escalated_since(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Something of the application went up since then, or lies there now."""
    lately = (Escalation.raised_at >= moment) | Escalation.state.in_(("open", "returned"))
    return exists().where(Escalation.application_id == Application.id, lately).correlate_except(Escalation)


def _unanswered(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Escalations whose level let its day pass, with their versions."""
    query = (
        select(Escalation.id, Escalation.version)
        .join(ClockRun, ClockRun.subject_id == Escalation.id)
        .where(ClockRun.clock == Clock.ESCALATION.value, ClockRun.stopped_at.is_(None), ClockRun.due_at < now)
        .where(Escalation.state == "open", Escalation.level != Role.BUREAU_LEADER.value)
    )
    return [(row.id, row.version) for row in session.execute(query)]


def _each(found: Iterable[tuple[int, int]], work: Callable[[int, int], object]) -> Tally:
    tally = Tally()
    for row_id, version in found:
        try:
            work(row_id, version)
        except Refusal:
            tally += Tally(seen=1)  # somebody was faster, and it is stuck no more
        except Exception:
            log.exception("The stuck matter %s cannot be brought up.", row_id)
            tally += Tally(seen=1, failed=1)
        else:
            tally += Tally(seen=1, raised=1)
    return tally


def _escalate(session: Session, reason: str, application_id: int, version: int) -> None:
    perform(session, "escalate", application_id, SYSTEM, {"type": "stuck", "reason": reason}, version)


def _pass_up(session: Session, escalation_id: int, version: int) -> None:
    perform_object(session, "escalation", "up", escalation_id, SYSTEM, {"reason": word("stuck", "unanswered")}, version)
