"""The scheduler: a process of its own that does the duties when they are due; of many such processes one leads."""

import logging
import os
import signal
import socket
from collections.abc import Sequence
from datetime import timedelta
from secrets import token_hex
from time import monotonic

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.engine import duties, lease
from app.engine.duties import EPOCH, Daily, Duty, Every
from app.engine.now import now
from app.errors import Busy
from app.law.clock import ZONE

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""How long a leader that died stays in the way; with a renewal every third of it another leads within 40 seconds."""

ORDERS_TO_STOP = {signal.SIGTERM, signal.SIGINT}


def run(engine: Engine, jobs: Sequence[Duty], *, lease_seconds: float = LEASE_SECONDS) -> None:
    """Do the duties until SIGTERM or SIGINT; a duty under way is finished first."""
    # Waited for, not handled: a handler that runs while another signal is being handled can lock itself out.
    signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS_TO_STOP)
    scheduler = Scheduler(engine, jobs, lease_seconds)
    scheduler.start()
    signal.sigwait(ORDERS_TO_STOP)
    scheduler.stop()


class Scheduler:
    """One process's share: it renews or seeks the lease, and does what is due while it leads."""

    def __init__(self, engine: Engine, jobs: Sequence[Duty], lease_seconds: float) -> None:
        self._engine = engine
        self._jobs = jobs
        self._lease_seconds = lease_seconds
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"[:80]
        self._leads_until = 0.0
        # The lease has a thread of its own, so that no long duty loses it.
        self._clockwork = BackgroundScheduler(
            timezone=ZONE,
            executors={"default": ThreadPoolExecutor(1), "lease": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    @property
    def leads(self) -> bool:
        """Whether the lease is ours still, by our own measure of time."""
        return monotonic() < self._leads_until

    def start(self) -> None:
        """Seek the lease at once, and every third of its length."""
        seek = IntervalTrigger(seconds=self._lease_seconds / 3, timezone=ZONE)
        self._clockwork.add_job(self._seek_lease, seek, executor="lease", next_run_time=now())
        for duty in self._jobs:
            self._clockwork.add_job(self._do, _trigger(duty), [duty], name=duty.name)
        self._clockwork.start()

    def stop(self) -> None:
        """Finish what is under way and let another lead."""
        self._clockwork.shutdown(wait=True)
        lease.give_back(self._engine, lease.SCHEDULER, self._holder)
        self._engine.dispose()

    def _seek_lease(self) -> None:
        led, asked = self.leads, monotonic()
        try:
            taken = lease.take(self._engine, lease.SCHEDULER, self._holder, self._lease_seconds)
        except SQLAlchemyError:
            log.exception("The lease could not be renewed.")
            return
        self._leads_until = asked + self._lease_seconds if taken else 0.0
        if taken and not led:
            log.info("This scheduler leads: %s.", self._holder)
            self._clockwork.add_job(self._catch_up)

    def _catch_up(self) -> None:
        """Do what fell due while nobody led; a run that has not ended died with the last leader."""
        for duty in self._jobs:
            self._do(duty, abandoned=timedelta(0))

    def _do(self, duty: Duty, abandoned: timedelta = duties.ABANDONED) -> None:
        if not self.leads:
            return
        with Session(self._engine) as session:
            try:
                duties.run(session, duty, now(), abandoned=abandoned)
            except (Busy, SQLAlchemyError):
                log.exception("The duty %s waits for its next slot.", duty.name)


def _trigger(duty: Duty) -> IntervalTrigger | CronTrigger:
    match duty.cadence:
        case Every(seconds=seconds):
            return IntervalTrigger(seconds=seconds, start_date=EPOCH, timezone=ZONE)
        case Daily(at=at):
            return CronTrigger(hour=at.hour, minute=at.minute, timezone=ZONE)
