"""Opening an application to read it: its dossier within reach, and its deadlines explained day by day."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.engine.dossier import Dossier
from app.engine.settings import calendar, load
from app.errors import NotFound
from app.law.clock import CLOCKS, PauseKind, limit_of
from app.law.explain import DayNote, explain
from app.models.application import Application
from app.models.calendar import ClockRun

PAUSABLE = frozenset(clock for clock, rule in CLOCKS.items() if rule.pauses is not PauseKind.NEVER)


def find(session: Session, application_id: int) -> Dossier:
    """The dossier of an application; NotFound where it is absent or out of the reach of whoever is asking."""
    application = session.scalar(
        select(Application)
        .where(Application.id == application_id)
        .options(joinedload(Application.item_version), joinedload(Application.centre), joinedload(Application.office))
    )
    if application is None:
        raise NotFound
    settings = load(session)
    return Dossier(session, application, calendar(session, settings), settings)


def explained(run: ClockRun, dossier: Dossier) -> list[DayNote]:
    """Every day of a clock run from its start to its last day: whether it counted, and why.

    A run that is paused has no last day yet, and none is made up.
    """
    if run.paused_on is not None:
        return []
    limit = limit_of(run.amount, run.unit, run.due_on)
    pauses = dossier.clocks.pauses_of(run) if run.clock in PAUSABLE and dossier.happened("suspend") else []
    return explain(limit, run.started_at, run.closing, dossier.calendar, pauses, extension=run.extension)
