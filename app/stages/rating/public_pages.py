"""Pages without login: rate what one was invited to rate, once; complain, and see what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from app.engine import actors, invitations, scope
from app.engine.now import now
from app.engine.perform_object import perform_object
from app.errors import Incomplete, NotFound, NotNow
from app.extensions import db
from app.law import N_
from app.models.organisation import Centre, Office
from app.models.rating import Complaint
from app.stages.rating.inputs import BAD, CHANNELS, CONCERNS, GRADES, OUTCOMES, ComplainInput, RateBadlyInput
from app.stages.rating.words import PUBLIC_STATES
from app.web import words
from app.web.logging import request_id
from app.web.public import PublicView, limited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from app.engine.inputs import Input
    from app.engine.invitations import Invitation

COMPLAINED = "complained"
"""In the visitor's session: the number of the complaint just filed, until it has been shown."""

RATINGS_A_MINUTE, COMPLAINTS_A_MINUTE, LOOKS_A_MINUTE = 60, 20, 10
LONGEST_TYPED = 60


class RatePage(PublicView):
    """What the token of an invitation opens."""

    route_base = "/rate"
    default_view = "rate"

    @expose("/<token>", methods=["GET", "POST"])
    @limited("rate", RATINGS_A_MINUTE, by_all=True)
    def rate(self, token: str) -> AnyResponse:
        """Five grades and a word of one's own, once; nobody of the staff rates."""
        invitation = invitations.opened_by(db.session(), token)
        if invitation is None:
            raise NotFound
        if current_user.is_authenticated:
            return self._page(invitation, "staff", 403)
        if invitation.state != "invited" or invitation.until is None or now() > invitation.until:
            given = invitation.state not in ("invited", "unrated")
            return self._page(invitation, "rated" if given else "over", 409 if request.method == "POST" else 200)
        if request.method == "POST":
            return self._take(invitation, token)
        return self._page(invitation, "open")

    def _take(self, invitation: Invitation, token: str) -> AnyResponse:
        sent = {name: request.form.get(name, "") for name in ("grade", "comment", "concerns")}
        is_bad = sent["grade"] in BAD
        given: dict[str, Any] = {"grade": sent["grade"], "comment": sent["comment"] or None, "channel": _channel()}
        if is_bad:
            given["concerns"] = sent["concerns"] or None
        pk = invitation.rating_id
        try:
            perform_object(
                db.session(), "rating", "bad" if is_bad else "rate", pk, actors.public(("rating", pk)), given,
                invitation.version, request_id=request_id(),
            )  # fmt: skip
        except Incomplete as refusal:
            return self._page(invitation, "open", 422, sent, _complaints(refusal))
        except NotNow:
            db.session.rollback()
            return self._page(invitation, "rated", 409)
        return redirect(url_for(".rate", token=token), 303)

    def _page(
        self, invitation: Invitation, state: str, status: int = 200, sent: Mapping[str, str] | None = None,
        complaints: list[tuple[str, str]] | None = None,
    ) -> AnyResponse:  # fmt: skip
        page = self.render_template(
            "rate.html", title=gettext("How were you served?"), invitation=invitation, state=state, sent=sent or {},
            complaints=complaints or [], labels=_labels(RateBadlyInput), grades=GRADES, concerns=CONCERNS,
            bad="|".join(sorted(BAD)), channel=_channel(), longest=500,
        )  # fmt: skip
        return make_response(page, status)


class ComplainPage(PublicView):
    """Complaints about a place of the county, with or without an application."""

    route_base = "/complain"
    default_view = "index"

    @expose("/", methods=["GET", "POST"])
    @limited("complain", COMPLAINTS_A_MINUTE, by_all=True)
    def index(self) -> AnyResponse:
        """The form, and the complaint."""
        if request.method == "GET":
            return self._page({})
        sent = {name: request.form.get(name, "") for name in ("place", "title", "content", "application_no", "phone")}
        kind, _, pk = sent["place"].partition(":")
        given = {name: value or None for name, value in sent.items() if name != "place"}
        if kind in ("centre", "office"):
            given[kind] = pk
        try:
            answer = perform_object(
                db.session(), "complaint", "file", None, actors.public(), {**given, "source": _source()}, None,
                request_id=request_id(),
            )  # fmt: skip
        except Incomplete as refusal:
            return self._page(sent, 422, _complaints(refusal))
        actor = actors.public(("complaint", answer["id"]))
        session[COMPLAINED] = _number_of(actor, answer["id"])
        return redirect(url_for(".done"), 303)

    @expose("/done")
    @limited("complain-done")
    def done(self) -> AnyResponse:
        """Number and code, shown this once: the next person at a hall's device is another one."""
        number = session.pop(COMPLAINED, None)
        if number is None:
            return redirect(url_for(".index"))
        page = self.render_template(
            "complaint_filed.html", title=gettext("Your complaint was taken"), number=number,
            code=invitations.query_code(number),
        )  # fmt: skip
        return make_response(page)

    @expose("/state", methods=["GET", "POST"])
    @limited("complaint-state", LOOKS_A_MINUTE, by_all=True)
    def state(self) -> AnyResponse:
        """Where a complaint stands, for whoever has its number and code."""
        number, code = (request.form.get(name, "").strip()[:LONGEST_TYPED] for name in ("number", "code"))
        found = invitations.followed_by(db.session(), number, code) if request.method == "POST" else None
        failed = request.method == "POST" and found is None
        page = self.render_template(
            "complaint_state.html", title=gettext("What became of your complaint"), found=found, failed=failed,
            states=PUBLIC_STATES, outcomes=OUTCOMES, number=number,
        )  # fmt: skip
        return make_response(page, 404 if failed else 200)

    def _page(
        self, sent: Mapping[str, str], status: int = 200, complaints: list[tuple[str, str]] | None = None
    ) -> AnyResponse:
        page = self.render_template(
            "complain.html", title=gettext("Complain"), sent=sent, complaints=complaints or [], places=_places(),
            source=_source(), labels=_labels(ComplainInput) | {"place": N_("Whom it concerns")},
        )  # fmt: skip
        return make_response(page, status)


def _labels(schema: type[Input]) -> dict[str, str]:
    return {name: field.metadata["label"] for name, field in schema().fields.items()}


def _complaints(refusal: Incomplete) -> list[tuple[str, str]]:
    at = {"centre": "place", "office": "place"}
    return [(at.get(each.field, each.field), words.of_complaint(each)) for each in refusal.complaints]


def _channel() -> str:
    """How whoever rates came here; a link that says nothing was sent."""
    via = request.values.get("via", "")
    return via if via in CHANNELS else "sms"


def _source() -> str:
    return "device" if request.values.get("via") == "device" else "web"


def _places() -> list[tuple[str, str]]:
    """The county's hall first, then its towns, then its offices."""
    centres = db.session.execute(select(Centre.id, Centre.name).order_by(Centre.kind, Centre.id))
    offices = db.session.execute(select(Office.id, Office.name).order_by(Office.id))
    return [*((f"centre:{pk}", name) for pk, name in centres), *((f"office:{pk}", name) for pk, name in offices)]


def _number_of(actor: actors.Actor, pk: int) -> str:
    scope.bind(db.session(), actor)
    return db.session.scalars(select(Complaint.number).where(Complaint.id == pk)).one()
