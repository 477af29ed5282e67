"""The pages of reference data, as the menu lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.configuration.bundle_page import BundleView
from app.configuration.bundle_page import card as bundle_card
from app.configuration.calendar import CalendarPublicationView, CalendarView, DueDateMoveView
from app.configuration.calendar_year import CalendarYearView
from app.configuration.catalogue import ItemView, QuestionView, RetentionView, RevisionView, StandardView
from app.configuration.channels import ChannelView
from app.configuration.drafts import DraftView, MaterialDraft, QuestionDraft, StandardDraft
from app.configuration.lamps import LampView
from app.configuration.materials import MaterialView
from app.configuration.organisation import CentreView, DepartmentView, OfficeView, WindowView
from app.configuration.people import PostingView, StaffView
from app.configuration.reasons import ReasonsView
from app.configuration.role_matrix_page import RoleMatrixView
from app.configuration.settings import SettingView
from app.configuration.themes import ThemeItemView, ThemeView
from app.configuration.wording import WordingView
from app.configuration.workbook_page import WorkbookView
from app.web import desk_cards

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder

SECTIONS = (
    ("Catalogue", _("Catalogue"), (
        (ItemView, "Items", _("Items"), "list"),
        (ThemeView, "One thing", _("One thing"), "link"),
        (WorkbookView, "Catalogue workbook", _("Catalogue as a workbook"), "download"),
        (ChannelView, "Payment channels", _("Public payment channels"), "transfer"),
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
        (CalendarYearView, "Publish a calendar", _("Publish a year's calendar"), "send"),
        (CalendarPublicationView, "Published calendars", _("Published calendars"), "list"),
        (LampView, "Lamps", _("Lamps"), "bell"),
        (SettingView, "Settings", _("Settings"), "settings"),
        (WordingView, "Wording of papers", _("Wording of papers"), "file"),
        (BundleView, "Exchange", _("Exchange of the configuration"), "transfer"),
    )),
    ("Security", _("Accounts and roles"), (
        (RoleMatrixView, "Role matrix", _("Who may do what"), "shield"),
        (ReasonsView, "Why", _("Why may somebody see or do this?"), "help"),
    )),
)  # fmt: skip


def register(appbuilder: AppBuilder) -> None:
    """Open the pages; the lists within a record first, so that the record finds them."""
    desk_cards.register(bundle_card)
    for part in (
        MaterialView, QuestionView, StandardView, RevisionView, DraftView, MaterialDraft, QuestionDraft, StandardDraft,
        PostingView, DueDateMoveView, ThemeItemView,
    ):  # fmt: skip
        appbuilder.add_view_no_menu(part)
    for category, category_label, pages in SECTIONS:
        for view, name, label, icon in pages:
            appbuilder.add_view(view, name, label=label, icon=icon, category=category, category_label=category_label)
