"""Papers and who holds them: pieces, slips and their lines (交接单, 材料移交单)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Key, Model, Moment, OfApplication, Ref, label
from app.models.delivery import Certificate
from app.models.trail import Document


class Piece(OfApplication, Model):
    """A physical paper; exactly one unit holds it (`centre:1`, `office:2`, `certificate_centre`, `applicant`)."""

    __tablename__ = "piece"
    __table_args__ = (
        CheckConstraint("kind in ('material', 'document', 'certificate')", name="piece_kind"),
        CheckConstraint("copies between 1 and 99", name="piece_copies"),
    )
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    copies: Mapped[int] = mapped_column(Integer)
    first_holder: Mapped[str] = mapped_column(String(30))
    holder: Mapped[str] = mapped_column(String(30), index=True)
    material_id: Mapped[int | None] = Ref("application_material.id")
    document_id: Mapped[int | None] = Ref("document.id")
    certificate_id: Mapped[int | None] = Ref("certificate.id")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    document: Mapped[Document | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()


class Slip(OfApplication, Model):
    """A handover between two units: accepted once by somebody else, or returned with what is missing (req. 83, 104)."""

    __tablename__ = "slip"
    __table_args__ = (
        CheckConstraint("kind in ('file', 'result')", name="slip_kind"),
        CheckConstraint("medium in ('scans', 'paper')", name="slip_medium"),
        CheckConstraint("state in ('issued', 'accepted', 'returned')", name="slip_state"),
        CheckConstraint("settled_by_id is null or settled_by_id <> sender_id", name="slip_two_people"),
        CheckConstraint("from_unit <> to_unit", name="slip_two_units"),
        CheckConstraint("(state = 'issued') = (settled_at is null)", name="slip_settled"),
        Index(
            "one_open_slip",
            "application_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
        Index("slip_desk", "to_unit", "state"),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(40), unique=True, info=label(N_("Slip number")))
    kind: Mapped[str] = mapped_column(String(10), info=label(N_("Kind")))
    medium: Mapped[str] = mapped_column(String(10), info=label(N_("Medium")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    from_unit: Mapped[str] = mapped_column(String(30), info=label(N_("From")))
    to_unit: Mapped[str] = mapped_column(String(30), info=label(N_("To")))
    sender_id: Mapped[int] = Ref("ab_user.id", index=False)
    sender_name: Mapped[str] = mapped_column(String(100), info=label(N_("Sent by")))
    issued_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Sent at")))
    due_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("To arrive by")))
    settled_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    settled_by_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Received by")))
    settled_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Taken over at")))
    reason: Mapped[str] = mapped_column(String(300), default="", info=label(N_("Reason")))
    created_by: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list["SlipLine"]] = relationship(back_populates="slip", order_by="SlipLine.id")
    application: Mapped["Application"] = relationship()  # type: ignore[name-defined]  # noqa: F821

    def __str__(self) -> str:
        return self.number


class SlipLine(OfApplication, Model):
    """One line of a slip: listed = received + missing once the slip is settled."""

    __tablename__ = "slip_line"
    __table_args__ = (
        CheckConstraint("listed between 1 and 99", name="slip_line_listed"),
        CheckConstraint("received is null or received + missing = listed", name="slip_line_adds_up"),
        UniqueConstraint("slip_id", "piece_id", name="slip_line_piece_once"),
    )
    id: Mapped[Key]
    slip_id: Mapped[int] = Ref("slip.id")
    piece_id: Mapped[int | None] = Ref("piece.id")
    material_id: Mapped[int | None] = Ref("application_material.id", index=False)
    name: Mapped[str] = mapped_column(String(200))
    listed: Mapped[int] = mapped_column(Integer)
    received: Mapped[int | None] = mapped_column(Integer)
    missing: Mapped[int] = mapped_column(Integer, default=0)
    slip: Mapped[Slip] = relationship(back_populates="lines")
    piece: Mapped[Piece | None] = relationship()
