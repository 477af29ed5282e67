"""Where the work is done: hall and town centres with their hours, windows, approval offices, industry departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.errors import Complaint
from app.extensions import db
from app.law import N_, numbering
from app.law.plain_text import is_mail_address
from app.law.roles import STAFF_ROLES, Role
from app.models.application import Application
from app.models.calendar import ClockRun
from app.models.organisation import Centre, IndustryDepartment, Office, Window
from app.web import changes
from app.web.api_reference_inputs import WINDOW_KINDS
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator

CENTRE_KINDS = {"hall": N_("County hall"), "town": N_("Town centre")}
EVERYBODY, ADMINISTRATOR = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})


class WindowView(GeneratedView):
    """The counters."""

    model = Window
    route_base = "/windows"
    list_title, new_title = _("Windows"), _("New window")
    readers, editors = EVERYBODY, ADMINISTRATOR
    short_relations = ("centre",)
    choices_of = {"kind": WINDOW_KINDS}
    list_columns = show_columns = add_columns = edit_columns = [
        "code", "name", "centre", "kind", "area", "phone", "is_active",
    ]
    search_columns = ["code", "name", "centre", "kind", "is_active"]
    sentences = {"window_code_in_centre": ("code", N_("This centre has a window with this code."))}

    def complaints(self, row: Window) -> Iterator[Complaint]:
        """An area is the letter that its ticket numbers begin with."""
        if not numbering.is_area(row.area or ""):
            yield Complaint("area", N_("One capital letter from A to Z."))


class CentreView(GeneratedView):
    """The county hall and the town centres with their opening hours."""

    model = Centre
    route_base = "/centres"
    list_title, new_title = _("Centres"), _("New centre")
    readers, editors = EVERYBODY, ADMINISTRATOR
    related_views = [WindowView]
    choices_of = {"kind": CENTRE_KINDS}
    list_columns = ["code", "name", "kind", "phone", "opens_at", "closes_at"]
    search_columns = ["code", "name", "kind"]
    base_order = ("id", "asc")
    show_fieldsets = add_fieldsets = edit_fieldsets = [
        (_("Basics"), {"fields": ["code", "name", "kind", "division_code", "address", "phone", "ticket_letter"]}),
        (_("Opening hours"), {"fields": ["opens_at", "lunch_from", "lunch_to", "closes_at"]}),
    ]
    sentences = {"one_hall": ("kind", N_("There is one county hall; this would be a second."))}

    def complaints(self, row: Centre) -> Iterator[Complaint]:
        """Opening hours in their order, and a letter that ticket numbers may begin with."""
        if not numbering.is_area(row.ticket_letter):
            yield Complaint("ticket_letter", N_("One capital letter from A to Z."))
        hours = (row.opens_at, row.lunch_from, row.lunch_to, row.closes_at)
        if list(hours) != sorted(hours) or row.opens_at == row.closes_at:
            yield Complaint("opens_at", N_("The hours do not follow each other: opening, lunch, closing."))

    def impact(self, row: Centre) -> Iterator[str]:
        """A clock took its closing time along when it started; a new hour is for those that start from now on."""
        was = changes.before(row, "closes_at")
        if row.id is None or was == row.closes_at:
            return
        runs, taken = ClockRun.__table__.c, Application.__table__.c
        here = select(func.count()).where(
            runs.application_id == taken.id, taken.centre_id == row.id, runs.stopped_at.is_(None)
        )
        yield ngettext(
            "%(num)s clock that runs here keeps ending at %(was)s: no deadline moves.",
            "%(num)s clocks that run here keep ending at %(was)s: no deadline moves.",
            db.session.scalar(here), was=f"{was:%H:%M}",
        )  # fmt: skip
        yield gettext("Clocks that start from now on end at %(hour)s.", hour=f"{row.closes_at:%H:%M}")


class OfficeView(GeneratedView):
    """The approval offices."""

    model = Office
    route_base = "/offices"
    list_title, new_title = _("Approval offices"), _("New approval office")
    readers, editors = EVERYBODY, ADMINISTRATOR
    list_columns = show_columns = add_columns = edit_columns = ["code", "name", "phone"]
    search_columns = ["code", "name"]
    base_order = ("code", "asc")


class DepartmentView(GeneratedView):
    """The industry departments, which receive the weekly ledgers of their items."""

    model = IndustryDepartment
    route_base = "/departments"
    list_title, new_title = _("Industry departments"), _("New industry department")
    readers, editors = EVERYBODY, ADMINISTRATOR
    list_columns = show_columns = add_columns = edit_columns = ["code", "name", "mail"]
    search_columns = ["code", "name"]
    base_order = ("code", "asc")

    def complaints(self, row: IndustryDepartment) -> Iterator[Complaint]:
        """An address that mail can be sent to, or none."""
        if row.mail and not is_mail_address(row.mail):
            yield Complaint("mail", N_("This is no mail address."))
