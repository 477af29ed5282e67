"""Queue numbers by program: taken at the guide desk, called and served at a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder.api import expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.engine.perform_object import perform_object
from app.engine.queue import next_for
from app.extensions import db
from app.law import N_
from app.models.counter import Ticket
from app.web.actor import current_actor
from app.web.api_base import Answer, idempotency_key, logged_in, moment
from app.web.api_docs import said
from app.web.api_objects import ObjectStanding, PlacedApi
from app.web.api_records import columns
from app.web.logging import request_id

if TYPE_CHECKING:
    from flask import Response


class TicketRow(Answer):
    """A queue number."""

    id = fields.Integer(strict=True)
    centre_id = fields.Integer(strict=True)
    day = fields.Date()
    number = fields.String()
    area = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    walk_in = fields.Boolean()
    item_id = fields.Integer(strict=True, allow_none=True)
    place = fields.Integer(strict=True, allow_none=True)
    ahead = fields.Integer(strict=True)
    window_id = fields.Integer(strict=True, allow_none=True)
    issued_at = moment()
    called_at = moment()
    calls = fields.Integer(strict=True)
    finished_at = moment()
    due_at = moment()
    was_put_back = fields.Boolean()
    passed_over = fields.Integer(strict=True)
    reason = fields.String()


class TicketApi(PlacedApi):
    """Queue numbers of the halls in reach."""

    kind = resource_name = "ticket"
    datamodel = SQLAInterface(Ticket)
    include_route_methods = {*PlacedApi.include_route_methods, "call_next"}
    list_columns = show_columns = search_columns = columns(TicketRow)
    order_columns = ["id", "day", "issued_at", "place"]
    list_model_schema, show_model_schema = TicketRow(), TicketRow()

    @expose("/next", methods=["POST"])
    @logged_in
    @said(
        N_("Call whoever is next"),
        N_(
            "The longest in line of the area of the caller's window. Nothing is sent; with the header "
            "`Idempotency-Key` a repeated request gets the first one's answer."
        ),
        answers=ObjectStanding,
        errors=(409,),
    )
    def call_next(self) -> Response:
        actor = current_actor()
        answer = perform_object(
            db.session(), self.kind, "call", next_for(actor), actor, {}, None, idempotency_key(),
            request_id=request_id(),
        )  # fmt: skip
        return self.response(200, **answer)
