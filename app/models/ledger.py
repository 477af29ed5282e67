"""Weekly ledgers (周台账): what an approval office closed in a week, told to one industry department, sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement, false, or_, true

from app.law import N_
from app.models.base import JsonColumn, Key, Model, Moment, OfPlaced, Placed, Ref, Row, Sight, label
from app.models.organisation import IndustryDepartment, Office

OF_A_CLOSING = text("kind = 'closed'")


class LedgerBatch(Placed, Model):
    """The ledger of one office for one department and week; what it says never changes once it is built.

    `hash` seals its head, its lines and the ledger before it of the same office and department. `tries`,
    `next_try_at`, `claimed_until` and `last_error` are about sending it.
    """

    __tablename__ = "ledger_batch"
    __table_args__ = (
        UniqueConstraint("office_id", "department_id", "week_from", name="ledger_once"),
        CheckConstraint("state in ('built', 'sent', 'failed', 'acknowledged')", name="ledger_state"),
        CheckConstraint("week_from < week_to", name="ledger_week"),
        CheckConstraint("state not in ('sent', 'acknowledged') or sent_at is not null", name="ledger_sent"),
        CheckConstraint(
            "state <> 'acknowledged' or (acknowledged_at is not null and acknowledged_by <> '')",
            name="ledger_acknowledged",
        ),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(64), unique=True, info=label(N_("Number")))
    department_id: Mapped[int] = Ref("industry_department.id")
    week_from: Mapped[date] = mapped_column(Date, index=True, info=label(N_("Week from")))
    week_to: Mapped[date] = mapped_column(Date, info=label(N_("Week to")))
    closed_count: Mapped[int] = mapped_column(Integer, info=label(N_("Applications closed")))
    change_count: Mapped[int] = mapped_column(Integer, info=label(N_("Later changes")))
    rows_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), info=label(N_("Seal of the ledger")))
    workbook_sha256: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    recipient: Mapped[str] = mapped_column(String(200), default="", info=label(N_("Sent to")))
    tries: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Times sent")))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    next_try_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Next try")))
    last_error: Mapped[str] = mapped_column(String(500), default="", info=label(N_("Why not delivered")))
    sent_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Sent on")))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Acknowledged at")))
    acknowledged_by: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Acknowledged by")))
    office: Mapped[Office] = relationship()
    department: Mapped[IndustryDepartment] = relationship()

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """The office whose work it is, the department it is for, and whoever sees the county."""
        if sight.county:
            return true()
        theirs = cls.department_id == sight.department_id if sight.department_id is not None else false()
        return or_(cls.office_id.in_(sight.offices), theirs)

    def __str__(self) -> str:
        return self.number


class LedgerRow(OfPlaced, Model):
    """One line of a ledger: an application that was closed, or what changed since an earlier ledger told of it."""

    __tablename__ = "ledger_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "position", name="ledger_row_position"),
        CheckConstraint("kind in ('closed', 'change')", name="ledger_row_kind"),
        Index("closed_in_one_ledger", "application_id", unique=True,
              sqlite_where=OF_A_CLOSING, postgresql_where=OF_A_CLOSING),
    )  # fmt: skip
    whole, part_of = LedgerBatch, "batch_id"
    id: Mapped[Key]
    batch_id: Mapped[int] = Ref("ledger_batch.id", index=False)
    application_id: Mapped[int] = Ref("application.id")
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    changed: Mapped[list[str]] = mapped_column(JsonColumn)
    facts: Mapped[Row] = mapped_column(JsonColumn)


class LedgerWorkbook(OfPlaced, Model):
    """The workbook of a ledger, as it was made with it: what is sent and opened is these bytes."""

    __tablename__ = "ledger_workbook"
    whole, part_of = LedgerBatch, "batch_id"
    id: Mapped[Key]
    batch_id: Mapped[int] = Ref("ledger_batch.id", unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
