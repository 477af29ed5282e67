"""Applications by program: list and show, what is lawful now, each act, its history, clocks and papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import jsonify
from flask_appbuilder.api import expose, protect
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext

from app.engine import dossiers, offers
from app.engine.now import now
from app.engine.standing import clock_answer
from app.extensions import db
from app.law import N_
from app.law.clock import CLOCKS, Clock
from app.law.explain import REASONS
from app.law.lifecycle import TRANSITIONS
from app.law.states import STATE_LABELS, State
from app.models.application import Application
from app.web.actor import conduct, current_actor
from app.web.api_answers import (
    ApplicationRow,
    ApplicationShown,
    ClockShown,
    DocumentShown,
    EventShown,
    OfferShown,
    Standing,
)
from app.web.api_base import Resource, body, idempotency_key, logged_in, version_of
from app.web.api_docs import said
from app.web.files import send_paper
from app.web.json_schema import input_schema

if TYPE_CHECKING:
    from flask import Response

    from app.law.explain import DayNote
    from app.models.trail import Document, Event

PLAIN = ("id", "number", "short_no", "provincial_no", "state", "version", "applicant_type", "applicant_name",
         "delivery_mode", "theme_id", "parent_id")  # fmt: skip
MOMENTS = ("registered_at", "received_at", "accepted_at", "decided_at", "closed_at", "delivered_at", "next_due_at")
NAMES = ("item.code", "item.name", "centre.name", "office.name")
PERSONAL = ("id_type", "id_no", "phone", "address", "legal_rep", "agent_name", "agent_id_type", "agent_id_no",
            "agent_phone", "ems_address", "relation", "clock_from", "extra")  # fmt: skip


class ApplicationApi(Resource):
    """The applications within reach; only acts change them."""

    resource_name = "application"
    datamodel = SQLAInterface(Application)
    include_route_methods = {
        "get_list", "get", "post", "transitions", "transition", "events", "clocks", "documents", "paper",
    }
    list_columns = [*PLAIN, *MOMENTS, *NAMES]
    show_columns = list_columns
    show_select_columns = [*list_columns, *PERSONAL]
    list_model_schema = ApplicationRow()
    show_model_schema = ApplicationShown()
    search_columns = [*PLAIN, *MOMENTS]
    order_columns = ["id", "short_no", "registered_at", "next_due_at", "closed_at"]

    @expose("/", methods=["POST"])
    @logged_in
    @said(N_("Register an application"), answers=Standing, status=201, errors=(409, 413, 415, 422), is_act=True)
    def post(self) -> Response:
        return self.response(201, **conduct("register", None, body(), None, idempotency_key()))

    @expose("/<int:pk>/transitions", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(
        N_("List the acts that are lawful now for whoever is asking"),
        N_("Each with the JSON Schema of its input; its titles are in the language of `Accept-Language`."),
        answers=OfferShown, many=True, errors=(404,),
    )
    def transitions(self, pk: int) -> Response:
        dossier = dossiers.find(db.session(), pk)
        return jsonify([
            {
                "name": offer.name, "label": gettext(offer.label), "clause": offer.clause,
                "schema": input_schema(offer.act, dossier.application.version, dossier.item),
            }
            for offer in offers.lawful(dossier, current_actor(), now())
        ])

    @expose("/<int:pk>/transitions/<name>", methods=["POST"])
    @logged_in
    @said(N_("Do an act"), answers=Standing, errors=(404, 409, 413, 415, 422), is_act=True)
    def transition(self, pk: int, name: str) -> Response:
        data = body()
        version = version_of(data)
        return self.response(200, **conduct(name, pk, data, version, idempotency_key()))

    @expose("/<int:pk>/events", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(N_("The history, oldest first; personal values are masked"), answers=EventShown, many=True, errors=(404,))
    def events(self, pk: int) -> Response:
        return jsonify([_event(each) for each in dossiers.find(db.session(), pk).events])

    @expose("/<int:pk>/clocks", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(N_("The clocks, each with its days from the start to the last"), answers=ClockShown, many=True, errors=(404,))
    def clocks(self, pk: int) -> Response:
        dossier, moment = dossiers.find(db.session(), pk), now()
        return jsonify([
            {
                **clock_answer(run, dossier, moment),
                "label": gettext(CLOCKS[Clock(run.clock)].label),
                "clause": CLOCKS[Clock(run.clock)].clause,
                "days": [_day(note) for note in dossiers.explained(run, dossier)],
            }
            for run in dossier.clocks.runs
        ])

    @expose("/<int:pk>/documents", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(N_("The official papers"), answers=DocumentShown, many=True, errors=(404,))
    def documents(self, pk: int) -> Response:
        return jsonify([_document(each) for each in dossiers.find(db.session(), pk).documents])

    @expose("/<int:pk>/documents/<path:number>.pdf", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(
        N_("A paper as PDF, a certificate as its scan; each print is kept"), media_type="application/pdf", errors=(404,)
    )
    def paper(self, pk: int, number: str) -> Response:
        return send_paper(pk, number)


def _event(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq, "act": event.act, "label": gettext(TRANSITIONS[event.act].label), "kind": event.kind,
        "from": event.from_state, "to": event.to_state, "to_label": gettext(STATE_LABELS[State(event.to_state)]),
        "at": event.at.isoformat(), "by": event.actor_name, "role": event.role, "payload": event.payload,
        "hash": event.hash,
    }


def _day(note: DayNote) -> dict[str, Any]:
    return {
        "day": note.day.isoformat(), "counted": note.counted, "ordinal": note.ordinal, "reason": note.reason.value,
        "text": gettext(REASONS[note.reason]), "holiday": note.holiday, "provisional": note.provisional,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "id": document.id, "kind": document.kind, "title": document.paragraphs.get("title", ""),
        "number": document.number, "state": document.state, "act": document.act,
        "issued_at": document.issued_at.isoformat(),
    }
