"""Requests to take statistics out, by program: asked for, decided, used once, and the file given out once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder.api import expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.law import N_
from app.models.exports import ExportRequest
from app.web.api_base import Answer, logged_in, moment
from app.web.api_docs import said
from app.web.api_objects import PlacedApi
from app.web.api_records import columns
from app.web.export_files import give_out

if TYPE_CHECKING:
    from flask import Response


class ExportRequestRow(Answer):
    """A request, its decision and its use."""

    id = fields.Integer(strict=True)
    number = fields.String()
    what = fields.String()
    from_on = fields.Date()
    to_on = fields.Date()
    centre_id = fields.Integer(strict=True, allow_none=True)
    office_id = fields.Integer(strict=True, allow_none=True)
    purpose = fields.String()
    recipient = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    due_at = moment()
    created_at = moment()
    requester_name = fields.String()
    decided_by_name = fields.String()
    decided_at = moment()
    reason = fields.String()
    used_at = moment()
    rows = fields.Integer(strict=True, allow_none=True)
    sha256 = fields.String(allow_none=True)
    file_name = fields.String()


class ExportRequestShown(ExportRequestRow):
    """A request with the columns it asks for."""

    columns = fields.List(fields.String())


class ExportRequestApi(PlacedApi):
    """Requests to take statistics or lists of files out of the house."""

    kind = resource_name = "export_request"
    datamodel = SQLAInterface(ExportRequest)
    include_route_methods = {*PlacedApi.include_route_methods, "file"}
    list_columns = search_columns = columns(ExportRequestRow)
    show_columns = columns(ExportRequestShown)
    order_columns = ["id", "created_at", "decided_at", "used_at"]
    list_model_schema, show_model_schema = ExportRequestRow(), ExportRequestShown()

    @expose("/<int:pk>/file", methods=["POST"])
    @logged_in
    @said(
        N_("Take the file out, once"),
        N_("After the act `use`, for whoever asked; a second time there is nothing left to give."),
        media_type="text/csv",
        answers={"type": "string"},
        errors=(404,),
    )
    def file(self, pk: int) -> Response:
        return give_out(pk)
