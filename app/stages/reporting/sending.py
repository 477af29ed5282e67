"""Sending what was built: claimed, handed over, noted down; what is not taken is tried again after 1, 2, 4 … minutes.

Whoever dies between handing over and noting down leaves the ledger to be sent again, under the same key, once the
claim has lapsed.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.engine import scope, transaction
from app.engine.actors import SYSTEM
from app.engine.couriers import Undeliverable
from app.engine.duties import Tally
from app.engine.ledgers import installation
from app.engine.now import now
from app.engine.outbox import CLAIM, LONGEST_ERROR, MOST_TROUBLES, wait_after
from app.engine.perform_object import perform_object
from app.models.ledger import LedgerBatch, LedgerWorkbook
from app.models.organisation import IndustryDepartment
from app.stages.reporting.letters import letter_of
from app.stages.reporting.post import Post, post

log = logging.getLogger(__name__)

WAITING = ("built", "failed")
SECONDS_AT_ONCE = 20.0
"""So long one run of the duty keeps the other duties waiting."""

_TABLE: Table = LedgerBatch.__table__


@dataclass(frozen=True, slots=True)
class Claimed:
    """A ledger we may send."""

    id: int
    state: str
    version: int
    tries: int


def own_post() -> Post | None:
    """The way this installation sends its ledgers; None where it has none."""
    return post(installation().address)


def send(session: Session, way: Post, *, seconds: float) -> Tally:
    """Send what may be sent until nothing is left, nobody answers, or the time is up."""
    scope.bind(session, SYSTEM)
    tally, troubles, end = Tally(), 0, monotonic() + seconds
    while troubles < MOST_TROUBLES and monotonic() < end:
        claimed = transaction.run(session, partial(_claim, session, way))
        if claimed is None:
            break
        try:
            recipient = way.carry(letter_of(*_whole(session, claimed.id)))
        except Undeliverable as failure:
            log.warning("The ledger %s: %s", claimed.id, failure.why)
            _not_taken(session, claimed, failure.why[:LONGEST_ERROR])
            troubles = MOST_TROUBLES if failure.lasting else troubles + 1
            tally += Tally(seen=1, failed=1)
        else:
            move = "send" if claimed.state == "built" else "retry"
            perform_object(
                session, "ledger_batch", move, claimed.id, SYSTEM, {"recipient": recipient}, claimed.version
            )
            troubles = 0
            tally += Tally(seen=1, raised=1)
    return tally


def try_all_now(session: Session) -> None:
    """Let no ledger wait for its next try any longer."""
    waits = (_TABLE.c.state == "failed", _TABLE.c.next_try_at > now())
    transaction.run(session, lambda: session.execute(update(_TABLE).where(*waits).values(next_try_at=now())))


def _claim(session: Session, way: Post) -> Claimed | None:
    """The next ledger that may go, ours for the while of CLAIM."""
    moment, row = now(), _TABLE.c
    wanted = (
        select(row.id, row.state, row.version, row.tries)
        .where(row.state.in_(WAITING), _is_over(row.next_try_at, moment), _is_over(row.claimed_until, moment))
        .order_by(row.week_from, row.id).limit(1).with_for_update(skip_locked=True)
    )  # fmt: skip
    if way.needs_address:
        department = IndustryDepartment.__table__.c
        wanted = wanted.where(row.department_id.in_(select(department.id).where(department.mail != "")))
    found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    session.execute(update(_TABLE).where(row.id == found.id).values(claimed_until=moment + CLAIM))
    return Claimed(found.id, found.state, found.version, found.tries)


def _is_over(until: Any, moment: datetime) -> ColumnElement[bool]:
    return or_(until.is_(None), until <= moment)


def _whole(session: Session, batch_id: int) -> tuple[LedgerBatch, bytes]:
    both = (joinedload(LedgerBatch.office), joinedload(LedgerBatch.department))
    batch = session.get_one(LedgerBatch, batch_id, options=both, populate_existing=True)
    content = session.scalars(select(LedgerWorkbook.content).where(LedgerWorkbook.batch_id == batch_id)).one()
    return batch, content


def _not_taken(session: Session, claimed: Claimed, why: str) -> None:
    """The first failure is an act; those after it are counted, for they change nothing but when it is tried again."""
    if claimed.state == "built":
        perform_object(session, "ledger_batch", "fail", claimed.id, SYSTEM, {"error": why}, claimed.version)
        return
    tries = claimed.tries + 1
    counted = {"tries": tries, "last_error": why, "claimed_until": None, "next_try_at": now() + wait_after(tries)}
    changed = update(_TABLE).where(_TABLE.c.id == claimed.id, _TABLE.c.state == "failed").values(**counted)
    transaction.run(session, lambda: session.execute(changed))
