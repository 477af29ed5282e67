"""The lamp of a clock run, by the county's thresholds: the page, the desks and the checker see the same colour."""

from datetime import datetime

from app.engine.settings import Settings
from app.law.clock import CLOCKS, Clock, Lamp, Thresholds, lamp, limit_of
from app.law.workdays import Calendar
from app.models.calendar import ClockRun


def thresholds(settings: Settings) -> Thresholds:
    """When lamps turn, as the county set it."""
    usual = Thresholds()
    return Thresholds(
        last_days=int(settings.get("lamp_yellow_days_left", usual.last_days)),
        long_limit=int(settings.get("lamp_long_limit_days", usual.long_limit)),
        long_percent=int(settings.get("lamp_yellow_share_left", usual.long_percent)),
    )


def lamp_at(run: ClockRun, moment: datetime, calendar: Calendar, given: Thresholds) -> Lamp:
    """The colour of a run at a moment while it runs."""
    return lamp(
        CLOCKS[Clock(run.clock)], limit_of(run.amount, run.unit, run.due_on), run.due_at, moment, calendar,
        closing=run.closing, paused=run.paused_on is not None, thresholds=given,
    )  # fmt: skip
