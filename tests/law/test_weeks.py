"""The week of a ledger, and the working day on which it is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.weeks import Week, due_day, last_due, week_of, weeks
from app.law.workdays import Calendar

D = date.fromisoformat


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        ("2026-11-23", "2026-11-16"),
        ("2026-11-29", "2026-11-16"),  # on a Sunday its own week is not over
        ("2026-02-24", "2026-02-16"),  # the first working day after the spring festival
        ("2026-02-23", "2026-02-02"),  # a Monday within it
        ("2026-10-07", "2026-09-21"),
        ("2026-10-08", "2026-09-28"),
        ("2026-01-04", "2025-12-22"),  # a Sunday that is worked belongs to its own week still
        ("2026-01-05", "2025-12-29"),
    ],
)
def test_the_last_week_that_is_due(calendar: Calendar, today: str, monday: str):
    assert last_due(D(today), calendar) == Week(D(monday))


@given(day=st.dates(date(2024, 1, 15), date(2032, 1, 1)))
def test_a_week_is_due_once_it_is_over_and_stays_due(calendar: Calendar, day: date):
    week = last_due(day, calendar)
    assert week.sunday < due_day(week, calendar) <= day
    assert calendar.is_workday(due_day(week, calendar))
    assert due_day(week.following, calendar) > day


@given(day=st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_every_day_lies_in_one_week_from_monday_to_sunday(day: date):
    week = week_of(day)
    assert week.monday <= day <= week.sunday
    assert (week.monday.weekday(), week.sunday.weekday()) == (0, 6)
    assert week.following.monday == week.sunday + timedelta(days=1)
    assert week.end.date() == week.following.monday


def test_weeks_are_counted_from_the_first_to_the_last():
    first, last = Week(D("2026-11-02")), Week(D("2026-11-16"))
    assert [week.monday.day for week in weeks(first, last)] == [2, 9, 16]
    assert list(weeks(last, first)) == []


def test_only_a_monday_begins_a_week():
    with pytest.raises(ValueError, match="no Monday"):
        Week(D("2026-11-17"))
