"""Small objects by program: opinions and escalations, with what is lawful on each and each act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask import jsonify
from flask_appbuilder.api import expose, protect
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext
from marshmallow import fields

from app.engine.now import now
from app.engine.object_acts import of_kind
from app.engine.object_looks import births, look
from app.engine.perform_object import perform_object
from app.extensions import db
from app.law import N_
from app.models.escalation import Escalation
from app.models.examination import Opinion
from app.web.actor import current_actor
from app.web.api_answers import OfferShown
from app.web.api_base import Answer, Resource, body, idempotency_key, logged_in, moment, version_of
from app.web.api_docs import said
from app.web.api_records import columns
from app.web.json_schema import input_schema
from app.web.logging import request_id

if TYPE_CHECKING:
    from flask import Response

    from app.engine.object_acts import ObjectAct


class ObjectStanding(Answer):
    """Where an object stands after an act."""

    id = fields.Integer(strict=True)
    kind = fields.String()
    application_id = fields.Integer(strict=True, allow_none=True)
    state = fields.String()
    version = fields.Integer(strict=True)


class OpinionRow(Answer):
    """What another office was asked, and says; of the application no more than is needed."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    office_id = fields.Integer(strict=True)
    asking_office_id = fields.Integer(strict=True)
    shown = fields.Dict()
    question = fields.String()
    due_days = fields.Integer(strict=True)
    state = fields.String()
    version = fields.Integer(strict=True)
    asked_at = moment()
    stance = fields.String(allow_none=True)
    text = fields.String()
    given_by_name = fields.String()
    given_at = moment()


class EscalationRow(Answer):
    """A matter that went up."""

    id = fields.Integer(strict=True)
    application_id = fields.Integer(strict=True)
    type = fields.String()
    reason = fields.String()
    level = fields.String()
    state = fields.String()
    version = fields.Integer(strict=True)
    raised_by_name = fields.String()
    raised_as = fields.String()
    raised_at = moment()
    was_returned = fields.Boolean()
    answer = fields.String()
    answered_by_name = fields.String()
    answered_at = moment()


class ObjectApi(Resource):
    """Objects whose moves are acts of their own."""

    kind: ClassVar[str]
    include_route_methods = {"get_list", "get", "transitions", "transition"}

    def acts_described(self, *, is_birth: bool) -> list[ObjectAct]:
        """The acts that the description of the API lists."""
        return [act for act in of_kind(self.kind) if act.transition.birth is is_birth]

    @expose("/<int:pk>/transitions", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(
        N_("List the acts that are lawful now for whoever is asking"),
        N_("Each with the JSON Schema of its input; its titles are in the language of `Accept-Language`."),
        answers=OfferShown,
        many=True,
        errors=(404,),
    )
    def transitions(self, pk: int) -> Response:
        seen = look(db.session(), self.kind, pk, current_actor(), now())
        return jsonify([_offer(act, seen.subject.version) for act in seen.lawful])

    @expose("/<int:pk>/transitions/<name>", methods=["POST"])
    @logged_in
    @said(N_("Do an act"), answers=ObjectStanding, errors=(404, 409, 413, 415, 422), is_act=True)
    def transition(self, pk: int, name: str) -> Response:
        data: dict[str, Any] = body()
        version = version_of(data)
        answer = perform_object(
            db.session(), self.kind, name, pk, current_actor(), data, version, idempotency_key(),
            request_id=request_id(),
        )  # fmt: skip
        return self.response(200, **answer)


class PlacedApi(ObjectApi):
    """Objects that hang on no application, and are brought into being by acts of their own."""

    include_route_methods = {*ObjectApi.include_route_methods, "births", "birth"}

    @expose("/transitions", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(
        N_("List the acts by which whoever is asking may bring one into being now"),
        N_("Each with the JSON Schema of its input; its titles are in the language of `Accept-Language`."),
        answers=OfferShown,
        many=True,
    )
    def births(self) -> Response:
        return jsonify([_offer(act) for act in births(db.session(), self.kind, current_actor(), now())])

    @expose("/transitions/<name>", methods=["POST"])
    @logged_in
    @said(N_("Bring one into being"), answers=ObjectStanding, errors=(404, 409, 413, 415, 422), is_act=True, status=201)
    def birth(self, name: str) -> Response:
        answer = perform_object(
            db.session(), self.kind, name, None, current_actor(), body(), None, idempotency_key(),
            request_id=request_id(),
        )  # fmt: skip
        return self.response(201, **answer)


def _offer(act: ObjectAct, version: int | None = None) -> dict[str, Any]:
    return {
        "name": act.transition.move,
        "label": gettext(act.transition.label),
        "clause": act.transition.clause,
        "schema": input_schema(act, version),
    }


class OpinionApi(ObjectApi):
    """Opinions that offices were asked for."""

    kind = resource_name = "opinion"
    datamodel = SQLAInterface(Opinion)
    list_columns = show_columns = columns(OpinionRow)
    search_columns = [name for name in list_columns if name != "shown"]
    order_columns = ["id", "asked_at", "given_at"]
    list_model_schema, show_model_schema = OpinionRow(), OpinionRow()


class EscalationApi(ObjectApi):
    """Matters that went up."""

    kind = resource_name = "escalation"
    datamodel = SQLAInterface(Escalation)
    list_columns = show_columns = search_columns = columns(EscalationRow)
    order_columns = ["id", "raised_at", "answered_at"]
    list_model_schema, show_model_schema = EscalationRow(), EscalationRow()
