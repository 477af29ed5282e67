"""Applications without the provincial platform's number, or with another than it names (第十五条（五）, req. 74)."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import gettext, lazy_gettext
from sqlalchemy import or_, select
from wtforms import DateField

from app.extensions import db
from app.law.roles import Role
from app.law.states import State
from app.models.application import Application
from app.models.trail import Outbox
from app.web.lists import STATES, ReadOnlyList
from app.web.widgets import NativeDate

WITHOUT = sorted({State.DRAFT.value, State.WITHDRAWN.value, State.LAPSED.value})
"""What was never taken in, or was taken back, needs no number."""

THEIRS = (
    select(Outbox.their_number)
    .where(Outbox.application_id == Application.id, Outbox.their_number.is_not(None))
    .order_by(Outbox.id.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)
"""The number the platform named last."""


class Unmatched(BaseFilter):
    """Without the platform's number, or with another than the platform names."""

    name = lazy_gettext("Number missing or different")

    def apply(self, query: Any, _value: object) -> Any:
        """Only those taken in."""
        wrong = or_(Application.provincial_no.is_(None), Application.provincial_no != THEIRS)
        return query.filter(Application.state.not_in(WITHOUT), wrong)


def _theirs(application_id: int) -> str:
    """What the platform named; for all rows of the page in one query."""
    named: dict[int, str | None] = g.setdefault("numbers_there", {})
    if application_id not in named:
        shown = {row.id for row in db.session.identity_map.values() if isinstance(row, Application)}
        named |= dict.fromkeys({application_id, *shown})
        found = select(Application.id, THEIRS).where(Application.id.in_(named))
        named.update(dict(db.session.execute(found).all()))
    return named[application_id] or "—"


class UnmatchedList(ReadOnlyList):
    """What is to be put right; a row leads to its application."""

    model = Application
    route_base = "/provincial"
    class_permission_name = "UnmatchedList"
    list_title = lazy_gettext("Provincial number missing or different")
    readers = frozenset({
        Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.APPROVER, Role.OFFICE_HEAD, Role.SUPERVISOR,
        Role.BUREAU_LEADER,
    })  # fmt: skip
    base_filters = [["id", Unmatched, None]]
    list_columns = ["short_no", "item.name", "state", "centre.name", "received_at", "provincial_no", "id"]
    label_columns = {
        "item.name": lazy_gettext("Item"), "centre.name": lazy_gettext("Taken at"),
        "id": lazy_gettext("Number on the platform"),
    }  # fmt: skip
    order_columns = ["short_no", "received_at"]
    search_columns = ["short_no", "provincial_no", "state", "received_at"]
    search_form_extra_fields = {"received_at": DateField(lazy_gettext("Received at"), widget=NativeDate())}
    choices_of = {"state": STATES}
    formatters_columns = {"id": _theirs, "provincial_no": lambda number: number or gettext("missing")}
