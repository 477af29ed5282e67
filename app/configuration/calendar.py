"""The working-day calendar, day by day; every deadline is counted by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
