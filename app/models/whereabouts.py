"""去向留言: who left the window in office hours, where to, and until when (第八条); public at once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Key, Model, Moment, Placed, Ref, label
from app.models.organisation import Centre, Staff, Window

_AWAY = text("state = 'away'")


class Whereabouts(Placed, Model):
    """One absence of one person on one day; `due_at` is closing time, when it ends by itself."""

    __tablename__ = "whereabouts"
    __table_args__ = (
        CheckConstraint("state in ('away', 'returned')", name="whereabouts_state"),
        CheckConstraint("destination in ('meeting', 'field', 'leave', 'other')", name="whereabouts_destination"),
        CheckConstraint("destination <> 'other' or note <> ''", name="whereabouts_other_says_where"),
        CheckConstraint("(state = 'returned') = (back_at is not null)", name="whereabouts_back"),
        Index("away_once", "staff_id", unique=True, sqlite_where=_AWAY, postgresql_where=_AWAY),
        Index("away_at_window", "window_id", sqlite_where=_AWAY, postgresql_where=_AWAY),
    )
    id: Mapped[Key]
    staff_id: Mapped[int] = Ref("staff.id", info=label(N_("Staff")))
    window_id: Mapped[int | None] = Ref("window.id", index=False, info=label(N_("Window")))
    destination: Mapped[str] = mapped_column(String(10), info=label(N_("Gone where")))
    note: Mapped[str] = mapped_column(String(60), default="", info=label(N_("Note")))
    expected_back: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Expected back")))
    left_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Left at")))
    back_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Back at")))
    staff: Mapped[Staff] = relationship()
    window: Mapped[Window | None] = relationship()
    centre: Mapped[Centre] = relationship()

    def __str__(self) -> str:
        return self.staff.name
