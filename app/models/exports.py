"""Requests to take statistics or lists of files out of the house: approved by somebody else, used once (第五条)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, Date, Integer, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import JsonColumn, Key, Model, Moment, Placed, Ref, Sight, label

DECIDERS = frozenset({"supervisor", "archivist", "bureau_leader"})
READERS = DECIDERS | {"system"}


class ExportRequest(Placed, Model):
    """What somebody asks to take out, of which days and which place, for what and for whom.

    `centre_id` and `office_id` narrow it; what lies within the requester's reach when it is used is taken, no more.
    """

    __tablename__ = "export_request"
    __table_args__ = (
        CheckConstraint(
            "state in ('requested', 'approved', 'refused', 'used', 'expired')", name="export_request_state"
        ),
        CheckConstraint(
            "what in ('applications', 'ledger_rows', 'archive_catalogue', 'refused_acts')", name="export_request_what"
        ),
        CheckConstraint("from_on <= to_on", name="export_request_days"),
        CheckConstraint("decided_by_id is null or decided_by_id <> requester_id", name="export_request_two_people"),
        CheckConstraint("state = 'requested' or decided_by_id is not null", name="export_request_decided"),
        CheckConstraint("state <> 'used' or sha256 is not null", name="export_request_used"),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Number")))
    what: Mapped[str] = mapped_column(String(20), info=label(N_("What is taken out")))
    columns: Mapped[list[str]] = mapped_column(JsonColumn, info=label(N_("Columns")))
    from_on: Mapped[date] = mapped_column(Date, info=label(N_("First day")))
    to_on: Mapped[date] = mapped_column(Date, info=label(N_("Last day")))
    purpose: Mapped[str] = mapped_column(Text, info=label(N_("Purpose")))
    recipient: Mapped[str] = mapped_column(String(100), info=label(N_("Recipient")))
    requester_id: Mapped[int] = Ref("ab_user.id")
    requester_name: Mapped[str] = mapped_column(String(100), info=label(N_("Requested by")))
    decided_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    decided_by_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Decided by")))
    decided_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Decided at")))
    reason: Mapped[str] = mapped_column(String(500), default="", info=label(N_("Reason")))
    used_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Used at")))
    rows: Mapped[int | None] = mapped_column(Integer, info=label(N_("Number of rows")))
    sha256: Mapped[str | None] = mapped_column(String(64), info=label(N_("Digest of the file")))
    file_name: Mapped[str] = mapped_column(String(200), default="", info=label(N_("File")))

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """Whoever asked, and those who decide."""
        if sight.roles & READERS:
            return true()
        return cls.requester_id == sight.user_id

    def __str__(self) -> str:
        return self.number
