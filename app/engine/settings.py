"""The county's settings and its working-day calendar, read once per change of version."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from app.law.workdays import Calendar
from app.models.calendar import CalendarDay, Setting

CALENDAR_VERSION = "calendar_version"
_CHANGING = 20_260_101
"""The advisory lock that a change of the calendar holds alone, and every act shares."""
_HELD = select(func.pg_advisory_xact_lock_shared(_CHANGING))
_CHANGED = select(func.pg_advisory_xact_lock(_CHANGING))
_calendars: dict[tuple[str, object], Calendar] = {}


@dataclass(frozen=True, slots=True)
class Settings:
    """The county's settings, by key."""

    values: dict[str, Any]

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a setting, or `default` where the county set none."""
        return self.values.get(key, default)


_ALL = select(Setting.__table__.c.key, cast(Setting.__table__.c.value, Text))


def load(session: Session) -> Settings:
    """All settings, in one query; as long as their text is the same, so is what was made of it."""
    return _understood(tuple((key, value) for key, value in session.connection().execute(_ALL)))


@lru_cache(maxsize=16)
def _understood(rows: tuple[tuple[str, str], ...]) -> Settings:
    return Settings({key: json.loads(value) for key, value in rows})


def calendar(session: Session, settings: Settings) -> Calendar:
    """The calendar of the settings' calendar version; kept by this process until the version moves."""
    key = (str(session.get_bind().engine.url), settings.get(CALENDAR_VERSION))
    found = _calendars.get(key)
    if found is None:
        rows = session.execute(
            select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.name, CalendarDay.published).order_by(
                CalendarDay.day
            )
        )
        found = Calendar.from_rows((day, works, name, published) for day, works, name, published in rows)
        for stale in [k for k in _calendars if k[0] == key[0]]:
            del _calendars[stale]
        _calendars[key] = found
    return found


def hold_calendar(session: Session) -> None:
    """Keep the calendar as it is until this act is over: nothing is counted by one that has just been replaced.

    On SQLite there is one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_HELD)


def change_calendar(session: Session) -> None:
    """Wait for the acts that are under way, and let none begin until this transaction is over."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_CHANGED)
