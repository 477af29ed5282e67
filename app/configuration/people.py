"""The people who work here, and where: each post from a day on, history kept (第三条)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask_appbuilder.fieldwidgets import BS3TextFieldWidget
from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_babel import lazy_gettext as _
from sqlalchemy import inspect
from wtforms import StringField
from wtforms.validators import Length, Optional

from app.engine.now import now
from app.engine.substitution import roles_of, toxic_with
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.identity import clean, mask_id, mask_phone
from app.law.roles import OUTSIDE_THE_HALL_ONLY, Role
from app.models.encrypted import blind_index
from app.models.organisation import Posting, Staff
from app.web import changes
from app.web.api_reference_inputs import staff_complaints
from app.web.crud import GeneratedView
from app.web.staff_reach import staff_shown
from app.web.work_impact import at_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask_appbuilder.security.sqla.models import User

ADMINISTRATOR = frozenset({Role.COUNTY_ADMIN})
READERS = ADMINISTRATOR | {Role.WINDOW_MANAGER, Role.OFFICE_HEAD, Role.BUREAU_LEADER, Role.SUPERVISOR}


def account_name(user: User) -> str:
    """An account as people know it: name and user name."""
    return f"{user.last_name}{user.first_name} ({user.username})"


class IdNumberField(StringField):
    """An identity number that is written and never shown again; empty keeps the present one."""

    widget = BS3TextFieldWidget()

    def process_data(self, value: Any) -> None:
        """Show nothing."""
        self.data = None

    def populate_obj(self, obj: Staff, name: str) -> None:
        """Keep the number with the index by which a party to an application is recognised (回避)."""
        if self.data:
            obj.id_no = clean(self.data)
            obj.id_no_index = blind_index("id_no", obj.id_no)


class PostingView(GeneratedView):
    """Where a person works; a post is ended by its last day, never deleted."""

    model = Posting
    route_base = "/postings"
    list_title, new_title = _("Posts"), _("New post")
    readers, editors = READERS, ADMINISTRATOR
    include_route_methods = {"list", "show", "add", "edit", "choices"}
    belongs_to = ("staff", "StaffView")
    base_filters = [["staff_id", FilterInFunction, staff_shown]]
    short_relations = ("centre", "office")
    list_columns = ["centre", "office", "window", "since", "until"]
    show_columns = add_columns = ["staff", *list_columns]
    edit_columns = ["until"]
    search_columns = ["centre", "office", "since", "until"]
    base_order = ("since", "desc")
    sentences = {"posting_dates": ("until", N_("The last day lies before the first."))}

    def complaints(self, row: Posting) -> Iterator[Complaint]:
        """One place; a window of that place; no pair of roles that is forbidden there."""
        if (row.centre is None) is (row.office is None):
            yield Complaint("centre", N_("A post is at one centre or in one office: name exactly one."))
        if row.window is not None and row.window.centre is not row.centre:
            yield Complaint("window", N_("This window is at another centre."))
        if row.until is not None and row.until < row.since:
            yield Complaint(*self.sentences["posting_dates"])
        if row.staff is not None and row.centre is not None and not row.centre.is_town:
            with db.session.no_autoflush:
                held = roles_of(db.session(), [row.staff.user_id])[row.staff.user_id]
                pairs = toxic_with(db.session(), row.staff.user_id, held, now().date(), in_county_hall=True)
            if OUTSIDE_THE_HALL_ONLY in pairs:
                sentence = N_("At the county hall nobody is window clerk and certificate clerk at once.")
                yield Complaint("centre", sentence)

    def impact(self, row: Posting) -> list[str]:
        """Who would see and do more or less, on the first day on which it differs."""
        today, tomorrow = now().date(), timedelta(days=1)
        if inspect(row).pending:
            return at_work(max(today, row.since))
        ends = [day for day in (row.until, changes.before(row, "until")) if day is not None]
        return at_work(max(today, min(ends) + tomorrow)) if ends else []


class StaffView(GeneratedView):
    """The people, each with one account."""

    model = Staff
    route_base = "/staff"
    list_title, new_title = _("Staff"), _("New person")
    readers, editors = READERS, ADMINISTRATOR
    related_views = [PostingView]
    base_filters = [["id", FilterInFunction, staff_shown]]
    short_relations = ("department",)
    spoken = {"account": account_name}
    list_columns = ["name", "account", "phone", "employer", "manager"]
    show_columns = ["name", "account", "phone", "id_no", "employer", "manager", "department"]
    add_columns = show_columns
    # History names accounts: whoever got another one would not be known again as the person who received.
    edit_columns = [name for name in show_columns if name != "account"]
    search_columns = ["name", "employer", "manager", "department"]
    order_columns = ["name", "employer", "manager"]
    base_order = ("name", "asc")
    formatters_columns = {
        "account": account_name,
        "phone": mask_phone,
        "id_no": lambda number: mask_id("resident_id", number) if number else "—",
    }
    add_form_extra_fields = edit_form_extra_fields = {
        "id_no": IdNumberField(
            _("ID number"), validators=[Optional(), Length(max=30)],
            description=_("By it the system knows whose relative or party somebody is. Empty keeps what is recorded."),
        )
    }

    def complaints(self, row: Staff) -> Iterator[Complaint]:
        """A right identity number, where one is given, and nobody else's."""
        yield from staff_complaints(row)
