"""Weeks of the ledger, Monday to Sunday, and the day on which each is due (第十五条（十）)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.law.workdays import ZONE, Calendar, add_workdays

SEVEN_DAYS = timedelta(days=7)


@dataclass(frozen=True, order=True)
class Week:
    """Seven days, known by their Monday."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday():
            raise ValueError(f"{self.monday} is no Monday")

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def following(self) -> "Week":
        """The week after it."""
        return Week(self.monday + SEVEN_DAYS)

    @property
    def end(self) -> datetime:
        """The first moment that lies in it no more."""
        return datetime.combine(self.following.monday, time(), ZONE)


def week_of(day: date) -> Week:
    """The week a day lies in."""
    return Week(day - timedelta(days=day.weekday()))


def due_day(week: Week, calendar: Calendar) -> date:
    """The first working day after a week: its ledger is built and sent then."""
    return add_workdays(week.sunday, 1, calendar).due


def last_due(today: date, calendar: Calendar) -> Week:
    """The latest week whose ledger is due by today."""
    week = Week(week_of(today).monday - SEVEN_DAYS)
    while due_day(week, calendar) > today:
        week = Week(week.monday - SEVEN_DAYS)
    return week


def weeks(first: Week, last: Week) -> Iterator[Week]:
    """Every week from the first to the last, both included."""
    while first <= last:
        yield first
        first = first.following
