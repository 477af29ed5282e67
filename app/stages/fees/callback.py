"""Where the public payment platform reports what was paid: signed, fresh, and heard once however often it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import jsonify, request
from flask_appbuilder import BaseView, expose
from sqlalchemy import select

from app.engine import payments, refused, scope
from app.engine.actors import SYSTEM
from app.engine.acts import ACTS
from app.engine.inputs import Input, hundredths, text
from app.engine.now import now
from app.engine.perform import perform
from app.errors import Busy, NotFound, NotNow, Refusal
from app.extensions import csrf, db
from app.law import N_
from app.models.application import Application
from app.models.fees import Fee
from app.stages.fees.inputs import MOST
from app.web.api_base import body, read
from app.web.errors import answer
from app.web.logging import request_id
from app.web.public import limited

if TYPE_CHECKING:
    from flask import Response

ACT = "confirm_payment"
MOST_BYTES = 16 * 1024
TRIES = 3
"""An act on the application may come in between; the payment is the same afterwards."""

FORGED = N_("The signature is not the payment platform's.")
STALE = N_("This was sent too long ago, or by a clock that is wrong; send it again with the present moment.")


class PaymentReport(Input):
    """What the platform says of one payment."""

    payment_code = text(N_("Payment code"), 20, 20)
    payment_no = text(N_("Payment number"), 6, 40)
    amount = hundredths(N_("Amount (yuan)"), "0.01", MOST)
    payer = text(N_("Payer"), 1, 100)


class PaymentCallback(BaseView):
    """The one address that is written to without a login: whoever signs with the platform's key is the platform."""

    route_base = "/pay"

    @expose("/callback", methods=["POST"])
    @limited("pay", 600)
    @csrf.exempt
    def callback(self) -> Response:
        """Take one payment; said again, it is answered alike and done no second time."""
        request.max_content_length = MOST_BYTES
        sent_at = request.headers.get("X-Payment-Timestamp", "")
        if not payments.is_genuine(sent_at, request.get_data(), request.headers.get("X-Payment-Signature", "")):
            return answer(401, FORGED)
        if not payments.is_fresh(sent_at, now()):
            return answer(401, STALE)
        return jsonify(_take(read(PaymentReport(), body())))


def _take(report: dict[str, Any]) -> dict[str, Any]:
    """Confirm the payment as the system; whatever is refused of what the platform says is kept for people to see."""
    for left in reversed(range(TRIES)):
        fee, version = _find(report["payment_code"])
        if (fee.payment_no, fee.amount) == (report["payment_no"], report["amount"]):
            break
        said = {"fee_kind": fee.kind, **{name: report[name] for name in ("payment_no", "amount", "payer")}}
        try:
            perform(db.session(), ACT, fee.application_id, SYSTEM, said, version, request_id=request_id())
        except Busy:
            raise
        except Refusal as refusal:
            came_between = isinstance(refusal, NotNow) and not isinstance(refusal, refused.WrongState)
            if left and came_between:
                continue
            _keep(refusal, report, fee.application_id)
            raise
    return {"payment_code": report["payment_code"], "payment_no": report["payment_no"], "state": "taken"}


def _find(code: str) -> tuple[Fee, int]:
    """What the code stands for, as it is now, and the version of its application."""
    session = db.session()
    session.rollback()
    scope.bind(session, SYSTEM)
    query = select(Fee, Application.version).join(Application, Application.id == Fee.application_id)
    found = session.execute(query.where(Fee.payment_code == code)).one_or_none()
    if found is None:
        refusal = NotFound(N_("No notice has this payment code."))
        _keep(refusal, {"payment_code": code}, None)
        raise refusal
    return found[0], found[1]


def _keep(refusal: Refusal, report: dict[str, Any], application_id: int | None) -> None:
    """A payment that fits no notice is somebody's money: it stands among the refused acts."""
    refused.keep(
        db.session(), refusal, ACTS[ACT], application_id, SYSTEM, request_id(), about=str(report["payment_code"])
    )
