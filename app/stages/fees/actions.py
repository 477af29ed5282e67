"""Acts of charging (第十五条（七）): the notice with a public channel, the payment, waiving, giving a deposit back."""

from sqlalchemy import select

from app.engine import object_acts
from app.engine.acts import Data, act
from app.engine.fees import amount_of
from app.engine.inputs import MOST_MONEY
from app.engine.object_acts import object_act
from app.engine.turn import Turn
from app.law import N_, numbering
from app.law.roles import Role
from app.law.workdays import add_workdays
from app.models.fees import Fee, PaymentChannel
from app.stages.fees.inputs import ConfirmPaymentInput, NotifyFeeInput, RefundInput, WaiveInput

object_acts.subject("fee", Fee)

PAY_WITHIN = 10
"""Working days, unless the county set another number."""
USED = N_("This number is on record for another payment already.")


@act("notify_fee", NotifyFeeInput)
def notify_fee(t: Turn, data: Data) -> None:
    """Tell the applicant what to pay, by which law, and by which public channel (req. 87, 88)."""
    fee = next((each for each in t.dossier.fees if each.kind == data["fee_kind"] and each.is_open), None)
    t.not_now_unless(fee, N_("Nothing of this kind waits to be paid."))
    assert fee is not None
    channel = t.session.get(PaymentChannel, data["channel_id"])
    t.require(
        channel is not None and channel.is_active, "channel_id", N_("Choose one of the county's public channels.")
    )
    amount = amount_of(fee.unit_price, data["quantity"])
    t.require(0 < amount < MOST_MONEY, "quantity", N_("This comes to %(amount)s yuan."), amount=str(amount))
    is_again = fee.state == "notified"
    t.require(not is_again or data["reason"], "reason", N_("The applicant has a notice: say why another one is given."))
    t.settle()
    assert channel is not None
    deadline = add_workdays(t.today, t.settings.get("payment_days", PAY_WITHIN), t.calendar)
    if is_again and fee.document is not None:
        fee.document.state = "voided"
        t.payload["instead_of"] = fee.document.number
    if fee.payment_code is None:
        t.draw(
            numbering.counter_for_payment(t.today),
            lambda serial: setattr(fee, "payment_code", numbering.payment_code(t.today, serial)),
        )
    fee.quantity, fee.amount, fee.channel, fee.pay_by = data["quantity"], amount, channel, deadline.due
    again = data["reason"] if is_again else None
    t.issue("fee_notice", of=fee, fee=fee, channel=channel, deadline=deadline, again=again)
    fee.state, fee.version, fee.notified_at, fee.notified_by_name = "notified", fee.version + 1, t.now, t.actor.name
    t.payload |= {"fee": fee.name, "amount": str(amount), "channel": channel.name}
    t.message = f"{fee.name} {amount}"


@act("confirm_payment", ConfirmPaymentInput)
def confirm_payment(t: Turn, data: Data) -> None:
    """Record that the notice was paid, as the platform says or by what the applicant shows (req. 88)."""
    fee = _paid_now(t, data)
    by_platform = t.role is Role.SYSTEM
    t.require(by_platform or data["evidence"], "evidence", N_("Upload the receipt of the payment."))
    evidence = t.claim(data["evidence"], "evidence", "payment")
    t.require(
        data["amount"] == fee.amount,
        "amount",
        N_("The notice says %(amount)s yuan, and %(paid)s were paid."),
        amount=str(fee.amount),
        paid=str(data["amount"]),
    )
    # Any application of the county may have it, not only those within reach.
    row = Fee.__table__.c
    known = t.session.execute(select(row.id).where(row.payment_no == data["payment_no"])).first()
    t.require(known is None, "payment_no", USED)
    t.settle()
    fee.state, fee.version = "held" if fee.kind == "deposit" else "paid", fee.version + 1
    fee.payment_no, fee.payer, fee.paid_at, fee.settled_at = data["payment_no"], data["payer"], t.now, t.now
    fee.method, fee.confirmed_by_name = "callback" if by_platform else "by_hand", t.actor.name
    if evidence is not None:
        fee.evidence_id = evidence.id
    t.payload |= {"fee": fee.name, "fee_kind": fee.kind, "payment_code": fee.payment_code}
    t.message = f"{fee.name} {fee.amount}"


def _paid_now(t: Turn, data: Data) -> Fee:
    """The fee whose notice was paid; where a fee and a deposit wait, the input says which."""
    notified = [each for each in t.dossier.fees if each.state == "notified"]
    if data["fee_kind"]:
        notified = [each for each in notified if each.kind == data["fee_kind"]]
        t.not_now_unless(notified, N_("Nothing of this kind waits to be paid."))
    t.require(len(notified) == 1, "fee_kind", N_("A fee and a deposit wait to be paid: say which one this is."))
    t.settle()
    return notified[0]


@object_act("waive_fee", WaiveInput)
def waive(t: Turn, fee: Fee, data: Data) -> None:
    """Waive what is not notified yet, by law and with a reason."""
    fee.state, fee.settled_at, fee.waived_by_name = "waived", t.now, t.actor.name
    fee.waiver_basis, fee.waiver_reason = data["legal_basis"], data["reason"]
    t.message = f"{fee.name}: {data['reason']}"[:200]
    t.tell(unit=t.application.centre.unit)


@object_act("waive_notified_fee", WaiveInput)
def waive_notified(t: Turn, fee: Fee, data: Data) -> None:
    """Waive what the applicant was told to pay; the notice is void."""
    if fee.document is not None:
        fee.document.state = "voided"
    waive(t, fee, data)


@object_act("refund_deposit", RefundInput)
def refund(t: Turn, fee: Fee, data: Data) -> None:
    """Give the deposit back to whoever paid it, at the latest when what it secured is done."""
    evidence = t.claim(data["evidence"], "evidence", "payment")
    row = Fee.__table__.c
    used = (row.refund_no == data["refund_no"]) | (row.payment_no == data["refund_no"])
    t.require(t.session.execute(select(row.id).where(used)).first() is None, "refund_no", USED)
    t.settle()
    if evidence is not None:
        evidence.application_id = fee.application_id
    fee.state, fee.refund_no, fee.refunded_at = "refunded", data["refund_no"], t.now
    fee.refunded_by_name = t.actor.name
    t.message = f"{fee.name} {fee.amount}"
    t.tell(unit=t.application.centre.unit)
