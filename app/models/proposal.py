"""A configuration from elsewhere that somebody proposes and somebody else reviews."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import Created, JsonColumn, Key, Model, Moment, Ref, Row, label


class ConfigurationProposal(Created, Model):
    """A bundle that waits for a second person; `files` are its files by name, as they were read."""

    __tablename__ = "configuration_proposal"
    __table_args__ = (
        CheckConstraint("state in ('proposed', 'applied', 'refused', 'withdrawn')", name="proposal_state"),
        CheckConstraint("(state in ('applied', 'refused')) = (reviewer_id is not null)", name="proposal_reviewed"),
        CheckConstraint("reviewer_id is null or reviewer_id <> proposer_id", name="proposal_two_people"),
    )
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(255), info=label(N_("File")))
    sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[Row] = mapped_column(JsonColumn)
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    note: Mapped[str] = mapped_column(String(200), default="", info=label(N_("What changes, and why")))
    proposer_id: Mapped[int] = Ref("ab_user.id")
    reviewer_id: Mapped[int | None] = Ref("ab_user.id")
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Reviewed at")))
    reviewed_by: Mapped[str | None] = mapped_column(String(64), info=label(N_("Reviewed by")))
    remark: Mapped[str] = mapped_column(String(200), default="", info=label(N_("Remark")))

    def __str__(self) -> str:
        return self.name
