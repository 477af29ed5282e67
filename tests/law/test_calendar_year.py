"""A year of working days: every day once; what is unusual about it is said."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.law.calendar_year import Day, complaints, days_of, doubts, is_weekend, past_changes


def seeded(year: int) -> dict[date, Day]:
    path = Path(__file__).parents[2] / "seed" / "calendar.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["day"].startswith(str(year))]
    return {(day := date.fromisoformat(row["day"])): Day(day, row["is_workday"] == "1", row["name"]) for row in rows}


def said(found: object) -> list[str]:
    return [sentence % params for sentence, params in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("year", range(2020, 2036))
def test_every_seeded_year_is_whole_and_nothing_about_it_is_doubtful(year: int):
    days = seeded(year)
    assert said(complaints(year, days.values())) == []
    assert said(doubts(year, days, days)) == []


def test_what_is_no_whole_year_is_named_day_by_day():
    days = [*seeded(2027).values()]
    assert said(complaints(2027, days[:40] + days[41:])) == [
        "Missing, and every day of the year is needed: 2027-02-10."
    ]
    assert said(complaints(2027, [*days, days[3]])) == ["Given more than once: 2027-01-04."]
    assert said(complaints(2027, [*days, Day(date(2028, 1, 1), False)])) == ["Not a day of 2027: 2028-01-01."]
    assert said(complaints(2028, seeded(2028).values())) == []
    assert said(complaints(2028, [d for d in seeded(2028).values() if d.day != date(2028, 2, 29)])) == [
        "Missing, and every day of the year is needed: 2028-02-29."
    ]
    [missing] = said(complaints(2027, days[:10]))
    assert missing.endswith("2027-01-15 … (+350).")
    assert len(said(complaints(2027, []))) == 1


def changed(days: dict[date, Day], *others: Day) -> dict[date, Day]:
    return days | {each.day: each for each in others}


def test_what_is_unusual_about_a_year_is_said():
    estimate = seeded(2027)
    spring, kings = date(2027, 2, 8), date(2027, 1, 6)
    cases = [
        (changed(estimate, Day(spring, True, "春节")), "A statutory holiday, by the estimate"),
        (changed(estimate, Day(kings, False)), "without a holiday's name: 2027-01-06"),
        (changed(estimate, Day(date(2027, 7, 17), True, "高温假")), "far from every holiday: 2027-07-17"),
        ({day: replace(each, works=not is_weekend(day)) for day, each in estimate.items()}, "working days; a year"),
        ({day: replace(each, name="") for day, each in estimate.items()}, "only 0 days off carry"),
    ]
    for days, sentence in cases:
        assert any(sentence in each for each in said(doubts(2027, days, estimate))), sentence


def test_a_correction_leaves_alone_what_has_begun():
    days, today = seeded(2026), date(2026, 3, 2)
    flipped = [replace(days[day], works=not days[day].works) for day in (today, today + timedelta(days=1))]
    assert said(past_changes(flipped, days, today)) == [
        "Deadlines were counted by these days already, so they stay as they are: 2026-03-02."
    ]
    assert said(past_changes([replace(days[today], name="县庆")], days, today)) == []


def test_a_year_has_its_days():
    assert (len(list(days_of(2027))), len(list(days_of(2028)))) == (365, 366)
