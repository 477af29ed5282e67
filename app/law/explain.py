"""A deadline explained day by day, so that an applicant can count along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.law import N_
from app.law.limits import Limit, Unit, deadline
from app.law.workdays import ONE_DAY, ZONE, Calendar, Pause, end_of_months

SATURDAY = 5


class DayReason(StrEnum):
    """Why a day counts or does not."""

    START = "start"
    COUNTED = "counted"
    ADJUSTED_WORKDAY = "adjusted_workday"
    CALENDAR_DAY = "calendar_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    SAME_DAY = "same_day"
    MOVED = "moved"
    WRITTEN = "written"


REASONS: dict[DayReason, str] = {
    DayReason.START: N_("The day it starts is not counted."),
    DayReason.COUNTED: N_("Working day"),
    DayReason.ADJUSTED_WORKDAY: N_("Make-up working day"),
    DayReason.CALENDAR_DAY: N_("Day of the month"),
    DayReason.WEEKEND: N_("Weekend"),
    DayReason.HOLIDAY: N_("Public holiday"),
    DayReason.PAUSED: N_("The clock is paused."),
    DayReason.SAME_DAY: N_("To be done the same working day"),
    DayReason.MOVED: N_("The end moved to the next working day."),
    DayReason.WRITTEN: N_("The date as written"),
}


@dataclass(frozen=True)
class DayNote:
    """One day of a count: whether it counted, as the how-manieth, why, and the holiday it belongs to."""

    day: date
    counted: bool
    ordinal: int | None
    reason: DayReason
    holiday: str = ""
    provisional: bool = False


def explain(
    limit: Limit,
    started_at: datetime,
    closing: time,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    extension: int = 0,
) -> list[DayNote]:
    """Every day from the start to the last day of a limit; takes what `limits.deadline` takes."""
    due = deadline(limit, started_at, closing, calendar, pauses, extension=extension).due
    start = started_at.astimezone(ZONE).date()
    if limit.unit is Unit.DATE:
        found = [(start, DayReason.START), (due, DayReason.WRITTEN)]
    else:
        base = deadline(limit, started_at, closing, calendar, pauses).due
        found = [] if base == start else [(start, DayReason.START)]
        found += _base(limit, start, base, calendar, pauses)
        found += [(day, _working(day, calendar, pauses)) for day in _days(base, due)]
    return list(_numbered(found, calendar))


def _base(
    limit: Limit, start: date, base: date, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[tuple[date, DayReason]]:
    """The days of the limit itself, an extension left aside."""
    if limit.is_same_day:
        yield from ((day, _working(day, calendar, pauses)) for day in _days(start, base - ONE_DAY))
        yield base, DayReason.SAME_DAY
    elif limit.unit is Unit.MONTH:
        end = end_of_months(start, limit.amount, pauses)
        for day in _days(start, end):
            yield day, DayReason.PAUSED if any(p.covers(day) for p in pauses) else DayReason.CALENDAR_DAY
        yield from ((day, _working(day, calendar, pauses)) for day in _days(end, base - ONE_DAY))
        if base != end:
            yield base, DayReason.MOVED
    else:
        yield from ((day, _working(day, calendar, pauses)) for day in _days(start, base))


def _working(day: date, calendar: Calendar, pauses: Sequence[Pause]) -> DayReason:
    """Why this day counts as a working day or not."""
    weekend = day.weekday() >= SATURDAY
    if any(p.covers(day) for p in pauses):
        return DayReason.PAUSED
    if calendar.is_workday(day):
        return DayReason.ADJUSTED_WORKDAY if weekend else DayReason.COUNTED
    return DayReason.WEEKEND if weekend and not calendar.name(day) else DayReason.HOLIDAY


def _numbered(found: list[tuple[date, DayReason]], calendar: Calendar) -> Iterator[DayNote]:
    """Number the days that count, working days and days of the month each from 1."""
    ordinals: dict[bool, int] = {True: 0, False: 0}
    for day, reason in found:
        counted = reason in (DayReason.COUNTED, DayReason.ADJUSTED_WORKDAY, DayReason.CALENDAR_DAY)
        by_month = reason is DayReason.CALENDAR_DAY
        ordinals[by_month] += counted
        yield DayNote(
            day,
            counted,
            ordinals[by_month] if counted else None,
            reason,
            calendar.name(day),
            not calendar.is_published(day),
        )


def _days(after: date, through: date) -> Iterator[date]:
    return (after + timedelta(days=i) for i in range(1, (through - after).days + 1))
