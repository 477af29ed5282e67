"""The outbox: each event is reported to the provincial platform once, in the order of its application (第十五条（十）).

A message is sent when every earlier one of its application is delivered. One that is refused waits, and nothing waits
with it but the later ones of its application. A message is claimed before it is sent and marked delivered after it was
taken; whoever dies in between leaves it to be sent again, under the same key, once the claim has lapsed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, literal_column, not_, or_, select, update
from sqlalchemy.orm import Session

from app.engine import couriers, transaction
from app.engine.couriers import Courier, Message, Said, Undeliverable
from app.engine.duties import Tally
from app.engine.now import now
from app.models.trail import Outbox

log = logging.getLogger(__name__)

NAME = "report"
BATCH = 100
"""Messages of one request; of each application one, for the next may go only when it is delivered."""

CLAIM = timedelta(minutes=5)
"""So long a message is left to whoever claimed it; longer than any request lasts."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
SECONDS_AT_ONCE = 10.0
"""So long one run of the duty keeps the other duties waiting."""

MOST_TROUBLES = 3
"""After so many failures in a row the fault is the receiver's, and no further message is tried."""

FOREVER = float("inf")
LONGEST_TARGET, LONGEST_ERROR = 200, 500
_TABLE: Table = Outbox.__table__

_given: tuple[str, Path] | None = None


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message we may send, and how often it was sent, this time included."""

    message: Message
    attempts: int


def configure(address: str, key_file: Path) -> None:
    """Say where this process reports to, and where the key is; an empty address is nowhere."""
    global _given  # noqa: PLW0603  (one process reports to one place)
    _given = address, key_file


def report(session: Session, _moment: datetime) -> Tally:
    """Send for a few seconds what may be sent; nothing where there is no receiver."""
    courier = own_courier()
    return deliver(session, courier, seconds=SECONDS_AT_ONCE) if courier else Tally()


def own_courier() -> Courier | None:
    """The courier to the receiver of this installation; None where it has none."""
    return couriers.courier(*_given) if _given else None


def deliver(session: Session, courier: Courier, *, seconds: float = FOREVER, most: float = FOREVER) -> Tally:
    """Send what may be sent until nothing is left, nobody answers, or the time is up; answers how many were sent.

    The first request carries one message: where nobody answers, one waits for its next try and not a hundred. One by
    one, too, goes a batch that failed as a whole, so that what the receiver stumbles over stops no other.
    """
    tally, troubles, alone, end = Tally(), 0, 1, monotonic() + seconds
    try:
        while troubles < MOST_TROUBLES and tally.seen < most and monotonic() < end:
            claimed = _claim(session, 1 if alone else BATCH)
            if not claimed:
                break
            alone = max(0, alone - 1)
            try:
                answers = courier.carry([each.message for each in claimed])
                troubles = 0
            except Undeliverable as failure:
                if len(claimed) > 1:
                    transaction.run(session, partial(_release, session, claimed))
                    alone = len(claimed)
                    continue
                log.warning("The outbox row %s: %s", claimed[0].message.id, failure.why)
                answers = {claimed[0].message.key: Said(failure.why)}
                troubles = MOST_TROUBLES if failure.lasting else troubles + 1
            tally += transaction.run(session, partial(_settle, session, claimed, answers, courier.target))
    finally:
        courier.rest()
    return tally


def try_all_now(session: Session) -> None:
    """Let no message wait for its next try any longer."""
    waits = and_(_TABLE.c.state == "failed", _TABLE.c.next_try_at > now())
    transaction.run(session, lambda: session.execute(update(_TABLE).where(waits).values(next_try_at=now())))


def waiting(session: Session) -> int:
    """How many messages are not delivered."""
    return session.scalar(select(func.count()).select_from(_TABLE).where(_undelivered(_TABLE))) or 0


def wait_after(attempts: int) -> timedelta:
    """How long a message waits after so many tries: 1, 2, 4 … minutes, at most an hour."""
    doublings: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def _claim(session: Session, most: int) -> list[_Claimed]:
    """The messages that may go now, taken for ourselves: for the while of CLAIM nobody else sends them."""
    return transaction.run(session, partial(_take, session, most))


def _take(session: Session, most: int) -> list[_Claimed]:
    moment, row = now(), _TABLE.c
    found = session.execute(
        select(row.id, row.payload, row.attempts)
        .where(
            _undelivered(_TABLE), not_(_follows_another()), _is_over(row.next_try_at, moment),
            _is_over(row.claimed_until, moment),
        )
        .order_by(row.id).limit(most).with_for_update(skip_locked=True)
    ).all()  # fmt: skip
    claimed = [_Claimed(_message(each.id, each.payload), each.attempts + 1) for each in found]
    ours = update(_TABLE).where(row.id.in_([each.id for each in found]))
    if found:
        session.execute(ours.values(claimed_until=moment + CLAIM, attempts=row.attempts + 1))
    return claimed


def _message(row_id: int, payload: dict[str, Any]) -> Message:
    # The id alone would come again after a restore, for another event.
    return Message(row_id, f"{row_id}-{payload['hash']}", payload)


def _undelivered(table: Any) -> ColumnElement[bool]:
    # Written out, not bound: only so does the database see that its index of these rows will do.
    return table.c.state != literal_column("'delivered'")  # type: ignore[no-any-return]


def _follows_another() -> ColumnElement[bool]:
    """Whether an earlier message of the application is not delivered."""
    earlier = _TABLE.alias("earlier")
    same = and_(earlier.c.application_id == _TABLE.c.application_id, earlier.c.id < _TABLE.c.id, _undelivered(earlier))
    return select(earlier.c.id).where(same).correlate(_TABLE).exists()


def _is_over(until: Any, moment: datetime) -> ColumnElement[bool]:
    return or_(until.is_(None), until <= moment)


def _release(session: Session, claimed: Sequence[_Claimed]) -> None:
    """Give back what was not delivered, for its turn to come again at once."""
    ids = [each.message.id for each in claimed]
    session.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(claimed_until=None))


def _settle(session: Session, claimed: Sequence[_Claimed], answers: dict[str, Said], target: str) -> Tally:
    """Write down what became of each message; one that somebody else delivered meanwhile stays as it is."""
    moment, row, failed = now(), _TABLE.c, 0
    always = {"claimed_until": None, "target": target[:LONGEST_TARGET]}
    taken = [each.message.id for each in claimed if not answers[each.message.key].why]
    session.execute(
        update(_TABLE).where(row.id.in_(taken), _undelivered(_TABLE))
        .values(state="delivered", delivered_at=moment, next_try_at=None, last_error=None, **always)
    )  # fmt: skip
    for each in claimed:
        said = answers[each.message.key]
        if said.number:
            # of whoever was faster, the answer came to both
            session.execute(update(_TABLE).where(row.id == each.message.id).values(their_number=said.number))
        if why := said.why:
            failed += 1
            session.execute(
                update(_TABLE).where(row.id == each.message.id, _undelivered(_TABLE))
                .values(state="failed", last_error=why[:LONGEST_ERROR],
                        next_try_at=moment + wait_after(each.attempts), **always)
            )  # fmt: skip
    return Tally(seen=len(claimed), failed=failed)
