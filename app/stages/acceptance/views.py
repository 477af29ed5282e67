"""Pages of acceptance: what the office accepts or rejects, and what lies before the leader."""

from flask_appbuilder import AppBuilder
from sqlalchemy import ColumnElement, and_, exists, or_

from app.engine.actors import Grant
from app.law import N_
from app.law.clock import Clock
from app.law.roles import Role
from app.law.states import State
from app.models.application import Application
from app.models.calendar import ClockRun
from app.models.trail import Event
from app.stages.acceptance import shown
from app.stages.acceptance.forms import SHAPES
from app.web import branches_shown, conditions, desk, forms
from app.web.conditions import NOW


class ToAccept(desk.Desk):
    """Files confirmed, neither accepted nor rejected."""

    name = "acceptance"
    title = N_("Waiting for acceptance")
    roles = (Role.APPROVER, Role.OFFICE_HEAD)
    states = frozenset({State.RECEIVED})
    act = "accept"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The office has the file."""
        return conditions.last_file_is("accepted")


class Filings(desk.Desk):
    """Non-acceptances proposed to the leader, to be decided the same day."""

    name = "filings"
    title = N_("Negative filings to decide")
    roles = (Role.BUREAU_LEADER,)
    states = frozenset({State.REJECTION_FILING})
    act = "approve_rejection"


class ToTerminate(desk.Desk):
    """The applicant's time to answer or to supply is over, and somebody reminded the applicant of it."""

    name = "to-terminate"
    title = N_("Applicant's time is over: may be terminated")
    roles = (Role.OFFICE_HEAD,)
    states = frozenset({State.CORRECTING, State.ACCEPTED})
    act = "terminate"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The clock of its state is past due, and a reminder was given since it started."""
        reminded = exists().where(
            Event.application_id == ClockRun.application_id, Event.act == "remind_applicant",
            Event.at >= ClockRun.started_at,
        )  # fmt: skip
        its_clock = or_(
            and_(Application.state == State.CORRECTING.value, ClockRun.clock == Clock.REPLY.value),
            and_(Application.state == State.ACCEPTED.value, ClockRun.clock == Clock.OWED.value),
        )
        return exists().where(
            ClockRun.application_id == Application.id, ClockRun.stopped_at.is_(None), ClockRun.due_at < NOW,
            its_clock, reminded,
        )  # fmt: skip


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    branches_shown.register(shown.corrections, shown.reasons)
    desk.register(ToAccept, ToTerminate, Filings)
