"""Pages of the room: figures, lists, desks; how a rating and a complaint are shown, and the phone behind a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import current_app, make_response, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.engine import transaction
from app.engine.code_sets import word
from app.engine.now import now
from app.errors import NotFound
from app.extensions import db
from app.law import N_
from app.law.roles import HEARS_VOICES
from app.models.organisation import Centre, Office
from app.models.rating import Complaint
from app.models.trail import AuditRow
from app.stages.rating import desks, shown
from app.stages.rating.figures import satisfaction
from app.stages.rating.inputs import GRADES
from app.stages.rating.public_pages import ComplainPage, RatePage
from app.web import branches_shown, forms, notices, object_desk, object_page, words
from app.web.actor import current_actor
from app.web.files import send_stored
from app.web.logging import request_id
from app.web.voices import hears

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from flask_appbuilder import AppBuilder
    from werkzeug.wrappers import Response as AnyResponse

ONE = "<int(max=9007199254740991):complaint_id>"
SHORTEST_REASON, LONGEST_REASON = 5, 200


class SatisfactionPage(BaseView):
    """How satisfied people are: own centre, own office, or the county."""

    route_base = "/satisfaction"
    default_view = "index"
    readers = HEARS_VOICES

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> str:
        """Grades, reminders and work orders of the matters finished in the days that are asked for."""
        since, until = (_day(request.args.get(name, "")) for name in ("since", "until"))
        found = satisfaction(db.session(), now(), since, until, demo=current_app.config["DEMO"])
        return self.render_template(
            "satisfaction.html", title=gettext("Satisfaction"), found=found, since=since, until=until, grades=GRADES
        )


class ComplaintPhone(BaseView):
    """What of a complaint is not shown as a matter of course."""

    route_base = "/complaint"
    default_view = "reveal"
    list_title = _("Phone and evidence of a complaint")
    readers = editors = HEARS_VOICES

    @expose(f"/{ONE}/reveal", methods=["POST"])
    @has_access
    @permission_name("list")
    def reveal(self, complaint_id: int) -> AnyResponse:
        """Show the phone in full, this once, for a reason that is kept."""
        complaint = _within_reach(complaint_id)
        reason = request.form.get("reason", "").strip()
        if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            wrong = words.reason_wanted(SHORTEST_REASON, LONGEST_REASON)
            return make_response(self._page(complaint, wrong=wrong, reason=reason[:LONGEST_REASON]), 422)
        _audit(complaint, reason)
        complaint = _within_reach(complaint_id)
        return make_response(self._page(complaint, phone=complaint.phone))

    def _page(self, complaint: Complaint, **shown: str) -> str:
        return self.render_template("complaint_phone.html", title=complaint.number, complaint=complaint, **shown)

    @expose(f"/{ONE}/evidence")
    @has_access
    @permission_name("list")
    def evidence(self, complaint_id: int) -> Response:
        """The file that shows what was put right."""
        complaint = _within_reach(complaint_id)
        if complaint.evidence_id is None:
            raise NotFound
        return send_stored(complaint.evidence_id)


def _within_reach(complaint_id: int) -> Complaint:
    found = db.session.scalar(select(Complaint).where(Complaint.id == complaint_id))
    if found is None:
        raise NotFound
    return found


def _audit(complaint: Complaint, reason: str) -> None:
    """Keep who looked, at what, and why."""
    actor, session = current_actor(), db.session()
    row = {
        "at": now(), "actor_id": actor.user_id, "what": "reveal_complaint", "detail": complaint.number,
        "reason": reason, "request_id": request_id(), "created_by": actor.username,
    }  # fmt: skip
    transaction.run(session, lambda: session.add(AuditRow(**row)))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _centres(_subject: object) -> Mapping[int, str]:
    return dict(db.session.execute(select(Centre.id, Centre.name).order_by(Centre.kind, Centre.id)).all())


def _offices(_subject: object) -> Mapping[int, str]:
    return dict(db.session.execute(select(Office.id, Office.name).order_by(Office.id)).all())


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES["file_complaint"] = forms.Shape(
        choices={"centre": _centres, "office": _offices, "source": lambda _none: {"phone": gettext("Telephone")}},
        begins=lambda _none, _actor: {"source": "phone"},
    )
    forms.SHAPES["remind_rating"] = forms.Shape(hints=lambda _d: {"channel": word("rating_reminder", "wording")})
    ask = N_("It is not counted then, and cannot be taken up again. Go on?")
    forms.SHAPES |= {act: forms.Shape(is_grave=True, ask=ask) for act in ("void_rating", "void_complaint")}
    object_page.SHOWN["rating"] = object_page.Kind(N_("Rating"), shown.rating, shown.more_of_rating, tells=hears)
    object_page.SHOWN["complaint"] = object_page.Kind(
        N_("Complaint"), shown.complaint, shown.more_of_complaint, list_endpoint="ComplaintList.list"
    )
    notices.OBJECT_WORDS |= {"rating": N_("Bad rating"), "complaint": N_("Complaint")}
    branches_shown.register(shown.sections)
    object_desk.register(*desks.DESKS)
    appbuilder.add_view_no_menu(RatePage)
    appbuilder.add_view_no_menu(ComplainPage)
    appbuilder.add_view_no_menu(ComplaintPhone)
    menu = {"category": "Ratings", "category_label": _("Ratings and complaints"), "category_icon": "chart"}
    appbuilder.add_view(desks.UnremindedList, "Not reminded", label=_("Not reminded to rate yet"), icon="bell", **menu)
    appbuilder.add_view(desks.RatingList, "Ratings given", label=_("Ratings"), icon="check", **menu)
    appbuilder.add_view(desks.ComplaintList, "Complaints", label=_("Complaints"), icon="flag", **menu)
    appbuilder.add_view(SatisfactionPage, "Satisfaction", label=_("Satisfaction"), icon="chart", **menu)
