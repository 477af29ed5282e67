"""代岗: for some days one person holds the roles of another who is absent, under their own name (第八条)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Date, Index, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Key, Model, Moment, Placed, Ref, Sight, label
from app.models.organisation import Staff


class SubstitutePeriod(Placed, Model):
    """Who stands in for whom, from which day to which; it stands at the place of the absent person."""

    __tablename__ = "substitute_period"
    __table_args__ = (
        CheckConstraint("state in ('planned', 'active', 'ended', 'cancelled')", name="substitute_state"),
        CheckConstraint("absent_id <> substitute_id", name="substitute_other_person"),
        CheckConstraint("until >= since", name="substitute_dates"),
        Index("substitute_of", "substitute_id", "state"),
    )
    id: Mapped[Key]
    absent_id: Mapped[int] = Ref("staff.id", info=label(N_("Absent")))
    substitute_id: Mapped[int] = Ref("staff.id", index=False, info=label(N_("Substitute")))
    since: Mapped[date] = mapped_column(Date, info=label(N_("Since")))
    until: Mapped[date] = mapped_column(Date, info=label(N_("Until")))
    reason: Mapped[str] = mapped_column(String(200), info=label(N_("Reason")))
    planned_by_id: Mapped[int] = Ref("ab_user.id", index=False)
    started_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Began at")))
    ended_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Ended at")))
    absent: Mapped[Staff] = relationship(foreign_keys=[absent_id])
    substitute: Mapped[Staff] = relationship(foreign_keys=[substitute_id])

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """Its place, and the two it is about wherever they work."""
        own = select(Staff.id).where(Staff.user_id == sight.user_id)
        here: Any = super()
        found: ColumnElement[bool] = here.seen_by(sight)
        return or_(found, cls.absent_id.in_(own), cls.substitute_id.in_(own))

    def __str__(self) -> str:
        return f"{self.substitute.name} → {self.absent.name}"
