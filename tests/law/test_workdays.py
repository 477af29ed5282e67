"""Working days and deadlines: the worked examples of the office, and properties that hold for every day."""

from datetime import date, datetime, time, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.law.explain import DayReason, explain
from app.law.limits import Limit, Unit, deadline
from app.law.recount import recount
from app.law.workdays import (
    ZONE,
    Calendar,
    Deadline,
    Pause,
    UnknownYear,
    add_months,
    add_workdays,
    capped,
    same_day,
    workdays_between,
)

CLOSING = time(17, 30)
D = date.fromisoformat
thorough = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])

days = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@st.composite
def pauses_from(draw: st.DrawFn, start: date) -> list[Pause]:
    """Up to four pauses about a start day, touching, overlapping or apart."""
    found = []
    for offset, length in draw(st.lists(st.tuples(st.integers(-20, 90), st.integers(0, 40)), max_size=4)):
        first = start + timedelta(days=offset)
        found.append(Pause(max(first, date(2020, 1, 1)), max(first, date(2020, 1, 1)) + timedelta(days=length)))
    return found


@st.composite
def counts(draw: st.DrawFn) -> tuple[Limit, datetime, list[Pause], int]:
    """Any limit the law knows, any moment it could start at, any pauses, any extension."""
    day = draw(st.dates(date(2020, 1, 2), date(2032, 12, 31)))
    limit = draw(
        st.one_of(
            st.integers(0, 60).map(Limit),
            st.integers(1, 12).map(lambda n: Limit(n, Unit.MONTH)),
            st.just(Limit(0, Unit.SAME_DAY)),
            days.map(lambda d: Limit(0, Unit.DATE, d)),
        )
    )
    at = datetime.combine(day, draw(st.times()), ZONE)
    return limit, at, draw(pauses_from(day)), draw(st.integers(0, 10))


# The seeded calendar


def test_the_published_years_are_those_of_the_state_council(rows):
    published = [row for row in rows if row[3]]
    assert (published[0][0], published[-1][0]) == (D("2020-01-01"), D("2026-12-31"))
    second = holidays.country_holidays("CN", years=range(2020, 2027))
    for day, is_workday, _, _ in published:
        assert is_workday == chinese_calendar.is_workday(day), day
        assert is_workday == second.is_working_day(day), day


def test_the_estimated_years_know_weekends_and_statutory_days_only(rows):
    estimated = [row for row in rows if not row[3]]
    assert (estimated[0][0], estimated[-1][0]) == (D("2027-01-01"), D("2035-12-31"))
    statutory = holidays.country_holidays("CN", years=range(2027, 2036))
    for day, is_workday, name, _ in estimated:
        assert is_workday == (day.weekday() < 5 and day not in statutory), day
        assert bool(name) == (day in statutory), day


def test_every_estimated_year_gives_its_thirteen_statutory_days_on_weekdays(rows):
    for year in range(2027, 2036):
        off = [day for day, is_workday, _, _ in rows if day.year == year and not is_workday and day.weekday() < 5]
        # 除夕 to 初三, 元旦 … : one fewer where two feasts share a day, and New Year's in-lieu day stays in its year
        assert 12 <= len(off) <= 13, (year, len(off))


def test_the_calendar_has_no_gap_and_no_day_twice(rows):
    assert [row[0] for row in rows] == [rows[0][0] + timedelta(days=i) for i in range(len(rows))]


def test_each_day_off_in_the_week_and_each_make_up_day_is_named(rows):
    for day, is_workday, name, _ in rows:
        if is_workday == (day.weekday() >= 5):
            assert name, day


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_make_up_weekends_of_2026_are_working_days(calendar, day):
    assert calendar.is_workday(D(day))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
        ("2025-10-01", "2025-10-08"),
        ("2025-01-28", "2025-02-04"),
    ],
)
def test_holidays_are_no_working_days(calendar, first, last):
    assert workdays_between(D(first) - timedelta(days=1), D(last), calendar) == 0
    assert calendar.is_workday(D(last) + timedelta(days=1))


# The worked examples


@pytest.mark.req(27)
@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2025-09-26", 5, "2025-10-10"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-30", 20, "2025-11-04"),
        ("2026-02-10", 5, "2026-02-24"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 10, "2026-03-05"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-09-30", 10, "2026-10-20"),
        ("2026-09-30", 20, "2026-11-03"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", 10, "2026-12-07"),
        ("2026-11-23", 20, "2026-12-21"),
    ],
)
def test_deadlines_in_published_years(calendar, start, days, due):
    assert add_workdays(D(start), days, calendar) == Deadline(D(due), provisional=False)


@pytest.mark.req(91)
@pytest.mark.parametrize(("closed", "due"), [("2025-09-29", "2025-10-13"), ("2026-11-23", "2026-11-30")])
def test_a_file_is_archived_within_five_working_days_of_closing(calendar, closed, due):
    assert add_workdays(D(closed), 5, calendar).due == D(due)


def test_a_deadline_in_an_unpublished_year_is_provisional(calendar):
    assert add_workdays(D("2026-12-28"), 5, calendar) == Deadline(D("2027-01-05"), provisional=True)


@pytest.mark.parametrize(
    ("days", "last_sure_start"), [(5, "2026-12-24"), (10, "2026-12-17"), (20, "2026-12-03"), (30, "2026-11-19")]
)
def test_the_last_start_whose_due_date_is_sure(calendar, days, last_sure_start):
    start = D(last_sure_start)
    assert not add_workdays(start, days, calendar).provisional
    assert add_workdays(start + timedelta(days=1), days, calendar).provisional


def test_a_suspension_stops_the_count_and_resumes_it_the_day_after(calendar):
    start, pause = D("2026-02-09"), Pause(D("2026-02-11"), D("2026-03-04"))
    assert add_workdays(start, 10, calendar).due == D("2026-02-28")
    assert add_workdays(start, 10, calendar, [pause]).due == D("2026-03-17")


def test_a_pause_of_one_day_costs_one_working_day(calendar):
    one_day = Pause(D("2026-11-25"), D("2026-11-25"))
    assert add_workdays(D("2026-11-23"), 5, calendar, [one_day]).due == D("2026-12-01")


def test_a_pause_that_begins_after_the_due_date_changes_nothing(calendar):
    late = Pause(D("2026-12-01"), D("2026-12-20"))
    assert add_workdays(D("2026-11-23"), 5, calendar, [late]).due == D("2026-11-30")


def test_an_open_pause_has_no_due_date(calendar):
    with pytest.raises(ValueError, match="open pause"):
        add_workdays(D("2026-11-23"), 5, calendar, [Pause(D("2026-11-25"))])


def test_a_pause_that_ends_before_it_begins_is_refused(calendar):
    with pytest.raises(ValueError, match="before it begins"):
        add_workdays(D("2026-11-23"), 5, calendar, [Pause(D("2026-11-25"), D("2026-11-24"))])


@pytest.mark.parametrize("day", ["2019-12-30", "2036-01-01"])
def test_a_day_outside_the_calendar_is_an_error_and_no_guess(calendar, day):
    with pytest.raises(UnknownYear):
        calendar.is_workday(D(day))
    assert not calendar.is_published(D(day))


def test_a_count_beyond_the_calendar_is_an_error_and_no_guess(calendar):
    with pytest.raises(UnknownYear):
        add_workdays(D("2035-12-20"), 20, calendar)


@pytest.mark.parametrize("count", [add_workdays, add_months])
def test_a_limit_of_no_days_is_none(calendar, count):
    with pytest.raises(ValueError, match="at least one"):
        count(D("2026-11-23"), 0, calendar)


def test_a_calendar_with_a_gap_is_refused():
    with pytest.raises(ValueError, match="gaps"):
        Calendar({D("2026-01-01"): False, D("2026-01-03"): True}, D("2026-01-03"))
    with pytest.raises(ValueError, match="at least one day"):
        Calendar.from_rows([])


# Months


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2026-03-10", 3, "2026-06-10"),
        ("2025-11-30", 3, "2026-02-28"),  # the month has no 30th: its last day, here a make-up working day
        ("2026-06-03", 4, "2026-10-08"),  # 3 October lies in the holiday
        ("2026-01-25", 3, "2026-04-27"),  # a Saturday
    ],
)
def test_a_limit_in_months_ends_on_the_same_day_of_the_month_or_the_next_working_day(calendar, start, months, due):
    assert add_months(D(start), months, calendar) == Deadline(D(due), provisional=False)


def test_a_pause_moves_a_limit_in_months_by_its_calendar_days(calendar):
    pause = Pause(D("2026-04-01"), D("2026-04-10"))
    assert add_months(D("2026-03-10"), 3, calendar, [pause]).due == D("2026-06-22")  # 20 June lies in the holiday


def test_a_limit_in_months_may_reach_an_unpublished_year(calendar):
    assert add_months(D("2026-11-23"), 3, calendar).provisional


# The same day


@pytest.mark.req(72)
@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-23T09:00:00", "2026-11-23"),
        ("2026-11-23T17:30:00", "2026-11-23"),
        ("2026-11-23T17:30:01", "2026-11-24"),
        ("2026-11-28T10:00:00", "2026-11-30"),
        ("2026-10-10T10:00:00", "2026-10-10"),
        ("2026-02-14T18:00:00", "2026-02-24"),
    ],
)
def test_an_instant_case_is_due_the_same_working_day_or_the_next(calendar, at, due):
    moment = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert same_day(moment, CLOSING, calendar).due == D(due)


def test_the_day_is_that_of_the_county_and_not_that_of_greenwich(calendar):
    at = datetime.fromisoformat("2026-11-22T23:00:00+00:00")  # Monday seven o'clock in Tunchang
    assert same_day(at, CLOSING, calendar).due == D("2026-11-23")


# An extension never carries the promised limit past the statutory one


def test_the_promised_limit_is_capped_by_the_statutory_one():
    early, late = Deadline(D("2026-12-31"), provisional=False), Deadline(D("2027-01-05"), provisional=True)
    assert capped(early, late) == early
    assert capped(late, early) == early


# Properties


def naive(start: date, number: int, calendar: Calendar, pauses: list[Pause]) -> date:
    """Count on one's fingers."""
    day = start
    while number:
        day += timedelta(days=1)
        paused = any(p.first <= day <= p.last for p in pauses)
        number -= calendar.is_workday(day) and not paused
    return day


@thorough
@given(data=st.data(), start=days, number=st.integers(1, 90))
def test_a_count_agrees_with_counting_on_ones_fingers(calendar, data, start, number):
    pauses = data.draw(pauses_from(start))
    assert add_workdays(start, number, calendar, pauses).due == naive(start, number, calendar, pauses)


@thorough
@given(start=days, first=st.integers(1, 30), second=st.integers(1, 30))
def test_counting_on_from_a_due_date_is_counting_once(calendar, start, first, second):
    midway = add_workdays(start, first, calendar).due
    assert add_workdays(midway, second, calendar) == add_workdays(start, first + second, calendar)


@thorough
@given(start=days, number=st.integers(1, 60))
def test_a_due_date_is_a_working_day_with_as_many_working_days_behind_it(calendar, start, number):
    found = add_workdays(start, number, calendar)
    assert calendar.is_workday(found.due)
    assert workdays_between(start, found.due, calendar) == number
    assert found.provisional == (found.due > D("2026-12-31"))


@thorough
@given(data=st.data(), start=days, number=st.integers(1, 30))
def test_used_and_remaining_working_days_make_the_limit(calendar, data, start, number):
    suspended = start + timedelta(days=data.draw(st.integers(1, 40)))
    resumed = suspended + timedelta(days=data.draw(st.integers(0, 40)))
    assume(suspended <= add_workdays(start, number, calendar).due)
    used = workdays_between(start, suspended - timedelta(days=1), calendar)
    due = add_workdays(start, number, calendar, [Pause(suspended, resumed)]).due
    assert workdays_between(resumed, due, calendar) == number - used


@settings(thorough, max_examples=600)
@given(count=counts())
def test_the_second_implementation_finds_the_same_deadline(calendar, count):
    limit, at, pauses, extension = count
    first = deadline(limit, at, CLOSING, calendar, pauses, extension=extension)
    assert recount(limit, at, CLOSING, calendar, pauses, extension=extension) == first


@thorough
@given(count=counts())
def test_an_explanation_ends_on_the_due_date_and_counts_as_many_days_as_the_limit(calendar, count):
    limit, at, pauses, extension = count
    due = deadline(limit, at, CLOSING, calendar, pauses, extension=extension).due
    notes = explain(limit, at, CLOSING, calendar, pauses, extension=extension)
    assert notes[-1].day == (limit.on or due)
    if limit.unit is Unit.DATE:
        return
    assert [note.day for note in notes] == [notes[0].day + timedelta(days=i) for i in range(len(notes))]
    working = [n for n in notes if n.reason in (DayReason.COUNTED, DayReason.ADJUSTED_WORKDAY)]
    if limit.unit is Unit.WORKING_DAY:
        assert len(working) == limit.amount + extension
        assert [n.ordinal for n in working] == list(range(1, len(working) + 1))


# The explanation


def test_an_explanation_says_of_every_day_why_it_counts_or_not(calendar):
    at = datetime(2026, 2, 13, 9, tzinfo=ZONE)
    notes = explain(Limit(5), at, CLOSING, calendar)
    told = [(n.day.isoformat()[5:], n.ordinal, n.reason.value, n.holiday) for n in notes]
    assert told[:3] == [
        ("02-13", None, "start", ""),
        ("02-14", 1, "adjusted_workday", "春节"),
        ("02-15", None, "holiday", "春节"),
    ]
    assert told[-1] == ("02-27", 5, "counted", "")
    assert not any(n.provisional for n in notes)


def test_an_explanation_names_paused_and_provisional_days_and_weekends(calendar):
    at = datetime(2026, 12, 29, 9, tzinfo=ZONE)
    notes = explain(Limit(3), at, CLOSING, calendar, [Pause(D("2026-12-30"), D("2026-12-31"))])
    told = [(n.day.isoformat()[5:], n.counted, n.reason.value, n.provisional) for n in notes]
    assert told == [
        ("12-29", False, "start", False),
        ("12-30", False, "paused", False),
        ("12-31", False, "paused", False),
        ("01-01", False, "holiday", True),
        ("01-02", False, "weekend", True),
        ("01-03", False, "weekend", True),
        ("01-04", True, "counted", True),
        ("01-05", True, "counted", True),
        ("01-06", True, "counted", True),
    ]


def test_an_explanation_of_months_shows_where_the_end_moved(calendar):
    notes = explain(Limit(3, Unit.MONTH), datetime(2026, 1, 25, 9, tzinfo=ZONE), CLOSING, calendar, extension=1)
    told = [(n.day.isoformat()[5:], n.ordinal, n.reason.value) for n in notes]
    assert told[89:] == [
        ("04-24", 89, "calendar_day"),
        ("04-25", 90, "calendar_day"),
        ("04-26", None, "weekend"),
        ("04-27", None, "moved"),
        ("04-28", 1, "counted"),
    ]


def test_an_explanation_of_an_instant_case_and_of_a_written_date(calendar):
    noon = datetime(2026, 11, 23, 12, tzinfo=ZONE)
    assert [n.reason for n in explain(Limit(0), noon, CLOSING, calendar)] == [DayReason.SAME_DAY]
    late = explain(Limit(0), noon.replace(hour=18), CLOSING, calendar)
    assert [n.reason for n in late] == [DayReason.START, DayReason.SAME_DAY]
    written = explain(Limit(0, Unit.DATE, D("2026-12-01")), noon, CLOSING, calendar)
    assert [n.reason for n in written] == [DayReason.START, DayReason.WRITTEN]
