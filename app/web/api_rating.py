"""Ratings and complaints by program: what was said is told to those who see to it, and a phone number to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.law.identity import mask_phone
from app.models.rating import Complaint, Rating
from app.web.api_base import Answer, moment
from app.web.api_objects import ObjectApi, PlacedApi
from app.web.api_records import columns
from app.web.voices import GIVEN, NOTHING_FOLLOWED, heard, heard_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_appbuilder.models.filters import Filters

WHAT_WAS_SAID = ("grade", "comment")
VERSION_GIVEN = 2
"""Invited, then given: what it is while nothing follows."""


class _Order(Answer):
    """What became of the work order."""

    id = fields.Integer(strict=True)
    number = fields.String(allow_none=True)
    state = fields.String()
    version = fields.Integer(strict=True)
    opened_at = moment()
    contact_due_at = moment()
    reply_due_at = moment()
    due_at = moment()
    extended_to = fields.Date(allow_none=True)
    contacted_at = moment()
    outcome = fields.String(allow_none=True)
    rectification = fields.String()
    replied_at = moment()
    appeal_reason = fields.String()
    decision = fields.String()
    decided_at = moment()


class RatingRow(_Order):
    """What was said of a finished matter; whoever does not see to it learns only that something was said."""

    application_id = fields.Integer(strict=True)
    invited_at = moment()
    reminded_at = moment()
    person_name = fields.String()
    grade = fields.Integer(strict=True, allow_none=True)
    comment = fields.String(allow_none=True)
    channel = fields.String(allow_none=True)
    rated_at = moment()
    concerns = fields.String(allow_none=True)


class ComplaintRow(_Order):
    """A complaint about a centre or an office; the phone is masked."""

    centre_id = fields.Integer(strict=True, allow_none=True)
    office_id = fields.Integer(strict=True, allow_none=True)
    source = fields.String()
    title = fields.String()
    content = fields.String()
    application_no = fields.String()
    phone = fields.String()
    created_at = moment()


def _without(row: type[Answer], *names: str) -> list[str]:
    return [name for name in columns(row) if name not in names]


WHAT_FOLLOWED: dict[str, Any] = {
    **dict.fromkeys((
        "number", "opened_at", "contact_due_at", "reply_due_at", "extended_to", "contacted_at", "outcome", "replied_at",
        "decided_at", "concerns",
    )),
    **dict.fromkeys(("rectification", "appeal_reason", "decision"), ""),
}  # fmt: skip
"""Of the work order, and what stands there where nothing followed: only a bad rating has one."""
TELLING = frozenset({*WHAT_FOLLOWED, "state", "version", "due_at"})
"""By these one could ask which ratings were bad."""


class RatingApi(ObjectApi):
    """Ratings of finished matters; nobody rates here, for nobody of the staff does."""

    kind = resource_name = "rating"
    datamodel = SQLAInterface(Rating)
    list_columns = show_columns = columns(RatingRow)
    # What may not be read may not be searched for either.
    search_columns = _without(RatingRow, *WHAT_WAS_SAID)
    order_columns = ["id", "rated_at", "due_at"]
    list_model_schema, show_model_schema = RatingRow(), RatingRow()

    def pre_get_list(self, data: dict[str, Any]) -> None:
        """Leave out what was said for whoever does not see to it."""
        _hide(data["result"])

    def pre_get(self, data: dict[str, Any]) -> None:
        """As in a list."""
        _hide([data["result"]])

    def _handle_filters_args(self, rison_args: dict[str, Any]) -> Filters:
        """What may not be read may not be searched or sorted by: such a question is about the ratings one hears."""
        asked = {each.get("col") for each in rison_args.get("filters", [])} | {rison_args.get("order_column")}
        found: Filters = super()._handle_filters_args(rison_args)
        if asked & TELLING:
            found.add_filter("id", FilterInFunction, heard)
        return found


def _hide(rows: list[dict[str, Any]]) -> None:
    known = heard_of([row["id"] for row in rows])
    for row in rows:
        if row["id"] in known:
            continue
        row.update(dict.fromkeys(WHAT_WAS_SAID) | WHAT_FOLLOWED)
        if row["state"] not in NOTHING_FOLLOWED:
            row.update(state=GIVEN, version=VERSION_GIVEN, due_at=None)


class ComplaintApi(PlacedApi):
    """Complaints about a place."""

    kind = resource_name = "complaint"
    datamodel = SQLAInterface(Complaint)
    list_columns = show_columns = columns(ComplaintRow)
    search_columns = _without(ComplaintRow, "phone", "content")
    order_columns = ["id", "opened_at", "due_at"]
    list_model_schema, show_model_schema = ComplaintRow(), ComplaintRow()

    def pre_get_list(self, data: dict[str, Any]) -> None:
        """Mask every phone number."""
        _mask(data["result"])

    def pre_get(self, data: dict[str, Any]) -> None:
        """As in a list."""
        _mask([data["result"]])


def _mask(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        row["phone"] = mask_phone(row["phone"])
