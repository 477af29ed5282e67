"""Questions on their four tiers, and help given, by program."""

from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.law.identity import mask_phone
from app.law.roles import Role
from app.models.consultation import Consultation, HelpService
from app.web.api_base import Answer, moment
from app.web.api_objects import PlacedApi
from app.web.api_records import columns

READERS = frozenset({
    Role.GUIDE, Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.APPROVER, Role.OFFICE_HEAD,
    Role.BUREAU_LEADER, Role.SUPERVISOR,
})  # fmt: skip
"""Who meets questions at all; a guide reaches them without reaching any application."""


class EntryShown(Answer):
    """What was said on a tier: an answer, a way to a window, a step up."""

    kind = fields.String()
    tier = fields.Integer()
    level = fields.String()
    text = fields.String()
    window_id = fields.Integer(allow_none=True)
    by_name = fields.String()
    at = moment()


class OutputShown(Answer):
    """What the window handed out."""

    kind = fields.String()
    name = fields.String()
    by_name = fields.String()
    at = moment()


class ConsultationRow(Answer):
    """A question in a list; the phone is masked."""

    id = fields.Integer(strict=True)
    number = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    tier = fields.Integer(strict=True)
    question = fields.String()
    asker_name = fields.String(allow_none=True)
    centre_id = fields.Integer(strict=True)
    office_id = fields.Integer(strict=True, allow_none=True)
    item_id = fields.Integer(strict=True, allow_none=True)
    ticket_id = fields.Integer(strict=True, allow_none=True)
    first_responder_id = fields.Integer(strict=True)
    first_responder_name = fields.String()
    guided_window_id = fields.Integer(strict=True, allow_none=True)
    manager_name = fields.String(allow_none=True)
    reason_code = fields.String(allow_none=True)
    description = fields.String(allow_none=True)
    level = fields.String(allow_none=True)
    created_at = moment()
    due_at = moment()
    answered_at = moment()
    told_at = moment()
    told_how = fields.String(allow_none=True)


class ConsultationShown(ConsultationRow):
    """A question with everything that was said and handed out."""

    asker_phone = fields.Function(
        lambda asked: mask_phone(asked.asker_phone) if asked.asker_phone else None,
        metadata={"type": ["string", "null"]},
    )
    entries = fields.List(fields.Nested(EntryShown))
    outputs = fields.List(fields.Nested(OutputShown))


class HelpRow(Answer):
    """A help given."""

    id = fields.Integer(strict=True)
    state = fields.String()
    version = fields.Integer(strict=True)
    kind = fields.String()
    consent = fields.Boolean()
    centre_id = fields.Integer(strict=True)
    item_id = fields.Integer(strict=True, allow_none=True)
    consultation_id = fields.Integer(strict=True, allow_none=True)
    note = fields.String(allow_none=True)
    helper_name = fields.String()
    given_at = moment()


class ConsultationApi(PlacedApi):
    """Questions, from the guide desk up to the leader."""

    kind = resource_name = "consultation"
    class_permission_name: str | None = None
    readers = READERS
    datamodel = SQLAInterface(Consultation)
    list_columns = search_columns = columns(ConsultationRow)
    show_columns = columns(ConsultationShown)
    order_columns = ["id", "number", "tier", "created_at", "due_at"]
    list_model_schema, show_model_schema = ConsultationRow(), ConsultationShown()


class HelpServiceApi(PlacedApi):
    """Helps given: voluntary, free."""

    kind = resource_name = "help_service"
    class_permission_name: str | None = None
    readers = READERS
    datamodel = SQLAInterface(HelpService)
    list_columns = show_columns = search_columns = columns(HelpRow)
    order_columns = ["id", "given_at"]
    list_model_schema, show_model_schema = HelpRow(), HelpRow()
