"""Invariants of fees: by the standard of the item as filed, settled by an act, and before the result left."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from app.engine.fees import COME_DUE_AT, amount_of
from app.models.delivery import EmsDispatch
from app.models.fees import Fee
from app.models.trail import Event
from app.supervision.histories import History, Judge

OF_THE_FEE = {
    "waived": ("waive_fee", "waive_notified_fee"),
    "refunded": ("refund_deposit",),
}
"""State -> the acts on the fee itself that lead there."""


def nothing_left_while_a_fee_was_open(h: History) -> Iterator[str]:
    """21: no result left, out of a hand or by EMS, while a fee or deposit was neither paid nor waived."""
    left = [at for at in (h.application.delivered_at, *(each.sent_at for each in h.rows[EmsDispatch])) if at]
    for fee in h.rows[Fee]:
        if any(fee.settled_at is None or fee.settled_at > at for at in left):
            yield f"{h}: the result left while {_name(fee)} was {fee.state}"


def what_the_item_charges_came_due(h: History) -> Iterator[str]:
    """21: once accepted, an application owes what its item charged when it was filed: that, and nothing else."""
    charged = [each for each in h.snapshot.get("fees", ()) if each["is_active"]] if h.acts(*COME_DUE_AT) else []
    wanted = {
        (each["kind"], each["name"], each["legal_basis"], Decimal(each["unit_price"]), each["unit_name"])
        for each in charged
    }
    found = {(fee.kind, fee.name, fee.legal_basis, fee.unit_price, fee.unit_name) for fee in h.rows[Fee]}
    for kind, name, *_standard in sorted(wanted ^ found):
        yield f"{h}: the {kind} «{name}» is not what its item charges"
    for fee in h.rows[Fee]:
        if fee.amount is not None and fee.amount != amount_of(fee.unit_price, fee.quantity):
            yield f"{h}: {_name(fee)} asks for {fee.amount}, and its standard times {fee.quantity} is something else"


def what_was_settled_an_act_settled(h: History) -> Iterator[str]:
    """21: behind what counts as paid, waived or given back stands the act that says so, at that moment."""
    for fee in h.rows[Fee]:
        if fee.payment_no is not None and not _says(h.acts("confirm_payment"), fee.paid_at, payment_no=fee.payment_no):
            yield f"{h}: {_name(fee)} was paid under {fee.payment_no}, and no act says so"
        own = [e for e in h.rows[Event] if (e.subject_kind, e.subject_id) == ("fee", fee.id)]
        acts = OF_THE_FEE.get(fee.state, ())
        if acts and not any(e.act in acts and e.at in (fee.settled_at, fee.refunded_at) for e in own):
            yield f"{h}: {_name(fee)} is {fee.state}, and no act says so"
        if fee.state == "ceased" and fee.settled_at != h.application.closed_at:
            yield f"{h}: {_name(fee)} fell away, and not with the application"


def _says(events: list[Row[Any]], at: Any, **said: Any) -> bool:
    return any(e.at == at and said.items() <= e.payload.items() for e in events)


def _name(fee: Row[Any]) -> str:
    return f"{fee.kind} {fee.id}"


INVARIANTS: tuple[tuple[int, Judge], ...] = (
    (21, nothing_left_while_a_fee_was_open),
    (21, what_the_item_charges_came_due),
    (21, what_was_settled_an_act_settled),
)
