"""Queue tickets and the counter rows that numbers are drawn from."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Key, Model, Moment, Ref, label
from app.models.organisation import Centre, Window


class Ticket(Model):
    """A queue number (排队号): one visit, at one window, for as many applications as it takes."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("centre_id", "day", "number", name="ticket_number"),
        CheckConstraint(
            "state in ('waiting', 'called', 'serving', 'missed', 'finished', 'expired')", name="ticket_state"
        ),
        CheckConstraint("state <> 'serving' or window_id is not null", name="ticket_served_at_window"),
        Index(
            "window_serves_one",
            "window_id",
            unique=True,
            sqlite_where=text("state in ('called', 'serving')"),
            postgresql_where=text("state in ('called', 'serving')"),
        ),
    )
    id: Mapped[Key]
    centre_id: Mapped[int] = Ref("centre.id")
    day: Mapped[date] = mapped_column(Date, info=label(N_("Day")))
    number: Mapped[str] = mapped_column(String(10), info=label(N_("Ticket number")))
    area: Mapped[str] = mapped_column(String(10), info=label(N_("Area")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    walk_in: Mapped[bool] = mapped_column(default=False, info=label(N_("Walk-in")))
    window_id: Mapped[int | None] = Ref("window.id", info=label(N_("Window")))
    served_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    issued_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Issued at")))
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    centre: Mapped[Centre] = relationship()
    window: Mapped[Window | None] = relationship()

    def __str__(self) -> str:
        return self.number


class Counter(Model):
    """The last number drawn under a name; locked while drawing, increasing, never reused."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
