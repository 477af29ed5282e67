"""The page of an application: what it is, where it stands, what may be done now, and everything it left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import jsonify, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required
from sqlalchemy import or_, select

from app.engine import transaction
from app.engine.actors import PERMISSION_VIEW
from app.engine.now import now
from app.errors import NotFound
from app.extensions import db
from app.law import N_
from app.law.lifecycle import TRANSITIONS
from app.law.roles import Role
from app.law.states import STATE_LABELS
from app.models.application import Application
from app.models.catalogue import Item
from app.models.trail import AuditRow, Document, StoredFile
from app.web import application_shown, words
from app.web.act_page import ActPage
from app.web.actor import current_actor
from app.web.application_shown import Shown
from app.web.files import send_paper, send_stored
from app.web.logging import request_id

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

ONE = "<int(max=9007199254740991):application_id>"
SHORTEST_REASON, LONGEST_REASON = 5, 200
MOST_ITEMS = 30


class ApplicationPage(BaseView):
    """One application within reach; what is out of reach does not exist."""

    route_base = "/application"
    class_permission_name = PERMISSION_VIEW
    default_view = "search"
    extra_args = {
        "acts": TRANSITIONS,
        "state_labels": STATE_LABELS,
        "slip_kinds": application_shown.SLIP_KINDS,
        "slip_states": application_shown.SLIP_STATES,
        "archive_states": application_shown.ARCHIVE_STATES,
        "purposes": application_shown.PURPOSES,
    }

    @expose("/new", methods=["GET", "POST"])
    @login_required
    def new(self) -> AnyResponse:
        """Register an application."""
        return ActPage(self, "register", None).answer()

    @expose(f"/{ONE}")
    @login_required
    def show(self, application_id: int) -> str:
        """Everything about an application, personal data masked."""
        return self._page(self._shown(application_id))

    @expose(f"/{ONE}/act/<name>", methods=["GET", "POST"])
    @login_required
    def act(self, application_id: int, name: str) -> AnyResponse:
        """The form of an act, and the act."""
        return ActPage(self, name, application_id).answer()

    @expose(f"/{ONE}/reveal", methods=["POST"])
    @login_required
    def reveal(self, application_id: int) -> AnyResponse | str:
        """Show personal data in full, this once, for a reason that is kept."""
        reason = request.form.get("reason", "").strip()
        shown = self._shown(application_id)
        if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            sentence = words.reason_wanted(SHORTEST_REASON, LONGEST_REASON)
            return make_response(self._page(shown, wrong_reason=sentence, reason=reason[:LONGEST_REASON]), 422)
        _audit("reveal", application_id, reason)
        shown = self._shown(application_id)
        shown.revealed = True
        return self._page(shown)

    @expose(f"/{ONE}/document/<int(max=9007199254740991):document_id>.pdf")
    @login_required
    def document(self, application_id: int, document_id: int) -> Response:
        """An official paper as PDF; who printed it when is kept."""
        number = db.session.scalar(
            select(Document.number).where(Document.id == document_id, Document.application_id == application_id)
        )
        if number is None:
            raise NotFound
        return send_paper(application_id, number)

    @expose(f"/{ONE}/file/<int(max=9007199254740991):file_id>")
    @login_required
    def file(self, application_id: int, file_id: int) -> Response:
        """An uploaded file of this application, under its own name."""
        found = select(StoredFile.id).where(StoredFile.id == file_id, StoredFile.application_id == application_id)
        if db.session.scalar(found) is None:
            raise NotFound
        return send_stored(file_id)

    @expose("/search")
    @login_required
    def search(self) -> AnyResponse:
        """From the box on top: a number leads to its application, a name to the list."""
        typed = request.args.get("q", "").replace("\0", "").strip()[:64]
        here = select(Application.id).where(or_(Application.short_no == typed, Application.number == typed))
        found = db.session.scalar(here)
        if found is not None:
            return redirect(url_for(".show", application_id=found))
        column = "short_no" if typed.isascii() and any(each.isdigit() for each in typed) else "applicant_name"
        return redirect(url_for("ApplicationList.list", **({f"_flt_0_{column}": typed} if typed else {})))

    @expose("/items/<chosen>")
    @login_required
    def items(self, chosen: str) -> Response:
        """The active items that match what was typed, those fronted to the towns alone for a town clerk."""
        typed = request.args.get("q", "").replace("\0", "").strip()[:50]
        query = select(Item.code, Item.name).where(Item.is_active.is_(True))
        if Role.TOWN_CLERK in current_actor().roles:
            query = query.where(Item.is_fronted.is_(True))
        match = or_(Item.name.contains(typed, autoescape=True), Item.code.startswith(typed, autoescape=True))
        found = query.where(or_(match, Item.code == chosen)).order_by(Item.code != chosen, Item.code)
        rows = db.session.execute(found.limit(MOST_ITEMS))
        return jsonify([{"id": code, "text": f"{code} {name}"} for code, name in rows])

    def _shown(self, application_id: int) -> Shown:
        return Shown(application_shown.find_whole(db.session(), application_id), current_actor(), now())

    def _page(self, shown: Shown, **more: Any) -> str:
        title = f"{shown.short_no} {shown.item['name']}"
        return self.render_template("application.html", title=title, shown=shown, **more)


def _audit(what: str, application_id: int, reason: str) -> None:
    """Keep who looked, at what, and why."""
    actor, session = current_actor(), db.session()
    row = {
        "at": now(), "actor_id": actor.user_id, "what": what, "application_id": application_id,
        "detail": N_("personal data"), "reason": reason, "request_id": request_id(), "created_by": actor.username,
    }  # fmt: skip
    transaction.run(session, lambda: session.add(AuditRow(**row)))
