"""The clocks of an application, each explained day by day, as a strip and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from app.engine import dossiers
from app.engine.lamps import lamp_at, thresholds
from app.law import N_
from app.law.clock import CLOCKS, ZONE, Clock, Lamp, Unit
from app.law.explain import REASONS, DayReason
from app.web.clock_words import left

if TYPE_CHECKING:
    from datetime import date

    from app.engine.dossier import Dossier
    from app.law.explain import DayNote
    from app.models.calendar import ClockRun

OFF = frozenset({DayReason.WEEKEND, DayReason.HOLIDAY})
KINDS = {DayReason.START: "start", DayReason.PAUSED: "paused"}
SHORT = {
    DayReason.START: N_("start day"), DayReason.ADJUSTED_WORKDAY: N_("make-up day"), DayReason.PAUSED: N_("on hold"),
}  # fmt: skip
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
FIRST = (Clock.PROMISED, Clock.STATUTORY)
"""The two that the applicant was promised stand first."""


@dataclass(frozen=True)
class DayShown:
    """One cell of the strip."""

    kind: str
    date: str
    mark: str
    note: str
    today: bool
    due: bool
    late: bool


@dataclass(frozen=True)
class ClockShown:
    """One run of one clock in words and days."""

    clock: Clock
    label: str
    lamp: Lamp
    words: str
    limit: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    outcome: str
    breach: str
    days: list[DayShown]
    running: bool

    @property
    def is_first(self) -> bool:
        """Whether it is one of the two limits of the whole matter."""
        return self.clock in FIRST


def clocks(dossier: Dossier, now: datetime) -> list[ClockShown]:
    """All runs: the promised and the statutory limit first, running before stopped."""
    shown = [_clock(run, dossier, now) for run in dossier.clocks.runs]
    return sorted(shown, key=lambda each: (not each.running, not each.is_first, each.due_at))


def nearest(shown: list[ClockShown]) -> ClockShown | None:
    """The running clock that ends first."""
    counting = (each for each in shown if each.running and each.lamp is not Lamp.GREY)
    return min(counting, key=lambda each: each.due_at, default=None)


def _clock(run: ClockRun, dossier: Dossier, now: datetime) -> ClockShown:
    rule, running = CLOCKS[Clock(run.clock)], run.stopped_at is None
    if running:
        lamp = lamp_at(run, now, dossier.calendar, thresholds(dossier.session, dossier.settings))
        words = _paused(run.paused_on) if run.paused_on else left(run.due_at, now, dossier.calendar)
    else:
        lamp = Lamp.RED if run.outcome == "late" else Lamp.NONE
        words = _outcome(run)
    return ClockShown(
        Clock(run.clock), _label(run, dossier), lamp, words, _limit(run), run.started_at, run.due_at, run.provisional,
        run.outcome or "", _(rule.breach) if lamp is Lamp.RED else "", list(_days(run, dossier, now)), running,
    )  # fmt: skip


def _label(run: ClockRun, dossier: Dossier) -> str:
    """The clock's name; of one of several owed materials, which one it is."""
    label = _(CLOCKS[Clock(run.clock)].label)
    if run.clock != Clock.OWED:
        return label
    return ": ".join((label, *(each.material.name for each in dossier.owed if each.id == run.subject_id)))


def _paused(since: date) -> str:
    return _("paused since %(day)s", day=since.strftime("%m-%d"))


def _outcome(run: ClockRun) -> str:
    at = run.stopped_at.strftime("%m-%d %H:%M") if run.stopped_at else ""
    if run.outcome == "late":
        return _("done late, %(at)s", at=at)
    return _("done in time, %(at)s", at=at) if run.outcome == "met" else _("fell away, %(at)s", at=at)


def _limit(run: ClockRun) -> str:
    match Unit(run.unit):
        case Unit.WORKING_DAY:
            return ngettext("%(num)s working day", "%(num)s working days", run.amount)
        case Unit.MONTH:
            return ngettext("%(num)s month", "%(num)s months", run.amount)
        case Unit.SAME_DAY:
            return _("the same working day")
        case _:
            return _("a written date")


def _days(run: ClockRun, dossier: Dossier, now: datetime) -> Iterator[DayShown]:
    today = now.astimezone(ZONE).date()
    for note in dossiers.explained(run, dossier):
        is_due = note.day == run.due_on
        yield DayShown(
            _kind(note), note.day.strftime("%m-%d"), _mark(note), _note(note), note.day == today, is_due,
            is_due and (run.outcome == "late" or (run.stopped_at is None and now > run.due_at)),
        )  # fmt: skip


def _kind(note: DayNote) -> str:
    if note.reason in OFF:
        return "off"
    return "provisional" if note.provisional else KINDS.get(note.reason, "counted")


def _mark(note: DayNote) -> str:
    return str(note.ordinal) if note.ordinal is not None else "0" if note.reason is DayReason.START else ""


def _note(note: DayNote) -> str:
    if note.holiday and note.reason is DayReason.HOLIDAY:
        return note.holiday
    if note.reason in (DayReason.COUNTED, DayReason.WEEKEND):
        return weekday(note.day)
    return _(SHORT.get(note.reason) or REASONS[note.reason])


def weekday(day: date) -> str:
    """The day of the week, short."""
    return _(WEEKDAYS[day.weekday()])
