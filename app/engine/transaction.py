"""One act, one transaction: the lock is taken before anything is read, and this is the only commit of an act."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.errors import Busy

T = TypeVar("T")
TRIES = 3
_LOST_LOCKS = ("40001", "40P01", "55P03")
_RACED = (
    "act_result", "item_version", "provincial_no", "payment_no", "refund_no", "kiosk_token", "window_serves_one",
)  # fmt: skip
"""Rows and columns that two acts may want at once: whoever comes second looks again, and is told."""


def run(session: Session, work: Callable[[], T]) -> T:
    """Do `work` in a writing transaction of its own and commit it; at most three tries after a lost lock.

    Ends the read transaction of the request first. Raises Busy where the database stays locked or is full.
    """
    for attempt in range(1, TRIES + 1):
        session.rollback()
        try:
            session.connection(execution_options={"immediate": True})
            result = work()
            session.commit()
        except (OperationalError, IntegrityError) as error:
            session.rollback()
            if not _lock_was_lost(error) or attempt == TRIES:
                raise _translated(error) from error
        except BaseException:
            session.rollback()
            raise
        else:
            return result
    raise Busy


def _lock_was_lost(error: DBAPIError) -> bool:
    """Whether another try may do better: a deadlock or lock time-out, or two acts racing for one unique row."""
    if isinstance(error, IntegrityError):
        return any(name in str(error.orig) for name in _RACED)
    return getattr(error.orig, "sqlstate", None) in _LOST_LOCKS


def _translated(error: DBAPIError) -> BaseException:
    """SQLite waits by itself (busy_timeout); locked or full after that is Busy, anything else is a fault of ours."""
    message = str(error.orig).lower()
    busy = getattr(error.orig, "sqlstate", None) in (*_LOST_LOCKS, "53100", "53300", "57014")
    if busy or "locked" in message or "full" in message or "readonly" in message:
        return Busy()
    return error
