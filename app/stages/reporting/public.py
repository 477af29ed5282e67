"""Acknowledging a ledger without login: whoever got the letter has its link, and sees its head alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select

from app.engine import scope
from app.engine.actors import public
from app.engine.now import now
from app.engine.object_looks import look
from app.engine.perform_object import perform_object
from app.errors import Incomplete, NotAllowed, NotFound, NotNow
from app.extensions import db
from app.models.ledger import LedgerBatch
from app.stages.reporting.shown import week
from app.web import words
from app.web.logging import request_id
from app.web.public import PublicView, limited

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from app.engine.actors import Actor

KIND, BIGGEST_VERSION, LONGEST_TOKEN = "ledger_batch", 9, 32
A_MINUTE = 30


class LedgerReceipt(PublicView):
    """One ledger, by the token of its letter: number, week, counts and seal; no line of it, no personal data."""

    route_base = "/ledger"
    default_view = "show"

    @expose("/<token>", methods=["GET"])
    @limited("ledger", A_MINUTE, by_all=True)
    def show(self, token: str) -> AnyResponse:
        """What was sent, and a button."""
        return self._page(_opened(token))

    @expose("/<token>", methods=["POST"])
    @limited("ledger-acknowledged", A_MINUTE, by_all=True)
    def acknowledge(self, token: str) -> AnyResponse:
        """The department has it."""
        actor = _opened(token)
        given, sent = {"receiver": request.form.get("receiver", "")}, request.form.get("version", "")
        version = int(sent) if sent.isdecimal() and len(sent) <= BIGGEST_VERSION else None
        assert actor.opened is not None
        try:
            perform_object(
                db.session(), *_address(actor), actor, given, version, request_id=request_id()
            )
        except (Incomplete, NotNow, NotAllowed) as refusal:
            return self._page(actor, refusal, given["receiver"])
        return redirect(url_for(".show", token=token), 303)

    def _page(
        self, actor: Actor, refusal: Incomplete | NotNow | NotAllowed | None = None, receiver: str = ""
    ) -> AnyResponse:
        assert actor.opened is not None
        scope.bind(db.session(), actor)
        batch: LedgerBatch = look(db.session(), *actor.opened, actor, now()).subject
        complaints = refusal.complaints if isinstance(refusal, Incomplete) else ()
        said = words.of_refusal(refusal) if refusal is not None and not complaints else ""
        page = self.render_template(
            "ledger_received.html", batch=batch, facts=_facts(batch), refusal=said, receiver=receiver,
            complaints=[(each.field, words.of_complaint(each)) for each in complaints],
        )  # fmt: skip
        return make_response(page, refusal.status if refusal else 200)


def _address(actor: Actor) -> tuple[str, str, int]:
    assert actor.opened is not None
    kind, batch_id = actor.opened
    return kind, "acknowledge", batch_id


def _opened(token: str) -> Actor:
    """Whoever has the token: somebody who sees this one ledger. It is the token that is looked for, whoever asks."""
    session = db.session()
    with scope.unscoped(session):
        found = session.scalar(select(LedgerBatch.id).where(LedgerBatch.token == token[:LONGEST_TOKEN + 1]))
    if found is None:
        raise NotFound
    return public((KIND, found))


def _facts(batch: LedgerBatch) -> list[tuple[str, Any]]:
    found = [
        (_("Number"), batch.number),
        (_("Approval office"), batch.office.name),
        (_("Industry department"), batch.department.name),
        (_("Week"), week(batch)),
        (_("Applications closed"), batch.closed_count),
        (_("Later changes"), batch.change_count),
        (_("Seal of the ledger"), batch.hash, True),
        (_("SHA-256 of the workbook"), batch.workbook_sha256, True),
    ]
    if batch.acknowledged_at:
        found.append((_("Acknowledged at"), f"{batch.acknowledged_at:%Y-%m-%d %H:%M}"))
    return found  # type: ignore[return-value]
