"""A second, slow count of the same deadlines, written another way, against which stored due dates are checked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from app.law.limits import Limit, Unit
from app.law.workdays import ZONE, Calendar, Deadline, Pause


def recount(
    limit: Limit,
    started_at: datetime,
    closing: time,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    *,
    extension: int = 0,
) -> Deadline:
    """Walk the calendar day by day to the last day of a limit; takes and answers what `limits.deadline` does."""
    local = started_at.astimezone(ZONE)
    day = local.date()
    if limit.on is not None:
        return Deadline(limit.on, not calendar.is_published(limit.on))
    if limit.unit is Unit.SAME_DAY or limit.amount == 0:
        if local.time() > closing or not _works(day, calendar, pauses):
            day = _next_working(day, calendar, pauses)
    elif limit.unit is Unit.MONTH:
        day = _walk_months(day, limit.amount, pauses)
        if not _works(day, calendar, pauses):
            day = _next_working(day, calendar, pauses)
    else:
        for _ in range(limit.amount):
            day = _next_working(day, calendar, pauses)
    for _ in range(extension):
        day = _next_working(day, calendar, pauses)
    return Deadline(day, not calendar.is_published(day))


def _walk_months(start: date, months: int, pauses: Sequence[Pause]) -> date:
    """Walk to the same day of a later month (or that month's last), staying as long again as the days were paused."""
    end = start
    for _ in range(months):
        end = (end.replace(day=1) + timedelta(days=31)).replace(day=1)
    while end.day < start.day and (end + timedelta(days=1)).month == end.month:
        end += timedelta(days=1)
    left, day = (end - start).days, start
    while left:
        day += timedelta(days=1)
        left -= not _paused(day, pauses)
    return day


def _next_working(day: date, calendar: Calendar, pauses: Sequence[Pause]) -> date:
    day += timedelta(days=1)
    while not _works(day, calendar, pauses):
        day += timedelta(days=1)
    return day


def _works(day: date, calendar: Calendar, pauses: Sequence[Pause]) -> bool:
    return calendar.is_workday(day) and not _paused(day, pauses)


def _paused(day: date, pauses: Sequence[Pause]) -> bool:
    return any(p.first <= day and (p.last is None or day <= p.last) for p in pauses)
