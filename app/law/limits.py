"""Limits: a length of time as the law or the item states it, and the moment it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from app.law.workdays import ZONE, Calendar, Deadline, Pause, add_months, add_workdays, same_day


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAY = "working_day"
    MONTH = "month"
    SAME_DAY = "same_day"
    DATE = "date"


@dataclass(frozen=True)
class Limit:
    """A length of time as the law or the item states it: so many working days or months, the same day, or a date.

    A limit of 0 working days is 即办 and means the same day. `on` is the written date of a limit in `Unit.DATE`.
    """

    amount: int
    unit: Unit = Unit.WORKING_DAY
    on: date | None = None

    @property
    def is_same_day(self) -> bool:
        """Tell whether the limit ends with the day it starts on (即办)."""
        return self.unit is Unit.SAME_DAY or (self.amount == 0 and self.unit is not Unit.DATE)


MOST_SUPPLEMENT_DAYS = 5
"""So long at most may a material of an instant item be owed, whatever its list says."""


def longest_owed(promised_days: int, supplement_days: int, *, instant: bool) -> Limit:
    """How long a tolerated material may be owed, counted from the receipt as if it were accepted that day.

    As long as the decision was promised; of an instant item, which promises nothing, the material's own days.
    """
    return Limit(min(supplement_days, MOST_SUPPLEMENT_DAYS) if instant else promised_days)


def limit_of(amount: int, unit: str, due_on: date) -> Limit:
    """The limit a clock was started with; one by date keeps the date it was given."""
    kind = Unit(unit)
    return Limit(amount, kind, due_on if kind is Unit.DATE else None)


def deadline(
    limit: Limit,
    started_at: datetime,
    closing: time,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    extension: int = 0,
) -> Deadline:
    """The last day of a limit that started then; an extension adds working days (许可法 42).

    A written date stays as written; it is provisional where nobody knows yet whether the office works that day.
    """
    day = started_at.astimezone(ZONE).date()
    if limit.unit is Unit.DATE:
        if limit.on is None:
            raise ValueError("a limit by date needs its date")
        return Deadline(limit.on, not calendar.is_published(limit.on))
    if limit.is_same_day:
        end = same_day(started_at, closing, calendar, pauses)
    elif limit.unit is Unit.MONTH:
        end = add_months(day, limit.amount, calendar, pauses)
    else:
        return add_workdays(day, limit.amount + extension, calendar, pauses)
    return add_workdays(end.due, extension, calendar, pauses) if extension else end


def due_at(last_day: Deadline, closing: time) -> datetime:
    """The moment a deadline ends: closing time of its last day, Asia/Shanghai (民法典 203)."""
    return datetime.combine(last_day.due, closing, ZONE)


def is_late(at: datetime, due: datetime) -> bool:
    """Tell whether an act came too late: in time until closing time, late one second after."""
    return at > due
