"""Days and seconds as each database counts them, and the days a page is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from sqlalchemy import ColumnElement, Float, String, cast, func, true

from app.law.clock import ZONE
from app.models.application import Application

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_DAYS = 366


@dataclass(frozen=True)
class Days:
    """From one day to another, both included."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(0), ZONE)

    @property
    def end(self) -> datetime:
        """The first moment after."""
        return datetime.combine(self.last + timedelta(days=1), time(0), ZONE)

    def hold(self, moment: Any) -> ColumnElement[bool]:
        """Whether a moment lies in them."""
        return (moment >= self.begin) & (moment < self.end)


def asked(today: date, usual: int) -> Days:
    """The days in the address; without any, or with senseless ones, as many as usual up to today."""
    last = _day("to") or today
    first = _day("from") or last - timedelta(days=usual - 1)
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        return Days(last - timedelta(days=usual - 1), last)
    return Days(first, last)


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found < date(2100, 1, 1) else None


def real() -> ColumnElement[bool]:
    """The county's own applications; in an installation that is a demo, the demo's too."""
    return true() if current_app.config["DEMO"] else Application.is_demo.is_(False)


def day_of(session: Session, moment: Any) -> ColumnElement[str]:
    """The day of a moment in county time, as text."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment, "+8 hours", type_=String)
    return func.to_char(func.timezone(str(ZONE), moment), "YYYY-MM-DD", type_=String)


def seconds(session: Session, earlier: Any, later: Any) -> ColumnElement[float]:
    """How many seconds lie between two moments."""
    if session.get_bind().dialect.name == "sqlite":
        # A day as a fraction is exact to some hundredths of a millisecond.
        gap = (func.julianday(later, type_=Float) - func.julianday(earlier, type_=Float)) * 86_400
        return func.round(gap, 3, type_=Float)
    return cast(func.extract("epoch", later - earlier), Float)
