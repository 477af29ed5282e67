"""Pages of supervision: what is overdue, for those who must see to it."""

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement

from app.engine.actors import Grant
from app.law import N_
from app.law.roles import Role
from app.law.states import State
from app.models.application import Application
from app.supervision import accountability_pages, export_pages
from app.supervision.accountability_pages import AccountabilityList, AccountabilityPages, AccountabilityPapers
from app.supervision.detector_page import DetectorPage
from app.supervision.export_pages import ExportFilePage, ExportRequestList
from app.supervision.figures_page import FiguresPage
from app.supervision.lists import AlertList, JobRunList, OutboxList
from app.supervision.looks import LookList, RefusedActList
from app.supervision.missteps import MisstepList
from app.supervision.provincial import UnmatchedList
from app.supervision.stuck import Stuck
from app.web import desk
from app.web.conditions import NOW


class Overdue(desk.Desk):
    """A clock ran out, whoever holds the application up."""

    name = "overdue"
    title = N_("Overdue")
    roles = (Role.SUPERVISOR, Role.BUREAU_LEADER, Role.OFFICE_HEAD, Role.WINDOW_MANAGER)
    states = frozenset(State)
    columns = ("lamp", "matter", "applicant", "state")

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Past its deadline."""
        return Application.next_due_at < NOW


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    desk.register(Overdue, Stuck)
    accountability_pages.register()
    export_pages.register()
    menu = {"category": "Supervision", "category_label": _("Supervision"), "category_icon": "eye"}
    appbuilder.add_view(FiguresPage, "Figures", label=_("Figures"), icon="chart", **menu)
    appbuilder.add_view(AlertList, "Lamps that turned", label=_("Lamps that turned"), icon="bell", **menu)
    appbuilder.add_view(RefusedActList, "Refused acts", label=_("Refused acts"), icon="flag", **menu)
    appbuilder.add_view(
        DetectorPage, "Traces of entry after the fact", label=_("Traces of entry after the fact"), icon="search", **menu
    )  # fmt: skip
    appbuilder.add_view(
        AccountabilityList, "Accountability", label=_("Accountability records"), icon="stamp", **menu
    )  # fmt: skip
    appbuilder.add_view(ExportRequestList, "Exports", label=_("Exports"), icon="download", **menu)
    appbuilder.add_view(LookList, "Who looked at what", label=_("Who looked at what"), icon="eye", **menu)
    appbuilder.add_view(MisstepList, "Missteps", label=_("Input that was sent back"), icon="edit", **menu)
    work = {"category": "Work", "category_label": _("Work")}  # clerks and offices put them right
    appbuilder.add_view(
        UnmatchedList, "Provincial numbers", label=_("Provincial number missing or different"), icon="alert", **work
    )
    appbuilder.add_view(OutboxList, "Outbox", label=_("Messages to the platform"), icon="send", **menu)
    appbuilder.add_view(JobRunList, "Job runs", label=_("Job runs"), icon="clock", **menu)
    for page in (ExportFilePage, AccountabilityPages, AccountabilityPapers):
        appbuilder.add_view_no_menu(page)
