"""Duties: what is done again and again without anybody asking, each slot of time once."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.engine import transaction
from app.engine.now import now as server_now
from app.law.clock import ZONE
from app.models.calendar import JobRun

log = logging.getLogger(__name__)

EPOCH = datetime(1970, 1, 1, tzinfo=ZONE)
ABANDONED = timedelta(minutes=10)
"""A run that has not ended for so long died with its process, and its slot is taken up again."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one run of a duty saw, raised, and failed at; `error` where it broke off."""

    seen: int = 0
    raised: int = 0
    failed: int = 0
    error: str = ""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.seen + other.seen, self.raised + other.raised, self.failed + other.failed)


class Cadence(Protocol):
    """How often a duty is due."""

    def slot(self, now: datetime) -> datetime:
        """The last moment at which it was due, at or before `now`."""


@dataclass(frozen=True, slots=True)
class Every:
    """Due every so many seconds."""

    seconds: int

    def slot(self, now: datetime) -> datetime:
        """The last full multiple."""
        return now - (now - EPOCH) % timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Daily:
    """Due once a day, at this time of the county's clock."""

    at: time

    def slot(self, now: datetime) -> datetime:
        """Today at that time, or yesterday where it is earlier yet."""
        today = datetime.combine(now.astimezone(ZONE).date(), self.at, ZONE)
        return today if today <= now else today - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """A named duty, how often it is due, and what it does; doing it twice changes nothing."""

    name: str
    cadence: Every | Daily
    work: Callable[[Session, datetime], Tally]


def run(session: Session, duty: Duty, now: datetime, *, abandoned: timedelta = ABANDONED) -> Tally | None:
    """Do a duty for its last slot, unless somebody did: then None. A duty that breaks off is recorded, not raised."""
    slot = duty.cadence.slot(now)
    run_id = transaction.run(session, lambda: _claim(session, duty.name, slot, now, now - abandoned))
    if run_id is None:
        return None
    try:
        tally = duty.work(session, now)
    except Exception as error:
        session.rollback()
        log.exception("The duty %s broke off.", duty.name)
        tally = Tally(failed=1, error=_first_line(error))
    transaction.run(session, lambda: _record(session, run_id, tally))
    return tally


def tick(session: Session, duties: Iterable[Duty], now: datetime) -> dict[str, Tally | None]:
    """Do every due duty once; None for one whose slot was done before."""
    return {duty.name: run(session, duty, now) for duty in duties}


def _claim(session: Session, name: str, slot: datetime, now: datetime, dead_since: datetime) -> int | None:
    """The run of this slot, if it is ours: nobody has it yet, or whoever had it died."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(JobRun).values(job=name, slot=slot, started_at=now)
    claim = statement.on_conflict_do_update(
        index_elements=[JobRun.job, JobRun.slot],
        set_={"started_at": now},
        where=JobRun.ended_at.is_(None) & (JobRun.started_at <= dead_since),
    ).returning(JobRun.id)
    return session.execute(claim).scalar_one_or_none()


def _record(session: Session, run_id: int, tally: Tally) -> None:
    session.execute(
        update(JobRun)
        .where(JobRun.id == run_id)
        .values(
            ended_at=server_now(), seen=tally.seen, raised=tally.raised, failed=tally.failed, error=tally.error,
        )
    )  # fmt: skip


def _first_line(error: Exception) -> str:
    """What went wrong, without the details in which a database quotes people's data."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0] if said else ''}"[:500]
