"""收费与押金 (第十五条（七）): an item's published standards, the county's public channels, and what an applicant owes.

Nowhere is there a column for whom money is paid to: a channel leads to the treasury or to the office, and nowhere else.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Created, Hundredths, Key, Model, Moment, OfApplication, Ref, label
from app.models.catalogue import Item
from app.models.trail import Document

_KIND = "kind in ('fee', 'deposit')"
_NOTIFIED = "quantity is not null and amount is not null and channel_id is not null"


class ItemFee(Created, Model):
    """One fee or deposit of an item: its legal basis and its price; without a basis nothing is charged (许可法58)."""

    __tablename__ = "item_fee"
    __table_args__ = (
        UniqueConstraint("item_id", "name", name="standard_name"),
        CheckConstraint(_KIND, name="standard_kind"),
        CheckConstraint("unit_price > 0", name="standard_price"),
        CheckConstraint("trim(legal_basis) <> ''", name="standard_basis"),
    )
    id: Mapped[Key]
    item_id: Mapped[int] = Ref("item.id", info=label(N_("Item")))
    position: Mapped[int] = mapped_column(Integer, info=label(N_("Position")))
    name: Mapped[str] = mapped_column(String(100), info=label(N_("Name")))
    kind: Mapped[str] = mapped_column(
        String(10), info=label(N_("Fee or deposit"), N_("A deposit is held and given back."))
    )
    legal_basis: Mapped[str] = mapped_column(
        Text, info=label(N_("Legal basis"), N_("The law or regulation, with its article; it is printed on the notice."))
    )
    unit_price: Mapped[Decimal] = mapped_column(Hundredths, info=label(N_("Unit price (yuan)")))
    unit_name: Mapped[str] = mapped_column(
        String(30), info=label(N_("Charged per"), N_("What is counted, such as: certificate, square metre and day."))
    )
    is_active: Mapped[bool] = mapped_column(
        Boolean, default=True, info=label(N_("In force"), N_("At most one fee and one deposit of an item."))
    )
    item: Mapped[Item] = relationship(back_populates="fees")

    def __str__(self) -> str:
        return self.name


class PaymentChannel(Created, Model):
    """统一的公共支付方式: a way to pay that the county made public; it leads to the treasury or to an office."""

    __tablename__ = "payment_channel"
    __table_args__ = (
        CheckConstraint("kind in ('non_tax_platform', 'bank_counter', 'pos', 'qr')", name="channel_kind"),
        CheckConstraint("account in ('treasury', 'office')", name="channel_account"),
    )
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Code")))
    name: Mapped[str] = mapped_column(
        String(50), unique=True, info=label(N_("Name"), N_("As the applicant reads it on the notice."))
    )
    kind: Mapped[str] = mapped_column(String(20), info=label(N_("Kind")))
    account: Mapped[str] = mapped_column(
        String(10), info=label(N_("Where the money goes"), N_("Never to a person: there is nowhere to write one."))
    )
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, info=label(N_("Active")))

    def __str__(self) -> str:
        return self.name


class Fee(OfApplication, Created, Model):
    """What the applicant has to pay or to deposit, by the standard of the item as it was filed (req. 87, 88)."""

    __tablename__ = "fee"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", name="fee_once"),
        CheckConstraint(_KIND, name="fee_kind"),
        CheckConstraint(
            "state in ('due', 'notified', 'paid', 'held', 'refunded', 'waived', 'ceased')", name="fee_state"
        ),
        CheckConstraint(
            f"state in ('due', 'waived', 'ceased') or (payment_code is not null and {_NOTIFIED})", name="fee_notified"
        ),
        CheckConstraint("amount is null or amount > 0", name="fee_amount"),
        CheckConstraint(
            "(state in ('paid', 'held', 'refunded')) = (payment_no is not null and paid_at is not null)",
            name="fee_paid",
        ),
        CheckConstraint("payment_no is null or payer <> '' and method is not null", name="fee_payer"),
        CheckConstraint("method is null or method in ('callback', 'by_hand')", name="fee_method"),
        CheckConstraint("method is null or method <> 'by_hand' or evidence_id is not null", name="fee_evidence"),
        CheckConstraint("state <> 'paid' or kind = 'fee'", name="fee_is_paid"),
        CheckConstraint("state not in ('held', 'refunded') or kind = 'deposit'", name="fee_deposit_is_held"),
        CheckConstraint("(state = 'refunded') = (refund_no is not null)", name="fee_refund"),
        CheckConstraint("state <> 'waived' or waiver_basis <> ''", name="fee_waiver"),
        CheckConstraint("(state in ('due', 'notified')) = (settled_at is null)", name="fee_settled"),
    )
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100), info=label(N_("Name")))
    kind: Mapped[str] = mapped_column(String(10), info=label(N_("Fee or deposit")))
    legal_basis: Mapped[str] = mapped_column(Text, info=label(N_("Legal basis")))
    unit_price: Mapped[Decimal] = mapped_column(Hundredths, info=label(N_("Unit price (yuan)")))
    unit_name: Mapped[str] = mapped_column(String(30), info=label(N_("Charged per")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    version: Mapped[int] = mapped_column(Integer, default=1)
    quantity: Mapped[Decimal | None] = mapped_column(Hundredths, info=label(N_("Quantity")))
    amount: Mapped[Decimal | None] = mapped_column(Hundredths, info=label(N_("Amount (yuan)")))
    channel_id: Mapped[int | None] = Ref("payment_channel.id", info=label(N_("Channel")))
    document_id: Mapped[int | None] = Ref("document.id", index=False)
    payment_code: Mapped[str | None] = mapped_column(String(20), unique=True, info=label(N_("Payment code")))
    pay_by: Mapped[date | None] = mapped_column(Date, info=label(N_("Pay by")))
    notified_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Notified at")))
    notified_by_name: Mapped[str] = mapped_column(String(100), default="")
    payment_no: Mapped[str | None] = mapped_column(String(40), unique=True, info=label(N_("Payment number")))
    payer: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Payer")))
    paid_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Paid at")))
    method: Mapped[str | None] = mapped_column(String(10), info=label(N_("Confirmed how")))
    confirmed_by_name: Mapped[str] = mapped_column(String(100), default="")
    evidence_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    waiver_basis: Mapped[str] = mapped_column(Text, default="", info=label(N_("Legal basis of the waiver")))
    waiver_reason: Mapped[str] = mapped_column(Text, default="", info=label(N_("Reason")))
    waived_by_name: Mapped[str] = mapped_column(String(100), default="")
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    refund_no: Mapped[str | None] = mapped_column(String(40), unique=True, info=label(N_("Refund number")))
    refunded_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Refunded at")))
    refunded_by_name: Mapped[str] = mapped_column(String(100), default="")
    channel: Mapped[PaymentChannel | None] = relationship()
    document: Mapped[Document | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it is neither paid nor waived nor fallen away."""
        return self.settled_at is None

    def __str__(self) -> str:
        return self.name
