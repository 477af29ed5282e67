"""The pages of reference data, as the menu lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.configuration.calendar import CalendarView
from app.configuration.catalogue import ItemView, MaterialView, RetentionView
from app.configuration.organisation import CentreView, DepartmentView, OfficeView, WindowView
from app.configuration.people import PostingView, StaffView
from app.configuration.reasons import ReasonsView
from app.configuration.role_matrix_page import RoleMatrixView
from app.configuration.settings import SettingView

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder

SECTIONS = (
    ("Catalogue", _("Catalogue"), (
        (ItemView, "Items", _("Items"), "list"),
        (RetentionView, "Retention periods", _("Retention periods"), "archive"),
    )),
    ("Organisation", _("Organisation"), (
        (CentreView, "Centres", _("Centres"), "building"),
        (WindowView, "Windows", _("Windows"), "desk"),
        (OfficeView, "Approval offices", _("Approval offices"), "briefcase"),
        (DepartmentView, "Industry departments", _("Industry departments"), "database"),
        (StaffView, "Staff", _("Staff"), "users"),
    )),
    ("Rules of the county", _("Rules of the county"), (
        (CalendarView, "Working-day calendar", _("Working-day calendar"), "calendar"),
        (SettingView, "Settings", _("Settings"), "settings"),
    )),
    ("Security", _("Accounts and roles"), (
        (RoleMatrixView, "Role matrix", _("Who may do what"), "shield"),
        (ReasonsView, "Why", _("Why may somebody see or do this?"), "help"),
    )),
)  # fmt: skip


def register(appbuilder: AppBuilder) -> None:
    """Open the pages; the lists within a record first, so that the record finds them."""
    for part in (MaterialView, PostingView):
        appbuilder.add_view_no_menu(part)
    for category, category_label, pages in SECTIONS:
        for view, name, label, icon in pages:
            appbuilder.add_view(view, name, label=label, icon=icon, category=category, category_label=category_label)
