"""`flask verify`: looks for every violation of the invariants, and names the row.

What is looked at: 1-30, 32-34. What no row could tell, 31: a figure is counted when it is asked for and kept
nowhere, so tests compare it with plain SQL.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine import scope, seals
from app.models.application import Application
from app.supervision import (
    invariants_branches,
    invariants_clocks,
    invariants_fees,
    invariants_history,
    invariants_house,
    invariants_ledger,
    invariants_papers,
    invariants_people,
    invariants_placed,
    invariants_rows,
)
from app.supervision.histories import History, Judge, histories
from app.supervision.invariants_seals import what_was_sealed_is_there

UPLOADS = "uploads"

Progress = Callable[[int, int], None]


def violations(session: Session, data_dir: Path, progress: Progress | None = None) -> Iterator[str]:
    """A line for each violation, beginning with the invariant's number, of the database as it is at one moment.

    `progress` hears how many applications of how many were looked at.
    """
    with scope.unscoped(session):
        _hold_still(session)
        try:
            yield from _of_the_house(session, data_dir)
            yield from _of_applications(session, progress)
        finally:
            session.rollback()


def _hold_still(session: Session) -> None:
    """Read from one snapshot; SQLite gives it to every transaction."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _of_the_house(session: Session, data_dir: Path) -> Iterator[str]:
    house = invariants_house
    yield from (f"{number}: {line}" for number, line in what_was_sealed_is_there(session, data_dir / seals.FOLDER))
    for number, found in (
        (6, house.no_trigger_is_missing(session)),
        (23, house.files_and_rows_agree(session, data_dir / UPLOADS)),
        (32, house.every_connection_keeps_its_promises(session)),
        (34, house.no_foreign_key_is_orphaned(session)),
        *((number, judge(session)) for number, judge in invariants_rows.INVARIANTS),
        *((number, judge(session)) for number, judge in invariants_placed.INVARIANTS),
        *((number, judge(session)) for number, judge in invariants_people.INVARIANTS),
        *((number, judge(session)) for number, judge in invariants_ledger.INVARIANTS),
    ):
        yield from (f"{number}: {line}" for line in found)


def _of_applications(session: Session, progress: Progress | None) -> Iterator[str]:
    judges = (
        *invariants_history.INVARIANTS, *invariants_clocks.invariants(session), *invariants_papers.invariants(session),
        *invariants_branches.INVARIANTS, *invariants_fees.INVARIANTS,
    )  # fmt: skip
    whole = session.scalar(select(func.count()).select_from(Application)) or 0
    for done, history in enumerate(histories(session), 1):
        for number, judge in judges:
            yield from (f"{number}: {line}" for line in _lines(judge, history))
        if progress is not None:
            progress(done, whole)


def _lines(judge: Judge, history: History) -> Iterator[str]:
    """What a judge says; rows that make no sense to it are a violation too, and hide no other."""
    try:
        yield from judge(history)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        yield f"{history}: it makes no sense ({type(error).__name__}: {error})"
