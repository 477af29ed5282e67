"""What ends and begins by itself: absences at closing time, substitutions with their first and last day (第八条)."""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.perform_object import perform_object
from app.errors import Refusal
from app.models.substitution import SubstitutePeriod
from app.models.whereabouts import Whereabouts

log = logging.getLogger(__name__)

ABSENCES, SUBSTITUTES = "end_absences", "turn_substitutes"


def end_absences(session: Session, now: datetime) -> Tally:
    """End every absence whose windows have closed."""
    left = select(Whereabouts.id, Whereabouts.version)
    return _each(session, "whereabouts", "end", left.where(Whereabouts.state == "away", Whereabouts.due_at <= now))


def turn_substitutes(session: Session, now: datetime) -> Tally:
    """End what lasted until yesterday, then begin what lasts today."""
    today, found = now.date(), select(SubstitutePeriod.id, SubstitutePeriod.version)
    over = found.where(SubstitutePeriod.state == "active", SubstitutePeriod.until < today)
    due = found.where(
        SubstitutePeriod.state == "planned", SubstitutePeriod.since <= today, SubstitutePeriod.until >= today
    )
    tally = _each(session, "substitute_period", "end", over)
    return tally + _each(session, "substitute_period", "start", due)


def _each(session: Session, kind: str, move: str, wanted: Select[tuple[int, int]]) -> Tally:
    """Each in an act of its own, so that one stops no other."""
    scope.bind(session, SYSTEM)
    tally = Tally()
    for row_id, version in _rows(session, wanted):
        try:
            perform_object(session, kind, move, row_id, SYSTEM, {}, version)
        except Refusal:
            tally += Tally(seen=1)  # somebody was faster, or it cannot begin yet
        except Exception:
            log.exception("The %s %s of %s cannot be done.", kind, row_id, move)
            tally += Tally(seen=1, failed=1)
        else:
            tally += Tally(seen=1, raised=1)
    return tally


def _rows(session: Session, wanted: Select[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    return [(row_id, version) for row_id, version in session.execute(wanted)]
