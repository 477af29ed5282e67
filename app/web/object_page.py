"""The page of a small object: what it says, and what may be done with it now, each act with its form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext
from flask_login import login_required
from sqlalchemy import select

from app.engine import missteps, refused, scope
from app.engine.actors import PERMISSION_VIEW
from app.engine.now import now
from app.engine.object_acts import at_address
from app.engine.object_looks import birth_refusal, look
from app.engine.perform_object import perform_object
from app.errors import Busy, Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.extensions import db
from app.law.object_acts import EVERY_ACT
from app.law.roles import ROLE_LABELS, WITHOUT_LOGIN, Role
from app.models.application import Application
from app.models.trail import Event
from app.web import form_input, words
from app.web.actor import current_actor
from app.web.forms import SHAPES, ActForm, Shape
from app.web.logging import request_id

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from app.engine.object_acts import ObjectAct
    from app.engine.object_looks import Seen
    from app.web.form_input import Given

LONGEST_KEY, BIGGEST_VERSION = 80, 9
ONE = "<kind>/<int(max=9007199254740991):subject_id>"


@dataclass(frozen=True)
class Kind:
    """What a kind of object is called, and what its page says."""

    title: str
    facts: Callable[[Any], list[tuple[str, Any]]]
    more: Callable[[Any], str] = lambda _subject: ""
    """Further parts of its page as safe markup: a preview, a picture, links."""
    list_endpoint: str = ""
    """The list it stands in, where there is one."""
    tells: Callable[[Any], bool] = lambda _subject: True
    """Whether whoever asks may read its history, too."""


SHOWN: dict[str, Kind] = {}
"""Kind -> how its page shows it; the rooms write here what they declare."""


def actor_words(event: Event) -> str:
    """Who acted, in words: a person by name, the machinery and the public by what they are."""
    role = Role(event.role)
    return gettext(ROLE_LABELS[role]) if role in WITHOUT_LOGIN else f"{event.actor_name} ({gettext(ROLE_LABELS[role])})"


class ObjectPage(BaseView):
    """One object within reach; what is out of reach does not exist."""

    route_base = "/object"
    class_permission_name = PERMISSION_VIEW
    default_view = "show"
    extra_args = {"every_act": EVERY_ACT, "event_by": actor_words}

    @expose(f"/{ONE}")
    @login_required
    def show(self, kind: str, subject_id: int) -> str:
        """What it says, and what may be done with it."""
        seen = self._seen(kind, subject_id)
        return self._page(kind, seen)

    @expose(f"/{ONE}/act/<move>", methods=["GET", "POST"])
    @login_required
    def act(self, kind: str, subject_id: int, move: str) -> AnyResponse | str:
        """The form of an act, and the act."""
        act = at_address(kind, move)
        if act is None:
            raise NotFound
        try:
            seen = self._seen(kind, subject_id)
        except NotFound as refusal:
            if request.method == "POST":
                refused.record(db.session(), refusal, act, subject_id, current_actor(), {}, request_id())
            raise
        if request.method == "POST":
            return self._send(kind, seen, act)
        refusal = seen.refusals[move]
        return make_response(self._page(kind, seen, act, refusal=refusal), refusal.status if refusal else 200)

    def _send(self, kind: str, seen: Seen, act: ObjectAct) -> AnyResponse:
        given = form_input.read(act.schema(), SHAPES.get(act.transition.name, Shape()))
        if given.complaints:
            missteps.note(db.session(), current_actor(), act.transition.name, given.complaints)
            return self._refused(kind, seen.subject.id, act, given, Incomplete(given.complaints))
        try:
            perform_object(
                db.session(), kind, act.transition.move, seen.subject.id, current_actor(), given.data,
                _number("version"), _key(), request_id=request_id(),
            )  # fmt: skip
        except (Incomplete, NotNow, NotAllowed, Busy) as refusal:
            return self._refused(kind, seen.subject.id, act, given, refusal)
        flash(gettext("Done: %(act)s.", act=gettext(act.transition.label)), "success")
        return redirect(url_for(".show", kind=kind, subject_id=seen.subject.id), 303)

    @expose("/<kind>/new/<move>", methods=["GET", "POST"])
    @login_required
    def new(self, kind: str, move: str) -> AnyResponse | str:
        """The form of an act that brings an object into being, and the act; the address may begin its fields."""
        act = at_address(kind, move)
        if kind not in SHOWN or act is None or not act.transition.birth:
            raise NotFound
        if request.method == "POST":
            return self._bring(kind, act)
        refusal = birth_refusal(db.session(), act, current_actor(), now())
        begins = {name: value for name, value in request.args.items() if name in act.schema().fields}
        page = self._birth_page(kind, act, refusal=refusal, begins=begins)
        return make_response(page, refusal.status if refusal else 200)

    def _bring(self, kind: str, act: ObjectAct) -> AnyResponse | str:
        given = form_input.read(act.schema(), SHAPES.get(act.transition.name, Shape()))
        refusal: Refusal | None = Incomplete(given.complaints) if given.complaints else None
        if refusal is not None:
            missteps.note(db.session(), current_actor(), act.transition.name, given.complaints)
        else:
            try:
                answer = perform_object(
                    db.session(), kind, act.transition.move, None, current_actor(), given.data, None, _key(),
                    request_id=request_id(),
                )  # fmt: skip
            except (Incomplete, NotNow, NotAllowed, Busy) as refused:
                refusal = refused
            else:
                flash(gettext("Done: %(act)s.", act=gettext(act.transition.label)), "success")
                return redirect(url_for(".show", kind=kind, subject_id=answer["id"]), 303)
        keeps_key = isinstance(refusal, Incomplete | Busy)
        page = self._birth_page(kind, act, given, refusal, key=_key() if keeps_key else None)
        response = make_response(page, refusal.status)
        if isinstance(refusal, Busy):
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    def _birth_page(
        self, kind: str, act: ObjectAct, given: Given | None = None, refusal: Refusal | None = None,
        key: str | None = None, begins: dict[str, Any] | None = None,
    ) -> str:  # fmt: skip
        complaints = refusal.complaints if isinstance(refusal, Incomplete) else ()
        is_open = not isinstance(refusal, NotAllowed | NotNow) or given is not None
        form = ActForm(act, None, current_actor(), given, complaints, begins) if is_open else None
        said = words.of_refusal(refusal) if refusal is not None and not isinstance(refusal, Incomplete) else ""
        return self.render_template(
            "object.html", title=gettext(act.transition.label), facts=[], kind=kind, subject=None, acts=[], act=act,
            form=form, key=key or token_urlsafe(24), refusal=said, application_id=None, more="",
            list_endpoint=SHOWN[kind].list_endpoint, history=(),
        )  # fmt: skip

    def _refused(self, kind: str, subject_id: int, act: ObjectAct, given: Given, refusal: Refusal) -> Response:
        keeps_key = isinstance(refusal, Incomplete | Busy)
        page = self._page(kind, self._seen(kind, subject_id), act, given, refusal, key=_key() if keeps_key else None)
        response = make_response(page, refusal.status)
        if isinstance(refusal, Busy):
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    def _seen(self, kind: str, subject_id: int) -> Seen:
        if kind not in SHOWN:
            raise NotFound
        return look(db.session(), kind, subject_id, current_actor(), now())

    def _page(
        self, kind: str, seen: Seen, act: ObjectAct | None = None, given: Given | None = None,
        refusal: Refusal | None = None, key: str | None = None,
    ) -> str:  # fmt: skip
        """Its facts, the form of one act where one is open, and the way back."""
        complaints = refusal.complaints if isinstance(refusal, Incomplete) else ()
        is_open = act is not None and seen.refusals[act.transition.move] is None
        form = None
        if act is not None and is_open:
            form = ActForm(act, None, current_actor(), given, complaints, subject=seen.subject)
        said = words.of_refusal(refusal) if refusal is not None and not isinstance(refusal, Incomplete) else ""
        return self.render_template(
            "object.html", title=gettext(SHOWN[kind].title), facts=SHOWN[kind].facts(seen.subject), kind=kind,
            subject=seen.subject, acts=seen.lawful, act=act, form=form, key=key or token_urlsafe(24), refusal=said,
            application_id=_reached(getattr(seen.subject, "application_id", None)), more=SHOWN[kind].more(seen.subject),
            list_endpoint=SHOWN[kind].list_endpoint,
            history=history(kind, seen.subject.id) if SHOWN[kind].tells(seen.subject) else [],
        )  # fmt: skip


def history(kind: str, subject_id: int) -> list[Event]:
    """What happened to an object that whoever asks has seen already."""
    own = select(Event).where(Event.subject_kind == kind, Event.subject_id == subject_id)
    with scope.acting_on(db.session(), scope.NO_APPLICATION):
        return list(db.session.scalars(own.order_by(Event.seq)))


def _reached(application_id: int | None) -> int | None:
    """The application, where whoever asks reaches it: an office that is asked sees its opinion alone."""
    if application_id is None:
        return None
    found = db.session().get(Application, application_id, populate_existing=True)
    return found.id if found is not None else None


def _number(name: str) -> int | None:
    sent = request.form.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) <= BIGGEST_VERSION else None


def _key() -> str | None:
    sent = request.form.get("idempotency_key", "")
    return sent if sent and len(sent) <= LONGEST_KEY and sent.isprintable() else None
