"""What every installation starts with: the county's centres, retention periods, settings and working-day calendar."""

import csv
from dataclasses import replace
from datetime import date, time
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.configuration.seed_files import SEED, Row, absent, read, stamp
from app.engine.now import now
from app.engine.settings import CALENDAR_VERSION
from app.law.clock import CLOCKS, Clock
from app.law.lamp_bounds import BOUNDS, complaints, usual
from app.models.archive import Retention
from app.models.calendar import CalendarDay, Setting
from app.models.organisation import Centre
from app.models.publishing import LampRule

ONE_FOR_ALL = {
    "lamp_yellow_days_left": "last_days",
    "lamp_long_limit_days": "long_limit",
    "lamp_yellow_share_left": "long_percent",
}
"""Settings of earlier versions -> what they are in the rule of each lamp."""
HOURS = ("opens_at", "lunch_from", "lunch_to", "closes_at")


def load(session: Session) -> None:
    """Add the reference rows that are missing."""
    _centres(session)
    _retention(session)
    _settings(session)
    _lamps(session)
    _calendar(session)
    session.flush()


def _centres(session: Session) -> None:
    for row in absent(session, Centre.code, read("places.json")["centres"], "code"):
        hours = {name: time.fromisoformat(row[name]) for name in HOURS}
        session.add(Centre(**{**row, **hours}, **stamp()))


def _retention(session: Session) -> None:
    for row in absent(session, Retention.code, read("retention.json"), "code"):
        session.add(Retention(code=row["code"], name=row["name"]["zh"], years=row["years"], **stamp()))


def _settings(session: Session) -> None:
    for row in absent(session, Setting.key, read("settings.json"), "key"):
        session.add(Setting(key=row["key"], value=row["value"], **stamp()))


def _lamps(session: Session) -> None:
    """A rule for each clock: the usual one, with the thresholds that a county set for all lamps in earlier versions."""
    kept = {row.key: row.value for row in session.scalars(select(Setting).where(Setting.key.in_(ONE_FOR_ALL)))}
    earlier = {name: int(str(kept[key])) for key, name in ONE_FOR_ALL.items() if key in kept}
    for row in absent(session, LampRule.clock, [{"clock": clock.value} for clock in CLOCKS], "clock"):
        rule = CLOCKS[Clock(row["clock"])]
        moved = replace(usual(rule), **earlier)
        given = usual(rule) if any(complaints(rule.clock, moved)) else moved
        values = {name: getattr(given, name) for name in BOUNDS}
        session.add(LampRule(clock=rule.clock.value, since=now(), **values, **stamp()))


def _calendar(session: Session) -> None:
    days = absent(session, CalendarDay.day, _calendar_rows(), "day")
    if not days:
        return
    session.execute(insert(CalendarDay), days)
    version = session.get(Setting, CALENDAR_VERSION)
    if version is None:
        session.add(Setting(key=CALENDAR_VERSION, value=1, **stamp()))
    else:
        version.value = int(str(version.value)) + 1


def _calendar_rows() -> list[Row]:
    made: dict[str, Any] = stamp()
    with (SEED / "calendar.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "day": date.fromisoformat(row["day"]), "is_workday": row["is_workday"] == "1", "name": row["name"],
                "published": row["published"] == "1", **made,
            }
            for row in csv.DictReader(file)
        ]
