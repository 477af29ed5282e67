"""Fees come due when the application is accepted, by the standards of the item as it was filed (第十五条（七）)."""

from decimal import ROUND_HALF_UP, Decimal

from app.engine.turn import Turn
from app.models.base import HUNDREDTH
from app.models.fees import Fee

COME_DUE_AT = frozenset({"accept", "deem_accepted"})


def come_due(turn: Turn) -> None:
    """What the item charges or holds is owed from now on; what it says later changes nothing."""
    if turn.transition.name not in COME_DUE_AT:
        return
    for standard in turn.dossier.item.get("fees", ()):
        if standard["is_active"]:
            fee = Fee(
                application_id=turn.application.id,
                name=standard["name"],
                kind=standard["kind"],
                legal_basis=standard["legal_basis"],
                unit_price=Decimal(standard["unit_price"]),
                unit_name=standard["unit_name"],
                state="due",
                version=1,
                created_at=turn.now,
                created_by=turn.by,
            )
            turn.session.add(fee)


def cease(turn: Turn) -> None:
    """Nothing is charged for what ends without a result; what was paid stays paid, and a deposit is given back."""
    for fee in turn.dossier.fees:
        if fee.is_open:
            fee.state, fee.settled_at, fee.version = "ceased", turn.now, fee.version + 1


def amount_of(unit_price: Decimal, quantity: Decimal) -> Decimal:
    """Standard times quantity, in whole 分."""
    return (unit_price * quantity).quantize(HUNDREDTH, ROUND_HALF_UP)
