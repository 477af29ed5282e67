"""What is entered when an applicant is told to pay, pays, need not pay, or gets a deposit back."""

from app.engine.inputs import Input, choice, file, hundredths, row_id, text
from app.engine.item_inputs import FEE_KINDS
from app.law import N_

MOST = "9999999999.99"


class NotifyFeeInput(Input):
    """How much of what is charged, and by which public channel; the amount and the payee are nobody's to enter."""

    fee_kind = choice(N_("Fee or deposit"), FEE_KINDS)
    quantity = hundredths(N_("Quantity"), "0.01", "9999", help_text=N_("The server multiplies it with the standard."))
    channel_id = row_id(N_("Public payment channel"))
    reason = text(N_("Why the notice is given again"), 5, 300, required=False)


class ConfirmPaymentInput(Input):
    """A payment that arrived."""

    fee_kind = choice(N_("Fee or deposit"), FEE_KINDS, required=False)
    payment_no = text(N_("Payment number"), 6, 40)
    amount = hundredths(N_("Amount (yuan)"), "0.01", MOST)
    payer = text(N_("Payer"), 1, 100, personal="name")
    evidence = file(N_("Evidence of the payment"), required=False)


class WaiveInput(Input):
    """Why nothing is charged, and by which law."""

    legal_basis = text(N_("Legal basis of the waiver"), 5, 500)
    reason = text(N_("Reason"), 5, 500)


class RefundInput(Input):
    """A deposit that went back."""

    refund_no = text(N_("Refund number"), 6, 40)
    reason = text(N_("Reason"), 5, 300)
    evidence = file(N_("Evidence of the refund"), required=False)
