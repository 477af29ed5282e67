"""听证 (行政许可法 36, 46-48): the right is told, a hearing is asked for, set, announced and held, with its record."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import Key, Model, Moment, OfApplication, Ref, label

_OPEN = "state in ('offered', 'requested', 'set')"


class Hearing(OfApplication, Model):
    """One hearing: who was told of the right, who asked for it, when it is, and what its record says.

    `due_at` is the end of what it waits for: of the days to ask for it, then of those in which it is held.
    """

    __tablename__ = "hearing"
    __table_args__ = (
        CheckConstraint("state in ('offered', 'requested', 'set', 'held', 'waived', 'ceased')", name="hearing_state"),
        CheckConstraint(
            "state <> 'held' or (record_id is not null and presider_id is not null)", name="hearing_record"
        ),
        Index(
            "one_open_hearing",
            "application_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(40), unique=True, info=label(N_("Number")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    version: Mapped[int] = mapped_column(Integer, default=1)
    matter: Mapped[str] = mapped_column(String(500), info=label(N_("What it is about")))
    told: Mapped[str] = mapped_column(String(500), info=label(N_("Told of the right")))
    offered_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Due")))
    requester: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Asked for by")))
    request_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    requested_at: Mapped[datetime | None] = mapped_column(Moment)
    held_on: Mapped[date | None] = mapped_column(Date, info=label(N_("Day of the hearing")))
    place: Mapped[str] = mapped_column(String(200), default="", info=label(N_("Place")))
    announced_at: Mapped[datetime | None] = mapped_column(Moment)
    presider_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    presider_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Presider")))
    parties: Mapped[str] = mapped_column(Text, default="", info=label(N_("Who took part")))
    summary: Mapped[str] = mapped_column(Text, default="", info=label(N_("What was said")))
    record_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    waived_at: Mapped[datetime | None] = mapped_column(Moment)
    waiver: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[str] = mapped_column(String(64))
