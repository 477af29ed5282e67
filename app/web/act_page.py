"""The page of one act: its form, what was wrong with it, why it is refused; it is done by the one engine."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext

from app.engine import birth, dossiers, missteps, offers, refused
from app.engine.acts import ACTS
from app.engine.facts import Facts
from app.engine.now import now
from app.engine.perform import first_failed
from app.errors import Busy, Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.extensions import db
from app.law import N_
from app.law.guards import GuardKind
from app.web import form_input, words
from app.web.actor import conduct, current_actor
from app.web.application_shown import Shown
from app.web.forms import SHAPES, ActForm, Shape
from app.web.logging import request_id

if TYPE_CHECKING:
    from flask import Response
    from flask_appbuilder import BaseView
    from werkzeug.wrappers import Response as AnyResponse

    from app.engine.acts import Act
    from app.engine.dossier import Dossier
    from app.web.form_input import Given

LONGEST_KEY = 80
BIGGEST_VERSION = 9


class ActPage:
    """One request for the page of an act; `application_id` None is the registration of a new one."""

    def __init__(self, view: BaseView, name: str, application_id: int | None) -> None:
        act = ACTS.get(name)
        if act is None or act.transition.birth is not (application_id is None):
            raise NotFound
        self.view, self.act, self.application_id = view, act, application_id
        self.actor = current_actor()

    def answer(self) -> AnyResponse:
        """The empty form, or what became of the one that was sent."""
        return self._send() if request.method == "POST" else self._open()

    def _open(self) -> AnyResponse:
        dossier = self._dossier()
        refusal = self._why_not(dossier)
        return self._page(dossier, refusal=refusal, status=refusal.status if refusal else 200)

    def _send(self) -> AnyResponse:
        try:
            self._dossier()  # out of reach there is no form, and nothing is stored for it
        except NotFound as refusal:
            refused.record(db.session(), refusal, self.act, self.application_id, self.actor, {}, request_id())
            raise
        given = form_input.read(self.act.schema(), SHAPES.get(self.act.transition.name, Shape()))
        if given.complaints:
            missteps.note(db.session(), self.actor, self.act.transition.name, given.complaints)
            return self._page(self._dossier(), given, Incomplete(given.complaints), key=self._key())
        try:
            answer = conduct(self.act.transition.name, self.application_id, given.data, self._version(), self._key())
        except Incomplete as refusal:
            return self._page(self._dossier(), given, refusal, key=self._key())
        except (NotNow, NotAllowed, Busy) as refusal:
            key = self._key() if isinstance(refusal, Busy) else None
            return self._page(self._dossier(), given, refusal, status=refusal.status, key=key)
        flash(gettext("Done: %(act)s.", act=gettext(self.act.transition.label)), "success")
        return redirect(url_for("ApplicationPage.show", application_id=answer["id"]), 303)

    def _why_not(self, dossier: Dossier | None) -> Refusal | None:
        """Why the act would be refused now, with the item that the address begins with if it names one."""
        refusal = why_not(self.act, dossier)
        if refusal is None and (code := request.args.get("item")) and self.act.transition.birth:
            return birth.why_not(db.session(), self.act, self.actor, code)
        return refusal

    def _begins(self) -> dict[str, str]:
        """What the address of an empty form says already."""
        fields = self.act.schema().fields
        known = {name for name in fields if self.act.transition.birth and not fields[name].metadata.get("personal")}
        known.add(SHAPES.get(self.act.transition.name, Shape()).asked_by)
        return {name: value for name, value in request.args.items() if name in known and value}

    def _dossier(self) -> Dossier | None:
        return dossiers.find(db.session(), self.application_id) if self.application_id is not None else None

    def _version(self) -> int | None:
        sent = request.form.get("version", "")
        return int(sent) if sent.isdecimal() and len(sent) <= BIGGEST_VERSION else None

    def _key(self) -> str | None:
        sent = request.form.get("idempotency_key", "")
        return sent if sent and len(sent) <= LONGEST_KEY and sent.isprintable() else None

    def _page(
        self, dossier: Dossier | None, given: Given | None = None, refusal: Refusal | None = None, status: int = 422,
        key: str | None = None,
    ) -> Response:  # fmt: skip
        """The form as it was sent, made anew from the application as it stands; or the sentence alone."""
        is_wrong = isinstance(refusal, Incomplete)
        is_open = is_wrong or self._why_not(dossier) is None
        complaints = refusal.complaints if isinstance(refusal, Incomplete) else ()
        form = ActForm(self.act, dossier, self.actor, given, complaints, self._begins()) if is_open else None
        here = {"application_id": self.application_id}
        back = url_for("ApplicationPage.show", **here) if dossier else url_for("DeskView.index")
        page = self.view.render_template(
            "act_form.html", title=gettext(self.act.transition.label), form=form, key=key or token_urlsafe(24),
            version=dossier.application.version if dossier else None, back=back, may_send=is_open,
            shown=Shown(dossier, self.actor, now()) if dossier else None,
            refusal=words.of_refusal(refusal) if refusal and not is_wrong else "",
        )  # fmt: skip
        response = make_response(page, status)
        if isinstance(refusal, Busy):
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response


def why_not(act: Act, dossier: Dossier | None) -> Refusal | None:
    """Why this act would be refused now to whoever is asking; None where it is lawful."""
    actor, moment, label = current_actor(), now(), act.transition.label
    grants = actor.grants_of(act.transition.name)
    if dossier is None:
        return None if grants else NotAllowed(N_("Your role does not include «%(act)s»."), act=label)
    if any(offer.name == act.transition.name for offer in offers.lawful(dossier, actor, moment)):
        return None
    if dossier.state not in act.transition.sources:
        return NotNow(
            N_("This application is %(state)s now; «%(act)s» cannot be done in this state."),
            state=dossier.state, act=label,
        )  # fmt: skip
    a = dossier.application
    for kind, refusal in ((GuardKind.FORBIDDEN, NotAllowed), (GuardKind.NOT_NOW, NotNow)):
        for grant in grants:
            facts = Facts(dossier, actor, grant, moment)
            failed = first_failed(act, facts, kind)
            if failed is not None and grant.reaches(a.centre_id, a.office_id):
                return refusal(failed.sentence, **failed.named(facts))
    return NotAllowed(N_("Your role does not include «%(act)s»."), act=label)

