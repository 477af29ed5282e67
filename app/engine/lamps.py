"""The lamp of a clock run, by the county's thresholds: the page, the desks and the checker see the same colour."""

from datetime import datetime

from app.engine.settings import Settings
from app.law.clock import CLOCKS, Clock, Lamp, Limit, PauseKind, Thresholds, Unit, lamp
from app.law.states import State
from app.law.workdays import Calendar
from app.models.calendar import ClockRun

PAUSED_BY_SUSPENSION = frozenset(clock for clock, rule in CLOCKS.items() if rule.pauses is not PauseKind.NEVER)


def thresholds(settings: Settings) -> Thresholds:
    """When lamps turn, as the county set it."""
    usual = Thresholds()
    return Thresholds(
        last_days=int(settings.get("lamp_yellow_days_left", usual.last_days)),
        long_limit=int(settings.get("lamp_long_limit_days", usual.long_limit)),
        long_percent=int(settings.get("lamp_yellow_share_left", usual.long_percent)),
    )


def limit_of_run(run: ClockRun) -> Limit:
    """The limit the run was started with."""
    unit = Unit(run.unit)
    return Limit(run.amount, unit, run.due_on if unit is Unit.DATE else None)


def lamp_at(run: ClockRun, state: str, moment: datetime, calendar: Calendar, given: Thresholds) -> Lamp:
    """The colour of a run at a moment while it runs, on an application that stands at `state`."""
    clock = Clock(run.clock)
    paused = state == State.SUSPENDED and clock in PAUSED_BY_SUSPENSION
    return lamp(
        CLOCKS[clock], limit_of_run(run), run.due_at, moment, calendar,
        closing=run.closing, paused=paused, thresholds=given,
    )  # fmt: skip
