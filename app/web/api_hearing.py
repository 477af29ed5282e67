"""Hearings by program: where each stands, until when, and its acts."""

from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.models.hearing import Hearing
from app.web.api_base import Answer, moment
from app.web.api_objects import ObjectApi
from app.web.api_records import columns


class HearingRow(Answer):
    """A hearing; `due_at` is the end of what it waits for."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    number = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    matter = fields.String()
    told = fields.String()
    offered_at = moment()
    due_at = moment()
    requester = fields.String()
    requested_at = moment()
    held_on = fields.Date(allow_none=True)
    place = fields.String()
    announced_at = moment()
    presider_name = fields.String()
    parties = fields.String()
    summary = fields.String()
    record_id = fields.Integer(strict=True, allow_none=True)
    held_at = moment()
    waived_at = moment()


class HearingApi(ObjectApi):
    """Hearings that somebody was told they may ask for; the act on the application begins one."""

    kind = resource_name = "hearing"
    datamodel = SQLAInterface(Hearing)
    list_columns = show_columns = search_columns = columns(HearingRow)
    order_columns = ["id", "offered_at", "held_at"]
    list_model_schema, show_model_schema = HearingRow(), HearingRow()
