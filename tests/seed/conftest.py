"""The seed files as they are, read once; no database."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.law.workdays import Calendar

SEED = Path(__file__).parents[2] / "seed"


def read(name: str) -> Any:
    return json.loads((SEED / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def codes() -> dict[str, list[dict[str, str]]]:
    return read("codes.json")


@pytest.fixture(scope="session")
def centres() -> list[dict[str, Any]]:
    return read("places.json")["centres"]


@pytest.fixture(scope="session")
def retention() -> list[dict[str, Any]]:
    return read("retention.json")


@pytest.fixture(scope="session")
def settings() -> list[dict[str, Any]]:
    return read("settings.json")


@pytest.fixture(scope="session")
def regulation() -> dict[str, Any]:
    return read("regulation.json")


@pytest.fixture(scope="session")
def organisation() -> dict[str, Any]:
    return read("demo/organisation.json")


@pytest.fixture(scope="session")
def items() -> dict[str, dict[str, Any]]:
    return {item["code"]: item for item in read("demo/items.json")}


@pytest.fixture(scope="session")
def staff() -> dict[str, dict[str, Any]]:
    return {person["username"]: person for person in read("demo/staff.json")}


@pytest.fixture(scope="session")
def scenarios() -> list[dict[str, Any]]:
    return read("demo/applications.json")


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    with (SEED / "calendar.csv").open(encoding="utf-8", newline="") as file:
        return Calendar.from_rows(
            (date.fromisoformat(row["day"]), row["is_workday"] == "1", row["name"], row["published"] == "1")
            for row in csv.DictReader(file)
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "scenario" in metafunc.fixturenames:
        rows = read("demo/applications.json")
        metafunc.parametrize("scenario", rows, ids=[row["ref"] for row in rows])
