"""The forms of charging: only what waits, only public channels, and the standard beside the quantity."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from app.engine.dossier import Dossier
from app.law import N_
from app.models.fees import Fee, PaymentChannel
from app.web.forms import Shape


def standard(fee: Fee) -> str:
    """What is charged for what."""
    return _("%(price)s yuan for each %(unit)s", price=fee.unit_price, unit=fee.unit_name)


def to_notify(dossier: Dossier | None) -> Mapping[str, str]:
    """The fees that wait, each with its standard."""
    waiting = [fee for fee in dossier.fees if fee.is_open] if dossier else []
    return {fee.kind: f"{fee.name} · {standard(fee)}" for fee in waiting}


def channels(dossier: Dossier | None) -> Mapping[int, str]:
    """The county's public channels; no other can be chosen, and none be written."""
    if dossier is None:
        return {}
    query = select(PaymentChannel).where(PaymentChannel.is_active.is_(True)).order_by(PaymentChannel.code)
    return {channel.id: channel.name for channel in dossier.session.scalars(query)}


def notified(dossier: Dossier | None) -> list[Fee]:
    """What the applicant was told to pay."""
    return [fee for fee in dossier.fees if fee.state == "notified"] if dossier else []


def to_pay(dossier: Dossier | None) -> Mapping[str, str]:
    """The notices that wait for their payment."""
    return {fee.kind: _("%(name)s, %(amount)s yuan", name=fee.name, amount=fee.amount) for fee in notified(dossier)}


def _hints(dossier: Dossier | None) -> Mapping[str, str]:
    told = [
        _("%(name)s: %(amount)s yuan, payment code %(code)s", name=fee.name, amount=fee.amount, code=fee.payment_code)
        for fee in notified(dossier)
    ]
    return {"amount": " · ".join(told)} if told else {}


SHAPES = {
    "notify_fee": Shape(
        choices={"fee_kind": to_notify, "channel_id": channels},
        begins=lambda dossier, _actor: {"fee_kind": next(iter(to_notify(dossier)), "")},
        irrelevant=lambda dossier: () if notified(dossier) else ("reason",),
        ask=N_("The notice with the amount goes to the applicant. Go on?"),
    ),
    "confirm_payment": Shape(
        choices={"fee_kind": to_pay},
        irrelevant=lambda dossier: () if len(notified(dossier)) > 1 else ("fee_kind",),
        hints=_hints,
    ),
    "waive_fee": Shape(is_grave=True, ask=N_("Nothing is charged then. Go on?")),
    "waive_notified_fee": Shape(is_grave=True, ask=N_("Nothing is charged then, and the notice is void. Go on?")),
}  # fmt: skip
