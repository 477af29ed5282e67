"""The office's calendar as it is seeded."""

import csv
from datetime import date
from pathlib import Path

import pytest

from app.law.workdays import Calendar

SEED = Path(__file__).parents[2] / "seed" / "calendar.csv"


@pytest.fixture(scope="session")
def rows() -> list[tuple[date, bool, str, bool]]:
    with SEED.open(encoding="utf-8", newline="") as file:
        return [
            (date.fromisoformat(row["day"]), row["is_workday"] == "1", row["name"], row["published"] == "1")
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="session")
def calendar(rows: list[tuple[date, bool, str, bool]]) -> Calendar:
    return Calendar.from_rows(rows)
