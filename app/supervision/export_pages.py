"""Pages of exports: what was asked for, what waits for a decision, what may be taken out now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask import render_template, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext, lazy_gettext
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from app.engine import export_store
from app.engine.actors import PERMISSION_VIEW
from app.extensions import db
from app.law import N_
from app.law.clock import ZONE
from app.law.objects import OBJECTS
from app.law.roles import PLACE_REACH, Reach, Role
from app.models.exports import DECIDERS, ExportRequest
from app.models.organisation import Centre, Office
from app.supervision.export_contents import CONTENTS, LABELS
from app.web import forms, notices, object_desk, object_page
from app.web.actor import current_actor
from app.web.conditions import ME, NOW
from app.web.export_files import KIND, give_out
from app.web.object_list import ObjectList

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

    from app.engine.actors import Grant

STATES = {
    "requested": N_("Waits for a decision"),
    "approved": N_("Approved, not used yet"),
    "refused": N_("Refused"),
    "used": N_("Used"),
    "expired": N_("Not used in time"),
}
ASKERS = frozenset(Role(role) for move in OBJECTS[KIND] if move.act == "request" for role in move.roles)
JUDGES = frozenset(map(Role, DECIDERS))


class ExportRequestList(ObjectList):
    """What was to leave the house: who asked, who decided, what left."""

    kind = KIND
    model = ExportRequest
    route_base = "/export-requests"
    list_title = lazy_gettext("Exports")
    readers = ASKERS | JUDGES
    list_columns = [
        "number", "what", "from_on", "to_on", "requester_name", "state", "decided_by_name", "used_at", "rows",
    ]  # fmt: skip
    order_columns = ["number", "used_at"]
    search_columns = ["number", "what", "state", "requester_name", "decided_by_name", "recipient", "used_at"]
    choices_of = {"what": LABELS, "state": STATES}


class ExportFilePage(BaseView):
    """Where the file of an approved request leaves, once."""

    route_base = "/export-file"
    class_permission_name = PERMISSION_VIEW
    default_view = "take"

    @expose("/<int(max=9007199254740991):pk>", methods=["POST"])
    @login_required
    def take(self, pk: int) -> Response:
        """The file, to whoever asked for it."""
        return give_out(pk)


class ToDecide(object_desk.ObjectDesk):
    """Asked for by somebody else."""

    name, title, kind, model = "exports", N_("Exports to decide on"), KIND, ExportRequest
    roles, states = JUDGES, frozenset({"requested"})
    list_endpoint: ClassVar[str] = "ExportRequestList.list"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Nobody decides on an own request."""
        return ExportRequest.requester_id != ME


class ToUse(object_desk.ObjectDesk):
    """Approved, and to be used within seven days."""

    name, title, kind, model = "exports-approved", N_("Exports you may take out"), KIND, ExportRequest
    roles, states = ASKERS, frozenset({"approved"})
    list_endpoint: ClassVar[str] = "ExportRequestList.list"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """One's own, while the approval is good."""
        return (ExportRequest.requester_id == ME) & (ExportRequest.due_at >= NOW)


def shown(request: ExportRequest) -> list[tuple[str, Any]]:
    """What is asked for, and what became of it."""
    found: list[tuple[str, Any]] = [
        (_("Number"), request.number),
        (_("State"), _(STATES[request.state])),
        (_("What is taken out"), _(LABELS[request.what])),
        (_("Period"), f"{request.from_on:%Y-%m-%d} – {request.to_on:%Y-%m-%d}"),
        (_("Of which place"), _place(request)),
        (_("Purpose"), request.purpose),
        (_("Recipient"), request.recipient),
        (_("Requested by"), f"{request.requester_name} · {_moment(request.created_at)}"),
    ]
    if request.decided_at:
        found += [(_("Decided by"), f"{request.decided_by_name} · {_moment(request.decided_at)}")]
        found += [(_("Reason"), request.reason)] if request.reason else []
    if request.state == "approved" and request.due_at:
        found += [(_("Good until"), _moment(request.due_at))]
    if request.used_at:
        found += [(_("Used at"), _moment(request.used_at)), (_("Number of rows"), request.rows)]
        found += [(_("Digest of the file"), request.sha256)]
    return found


def _moment(value: datetime) -> str:
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def _place(request: ExportRequest) -> str:
    named = [
        db.session.get_one(model, pk).name
        for model, pk in ((Centre, request.centre_id), (Office, request.office_id))
        if pk is not None
    ]
    return " · ".join(named) or _("The whole county")


def more(request: ExportRequest) -> str:
    """The columns that are taken out, and the file where it waits."""
    columns = [_(CONTENTS[request.what].columns[name]) for name in request.columns]
    is_ready = request.requester_id == current_actor().user_id and export_store.waits(request.id)
    take = url_for("ExportFilePage.take", pk=request.id) if request.state == "used" and is_ready else ""
    return Markup(render_template("_export_more.html", columns=columns, take=take, name=request.file_name))  # noqa: S704  (ours)


def _kinds(_ground: object) -> dict[str, str]:
    roles = set(current_actor().roles)
    return {
        what: gettext(content.label) for what, content in CONTENTS.items() if not content.only or roles & content.only
    }  # fmt: skip


def _places(model: Any, reach: Reach, own: str) -> Any:
    """Every place of the kind; to whoever works at such places, those alone."""

    def choices(_ground: object) -> dict[int, str]:
        grants = current_actor().grants_of("request_export")
        query = select(model.id, model.name).order_by(model.id)
        if grants and all(PLACE_REACH[grant.role] is reach for grant in grants):
            query = query.where(model.id.in_(frozenset().union(*(getattr(grant, own) for grant in grants))))
        return dict(db.session.execute(query).all())

    return choices


SHAPE = forms.Shape(
    choices={
        "what": _kinds,
        "centre_id": _places(Centre, Reach.CENTRE, "centres"),
        "office_id": _places(Office, Reach.OFFICE, "offices"),
    },
    hints=lambda _ground: {
        "what": gettext("The columns are fixed with the request; personal data is masked in the file."),
        "centre_id": gettext("Empty: every place within your reach."),
        "office_id": gettext("Empty: every place within your reach."),
    },
)


def register() -> None:
    """Show export requests, and let them wait on desks."""
    object_page.SHOWN[KIND] = object_page.Kind(N_("Export request"), shown, more, "ExportRequestList.list")
    forms.SHAPES["request_export"] = SHAPE
    forms.SHAPES["use_export"] = forms.Shape(
        ask=N_("The file is made now and is given out once; the approval is used up with it. Go on?")
    )
    notices.OBJECT_WORDS[KIND] = N_("Export request")
    object_desk.register(ToDecide, ToUse)
