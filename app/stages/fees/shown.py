"""Fees as the application's page, their own page and their list show them."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.engine.dossier import Dossier
from app.engine.item_inputs import FEE_KINDS
from app.law import N_
from app.models.fees import Fee
from app.stages.fees.forms import standard
from app.web.branches_shown import Section

STATES = {
    "due": (N_("Due, not notified"), "orange"),
    "notified": (N_("Notified, not paid"), "orange"),
    "paid": (N_("Paid"), "green"),
    "held": (N_("Deposit held"), "blue"),
    "refunded": (N_("Deposit given back"), "green"),
    "waived": (N_("Waived"), "grey"),
    "ceased": (N_("Fell away"), "grey"),
}
METHODS = {"callback": N_("By the payment platform"), "by_hand": N_("By hand, with evidence")}


def sections(dossier: Dossier) -> list[Section]:
    """Each fee and deposit of the application."""
    return [
        Section(
            fee.name, _(STATES[fee.state][0]), STATES[fee.state][1], list(_facts(fee)),
            href=url_for("ObjectPage.show", kind="fee", subject_id=fee.id),
        )
        for fee in dossier.fees
    ]  # fmt: skip


def facts(fee: Fee) -> list[tuple[str, Any]]:
    """One fee in words."""
    return [(_("Name"), fee.name), (_("State"), _(STATES[fee.state][0])), *_facts(fee)]


def _facts(fee: Fee) -> Iterator[tuple[str, Any]]:
    yield _("Fee or deposit"), _(FEE_KINDS[fee.kind])
    yield _("Legal basis"), fee.legal_basis
    yield _("Standard"), standard(fee)
    if fee.notified_at is not None:
        assert fee.channel is not None
        assert fee.document is not None
        yield _("Amount"), _("%(amount)s yuan, for %(quantity)s", amount=fee.amount, quantity=fee.quantity)
        yield _("Public payment channel"), fee.channel.name
        yield _("Payment code"), fee.payment_code
        yield _("Pay by"), f"{fee.pay_by:%Y-%m-%d}"
        yield _("Notice"), f"{fee.document.number} · {fee.notified_by_name} · {fee.notified_at:%Y-%m-%d %H:%M}"
    if fee.paid_at is not None:
        yield _("Payment number"), fee.payment_no
        yield _("Payer"), fee.payer
        how = [_(METHODS[str(fee.method)]), *([fee.confirmed_by_name] if fee.method == "by_hand" else [])]
        yield _("Paid"), " · ".join([f"{fee.paid_at:%Y-%m-%d %H:%M}", *how])
    if fee.state == "waived":
        yield _("Legal basis of the waiver"), fee.waiver_basis
        yield _("Reason"), fee.waiver_reason
        yield _("Waived by"), f"{fee.waived_by_name} · {fee.settled_at:%Y-%m-%d %H:%M}"
    if fee.refunded_at is not None:
        yield _("Given back"), f"{fee.refund_no} · {fee.refunded_by_name} · {fee.refunded_at:%Y-%m-%d %H:%M}"
