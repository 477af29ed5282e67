"""A year of working days as it is published: what must be right about it, and what is worth a second look."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.law import N_
from app.law.workdays import ONE_DAY

SATURDAY = 5
FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""The statutory holidays that fall on the same day each year; the other seven follow the moon and the sun."""
STATUTORY_DAYS = 13
"""全国年节及纪念日放假办法 2 (2024)."""
USUAL_WORKDAYS = range(244, 254)
FARTHEST_MAKE_UP = timedelta(days=21)
"""A make-up day is worked within some weeks of its holiday."""
MOST_NAMED = 5

Said = tuple[str, dict[str, Any]]
"""A sentence, and what it names."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year: whether the office works, and the holiday it belongs to."""

    day: date
    works: bool
    name: str = ""


def is_weekend(day: date) -> bool:
    """Tell whether it is a Saturday or a Sunday."""
    return day.weekday() >= SATURDAY


def days_of(year: int) -> Iterator[date]:
    """Every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY


def complaints(year: int, days: Iterable[Day]) -> Iterator[Said]:
    """Why these days are no whole year: every day of it once, and no other."""
    listed = [each.day for each in days]
    seen: set[date] = set()
    twice: set[date] = set()
    for day in listed:
        (twice if day in seen else seen).add(day)
    if outside := sorted(day for day in seen if day.year != year):
        yield N_("Not a day of %(year)s: %(days)s."), {"year": year, "days": _named(outside)}
    if twice:
        yield N_("Given more than once: %(days)s."), {"days": _named(sorted(twice))}
    if missing := [day for day in days_of(year) if day not in seen]:
        yield N_("Missing, and every day of the year is needed: %(days)s."), {"days": _named(missing)}


def past_changes(days: Iterable[Day], present: Mapping[date, Day], today: date) -> Iterator[Said]:
    """What a correction of a published year may not touch: a day that has begun, by which deadlines were counted."""
    begun = sorted(
        each.day
        for each in days
        if each.day <= today and each.day in present and present[each.day].works is not each.works
    )
    if begun:
        yield (
            N_("Deadlines were counted by these days already, so they stay as they are: %(days)s."),
            {"days": _named(begun)},
        )


def doubts(year: int, days: Mapping[date, Day], expected: Mapping[date, Day]) -> Iterator[Said]:
    """What is lawful, perhaps, but unusual; `expected` is the year as it was estimated from the 13 statutory days."""
    statutory = {date(year, month, day) for month, day in FIXED}
    statutory |= {day for day, each in expected.items() if each.name and not each.works and not is_weekend(day)}
    if worked := sorted(day for day in statutory if day in days and days[day].works):
        yield N_("A statutory holiday, by the estimate, is a working day here: %(days)s."), {"days": _named(worked)}
    off = {day for day, each in days.items() if not each.works and each.name}
    if len(off) < STATUTORY_DAYS:
        yield (
            N_("There are 13 statutory holidays; only %(number)s days off carry a holiday's name."),
            {"number": len(off)},
        )
    odd = sorted(day for day, each in days.items() if each.works is is_weekend(day))
    if unnamed := [day for day in odd if not days[day].name]:
        yield (
            N_("Off on a weekday, or worked on a weekend, without a holiday's name: %(days)s."),
            {"days": _named(unnamed)},
        )
    lonely = [day for day in odd if days[day].works and not any(abs(day - each) <= FARTHEST_MAKE_UP for each in off)]
    if lonely:
        yield N_("A make-up working day far from every holiday: %(days)s."), {"days": _named(lonely)}
    number = sum(each.works for each in days.values())
    if number not in USUAL_WORKDAYS:
        yield N_("%(number)s working days; a year usually has %(least)s to %(most)s."), {
            "number": number, "least": USUAL_WORKDAYS[0], "most": USUAL_WORKDAYS[-1],
        }  # fmt: skip


def _named(days: list[date]) -> str:
    """The first of them, and how many more there are."""
    told = ", ".join(day.isoformat() for day in days[:MOST_NAMED])
    return told + (f" … (+{len(days) - MOST_NAMED})" if len(days) > MOST_NAMED else "")
