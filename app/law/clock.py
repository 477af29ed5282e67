"""Clocks and their lamps: when a clock ends, which colour it shows, when the next level is told."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.law.clock_rules import CLOCKS, Clock, ClockRule, PauseKind, Yellow, pauses_clock
from app.law.limits import Limit, Unit, deadline, due_at, is_late, limit_of
from app.law.workdays import ZONE, Calendar, add_workdays, capped, workdays_between

__all__ = [
    "CLOCKS",
    "ZONE",
    "Clock",
    "ClockRule",
    "Lamp",
    "Limit",
    "PauseKind",
    "Thresholds",
    "Unit",
    "Yellow",
    "capped",
    "deadline",
    "due_at",
    "escalates_at",
    "is_late",
    "lamp",
    "limit_of",
    "pauses_clock",
    "red_at",
]


class Lamp(StrEnum):
    """The colour of a clock; none where it does not run."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    NONE = "none"


@dataclass(frozen=True)
class Thresholds:
    """When the lamp of a clock turns; days are working days, `red_after` None where the clock's own rule holds."""

    last_days: int = 1
    long_limit: int = 10
    long_percent: int = 20
    noon: time = time(12)
    red_after: int | None = None


DEFAULTS = Thresholds()


def red_at(
    rule: ClockRule, due: datetime, calendar: Calendar, closing: time, thresholds: Thresholds = DEFAULTS
) -> datetime:
    """The moment after which the clock's lamp is red."""
    days = rule.red_after if thresholds.red_after is None else thresholds.red_after
    return _days_past(due, days, calendar, closing)


def escalates_at(rule: ClockRule, due: datetime, calendar: Calendar, closing: time) -> datetime | None:
    """The moment after which the next level is told, if a count of days leads there."""
    if rule.escalate_after is None:
        return None
    return _days_past(due, rule.escalate_after, calendar, closing)


def lamp(
    rule: ClockRule,
    limit: Limit,
    due: datetime | None,
    now: datetime,
    calendar: Calendar,
    *,
    closing: time,
    paused: bool,
    thresholds: Thresholds = DEFAULTS,
) -> Lamp:
    """The colour of a running clock now; grey while paused, none without a due date.

    A breach stays: a clock that was past due when the pause began is not paused.
    """
    if paused:
        return Lamp.GREY
    if due is None:
        return Lamp.NONE
    if now > red_at(rule, due, calendar, closing, thresholds):
        return Lamp.RED
    if is_late(now, due):
        return Lamp.YELLOW
    return Lamp.YELLOW if _nears_end(rule, limit, due, now, calendar, thresholds=thresholds) else Lamp.GREEN


def _nears_end(
    rule: ClockRule, limit: Limit, due: datetime, now: datetime, calendar: Calendar, *, thresholds: Thresholds
) -> bool:
    last_day = due.astimezone(ZONE).date()
    if rule.yellow is Yellow.PAST_DUE:
        return False
    if rule.yellow is Yellow.NOON:
        return now >= datetime.combine(last_day, thresholds.noon, ZONE)
    left = workdays_between(now.astimezone(ZONE).date(), last_day, calendar)
    whole = _in_workdays(limit, last_day, calendar)
    if whole > thresholds.long_limit:
        return left * 100 <= whole * thresholds.long_percent
    return left <= thresholds.last_days


def _in_workdays(limit: Limit, last_day: date, calendar: Calendar) -> int:
    """The limit's length in working days; a month is measured as the thirty days before the last day."""
    if limit.unit is Unit.MONTH:
        return workdays_between(last_day - timedelta(days=30 * limit.amount), last_day, calendar)
    return limit.amount if limit.unit is Unit.WORKING_DAY else 0


def _days_past(due: datetime, days: int, calendar: Calendar, closing: time) -> datetime:
    if not days:
        return due
    return datetime.combine(add_workdays(due.astimezone(ZONE).date(), days, calendar).due, closing, ZONE)
