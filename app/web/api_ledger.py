"""Weekly ledgers by program: their heads, what is lawful on them, and the acknowledgement."""

from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.law.roles import Role
from app.models.ledger import LedgerBatch
from app.web.api_base import Answer, moment
from app.web.api_objects import PlacedApi
from app.web.api_records import columns

READERS = frozenset({
    Role.INDUSTRY_DEPT, Role.APPROVER, Role.APPROVAL_ASSISTANT, Role.OFFICE_HEAD, Role.BUREAU_LEADER, Role.SUPERVISOR,
    Role.ARCHIVIST,
})  # fmt: skip
"""Who starts with reading ledgers: the departments besides those who reach applications at all."""


class LedgerRow(Answer):
    """The head of a ledger; its lines stand on its page, and in the workbook that its department is sent."""

    id = fields.Integer(strict=True)
    number = fields.String()
    office_id = fields.Integer(strict=True)
    department_id = fields.Integer(strict=True)
    week_from = fields.Date()
    week_to = fields.Date()
    closed_count = fields.Integer(strict=True)
    change_count = fields.Integer(strict=True)
    hash = fields.String()
    workbook_sha256 = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    tries = fields.Integer(strict=True)
    last_error = fields.String()
    next_try_at = moment()
    sent_at = moment()
    acknowledged_at = moment()
    acknowledged_by = fields.String()
    created_at = moment()


class LedgerApi(PlacedApi):
    """Weekly ledgers to the industry departments."""

    kind, resource_name = "ledger_batch", "ledger"
    class_permission_name = "LedgerApi"
    readers = READERS
    datamodel = SQLAInterface(LedgerBatch)
    list_columns = show_columns = search_columns = columns(LedgerRow)
    order_columns = ["id", "week_from", "sent_at", "acknowledged_at"]
    list_model_schema, show_model_schema = LedgerRow(), LedgerRow()
