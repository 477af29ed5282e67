"""Queue tickets and the counter rows that numbers are drawn from."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Key, Model, Moment, Placed, Ref, label
from app.models.catalogue import Item
from app.models.organisation import Centre, Window

AT_A_WINDOW = ("called", "serving")
"""The states in which a ticket occupies a window."""


class Ticket(Placed, Model):
    """A queue number (排队号): one visit, at one window, for as many applications as it takes.

    `place` orders the queue of an area on its day; whoever is put back or sent on draws a new one, at the end.
    """

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
        Index("ticket_kiosk_token", "kiosk_token", unique=True),
        Index("ticket_queue", "centre_id", "day", "state", "area", "place"),
        Index(
            "ticket_due", "due_at",
            sqlite_where=text("due_at is not null"), postgresql_where=text("due_at is not null"),
        ),
        Index(
            "ticket_out_of_turn", "passed_over",
            sqlite_where=text("passed_over > 0"), postgresql_where=text("passed_over > 0"),
        ),
    )  # fmt: skip
    id: Mapped[Key]
    centre_id: Mapped[int] = Ref("centre.id", info=label(N_("Centre")))
    day: Mapped[date] = mapped_column(Date, info=label(N_("Day")))
    number: Mapped[str] = mapped_column(String(10), info=label(N_("Ticket number")))
    area: Mapped[str] = mapped_column(String(10), info=label(N_("Area")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    walk_in: Mapped[bool] = mapped_column(default=False, info=label(N_("Walk-in")))
    item_id: Mapped[int | None] = Ref("item.id", index=False, info=label(N_("Item")))
    place: Mapped[int | None] = mapped_column(Integer, info=label(N_("Place in the queue")))
    ahead: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Waiting in front when it was taken")))
    kiosk_token: Mapped[str | None] = mapped_column(String(40))
    window_id: Mapped[int | None] = Ref("window.id", info=label(N_("Window")))
    served_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    issued_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Issued at")))
    called_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Called at")))
    calls: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Times called")))
    finished_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Finished at")))
    was_put_back: Mapped[bool] = mapped_column(default=False, info=label(N_("Put back once")))
    passed_over: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("People passed over")))
    reason: Mapped[str] = mapped_column(String(300), default="", info=label(N_("Reason for calling out of turn")))
    centre: Mapped[Centre] = relationship()
    window: Mapped[Window | None] = relationship()
    item: Mapped[Item | None] = relationship()

    def __str__(self) -> str:
        return self.number


class Counter(Model):
    """The last number drawn under a name; locked while drawing, increasing, never reused."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
