"""Pages of the room: the weekly ledgers, one with its lines, what waits for a department and for the supervisor."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

from flask import send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, String, cast, select

from app.engine import transaction
from app.engine.now import now
from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.law import N_
from app.law.roles import Role
from app.models.ledger import LedgerBatch, LedgerRow, LedgerWorkbook
from app.models.organisation import Office
from app.models.trail import AuditRow
from app.stages.reporting import shown
from app.stages.reporting.letters import name_of
from app.stages.reporting.post import WORKBOOK
from app.stages.reporting.public import LedgerReceipt
from app.stages.reporting.wording import STATES, TITLE
from app.web import forms, notices, object_desk, object_page
from app.web.actor import current_actor
from app.web.api_ledger import READERS
from app.web.logging import request_id
from app.web.object_list import ObjectList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from flask_appbuilder import AppBuilder

    from app.engine.actors import Actor

class LedgerList(ObjectList):
    """The ledgers within reach: an office's own, those for a department, all of the county."""

    model = LedgerBatch
    kind = "ledger_batch"
    route_base = "/ledgers"
    list_title = _("Weekly ledgers")
    readers = READERS
    include_route_methods = {"list", "show", "workbook", "printed"}
    short_relations = ("office", "department")
    list_columns = [
        "week_from", "number", "office", "department", "closed_count", "change_count", "state", "sent_at",
        "acknowledged_at",
    ]  # fmt: skip
    label_columns = {"office": _("Approval office"), "department": _("Industry department")}
    order_columns = ["week_from", "closed_count", "sent_at", "acknowledged_at"]
    search_columns = ["number", "office", "department", "week_from", "state", "sent_at", "acknowledged_at"]
    choices_of = {"state": STATES}

    @expose("/workbook/<pk>", methods=["GET"])
    @has_access
    @permission_name("show")
    def workbook(self, pk: str) -> Response:
        """The workbook, to the department it is for; each time is on record."""
        batch = self._taken_out(pk, "ledger_workbook")
        content = db.session.scalars(
            select(LedgerWorkbook.content).where(LedgerWorkbook.batch_id == batch.id)
        ).one()
        if hashlib.sha256(content).hexdigest() != batch.workbook_sha256:
            raise NotFound(N_("The content of this file is missing or was changed; tell the administrator."))
        return send_file(
            io.BytesIO(content), mimetype="/".join(WORKBOOK), download_name=name_of(batch), as_attachment=True
        )

    @expose("/print/<pk>", methods=["GET"])
    @has_access
    @permission_name("show")
    def printed(self, pk: str) -> str:
        """Every line on paper, for the department it is for; each time is on record."""
        batch = self._taken_out(pk, "ledger_print")
        rows = db.session.scalars(
            select(LedgerRow).where(LedgerRow.batch_id == batch.id).order_by(LedgerRow.position)
        ).all()
        return self.render_template(
            "ledger_print.html", batch=batch, facts=shown.facts(batch), lines=list(shown.in_words(rows)),
            back=url_for("ObjectPage.show", kind=self.kind, subject_id=batch.id),
        )  # fmt: skip

    def _taken_out(self, pk: str, what: str) -> LedgerBatch:
        """A ledger whose department takes it out of the house; whoever else sees it reads it on its page (第五条)."""
        batch: LedgerBatch = self._row(pk)
        actor, session = current_actor(), db.session()
        if Role.INDUSTRY_DEPT not in actor.roles:
            raise NotAllowed(N_("Only the department it is for takes a ledger out; you may read it on its page."))
        row = {
            "at": now(), "actor_id": actor.user_id, "what": what, "detail": batch.number, "request_id": request_id(),
            "created_by": actor.username,
        }  # fmt: skip
        transaction.run(session, lambda: session.add(AuditRow(**row)))
        return self._row(pk)


class _Ledgers(object_desk.ObjectDesk):
    """Ledgers by number, office and the week's first day."""

    kind = "ledger_batch"
    model = LedgerBatch
    list_endpoint = "LedgerList.list"

    @classmethod
    def words(cls) -> ColumnElement[str]:
        office = select(Office.name).where(Office.id == LedgerBatch.office_id).scalar_subquery()
        return LedgerBatch.number + " · " + office + " · " + cast(LedgerBatch.week_from, String)


class ToAcknowledge(_Ledgers):
    """Ledgers that were sent to the department."""

    name = "ledgers"
    title = N_("Weekly ledgers to acknowledge")
    roles = (Role.INDUSTRY_DEPT,)
    states = ("sent",)


class NotDelivered(_Ledgers):
    """Ledgers that no department takes."""

    name = "ledgers-failed"
    title = N_("Weekly ledgers not delivered")
    roles = (Role.SUPERVISOR,)
    states = ("failed",)


def _receiver(_ledger: Any, actor: Actor) -> Mapping[str, str]:
    return {"receiver": actor.name}


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    object_page.SHOWN["ledger_batch"] = object_page.Kind(
        TITLE, shown.facts, more=shown.lines_part, list_endpoint="LedgerList.list"
    )
    notices.OBJECT_WORDS["ledger_batch"] = TITLE
    forms.SHAPES["acknowledge_ledger"] = forms.Shape(begins=_receiver)
    object_desk.register(ToAcknowledge, NotDelivered)
    appbuilder.add_view(
        LedgerList, "Weekly ledgers", label=_("Weekly ledgers"), icon="book", category="Work", category_label=_("Work")
    )
    appbuilder.add_view_no_menu(LedgerReceipt)
