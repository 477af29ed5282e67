"""The working-day calendar, the county's settings, clocks that run, and what the checker found and did."""

from datetime import date, datetime, time

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import Created, JsonColumn, Key, Model, Moment, OfApplication, Ref, label


class CalendarDay(Created, Model):
    """One day: working or not, its holiday's name, and whether the State Council's notice is published for it."""

    __tablename__ = "calendar_day"
    day: Mapped[date] = mapped_column(Date, primary_key=True, info=label(N_("Day")))
    is_workday: Mapped[bool] = mapped_column(Boolean, info=label(N_("Working day")))
    name: Mapped[str] = mapped_column(String(50), default="", info=label(N_("Holiday")))
    published: Mapped[bool] = mapped_column(Boolean, info=label(N_("Published")))


class Setting(Created, Model):
    """A county setting: a key and a JSON value."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(60), primary_key=True, info=label(N_("Key")))
    value: Mapped[object] = mapped_column(JsonColumn, info=label(N_("Value")))


class ClockRun(OfApplication, Model):
    """One run of one clock of an application: when it started, its limit, when it is due, when it stopped.

    `due_on` is the last day, `due_at` closing time of that day at the centre that took the application. `extension` is
    in working days (行政许可法42); `paused_on` the first day of a pause that lasts; `subject_id` the owed material,
    opinion or escalation that the clock belongs to, where there may be several.
    """

    __tablename__ = "clock_run"
    __table_args__ = (
        UniqueConstraint("application_id", "clock", "run", name="clock_run_once"),
        CheckConstraint("stopped_at is null or outcome is not null", name="clock_run_outcome"),
        Index("clock_run_ended", "clock", "stopped_at"),
        Index(
            "clock_running_due",
            "due_at",
            sqlite_where=text("stopped_at is null"),
            postgresql_where=text("stopped_at is null"),
        ),
    )
    id: Mapped[Key]
    clock: Mapped[str] = mapped_column(String(20))
    run: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Moment)
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(12))
    closing: Mapped[time] = mapped_column(Time)
    due_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column(Moment)
    provisional: Mapped[bool] = mapped_column(Boolean)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(10))
    extension: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    subject_id: Mapped[int | None] = mapped_column(Integer)
    paused_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[str] = mapped_column(String(64))


class ClockPause(OfApplication, Model):
    """The days a clock run was paused, both ends included; without a last day it is paused still."""

    __tablename__ = "clock_pause"
    __table_args__ = (CheckConstraint("last_day is null or last_day >= first_day", name="clock_pause_order"),)
    id: Mapped[Key]
    clock_run_id: Mapped[int] = Ref("clock_run.id")
    suspension_id: Mapped[int] = Ref("suspension.id", index=False)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[str] = mapped_column(String(64))


class Alert(OfApplication, Model):
    """A lamp that turned: once per clock run, level and due date."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("clock_run_id", "level", "due_on", name="alert_once"),
        CheckConstraint("level in ('yellow', 'red')", name="alert_level"),
    )
    id: Mapped[Key]
    clock_run_id: Mapped[int] = mapped_column(Integer)
    clock: Mapped[str] = mapped_column(String(20), info=label(N_("Clock")))
    level: Mapped[str] = mapped_column(String(10), info=label(N_("Lamp")))
    due_on: Mapped[date] = mapped_column(Date, info=label(N_("Due")))
    raised_at: Mapped[datetime] = mapped_column(Moment, index=True, info=label(N_("Raised at")))
    created_by: Mapped[str] = mapped_column(String(64))


class JobRun(Model):
    """One run of one scheduled job: when, how many rows it saw, what it raised, what failed."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot", name="job_run_slot"),)
    id: Mapped[Key]
    job: Mapped[str] = mapped_column(String(40), info=label(N_("Job")))
    slot: Mapped[datetime] = mapped_column(Moment, info=label(N_("Slot")))
    started_at: Mapped[datetime] = mapped_column(Moment, index=True, info=label(N_("Started at")))
    ended_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Ended at")))
    seen: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Seen")))
    raised: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Raised")))
    failed: Mapped[int] = mapped_column(Integer, default=0, info=label(N_("Failed")))
    error: Mapped[str] = mapped_column(String(500), default="", info=label(N_("Error")))


class Lease(Model):
    """Which scheduler leads, and until when, by the database's clock."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(Moment)
