"""Pages of supervision: what is overdue, for those who must see to it."""

from datetime import datetime

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement

from app.engine.actors import Grant
from app.law import N_
from app.law.roles import Role
from app.law.states import State
from app.models.application import Application
from app.supervision.lists import AlertList, JobRunList, OutboxList, RefusedActList
from app.supervision.missteps import MisstepList
from app.supervision.provincial import UnmatchedList
from app.supervision.stuck import Stuck
from app.web import desk


class Overdue(desk.Desk):
    """A clock ran out, whoever holds the application up."""

    name = "overdue"
    title = N_("Overdue")
    roles = (Role.SUPERVISOR, Role.BUREAU_LEADER, Role.OFFICE_HEAD, Role.WINDOW_MANAGER)
    states = frozenset(State)
    columns = ("lamp", "matter", "applicant", "state")

    @classmethod
    def also(cls, grant: Grant, now: datetime) -> ColumnElement[bool]:
        """Past its deadline."""
        return Application.next_due_at < now


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    desk.register(Overdue, Stuck)
    menu = {"category": "Supervision", "category_label": _("Supervision"), "category_icon": "eye"}
    appbuilder.add_view(AlertList, "Lamps that turned", label=_("Lamps that turned"), icon="bell", **menu)
    appbuilder.add_view(RefusedActList, "Refused acts", label=_("Refused acts"), icon="flag", **menu)
    appbuilder.add_view(MisstepList, "Missteps", label=_("Input that was sent back"), icon="edit", **menu)
    work = {"category": "Work", "category_label": _("Work")}  # clerks and offices put them right
    appbuilder.add_view(
        UnmatchedList, "Provincial numbers", label=_("Provincial number missing or different"), icon="alert", **work
    )
    appbuilder.add_view(OutboxList, "Outbox", label=_("Messages to the platform"), icon="send", **menu)
    appbuilder.add_view(JobRunList, "Job runs", label=_("Job runs"), icon="clock", **menu)
