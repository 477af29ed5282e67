"""Every scheduled job on one page: its name, when it is due, what it does."""

import socket
from datetime import datetime, time, timedelta
from logging.config import dictConfig
from time import sleep

from sqlalchemy import Engine, and_, delete, or_
from sqlalchemy.orm import Session

from app.engine import duties, files, lateness, outbox, scheduler, seals, transaction
from app.engine.duties import Daily, Duty, Every, Tally
from app.engine.now import now
from app.management import duties as management
from app.management import people_duties
from app.models.calendar import JobRun
from app.stages.acceptance import duties as silence
from app.stages.intake import duties as intake
from app.stages.rating import duties as rating
from app.stages.reporting import duties as reporting
from app.stages.ticketing import duties as ticketing
from app.supervision import checker, exports
from app.web.logging import LOGGING
from app.web.login_limits import TableStorage

JOB_RUNS_KEPT, IDLE_RUNS_KEPT = timedelta(days=90), timedelta(days=1)


def sweep_files(session: Session, moment: datetime) -> Tally:
    """Forget the uploads that no act claimed within a day."""
    return Tally(seen=files.sweep(session, moment))


def sweep_login_limits(session: Session, _moment: datetime) -> Tally:
    """Forget the windows in which tries were counted and which are over."""
    return Tally(seen=TableStorage(session.get_bind().engine).sweep())


def sweep_job_runs(session: Session, moment: datetime) -> Tally:
    """Forget the job runs of a season ago, and those of yesterday that found nothing to do."""
    idle = and_(JobRun.seen == 0, JobRun.failed == 0, JobRun.error == "", JobRun.ended_at.is_not(None))
    past = or_(
        JobRun.started_at < moment - JOB_RUNS_KEPT, and_(idle, JobRun.started_at < moment - IDLE_RUNS_KEPT),
    )  # fmt: skip
    old = delete(JobRun).where(past)
    return Tally(seen=transaction.run(session, lambda: len(session.scalars(old.returning(JobRun.id)).all())))


JOBS = (
    Duty(checker.NAME, Every(60), checker.check),
    Duty(silence.NAME, Every(60), silence.deem_accepted),
    Duty(management.NAME, Every(60), management.escalate_stuck),
    Duty(people_duties.ABSENCES, Every(60), people_duties.end_absences),
    Duty(people_duties.SUBSTITUTES, Every(60), people_duties.turn_substitutes),
    Duty(lateness.NAME, Every(60), lateness.tell),
    Duty(exports.NAME, Every(60), exports.expire_all),
    Duty(ticketing.NAME, Every(60), ticketing.expire_tickets),
    Duty(outbox.NAME, Every(15), outbox.report),
    Duty(reporting.BUILD, Daily(time(7, 30)), reporting.build_ledgers),
    Duty(reporting.SEND, Every(60), reporting.send_ledgers),
    Duty(seals.NAME, Daily(time(23, 30)), seals.seal_daily),
    Duty(intake.NAME, Daily(time(18, 30)), intake.lapse_drafts),
    Duty(rating.NAME, Daily(time(0, 30)), rating.expire_ratings),
    Duty("sweep_files", Daily(time(3, 0)), sweep_files),
    Duty("sweep_login_limits", Daily(time(3, 10)), sweep_login_limits),
    Duty("sweep_job_runs", Daily(time(3, 20)), sweep_job_runs),
)


def tick(session: Session) -> dict[str, Tally | None]:
    """Do every due duty once, now."""
    return duties.tick(session, JOBS, now())


def run(engine: Engine, once_open: str = "") -> None:
    """Do them until a signal, but not before a server listens at `once_open` («host:port»), where that is told."""
    dictConfig(LOGGING)
    if once_open:
        host, _colon, port = once_open.rpartition(":")
        while not _listens(host.strip("[]"), int(port)):
            sleep(0.1)
    scheduler.run(engine, JOBS)


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
