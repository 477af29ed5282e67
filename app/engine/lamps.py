"""The lamp of a clock run, by the county's rule for its clock: page, desks and checker see the same colour."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.engine.settings import Settings
from app.law.clock import CLOCKS, Clock, Lamp, Thresholds, lamp, limit_of
from app.law.lamp_bounds import usual
from app.law.workdays import Calendar
from app.models.calendar import ClockRun
from app.models.publishing import LampRule

LAMP_VERSION = "lamp_version"
Given = Mapping[Clock, Thresholds]
"""Clock -> when its lamp turns."""

_known: dict[tuple[str, object], Given] = {}
_COLUMNS = ("last_days", "long_limit", "long_percent", "red_after")
_runs, _rules = ClockRun.__table__.c, LampRule.__table__.c


def thresholds(session: Session, settings: Settings) -> Given:
    """When each lamp turns, as the county set it; kept by this process until the version moves."""
    key = (str(session.get_bind().engine.url), settings.get(LAMP_VERSION))
    found = _known.get(key)
    if found is None:
        for stale in [each for each in _known if each[0] == key[0]]:
            del _known[stale]
        rows = session.execute(select(_rules.clock, *(_rules[name] for name in _COLUMNS)))
        set_here = {row.clock: of_row(row) for row in rows}
        found = _known[key] = {clock: set_here.get(clock, usual(rule)) for clock, rule in CLOCKS.items()}
    return found


def of_row(row: LampRule | Row[Any]) -> Thresholds:
    """The thresholds that a row of the county's rules says."""
    return Thresholds(**{name: getattr(row, name) for name in _COLUMNS})


def lamp_at(run: ClockRun | Row[Any], moment: datetime, calendar: Calendar, given: Given) -> Lamp:
    """The colour of a run at a moment while it runs."""
    clock = Clock(run.clock)
    return lamp(
        CLOCKS[clock], limit_of(run.amount, run.unit, run.due_on), run.due_at, moment, calendar,
        closing=run.closing, paused=run.paused_on is not None, thresholds=given[clock],
    )  # fmt: skip


def turned_by(
    session: Session, clock: Clock, was: Thresholds, new: Thresholds, calendar: Calendar, moment: datetime
) -> Counter[tuple[Lamp, Lamp]]:
    """How many running clocks would change from which colour to which, counted over the whole county."""
    same = (_runs.unit, _runs.amount, _runs.due_on, _runs.due_at, _runs.closing)
    rows = session.execute(
        select(*same, func.count().label("number"))
        .where(_runs.clock == clock.value, _runs.stopped_at.is_(None), _runs.paused_on.is_(None))
        .group_by(*same)
    )
    found: Counter[tuple[Lamp, Lamp]] = Counter()
    for row in rows:
        limit = limit_of(row.amount, row.unit, row.due_on)
        before, after = (
            lamp(CLOCKS[clock], limit, row.due_at, moment, calendar, closing=row.closing, paused=False, thresholds=each)
            for each in (was, new)
        )
        if before is not after:
            found[before, after] += row.number
    return found
