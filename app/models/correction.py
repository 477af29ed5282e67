"""What is still to come from the applicant: owed materials (容缺), correction notices and their lines (补正)."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.application import ApplicationMaterial
from app.models.base import Key, Model, Moment, OfApplication, Ref, label


class OwedMaterial(OfApplication, Model):
    """A material the county tolerates to come later: what, how and by when, as committed in writing (req. 60).

    Whether it is overdue is told by its clock, not by its state.
    """

    __tablename__ = "owed_material"
    __table_args__ = (
        CheckConstraint("state in ('open', 'collected', 'ceased')", name="owed_state"),
        CheckConstraint("how in ('window', 'ems', 'online')", name="owed_how"),
        CheckConstraint(
            "settled_how is null or settled_how in ('window', 'ems', 'online', 'shared')", name="owed_settled_how"
        ),
        CheckConstraint("(state = 'open') = (settled_at is null)", name="owed_settled"),
        UniqueConstraint("application_id", "material_id", name="owed_once"),
    )
    id: Mapped[Key]
    material_id: Mapped[int] = Ref("application_material.id", index=False)
    requirement: Mapped[str] = mapped_column(String(300), info=label(N_("What to bring or put right")))
    how: Mapped[str] = mapped_column(String(10), info=label(N_("How it comes")))
    due_on: Mapped[date] = mapped_column(Date, info=label(N_("Due")))
    commitment_id: Mapped[int] = Ref("stored_file.id", index=False)
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_how: Mapped[str | None] = mapped_column(String(10))
    settled_by: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    material: Mapped[ApplicationMaterial] = relationship()


class CorrectionNotice(OfApplication, Model):
    """补正告知: everything to put right, told at once and numbered; never edited (第十五条（四）2)."""

    __tablename__ = "correction_notice"
    __table_args__ = (
        CheckConstraint("state in ('open', 'met', 'ended', 'ceased')", name="correction_state"),
        CheckConstraint("reply_days between 1 and 60", name="correction_reply"),
        CheckConstraint("round = 1 or leader_reason <> ''", name="correction_again_reason"),
        CheckConstraint("(state = 'open') = (settled_at is null)", name="correction_settled"),
        UniqueConstraint("application_id", "round", name="correction_round"),
        Index(
            "one_open_correction",
            "application_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: Mapped[Key]
    round: Mapped[int] = mapped_column(Integer)
    reply_days: Mapped[int] = mapped_column(Integer)
    leader_reason: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(10))
    requested_by_id: Mapped[int] = Ref("ab_user.id", index=False)
    requested_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list["CorrectionLine"]] = relationship(back_populates="notice", order_by="CorrectionLine.id")


class CorrectionLine(OfApplication, Model):
    """One defect to put right; or an owed material, shown with its own date and met by its supplement (req. 66)."""

    __tablename__ = "correction_line"
    __table_args__ = (
        CheckConstraint("kind in ('defect', 'owed')", name="correction_line_kind"),
        CheckConstraint("form is null or form <> 'copy' or copy_verified", name="correction_line_copy_verified"),
        CheckConstraint("pieces between 0 and 99", name="correction_line_pieces"),
        UniqueConstraint("notice_id", "material_id", name="correction_line_once"),
    )
    id: Mapped[Key]
    notice_id: Mapped[int] = Ref("correction_notice.id")
    kind: Mapped[str] = mapped_column(String(10))
    material_id: Mapped[int] = Ref("application_material.id", index=False)
    problem: Mapped[str] = mapped_column(String(300))
    requirement: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[str] = mapped_column(String(64), default="")
    form: Mapped[str | None] = mapped_column(String(12))
    pieces: Mapped[int] = mapped_column(Integer, default=0)
    copy_verified: Mapped[bool] = mapped_column(Boolean, default=False)
    file_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    created_by: Mapped[str] = mapped_column(String(64))
    notice: Mapped[CorrectionNotice] = relationship(back_populates="lines")
    material: Mapped[ApplicationMaterial] = relationship()

    @property
    def is_open(self) -> bool:
        """A defect that is not answered yet."""
        return self.kind == "defect" and self.answered_at is None
