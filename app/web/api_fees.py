"""Fees by program: what applications owe, with its acts, and the county's public payment channels."""

from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.models.fees import Fee, PaymentChannel
from app.web.api_answers import FeeRow
from app.web.api_base import Answer
from app.web.api_objects import ObjectApi
from app.web.api_records import columns
from app.web.api_reference import ReferenceResource
from app.web.api_reference_inputs import ChannelInput, channel_complaints


class ChannelRow(Answer):
    """A public way to pay; whom it is paid to is the treasury or the organ, never a person."""

    id = fields.Integer(strict=True)
    code = fields.String()
    name = fields.String()
    kind = fields.String()
    account = fields.String()
    is_active = fields.Boolean()


class FeeApi(ObjectApi):
    """Fees and deposits; acts on the application tell of them and take their payment, others waive or give back."""

    kind = resource_name = "fee"
    datamodel = SQLAInterface(Fee)
    list_columns = show_columns = columns(FeeRow)
    search_columns = ["id", "application_id", "kind", "state", "payment_code", "payment_no", "paid_at"]
    order_columns = ["id", "pay_by", "paid_at"]
    list_model_schema, show_model_schema = FeeRow(), FeeRow()


class PaymentChannelApi(ReferenceResource):
    """The public payment channels of the county."""

    resource_name = "payment_channel"
    datamodel = SQLAInterface(PaymentChannel)
    list_columns = show_columns = search_columns = columns(ChannelRow)
    order_columns = ["id", "code"]
    list_model_schema, show_model_schema = ChannelRow(), ChannelRow()
    input_schema, complaints = ChannelInput, channel_complaints
