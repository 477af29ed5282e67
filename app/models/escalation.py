"""上报: what a level cannot decide goes one level up, with a reason and a day to answer (第十四条)."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import Key, Model, Moment, OfApplication, Ref, label

_OPEN = "state in ('open', 'returned')"


class Escalation(OfApplication, Model):
    """One matter on its way up; one open per application, returned once at most (req. 36-39)."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint(
            "type in ('special_complex', 'missing_history', 'policy_change', 'stuck')", name="escalation_type"
        ),
        CheckConstraint("state in ('open', 'answered', 'returned', 'closed')", name="escalation_state"),
        CheckConstraint("level in ('window_manager', 'office_head', 'bureau_leader')", name="escalation_level"),
        Index(
            "one_open_escalation",
            "application_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("escalation_desk", "level", "state"),
    )
    id: Mapped[Key]
    type: Mapped[str] = mapped_column(String(20), info=label(N_("Kind")))
    reason: Mapped[str] = mapped_column(Text, info=label(N_("Reason")))
    level: Mapped[str] = mapped_column(String(20), info=label(N_("Level")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    version: Mapped[int] = mapped_column(Integer, default=1)
    raised_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    raised_by_name: Mapped[str] = mapped_column(String(100), info=label(N_("Raised by")))
    raised_as: Mapped[str] = mapped_column(String(20))
    raised_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Raised at")))
    was_returned: Mapped[bool] = mapped_column(Boolean, default=False)
    answer: Mapped[str] = mapped_column(Text, default="", info=label(N_("Answer")))
    answered_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    answered_by_name: Mapped[str] = mapped_column(String(100), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    clock_run_id: Mapped[int | None] = mapped_column(Integer)
    created_by: Mapped[str] = mapped_column(String(64))
