"""The checker: raises an alert for each lamp that turned, once per clock run, level and due date."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload

from app.engine import scope, settings, transaction
from app.engine.actors import SYSTEM
from app.engine.dossier import Dossier
from app.engine.duties import Tally
from app.engine.lamps import Given, lamp_at, thresholds
from app.engine.notices import addresses, notices
from app.law.clock import CLOCKS, ZONE, Clock, ClockRule, Lamp, Unit, Yellow, escalates_at
from app.law.workdays import ONE_DAY, Calendar, UnknownYear
from app.models.application import Application
from app.models.calendar import Alert, ClockRun, JobRun
from app.models.trail import Event, Notice

log = logging.getLogger(__name__)

NAME = "check_clocks"
CAUSE = "clock"
BATCH = 200
"""Rows of one transaction: nobody waits long behind the checker."""
ALERTING = frozenset(clock for clock, rule in CLOCKS.items() if rule.yellow_to or rule.red_to)
ESCALATING = frozenset(clock for clock, rule in CLOCKS.items() if rule.escalate_after is not None)
AFTER_CLOSING = frozenset(clock for clock, rule in CLOCKS.items() if rule.alerts_after_closing)
YELLOW_BY_DAYS_LEFT = frozenset(clock for clock in ALERTING if CLOCKS[clock].yellow is Yellow.LAST_DAYS)
YELLOW_AT_NOON = frozenset(clock for clock in ALERTING if CLOCKS[clock].yellow is Yellow.NOON)
LEVELS: dict[Lamp, tuple[Lamp, ...]] = {Lamp.YELLOW: (Lamp.YELLOW,), Lamp.RED: (Lamp.YELLOW, Lamp.RED)}
"""A red lamp was yellow before, whether or not anybody looked then."""

LimitKey = tuple[str, str, int]
"""A clock, and the unit and amount of its limit."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """What the checker judges by."""

    now: datetime
    calendar: Calendar
    settings: settings.Settings
    thresholds: Given


def check(session: Session, now: datetime) -> Tally:
    """Raise what the lamps show now, and the breaches that came and went while nobody looked.

    A warning that came to nothing in the meantime is not raised afterwards, nor is anything that ended with the
    closing of its application. A row that cannot be judged stops no other.
    """
    with scope.unscoped(session):
        limits = _running_limits(session)
        late = _stopped_late(session)
        if not limits and not late:
            return Tally()
        given = settings.load(session)
        sight = _Sight(now, settings.calendar(session, given), given, thresholds(session, given))
        turned = sorted({*late, *_turned(session, limits, sight)})
        tally = Tally(seen=sum(limits.values()) + len(late))
        tally += _judge_all(session, turned, partial(_judge, session, sight))
        return tally + _judge_all(session, _long_overdue(session, now), partial(_tell_next_level, session, sight))


def last_check(session: Session) -> datetime | None:
    """When the last check that came to its end began."""
    whole = select(JobRun.started_at).where(JobRun.job == NAME, JobRun.ended_at.is_not(None), JobRun.error == "")
    return session.scalar(whole.order_by(JobRun.slot.desc()).limit(1))


def _running_limits(session: Session) -> dict[LimitKey, int]:
    """How many clocks run, by the limit they were given."""
    key = (ClockRun.clock, ClockRun.unit, ClockRun.amount)
    found = session.execute(
        select(*key, func.count()).where(ClockRun.stopped_at.is_(None), ClockRun.clock.in_(ALERTING)).group_by(*key)
    )
    return {(clock, unit, amount): count for clock, unit, amount, count in found}


def _turned(session: Session, limits: Iterable[LimitKey], sight: _Sight) -> Sequence[int]:
    """The running clocks whose lamp is, as far as the day tells, of a colour that has no alert yet."""
    today = sight.now.astimezone(ZONE).date()
    by_last_day: dict[date, list[LimitKey]] = defaultdict(list)
    for key in limits:
        by_last_day[_yellow_through(today, *key, sight)].append(key)
    nears_end = or_(
        *(
            and_(ClockRun.due_on <= last_day, tuple_(ClockRun.clock, ClockRun.unit, ClockRun.amount).in_(keys))
            for last_day, keys in by_last_day.items()
        )
    )
    past_due = ClockRun.due_at < sight.now
    found = (
        select(ClockRun.id)
        .join(Application, Application.id == ClockRun.application_id)
        .where(ClockRun.stopped_at.is_(None), *_may_alert(), or_(past_due, ~_has_alert(Lamp.YELLOW)))
        .where(
            or_(
                past_due,
                and_(ClockRun.clock.in_(YELLOW_AT_NOON), ClockRun.due_on <= today),
                and_(ClockRun.clock.in_(YELLOW_BY_DAYS_LEFT), nears_end),
            )
        )
    )
    return session.scalars(found).all()


def _yellow_through(today: date, clock: str, unit: str, amount: int, sight: _Sight) -> date:
    """The latest due day with which a clock of this limit could be yellow today; perhaps a little too late."""
    given = sight.thresholds[Clock(clock)]
    # No thirty days hold more working days than days.
    length = {Unit.WORKING_DAY: amount, Unit.MONTH: 30 * amount}.get(unit, 0)  # type: ignore[call-overload]
    left = length * given.long_percent // 100 if length > given.long_limit else given.last_days
    left = max(left, given.last_days)
    try:
        return sight.calendar.nth_workday(sight.calendar.count_through(today) + left + 1) - ONE_DAY
    except UnknownYear:
        return sight.calendar.last


def _stopped_late(session: Session) -> Sequence[int]:
    """The clocks that stopped after their due date in acts done since the last check, and have no red alert."""
    since = last_check(session)
    found = (
        select(ClockRun.id)
        .join(Application, Application.id == ClockRun.application_id)
        .where(ClockRun.stopped_at > ClockRun.due_at, *_may_alert())
    )
    if since is not None:
        # An act that runs into the check carries an earlier moment than its commit.
        lately = select(Event.application_id).where(Event.at >= since - timedelta(minutes=1))
        found = found.where(ClockRun.application_id.in_(lately))
    return session.scalars(found).all()


def _may_alert() -> tuple[ColumnElement[bool], ...]:
    """Only clocks that warn somebody, and none twice."""
    return ClockRun.clock.in_(ALERTING), ~_has_alert(Lamp.RED), *_goes_on()


def _goes_on() -> tuple[ColumnElement[bool], ...]:
    """Nothing after closing but where the clock goes on, nothing while paused."""
    return (
        or_(Application.closed_at.is_(None), ClockRun.clock.in_(AFTER_CLOSING)),
        ClockRun.paused_on.is_(None),
    )


def _has_alert(level: Lamp) -> ColumnElement[bool]:
    same_date = (Alert.clock_run_id == ClockRun.id, Alert.due_on == ClockRun.due_on)
    return exists().where(*same_date, Alert.level == level.value).correlate(ClockRun)


def _long_overdue(session: Session, now: datetime) -> Sequence[int]:
    """The running clocks past due whose next level has not been told."""
    told = exists().where(
        Notice.application_id == ClockRun.application_id,
        Notice.cause == _late_cause(cast(ClockRun.id, String), cast(ClockRun.due_on, String)),
    )
    found = (
        select(ClockRun.id)
        .join(Application, Application.id == ClockRun.application_id)
        .where(ClockRun.stopped_at.is_(None), ClockRun.due_at < now, ClockRun.clock.in_(ESCALATING))
        .where(*_goes_on(), ~told.correlate(ClockRun))
    )
    return session.scalars(found.order_by(ClockRun.id)).all()


def _judge_all(session: Session, ids: Sequence[int], judge: Callable[[int], int]) -> Tally:
    """Judge rows batch by batch, each batch committed."""
    tally = Tally()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        tally += transaction.run(session, partial(_judge_batch, session, batch, judge))
    return tally


def _judge_batch(session: Session, ids: Sequence[int], judge: Callable[[int], int]) -> Tally:
    """Judge each row in a savepoint of its own."""
    tally = Tally()
    for run_id in ids:
        try:
            with session.begin_nested():
                tally += Tally(raised=judge(run_id))
        except OperationalError:
            raise  # the database, not the row
        except Exception:
            log.exception("The clock run %s cannot be judged.", run_id)
            tally += Tally(failed=1)
    return tally


def _judge(session: Session, sight: _Sight, run_id: int) -> int:
    """Raise the alerts of one clock run; answers how many were new."""
    run, dossier = _load(session, sight, run_id)
    moment = run.stopped_at or sight.now
    shown = lamp_at(run, moment, sight.calendar, sight.thresholds)
    return sum(_raise(session, run, level, dossier, sight.now) for level in LEVELS.get(shown, ()))


def _tell_next_level(session: Session, sight: _Sight, run_id: int) -> int:
    """Tell the next level once a clock is as long past due as its rule says; that raises no alert."""
    run, dossier = _load(session, sight, run_id)
    rule = CLOCKS[Clock(run.clock)]
    told_after = escalates_at(rule, run.due_at, sight.calendar, run.closing)
    cause = str(_late_cause(str(run.id), run.due_on.isoformat()))
    told = select(Notice.id).where(Notice.application_id == run.application_id, Notice.cause == cause).limit(1)
    if told_after is not None and sight.now > told_after and session.scalar(told) is None:
        _tell(session, run, dossier, rule.escalate_to, cause, Lamp.RED, sight.now)
    return 0


def _load(session: Session, sight: _Sight, run_id: int) -> tuple[ClockRun, Dossier]:
    """A clock run and its application as they are now; locked, where another checker might judge it too."""
    run = session.get_one(ClockRun, run_id, populate_existing=True, with_for_update=True)
    application = session.get_one(
        Application, run.application_id, populate_existing=True,
        options=[joinedload(Application.item_version), joinedload(Application.centre)],
    )  # fmt: skip
    return run, Dossier(session, application, sight.calendar, sight.settings)


def _late_cause(run_id: Any, due_on: Any) -> Any:
    """How a notice to the next level is known, in Python and in SQL."""
    return "late:" + run_id + ":" + due_on


def _raise(session: Session, run: ClockRun, level: Lamp, dossier: Dossier, now: datetime) -> bool:
    """Raise one alert and tell those the clock's rule names, unless it was raised before."""
    audience = _audience(CLOCKS[Clock(run.clock)], level)
    if not audience or not _insert(session, run, level, now):
        return False
    _tell(session, run, dossier, audience, CAUSE, level, now)
    return True


def _tell(
    session: Session, run: ClockRun, dossier: Dossier, audience: tuple[str, ...], cause: str, level: Lamp, now: datetime
) -> None:
    application = dossier.application
    params = {
        "number": application.short_no, "item": dossier.item["name"], "by": SYSTEM.name, "clock": run.clock,
        "due_on": run.due_on.isoformat(),
    }  # fmt: skip
    told = [address for name in audience for address in addresses(name, dossier, run.subject_id)]
    session.add_all(
        notices(
            told,
            application_id=application.id,
            cause=cause,
            level=level.value,
            at=now,
            by=SYSTEM.username,
            params=params,
        )
    )
    session.flush()


def _audience(rule: ClockRule, level: Lamp) -> tuple[str, ...]:
    return rule.yellow_to if level is Lamp.YELLOW else rule.red_to


def _insert(session: Session, run: ClockRun, level: Lamp, now: datetime) -> bool:
    """Whether this alert is new: of two checkers at once only one hears yes."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Alert).values(
        application_id=run.application_id, clock_run_id=run.id, clock=run.clock, level=level.value, due_on=run.due_on,
        raised_at=now, created_by=SYSTEM.username,
    )  # fmt: skip
    once = row.on_conflict_do_nothing(index_elements=[Alert.clock_run_id, Alert.level, Alert.due_on])
    return session.execute(once.returning(Alert.id)).first() is not None
