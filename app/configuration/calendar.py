"""The working-day calendar, day by day, and what each of its publications moved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import lazy_gettext as _

from app.engine.now import now
from app.law.clock import CLOCKS
from app.law.roles import STAFF_ROLES, Role
from app.models.calendar import CalendarDay
from app.models.publishing import CalendarPublication, DueDateMove
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

READERS = frozenset({Role.COUNTY_ADMIN, Role.SUPERVISOR, Role.BUREAU_LEADER})


class CalendarView(GeneratedView):
    """The days as they hold; a year is published as a whole, so that what it moves is counted again and listed."""

    model = CalendarDay
    route_base = "/calendar"
    list_title = _("Working-day calendar")
    readers = frozenset(STAFF_ROLES)
    include_route_methods = {"list", "show"}
    list_columns = show_columns = ["day", "is_workday", "name", "published"]
    add_columns = edit_columns = ()
    search_columns = ["day", "is_workday", "name", "published"]

    @expose("/list/")
    @has_access
    def list(self) -> AnyResponse | str:
        """From today on, unless another day is asked for."""
        if not request.args:
            order = {"_oc_CalendarView": "day", "_od_CalendarView": "asc"}
            return redirect(url_for(".list", _flt_0_day=now().date() - timedelta(days=1), **order))
        return super().list()

    def name_of(self, row: CalendarDay) -> str:
        """The date."""
        return row.day.isoformat()


class DueDateMoveView(GeneratedView):
    """The due dates that a publication moved."""

    model = DueDateMove
    route_base = "/due-date-moves"
    list_title = _("Due dates moved")
    readers = READERS
    include_route_methods = {"list"}
    list_columns = ["number", "item", "clock", "was_due_on", "due_on", "overdue", "settled"]
    show_columns = add_columns = edit_columns = ()
    search_columns = ["number", "item", "clock", "was_due_on", "due_on", "overdue"]
    choices_of = {"clock": {clock.value: rule.label for clock, rule in CLOCKS.items()}}
    base_order = ("id", "asc")


class CalendarPublicationView(GeneratedView):
    """When which year was published or corrected, by whom, and what that moved."""

    model = CalendarPublication
    route_base = "/calendar-publications"
    list_title = _("Published calendars")
    readers = READERS
    include_route_methods = {"list", "show"}
    list_columns = ["year", "corrects", "published_at", "published_by", "moved", "overdue"]
    show_columns = [
        "year", "corrects", "published_at", "published_by", "first_day", "days", "moved", "overdue", "settled",
    ]  # fmt: skip
    add_columns = edit_columns = ()
    search_columns = ["year", "published_at"]
    base_order = ("id", "desc")
    related_views = [DueDateMoveView]
