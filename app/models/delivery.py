"""What leaves the house: certificates, EMS dispatches, service receipts (第十五条（六）)."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Key, Model, Moment, OfApplication, Ref, label
from app.models.encrypted import Encrypted
from app.models.trail import Document


class Certificate(OfApplication, Model):
    """A certificate made for a granted application, with its scan; its number is never used again."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="certificate_validity"),
        CheckConstraint("state in ('valid', 'voided')", name="certificate_state"),
        Index(
            "one_valid_certificate",
            "application_id",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(64), unique=True, info=label(N_("Certificate number")))
    name: Mapped[str] = mapped_column(String(100), info=label(N_("Licence or certificate")))
    state: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    scan_id: Mapped[int] = Ref("stored_file.id")
    document_id: Mapped[int] = Ref("document.id", index=False)
    made_in: Mapped[str] = mapped_column(String(30))
    physical_pieces: Mapped[int] = mapped_column(Integer)
    e_certificate: Mapped[bool] = mapped_column(Boolean, default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))

    document: Mapped[Document] = relationship()

    def __str__(self) -> str:
        return self.number


class EmsDispatch(OfApplication, Model):
    """A parcel posted by the certificate centre (六.1(2))."""

    __tablename__ = "ems_dispatch"
    __table_args__ = (
        CheckConstraint("state in ('sent', 'delivered', 'returned')", name="ems_state"),
        Index(
            "one_open_dispatch",
            "application_id",
            unique=True,
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
    )
    id: Mapped[Key]
    state: Mapped[str] = mapped_column(String(10))
    ems_no: Mapped[str] = mapped_column(Encrypted("ems_dispatch.ems_no"))
    ems_index: Mapped[str] = mapped_column(String(64), unique=True)
    ems_last4: Mapped[str] = mapped_column(String(4))
    pieces: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[str] = mapped_column(String(64))


class DeliveryReceipt(OfApplication, Model):
    """送达回证: who signed for the result, when and where."""

    __tablename__ = "delivery_receipt"
    __table_args__ = (
        CheckConstraint("relation in ('self', 'agent', 'legal_rep', 'left_in_place')", name="receipt_relation"),
        CheckConstraint("relation <> 'left_in_place' or witness <> ''", name="receipt_witness"),
        UniqueConstraint("application_id", name="delivered_once"),
    )
    id: Mapped[Key]
    mode: Mapped[str] = mapped_column(String(10))
    desk: Mapped[str] = mapped_column(String(30))
    signer: Mapped[str] = mapped_column(String(50))
    relation: Mapped[str] = mapped_column(String(20))
    id_last4: Mapped[str] = mapped_column(Encrypted("delivery_receipt.id_last4"))
    signature_id: Mapped[int] = Ref("stored_file.id", index=False)
    witness: Mapped[str] = mapped_column(String(50), default="")
    ems_receipt_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    delivered_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
