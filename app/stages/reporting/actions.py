"""Acts on a weekly ledger (第十五条（十）): it is built and sealed, sent until it is taken, and acknowledged."""

import hashlib
from contextlib import closing
from itertools import islice

from sqlalchemy import insert, select, text

from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.outbox import wait_after
from app.engine.turn import Step
from app.law import N_
from app.law.ledger import NO_LEDGER_BEFORE, seal
from app.law.numbering import counter_for_document, document_no
from app.law.roles import Role
from app.law.weeks import Week, due_day
from app.models.ledger import LedgerBatch, LedgerWorkbook
from app.models.organisation import IndustryDepartment, Office
from app.stages.reporting.gathering import Gathered, gather
from app.stages.reporting.inputs import AcknowledgeInput, BuildInput, FailInput, SendInput
from app.stages.reporting.workbook import write

subject("ledger_batch", LedgerBatch)

KIND, ROWS_AT_ONCE, MONDAY = "weekly_ledger", 1000, 0
LINES = text(
    "INSERT INTO ledger_row (batch_id, position, kind, application_id, changed, facts)"
    " VALUES (:batch_id, :position, :kind, :application_id, :changed, :facts)"
)
"""As text, so that what was sealed is not read and written as JSON once more."""


@object_act("build_ledger", BuildInput)
def build(step: Step, _nothing: None, data: Data) -> LedgerBatch:
    """Bring together what the office closed by the end of a week and what changed of earlier weeks, and seal it."""
    # Locked, so that of two who build at once the second sees what the first one built.
    office = step.session.get(Office, data["office_id"], with_for_update={"key_share": True})
    department = step.session.get(IndustryDepartment, data["department_id"])
    step.require(office is not None, "office_id", N_("There is no such office."))
    step.require(department is not None, "department_id", N_("There is no such department."))
    step.require(data["week_from"].weekday() == MONDAY, "week_from", N_("A week begins with its Monday."))
    step.settle()
    assert office is not None
    assert department is not None
    week = Week(data["week_from"])
    step.not_now_unless(
        step.today >= due_day(week, step.calendar),
        N_("The ledger of a week is built on the first working day after it."),
    )
    previous = _last(step, office.id, department.id)
    step.not_now_unless(
        previous is None or previous.week_from < week.monday,
        N_("The ledger of this week, or of a later one, stands already."),
    )
    found = gather(step.session, (office.id, department.id), week, step.calendar, previous)
    batch = LedgerBatch(
        office_id=office.id, department_id=department.id, week_from=week.monday, week_to=week.sunday,
        closed_count=found.closed, change_count=found.changes, rows_hash=found.rows_hash,
        previous_hash=previous.hash if previous else NO_LEDGER_BEFORE, token=step.new_token(), tries=0,
    )  # fmt: skip

    # Its number stands in the seal and in the workbook, so both are made once it is drawn.
    step.draw(
        counter_for_document(KIND, step.now.year),
        lambda serial: _write_down(step, batch, found, serial, office, department),
    )
    step.payload |= {"closed": found.closed, "changes": found.changes}
    return batch


def _write_down(
    step: Step, batch: LedgerBatch, found: Gathered, serial: int, office: Office, department: IndustryDepartment
) -> None:
    """The ledger under its number: sealed, with its lines and its workbook."""
    with closing(found):
        batch.number = document_no(KIND, step.now.year, serial)
        batch.hash = step.payload["hash"] = seal(batch)
        content = write(batch, office, department, step.now, found.rows())
        batch.workbook_sha256 = hashlib.sha256(content).hexdigest()
        step.session.flush()
        lines = ({"batch_id": batch.id, **line} for line in found.lines())
        while some := list(islice(lines, ROWS_AT_ONCE)):
            step.session.execute(LINES, some)
        step.session.execute(insert(LedgerWorkbook.__table__), [{"batch_id": batch.id, "content": content}])


@object_act("send_ledger", SendInput)
def send(step: Step, batch: LedgerBatch, data: Data) -> None:
    """It was taken where the department is reached."""
    _sent(step, batch, data)


@object_act("retry_ledger", SendInput)
def retry(step: Step, batch: LedgerBatch, data: Data) -> None:
    """It was taken after all."""
    _sent(step, batch, data)


@object_act("fail_ledger", FailInput)
def fail(step: Step, batch: LedgerBatch, data: Data) -> None:
    """It was not taken; the supervisor hears of it, and it is tried again."""
    batch.tries, batch.last_error, batch.claimed_until = batch.tries + 1, data["error"], None
    batch.next_try_at = step.now + wait_after(batch.tries)
    step.message = data["error"][:200]
    step.tell(role=Role.SUPERVISOR.value)


@object_act("acknowledge_ledger", AcknowledgeInput)
def acknowledge(step: Step, batch: LedgerBatch, data: Data) -> None:
    """The department has it; whoever follows the link in the mail says by whom."""
    by = data["receiver"] or (step.actor.name if step.role is not Role.PUBLIC else "")
    step.require(by, "receiver", N_("Say who received it."))
    step.settle()
    batch.acknowledged_at, batch.acknowledged_by = step.now, by


def _sent(step: Step, batch: LedgerBatch, data: Data) -> None:
    batch.tries, batch.recipient, batch.sent_at = batch.tries + 1, data["recipient"], step.now
    batch.last_error, batch.next_try_at, batch.claimed_until = "", None, None


def _last(step: Step, office_id: int, department_id: int) -> LedgerBatch | None:
    pair = (LedgerBatch.office_id == office_id, LedgerBatch.department_id == department_id)
    last: LedgerBatch | None = step.session.scalar(
        select(LedgerBatch).where(*pair).order_by(LedgerBatch.week_from.desc()).limit(1)
    )
    return last
