"""Invariants of the weekly ledgers: whole, sealed in a chain, each closed application in exactly one."""

import hashlib
from collections.abc import Iterator
from itertools import groupby, pairwise

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.engine.ledgers import DEPARTMENT
from app.law.ledger import CLOSED, NO_LEDGER_BEFORE, canonical, line_of, seal
from app.law.weeks import week_of
from app.models.application import Application
from app.models.catalogue import ItemVersion
from app.models.ledger import LedgerBatch, LedgerRow, LedgerWorkbook

AT_ONCE = 1_000
Pair = tuple[int | None, int]


def ledgers_say_what_was_sealed(session: Session) -> Iterator[str]:
    """29: lines, head and workbook of each ledger are those that were sealed, and follow the ledger before."""
    batches = list(session.scalars(select(LedgerBatch).order_by(LedgerBatch.id)))
    digests = dict(_digests(session))
    none = hashlib.sha256().hexdigest(), 0, 0
    for batch in batches:
        digest, closed, changes = digests.get(batch.id, none)
        if digest != batch.rows_hash:
            yield f"the ledger {batch.number}: its lines are not those that were sealed"
        if (closed, changes) != (batch.closed_count, batch.change_count):
            yield f"the ledger {batch.number} says another count than it has lines"
        if seal(batch) != batch.hash:
            yield f"the ledger {batch.number}: its head is not what was sealed"
        content = session.scalar(select(LedgerWorkbook.content).where(LedgerWorkbook.batch_id == batch.id))
        if content is None or hashlib.sha256(content).hexdigest() != batch.workbook_sha256:
            yield f"the ledger {batch.number}: its workbook is missing or was changed"
    for of_pair in _grouped(batches).values():
        yield from _chained(of_pair)


def each_closed_application_is_in_one_ledger(session: Session) -> Iterator[str]:
    """29: each application closed by the end of a week whose ledger was built is in one ledger, that of its pair."""
    batches = list(session.scalars(select(LedgerBatch).order_by(LedgerBatch.id)))
    latest = {pair: max(b.week_to for b in of_pair) for pair, of_pair in _grouped(batches).items()}
    pair_of = {b.id: (b, (b.office_id, b.department_id)) for b in batches}
    told = select(LedgerRow.application_id, func.min(LedgerRow.batch_id).label("batch"), func.count().label("times"))
    told_of = told.where(LedgerRow.kind == CLOSED).group_by(LedgerRow.application_id).subquery()
    found = (
        select(
            Application.short_no, Application.office_id, DEPARTMENT, Application.closed_at, Application.is_demo,
            told_of.c.batch, told_of.c.times,
        )
        .join(ItemVersion, ItemVersion.id == Application.item_version_id)
        .outerjoin(told_of, told_of.c.application_id == Application.id)
        .where(Application.closed_at.is_not(None))
    )  # fmt: skip
    for number, office, department, closed_at, is_demo, batch_id, times in session.execute(
        found.execution_options(yield_per=AT_ONCE)
    ):
        built_through = latest.get((office, department))
        if batch_id is None:
            # The demo's applications are told of in a demo alone, and an installation need not stay one.
            if built_through is not None and closed_at.date() <= built_through and not is_demo:
                yield f"{number} is in no weekly ledger, and that of its week was built"
            continue
        if batch_id not in pair_of:
            yield f"{number} is in a weekly ledger that does not exist"
            continue
        batch, pair = pair_of[batch_id]
        if times > 1:
            yield f"{number} is in {times} weekly ledgers"
        if pair != (office, department):
            yield f"{number} is in the ledger {batch.number}, which is not that of its office and department"
        elif week_of(closed_at.date()).monday > batch.week_from:
            yield f"{number} is in the ledger {batch.number}, and was closed after its week"
    closed = exists().where(Application.id == LedgerRow.application_id, Application.closed_at.is_not(None))
    for row_id in session.scalars(select(LedgerRow.id).where(~closed)):
        yield f"ledger_row {row_id} tells of an application that is not closed"


def _digests(session: Session) -> Iterator[tuple[int, tuple[str, int, int]]]:
    """Of each ledger the digest of its lines, and how many tell of closings and of changes."""
    row = LedgerRow.__table__.c
    lines = select(row.batch_id, row.position, row.kind, row.application_id, row.changed, row.facts)
    found = session.execute(lines.order_by(row.batch_id, row.position).execution_options(yield_per=AT_ONCE))
    for batch_id, own in groupby(found, key=lambda line: line.batch_id):
        digest, counts = hashlib.sha256(), {True: 0, False: 0}
        for line in own:
            changed, facts = canonical(line.changed), canonical(line.facts)
            digest.update(line_of(line.position, line.kind, line.application_id, changed, facts))
            counts[line.kind == CLOSED] += 1
        yield batch_id, (digest.hexdigest(), counts[True], counts[False])


def _grouped(batches: list[LedgerBatch]) -> dict[Pair, list[LedgerBatch]]:
    found: dict[Pair, list[LedgerBatch]] = {}
    for batch in sorted(batches, key=lambda b: b.week_from):
        found.setdefault((batch.office_id, batch.department_id), []).append(batch)
    return found


def _chained(batches: list[LedgerBatch]) -> Iterator[str]:
    """The ledgers of one pair, the earliest first."""
    if batches[0].previous_hash != NO_LEDGER_BEFORE:
        yield f"the ledger {batches[0].number} follows one that is not there"
    for before, after in pairwise(batches):
        if after.previous_hash != before.hash:
            yield f"the ledger {after.number} does not follow {before.number}"


INVARIANTS = ((29, ledgers_say_what_was_sealed), (29, each_closed_application_is_in_one_ledger))
