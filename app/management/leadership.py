"""窗口负责人: who leads the windows of a centre, or one of them, from a day on (第三条)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from app.engine.actors import Actor, load
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.roles import Role
from app.models.organisation import Centre, Staff
from app.models.people import Leadership
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

ADMINISTRATOR = frozenset({Role.COUNTY_ADMIN})
READERS = ADMINISTRATOR | {Role.WINDOW_MANAGER, Role.BUREAU_LEADER, Role.SUPERVISOR}
TAKEN = N_("This place has a leader in these days: end that one first.")


def lasts(day: date) -> ColumnElement[bool]:
    """A leadership of that day."""
    return (Leadership.since <= day) & or_(Leadership.until.is_(None), Leadership.until >= day)


def led_by(session: Session, actor: Actor, today: date) -> list[Leadership]:
    """What somebody leads today as window manager, in their own name or for whom they stand in."""
    grants = [grant for grant in actor.grants if grant.role is Role.WINDOW_MANAGER]
    who = {grant.for_id or actor.user_id for grant in grants}
    centres = {pk for grant in grants for pk in grant.centres}
    found: Select[tuple[Leadership]] = (
        select(Leadership)
        .join(Staff, Staff.id == Leadership.staff_id)
        .where(Staff.user_id.in_(who), Leadership.centre_id.in_(sorted(centres)), lasts(today))
    )
    return list(session.scalars(found.order_by(Leadership.id)))


class LeadershipView(GeneratedView):
    """The leaders of the windows; one is ended by the last day, never deleted."""

    model = Leadership
    route_base = "/leaders"
    list_title, new_title = _("Window leaders"), _("New window leader")
    readers, editors = READERS, ADMINISTRATOR
    include_route_methods = {"list", "show", "add", "edit", "choices"}
    short_relations = ("centre",)
    list_columns = show_columns = add_columns = ["centre", "window", "staff", "since", "until"]
    edit_columns = ["until"]
    search_columns = ["centre", "since", "until"]
    base_order = ("since", "desc")
    sentences = {
        "leadership_dates": ("until", N_("The last day lies before the first.")),
        "one_leader_of_centre": ("staff", TAKEN),
        "one_leader_of_window": ("staff", TAKEN),
    }

    def complaints(self, row: Leadership) -> Iterator[Complaint]:
        """A window of the centre, a window manager of it, and nobody else in these days."""
        if row.window is not None and row.window.centre is not row.centre:
            yield Complaint("window", N_("This window is at another centre."))
        if row.until is not None and row.until < row.since:
            yield Complaint(*self.sentences["leadership_dates"])
        actor = load(db.session(), row.staff.user_id, row.since)
        held = [each for each in actor.grants if each.role is Role.WINDOW_MANAGER] if actor is not None else []
        if row.id is None and not any(each.for_id is None and row.centre.id in each.centres for each in held):
            yield Complaint("staff", N_("A leader is a window manager who works at this centre."))
        if self._is_taken(row):
            yield Complaint("staff", TAKEN)

    def _is_taken(self, row: Leadership) -> bool:
        """Whether the place has another leader in these days; asked while nobody else writes about the centre."""
        session = db.session()
        session.execute(select(Centre.id).where(Centre.id == row.centre.id).with_for_update())
        same = Leadership.window_id == row.window.id if row.window is not None else Leadership.window_id.is_(None)
        meets = [Leadership.centre_id == row.centre.id, same]
        meets += [or_(Leadership.until.is_(None), Leadership.until >= row.since)]
        meets += [Leadership.since <= row.until] if row.until is not None else []
        meets += [Leadership.id != row.id] if row.id is not None else []
        return session.scalar(select(Leadership.id).where(*meets).limit(1)) is not None
