"""Working days: which days count (许可法 82), and where a count of days or months ends (民法典 201 to 203)."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)


class UnknownYear(LookupError):  # noqa: N818 - what the house calls it
    """The count left the years whose calendar has been entered."""

    def __init__(self, day: date) -> None:
        super().__init__(f"no calendar for {day.isoformat()}")
        self.day = day


@dataclass(frozen=True)
class Pause:
    """A stretch of days that do not count, both ends included; `last` is None while it is still open."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether this day lies in the pause."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Deadline:
    """The last day of a limit; provisional where it lies in a year whose calendar is only estimated."""

    due: date
    provisional: bool


class Calendar:
    """The office's calendar: every day of an unbroken stretch of years, working day or not.

    `published_through` is the last day of the years published by the State Council; later days are estimated.
    `names` gives the holiday a day off (or a make-up working day) belongs to.
    """

    def __init__(
        self, days: Mapping[date, bool], published_through: date, names: Mapping[date, str] | None = None
    ) -> None:
        if not days:
            raise ValueError("a calendar needs at least one day")
        self.first, self.last = min(days), max(days)
        if (self.last - self.first).days + 1 != len(days):
            raise ValueError("a calendar has no gaps")
        self.published_through = published_through
        self._names = dict(names or {})
        self._open = [days[self.first + timedelta(days=i)] for i in range(len(days))]
        self._count = list(accumulate(map(int, self._open), initial=0))

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, bool, str, bool]]) -> "Calendar":
        """Make a calendar of rows (day, is_workday, name, published), in any order."""
        known = sorted(rows)
        estimated = [day for day, _, _, published in known if not published]
        published_through = (estimated[0] - ONE_DAY) if estimated else known[-1][0] if known else date.min
        return cls(
            {day: is_workday for day, is_workday, _, _ in known},
            published_through,
            {day: name for day, _, name, _ in known if name},
        )

    def is_workday(self, day: date) -> bool:
        """Tell whether the office works on this day; UnknownYear outside the calendar."""
        return self._open[self._index(day)]

    def is_published(self, day: date) -> bool:
        """Tell whether the State Council has published this day's year."""
        return self.first <= day <= self.published_through

    def name(self, day: date) -> str:
        """Name the holiday a day off or a make-up working day belongs to, or nothing."""
        return self._names.get(day, "")

    def count_through(self, day: date) -> int:
        """Count the working days from the calendar's first day to `day`, both included."""
        return 0 if day == self.first - ONE_DAY else self._count[self._index(day) + 1]

    def nth_workday(self, number: int) -> date:
        """Find the working day with this number, counted from 1 at the calendar's first day."""
        if number > self._count[-1]:
            raise UnknownYear(self.last + ONE_DAY)
        return self.first + timedelta(days=bisect_left(self._count, number) - 1)

    def _index(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise UnknownYear(day)
        return (day - self.first).days


def workdays_between(after: date, through: date, calendar: Calendar) -> int:
    """Count the working days in (after, through]; negative where `through` lies before `after`."""
    return calendar.count_through(through) - calendar.count_through(after)


def add_workdays(start: date, days: int, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Deadline:
    """The `days`-th working day after `start` that lies in no pause, both ends of a pause included.

    The start day is not counted (民法典 201). `Deadline.provisional` is true where the count ran into a year whose
    calendar is only estimated; beyond the last estimated year it raises UnknownYear. Pauses must be closed.
    """
    if days < 1:
        raise ValueError("a limit in working days is at least one day")
    number = calendar.count_through(start) + days
    due = calendar.nth_workday(number)
    for first, last in _after(start, pauses):
        if first > due:
            break
        number += workdays_between(first - ONE_DAY, last, calendar)
        due = calendar.nth_workday(number)
    return Deadline(due, not calendar.is_published(due))


def add_months(start: date, months: int, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Deadline:
    """The end of a limit in calendar months, moved by the paused days, then to the next working day (民法典 202, 203).

    A day that lies in a pause is no working day here either. Raises as `add_workdays` does.
    """
    end = end_of_months(start, months, pauses)
    return add_workdays(end - ONE_DAY, 1, calendar, pauses)


def end_of_months(start: date, months: int, pauses: Sequence[Pause] = ()) -> date:
    """The same day of the month `months` later, or that month's last day, moved by the paused calendar days."""
    if months < 1:
        raise ValueError("a limit in months is at least one month")
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    end = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    for first, last in _after(start, pauses):
        if first > end:
            break
        end += last - first + ONE_DAY
    return end


def same_day(at: datetime, closing: time, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Deadline:
    """Closing time of the day itself, or of the next working day if `at` is past closing or on a day off (即办)."""
    local = at.astimezone(ZONE)
    in_time = local.time() <= closing
    return add_workdays(local.date() - ONE_DAY if in_time else local.date(), 1, calendar, pauses)


def capped(promised: Deadline, statutory: Deadline) -> Deadline:
    """The promised deadline, never past the statutory one (许可法 42)."""
    return promised if promised.due <= statutory.due else statutory


def _after(start: date, pauses: Sequence[Pause]) -> list[tuple[date, date]]:
    """The paused stretches after `start`, in order, none touching another."""
    merged: list[tuple[date, date]] = []
    for pause in sorted(pauses, key=lambda p: p.first):
        if pause.last is None:
            raise ValueError("an open pause has no end to count from")
        if pause.last < pause.first:
            raise ValueError("a pause ends before it begins")
        first = max(pause.first, start + ONE_DAY)
        if pause.last < first:
            continue
        if merged and first <= merged[-1][1] + ONE_DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], pause.last))
        else:
            merged.append((first, pause.last))
    return merged
