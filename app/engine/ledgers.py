"""Which weekly ledgers are due, and having them built (第十五条（十）): one for each office and department, each week.

A pair of office and department begins with the week of its first closing, or with the last week where nothing was
closed yet, and misses none after it: what fell due while nobody worked is built by the next run.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import SYSTEM
from app.engine.duties import Tally
from app.engine.perform_object import perform_object
from app.engine.settings import calendar, load
from app.errors import Refusal
from app.law.clock import ZONE
from app.law.weeks import Week, last_due, week_of, weeks
from app.models.application import Application
from app.models.catalogue import Item, ItemVersion
from app.models.ledger import LedgerBatch

log = logging.getLogger(__name__)

DEPARTMENT = ItemVersion.snapshot["department_id"].as_integer()
"""The department of an item as it was when the application was filed."""

Pair = tuple[int, int]
"""An office and an industry department."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where this installation sends its ledgers, where it is reached, and whether its applications are the demo's."""

    address: str = ""
    public_url: str = ""
    demo: bool = False


_here = Installation()


def configure(installation: Installation) -> None:
    """Say what this process may send to, and what belongs into its ledgers."""
    global _here  # noqa: PLW0603  (one process belongs to one installation)
    _here = installation


def installation() -> Installation:
    """What `configure` was told."""
    return _here


def build(session: Session, now: datetime, through: Week | None = None) -> Tally:
    """Build every ledger that is due and missing, each in a transaction of its own; one that fails stops no other.

    `through` leaves out what lies after that week.
    """
    scope.bind(session, SYSTEM)
    tally = Tally()
    for office, department, week in list(missing(session, now, through)):
        asked = {"office_id": office, "department_id": department, "week_from": week.monday.isoformat()}
        tally += Tally(seen=1)
        try:
            perform_object(session, "ledger_batch", "build", None, SYSTEM, asked, None)
            tally += Tally(raised=1)
        except Refusal as refusal:  # somebody was faster, or the database is busy: the next run looks again
            log.info("The ledger of %s was not built: %s", asked, refusal.code)
        except Exception:
            log.exception("The ledger of %s cannot be built.", asked)
            tally += Tally(failed=1)
    return tally


def missing(session: Session, now: datetime, through: Week | None = None) -> Iterator[tuple[int, int, Week]]:
    """What is due by now and not built: office, department and week, the earliest week first."""
    first = {pair: built.following for pair, built in _built(session).items()}
    begun = _begun(session)
    pairs = sorted({*begun, *_of_the_catalogue(session), *first})
    if not pairs:
        return  # a county that is only being set up, perhaps without a calendar yet
    due = last_due(now.astimezone(ZONE).date(), calendar(session, load(session)))
    last = min(due, through) if through else due
    for pair in pairs:
        first.setdefault(pair, begun.get(pair, last))
    found = ((week, *pair) for pair, begins in first.items() for week in weeks(begins, last))
    yield from ((office, department, week) for week, office, department in sorted(found))


def _built(session: Session) -> dict[Pair, Week]:
    """The last week of each pair that has a ledger."""
    table = LedgerBatch
    found = select(table.office_id, table.department_id, func.max(table.week_from))
    rows = session.execute(found.group_by(table.office_id, table.department_id))
    return {(office, department): Week(monday) for office, department, monday in rows if office}


def _begun(session: Session) -> dict[Pair, Week]:
    """The week of the first closing of each pair."""
    first = select(Application.office_id, Application.item_version_id, func.min(Application.closed_at).label("at"))
    first = first.where(Application.closed_at.is_not(None), counts())
    each = first.group_by(Application.office_id, Application.item_version_id).subquery()
    found = select(each.c.office_id, DEPARTMENT, func.min(each.c.at)).join(
        ItemVersion, ItemVersion.id == each.c.item_version_id
    )
    rows = session.execute(found.group_by(each.c.office_id, DEPARTMENT))
    return {(office, department): week_of(at.date()) for office, department, at in rows}


def _of_the_catalogue(session: Session) -> set[Pair]:
    """The departments that each office handles items for: theirs is an empty ledger, too."""
    found = select(Item.office_id, Item.department_id).where(Item.is_active.is_(True)).distinct()
    return {(office, department) for office, department in session.execute(found)}


def counts() -> ColumnElement[bool]:
    """Which applications belong into ledgers: the demo's only where the whole installation is one."""
    return Application.is_demo.in_((False, True) if _here.demo else (False,))
