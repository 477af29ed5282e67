"""A year of working days: its draft, its publication, the due dates that moved; and when lamps turn."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Created, Key, Model, Moment, Ref, label


class CalendarDraft(Created, Model):
    """A day of a year that is being prepared; the rows of a year together are its draft."""

    __tablename__ = "calendar_draft"
    day: Mapped[date] = mapped_column(Date, primary_key=True, info=label(N_("Day")))
    is_workday: Mapped[bool] = mapped_column(Boolean, info=label(N_("Working day")))
    name: Mapped[str] = mapped_column(String(50), default="", info=label(N_("Holiday")))


class CalendarPublication(Model):
    """A year that was published, or corrected later: by whom, from which day on it differs, what it moved."""

    __tablename__ = "calendar_publication"
    id: Mapped[Key]
    year: Mapped[int] = mapped_column(Integer, info=label(N_("Year")))
    version: Mapped[int] = mapped_column(Integer, unique=True)
    corrects: Mapped[bool] = mapped_column(Boolean, info=label(N_("Correction")))
    first_day: Mapped[date] = mapped_column(Date, info=label(N_("First day that differs")))
    days: Mapped[int] = mapped_column(Integer, info=label(N_("Days that differ")))
    moved: Mapped[int] = mapped_column(Integer, info=label(N_("Due dates moved")))
    overdue: Mapped[int] = mapped_column(Integer, info=label(N_("Made overdue")))
    settled: Mapped[int] = mapped_column(Integer, info=label(N_("No longer provisional")))
    published_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Published at")))
    published_by: Mapped[str] = mapped_column(String(64), info=label(N_("Published by")))

    def __str__(self) -> str:
        return str(self.year)


class DueDateMove(Model):
    """A due date that a published calendar moved: which matter and which clock, and nothing about a person."""

    __tablename__ = "due_date_move"
    id: Mapped[Key]
    publication_id: Mapped[int] = Ref("calendar_publication.id")
    application_id: Mapped[int] = Ref("application.id", index=False)
    number: Mapped[str] = mapped_column(String(30), info=label(N_("Number")))
    item: Mapped[str] = mapped_column(String(200), info=label(N_("Item")))
    clock: Mapped[str] = mapped_column(String(20), info=label(N_("Clock")))
    was_due_on: Mapped[date] = mapped_column(Date, info=label(N_("Was due")))
    due_on: Mapped[date] = mapped_column(Date, info=label(N_("Due")))
    overdue: Mapped[bool] = mapped_column(Boolean, info=label(N_("Made overdue")))
    settled: Mapped[bool] = mapped_column(Boolean, info=label(N_("No longer provisional")))
    publication: Mapped[CalendarPublication] = relationship()


class LampRule(Created, Model):
    """When the lamp of one clock turns yellow, and when red."""

    __tablename__ = "lamp_rule"
    __table_args__ = (CheckConstraint("red_after between 0 and 5", name="lamp_red_after"),)
    clock: Mapped[str] = mapped_column(String(20), primary_key=True, info=label(N_("Clock")))
    last_days: Mapped[int] = mapped_column(
        Integer,
        info=label(N_("Yellow: working days left"), N_("Yellow when no more working days than this are left.")),
    )
    long_limit: Mapped[int] = mapped_column(
        Integer,
        info=label(N_("Long limits begin above (working days)"), N_("A longer limit turns yellow by the share left.")),
    )
    long_percent: Mapped[int] = mapped_column(
        Integer,
        info=label(
            N_("Yellow: per cent left of a long limit"), N_("Yellow when no more than this per cent of it is left.")
        ),
    )
    red_after: Mapped[int] = mapped_column(
        Integer, info=label(N_("Red: working days past due"), N_("0 is red as soon as the clock is past due."))
    )
    since: Mapped[datetime] = mapped_column(Moment, info=label(N_("Holds since")))
