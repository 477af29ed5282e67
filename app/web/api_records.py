"""What acts leave behind, to be read by program: handover slips, certificates, archive files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_appbuilder.api import expose, protect
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import permission_name
from marshmallow import fields

from app.errors import Complaint, Incomplete, NotFound
from app.extensions import db
from app.law import N_
from app.models.archive import ArchiveFile
from app.models.correction import OwedMaterial
from app.models.custody import Slip
from app.models.delivery import Certificate
from app.models.examination import Suspension
from app.web.api_base import Answer, Resource, moment
from app.web.api_docs import said
from app.web.archive_looks import LONGEST_REASON, SHORTEST_REASON, is_reason, keep_view

if TYPE_CHECKING:
    from flask import Response


class SlipLineShown(Answer):
    """One line of a slip, by whose id acts count it."""

    id = fields.Integer()
    piece_id = fields.Integer(allow_none=True)
    material_id = fields.Integer(allow_none=True)
    name = fields.String()
    listed = fields.Integer()
    received = fields.Integer(allow_none=True)
    missing = fields.Integer()


class SlipRow(Answer):
    """A slip in a list."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    number = fields.String()
    kind = fields.String()
    medium = fields.String()
    state = fields.String()
    from_unit = fields.String()
    to_unit = fields.String()
    sender_name = fields.String()
    issued_at = moment()
    due_at = moment()
    settled_by_name = fields.String()
    settled_at = moment()
    reason = fields.String()


class SlipShown(SlipRow):
    """A slip with its lines."""

    lines = fields.List(fields.Nested(SlipLineShown))


class CertificateRow(Answer):
    """A certificate; its scan is the file `scan_id`."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    document_id = fields.Integer(strict=True)
    number = fields.String()
    name = fields.String()
    state = fields.String()
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    scan_id = fields.Integer(strict=True)
    made_in = fields.String()
    physical_pieces = fields.Integer(strict=True)
    e_certificate = fields.Boolean()
    made_at = moment()


class PageShown(Answer):
    """One sheet of the file's catalogue."""

    position = fields.Integer()
    title = fields.String()
    document_no = fields.String()
    responsible = fields.String()
    pages = fields.Integer()
    supplementary = fields.Boolean()


class ArchiveRow(Answer):
    """An archive file in a list."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    number = fields.String()
    state = fields.String()
    medium = fields.String(allow_none=True)
    retention_id = fields.Integer(strict=True, allow_none=True)
    location = fields.String()
    opened_at = moment()
    listed_by_name = fields.String()
    listed_at = moment()
    confirmed_by_name = fields.String()
    confirmed_at = moment()


class ArchiveShown(ArchiveRow):
    """An archive file with its catalogue."""

    pages = fields.List(fields.Nested(PageShown))


class OwedMaterialRow(Answer):
    """A material that follows later, by whose id it is collected, handed over and ticked."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    material_id = fields.Integer(strict=True)
    requirement = fields.String()
    how = fields.String()
    due_on = fields.Date()
    state = fields.String()
    settled_at = moment()
    settled_how = fields.String(allow_none=True)
    created_at = moment()


class SuspensionRow(Answer):
    """A special procedure: why, how long it was to take, with which result."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    kind = fields.String()
    state = fields.String()
    basis = fields.String()
    reason = fields.String()
    planned_days = fields.Integer(strict=True)
    requester_name = fields.String()
    requested_at = moment()
    decided_at = moment()
    opinion = fields.String()
    ended_at = moment()
    result = fields.String(allow_none=True)
    result_text = fields.String()


def columns(schema: type[Answer]) -> list[str]:
    """The columns a list answers, by name."""
    return list(schema().fields)


class HandoverSlipApi(Resource):
    """Slips over which papers change hands; acts on the application make and settle them."""

    resource_name = "handover_slip"
    datamodel = SQLAInterface(Slip)
    list_columns = show_columns = search_columns = columns(SlipRow)
    order_columns = ["id", "issued_at", "settled_at"]
    list_model_schema, show_model_schema = SlipRow(), SlipShown()


class CertificateApi(Resource):
    """Certificates and their scans."""

    resource_name = "certificate"
    datamodel = SQLAInterface(Certificate)
    list_columns = show_columns = search_columns = columns(CertificateRow)
    order_columns = ["id", "number", "made_at"]
    list_model_schema, show_model_schema = CertificateRow(), CertificateRow()


class ArchiveApi(Resource):
    """Archive files of closed applications."""

    resource_name = "archive"
    datamodel = SQLAInterface(ArchiveFile)
    list_columns = show_columns = search_columns = columns(ArchiveRow)
    order_columns = ["id", "number", "opened_at"]
    list_model_schema, show_model_schema = ArchiveRow(), ArchiveShown()

    @expose("/<int:pk>", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(
        N_("Look into one, and say why"),
        N_("The parameter `reason` (5 to 200 characters) is kept with who looked and when."),
        errors=(404, 422),
        query={"reason": {"type": "string", "minLength": SHORTEST_REASON, "maxLength": LONGEST_REASON}},
    )
    def get(self, pk: int) -> Response:
        file, reason = db.session.get(ArchiveFile, pk, populate_existing=True), request.args.get("reason", "").strip()
        if file is None:
            raise NotFound
        if not is_reason(reason):
            sentence = N_("Give the reason in %(least)s to %(most)s characters.")
            raise Incomplete([Complaint("reason", sentence, {"least": SHORTEST_REASON, "most": LONGEST_REASON})])
        keep_view(file, reason)
        return self.get_headless(pk)


class OwedMaterialApi(Resource):
    """Materials that were tolerated; acts on the application make and settle them."""

    resource_name = "owed_material"
    datamodel = SQLAInterface(OwedMaterial)
    list_columns = show_columns = search_columns = columns(OwedMaterialRow)
    order_columns = ["id", "due_on", "settled_at"]
    list_model_schema, show_model_schema = OwedMaterialRow(), OwedMaterialRow()


class SuspensionApi(Resource):
    """Special procedures; acts on the application request, decide and end them."""

    resource_name = "suspension"
    datamodel = SQLAInterface(Suspension)
    list_columns = show_columns = search_columns = columns(SuspensionRow)
    order_columns = ["id", "requested_at", "ended_at"]
    list_model_schema, show_model_schema = SuspensionRow(), SuspensionRow()
