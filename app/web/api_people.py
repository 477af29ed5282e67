"""Whereabouts and substitutions by program."""

from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.models.substitution import SubstitutePeriod
from app.models.whereabouts import Whereabouts
from app.web.api_base import Answer, moment
from app.web.api_objects import PlacedApi
from app.web.api_records import columns


class WhereaboutsRow(Answer):
    """Who left which window, where to, until when."""

    id = fields.Integer(strict=True)
    centre_id = fields.Integer(strict=True)
    window_id = fields.Integer(strict=True, allow_none=True)
    staff_id = fields.Integer(strict=True)
    destination = fields.String()
    note = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    left_at = moment()
    expected_back = moment()
    back_at = moment()


class SubstitutePeriodRow(Answer):
    """Who stands in for whom, from which day to which."""

    id = fields.Integer(strict=True)
    centre_id = fields.Integer(strict=True, allow_none=True)
    office_id = fields.Integer(strict=True, allow_none=True)
    absent_id = fields.Integer(strict=True)
    substitute_id = fields.Integer(strict=True)
    since = fields.Date()
    until = fields.Date()
    reason = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    started_at = moment()
    ended_at = moment()


class WhereaboutsApi(PlacedApi):
    """Who is away from a window within reach, or was."""

    kind = resource_name = "whereabouts"
    datamodel = SQLAInterface(Whereabouts)
    list_columns = show_columns = search_columns = columns(WhereaboutsRow)
    order_columns = ["id", "left_at", "back_at"]
    list_model_schema, show_model_schema = WhereaboutsRow(), WhereaboutsRow()


class SubstitutePeriodApi(PlacedApi):
    """Who stands in for whom."""

    kind = resource_name = "substitute_period"
    datamodel = SQLAInterface(SubstitutePeriod)
    list_columns = show_columns = search_columns = columns(SubstitutePeriodRow)
    order_columns = ["id", "since", "until"]
    list_model_schema, show_model_schema = SubstitutePeriodRow(), SubstitutePeriodRow()
