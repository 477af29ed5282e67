"""Pages of acceptance: what the office accepts or rejects, and what lies before the leader."""

from datetime import datetime

from flask_appbuilder import AppBuilder
from sqlalchemy import ColumnElement

from app.engine.actors import Grant
from app.law import N_
from app.law.roles import Role
from app.law.states import State
from app.stages.acceptance.forms import SHAPES
from app.web import conditions, desk, forms


class ToAccept(desk.Desk):
    """Files confirmed, neither accepted nor rejected."""

    name = "acceptance"
    title = N_("Waiting for acceptance")
    roles = (Role.APPROVER, Role.OFFICE_HEAD)
    states = frozenset({State.RECEIVED})
    act = "accept"

    @classmethod
    def also(cls, grant: Grant, now: datetime) -> ColumnElement[bool]:
        """The office has the file."""
        return conditions.last_file_is("accepted")


class Filings(desk.Desk):
    """Non-acceptances proposed to the leader, to be decided the same day."""

    name = "filings"
    title = N_("Negative filings to decide")
    roles = (Role.BUREAU_LEADER,)
    states = frozenset({State.REJECTION_FILING})
    act = "approve_rejection"


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    desk.register(ToAccept, Filings)
