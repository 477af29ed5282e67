"""What the API answers, field by field; personal data leaves masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from marshmallow import fields

from app.law.identity import mask_address, mask_id, mask_phone
from app.law.states import STATE_LABELS, State
from app.web.api_base import Answer, moment, money

if TYPE_CHECKING:
    from app.models.application import Application


def _masked_id(kind: str, number: str | None) -> str:
    return mask_id(kind, number) if number else ""


def _phone_of_agent(application: Application) -> str:
    return mask_phone(application.agent_phone) if application.agent_phone else ""


def _address_of_parcel(application: Application) -> str:
    return mask_address(application.ems_address) if application.ems_address else ""


class ItemName(Answer):
    """An item by code and name."""

    code = fields.String()
    name = fields.String()


class Name(Answer):
    """A unit by its name."""

    name = fields.String()


class ApplicationRow(Answer):
    """An application in a list."""

    id = fields.Integer(strict=True)
    number = fields.String()
    short_no = fields.String()
    provincial_no = fields.String(allow_none=True)
    state = fields.String()
    state_label = fields.Function(lambda a: gettext(STATE_LABELS[State(a.state)]), metadata={"type": "string"})
    version = fields.Integer(strict=True)
    item = fields.Nested(ItemName)
    centre = fields.Nested(Name)
    office = fields.Nested(Name)
    applicant_type = fields.String()
    applicant_name = fields.String()
    delivery_mode = fields.String(allow_none=True)
    theme_id = fields.Integer(strict=True, allow_none=True)
    parent_id = fields.Integer(strict=True, allow_none=True)
    registered_at = moment()
    received_at = moment()
    accepted_at = moment()
    decided_at = moment()
    closed_at = moment()
    delivered_at = moment()
    next_due_at = moment()


class MaterialShown(Answer):
    """One line of the application's own material list, by whose id acts name it."""

    id = fields.Integer()
    position = fields.Integer()
    name = fields.String()
    requirement = fields.String()
    tolerable = fields.Boolean()
    status = fields.String(allow_none=True)
    form = fields.String(allow_none=True)
    pieces = fields.Integer()
    copy_verified = fields.Boolean()
    file_id = fields.Integer(allow_none=True)


class CorrectionLineShown(Answer):
    """One line of a correction notice, by whose id acts name it; what is owed has its own date elsewhere."""

    id = fields.Integer()
    kind = fields.String()
    material_id = fields.Integer()
    problem = fields.String()
    requirement = fields.String()
    basis = fields.String()
    answered_at = moment()


class CorrectionShown(Answer):
    """A correction notice with its lines."""

    round = fields.Integer()
    state = fields.String()
    reply_days = fields.Integer()
    leader_reason = fields.String()
    requested_at = moment()
    settled_at = moment()
    lines = fields.List(fields.Nested(CorrectionLineShown))


class PieceShown(Answer):
    """A paper that somebody holds, by whose id acts name it."""

    id = fields.Integer()
    kind = fields.String()
    name = fields.String()
    copies = fields.Integer()
    holder = fields.String()
    material_id = fields.Integer(allow_none=True)
    document_id = fields.Integer(allow_none=True)


class FeeRow(Answer):
    """A fee or deposit of an application, with its standard as it was filed."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    kind = fields.String()
    name = fields.String()
    legal_basis = fields.String()
    unit_price = money()
    unit_name = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    quantity = money()
    amount = money()
    channel_id = fields.Integer(strict=True, allow_none=True)
    payment_code = fields.String(allow_none=True)
    pay_by = fields.Date(allow_none=True)
    notified_at = moment()
    payment_no = fields.String(allow_none=True)
    payer = fields.String()
    paid_at = moment()
    method = fields.String(allow_none=True)
    evidence_id = fields.Integer(strict=True, allow_none=True)
    waiver_basis = fields.String()
    waiver_reason = fields.String()
    refund_no = fields.String(allow_none=True)
    refunded_at = moment()


class ApplicationShown(ApplicationRow):
    """An application with its people, masked, its material list, its papers and its correction notices."""

    id_type = fields.String()
    id_no = fields.Function(lambda a: _masked_id(a.id_type, a.id_no), metadata={"type": "string"})
    phone = fields.Function(lambda a: mask_phone(a.phone), metadata={"type": "string"})
    address = fields.Function(lambda a: mask_address(a.address) if a.address else "", metadata={"type": "string"})
    legal_rep = fields.String()
    agent_name = fields.String()
    agent_id_no = fields.Function(lambda a: _masked_id(a.agent_id_type, a.agent_id_no), metadata={"type": "string"})
    agent_phone = fields.Function(_phone_of_agent, metadata={"type": "string"})
    ems_address = fields.Function(_address_of_parcel, metadata={"type": "string"})
    relation = fields.String()
    clock_from = fields.Date(allow_none=True)
    revision = fields.Function(lambda a: a.item_version.snapshot.get("revision"), metadata={"type": "integer"})
    extra = fields.Dict(allow_none=True)
    materials = fields.List(fields.Nested(MaterialShown))
    corrections = fields.List(fields.Nested(CorrectionShown))
    pieces = fields.List(fields.Nested(PieceShown))
    fees = fields.List(fields.Nested(FeeRow))


class DayShown(Answer):
    """One day of a count, and why it counted or not."""

    day = fields.Date()
    counted = fields.Boolean()
    ordinal = fields.Integer(allow_none=True)
    reason = fields.String()
    text = fields.String()
    holiday = fields.String()
    provisional = fields.Boolean()


class ClockLine(Answer):
    """One run of one clock."""

    clock = fields.String()
    run = fields.Integer()
    started_at = fields.DateTime()
    amount = fields.Integer()
    unit = fields.String()
    extension = fields.Integer()
    paused_on = fields.Date(allow_none=True)
    due_on = fields.Date(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    provisional = fields.Boolean()
    stopped_at = fields.DateTime(allow_none=True)
    outcome = fields.String(allow_none=True)
    lamp = fields.String()


class ClockShown(ClockLine):
    """One run of one clock with its days."""

    label = fields.String()
    clause = fields.String()
    days = fields.List(fields.Nested(DayShown))


class DocumentLine(Answer):
    """A paper as an act answers it."""

    kind = fields.String()
    number = fields.String()
    issued_at = fields.DateTime()
    state = fields.String()


class DocumentShown(DocumentLine):
    """A paper, by whose id acts name it."""

    id = fields.Integer()
    title = fields.String()
    act = fields.String()


class Standing(Answer):
    """Where an application stands after an act."""

    id = fields.Integer()
    number = fields.String()
    short_no = fields.String()
    item = fields.String()
    state = fields.String()
    version = fields.Integer()
    delivery_mode = fields.String(allow_none=True)
    parent_id = fields.Integer(allow_none=True)
    closed_at = fields.DateTime(allow_none=True)
    archive = fields.String(allow_none=True)
    clocks = fields.List(fields.Nested(ClockLine))
    documents = fields.List(fields.Nested(DocumentLine))


class OfferShown(Answer):
    """An act that is lawful now."""

    name = fields.String()
    label = fields.String()
    clause = fields.String()
    schema = fields.Dict()


class EventShown(Answer):
    """One act of the history."""

    seq = fields.Integer()
    act = fields.String()
    label = fields.String()
    kind = fields.String()
    from_state = fields.String(data_key="from", allow_none=True)
    to_state = fields.String(data_key="to")
    to_label = fields.String()
    at = fields.DateTime()
    by = fields.String()
    role = fields.String()
    payload = fields.Dict()
    hash = fields.String()


class FileShown(Answer):
    """A stored file, by whose id acts name it."""

    id = fields.Integer()
    sha256 = fields.String()
    name = fields.String()
