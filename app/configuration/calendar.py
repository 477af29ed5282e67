"""The working-day calendar, day by day; every deadline is counted by it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import lazy_gettext as _

from app.engine.now import now
from app.engine.settings import CALENDAR_VERSION
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.roles import STAFF_ROLES, Role
from app.models.calendar import CalendarDay, Setting
from app.web import changes
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response as AnyResponse


class CalendarView(GeneratedView):
    """The days; one that has begun is counted already and stays as it is."""

    model = CalendarDay
    route_base = "/calendar"
    list_title = _("Working-day calendar")
    readers, editors = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show", "edit"}
    list_columns = show_columns = ["day", "is_workday", "name", "published"]
    add_columns: list[str] = []
    edit_columns = ["is_workday", "name", "published"]
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

    def complaints(self, row: CalendarDay) -> Iterator[Complaint]:
        """The past is history."""
        if row.day <= now().date():
            yield Complaint("is_workday", N_("This day has begun: deadlines were counted by it, so it stays as it is."))

    def after(self, row: Any) -> None:
        """From here on every process counts by the changed calendar."""
        version = db.session.get(Setting, CALENDAR_VERSION)
        if version is None:
            version = Setting(key=CALENDAR_VERSION, value=0)
            changes.stamp(version)
            db.session.add(version)
        version.value = int(str(version.value)) + 1
