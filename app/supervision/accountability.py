"""Accountability (第十条): from what happened to a record, the respondent's word, a decision, and its correction."""

from sqlalchemy import select

from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.turn import Step
from app.law import N_, numbering
from app.law.roles import Role
from app.models.accountability import AccountabilityRecord
from app.models.accounts import User
from app.models.organisation import Staff
from app.supervision.evidence import resolve
from app.supervision.inputs import CorrectInput, DecideInput, DropInput, HearInput, OpenInput

KIND, PURPOSE = "accountability_record", "evidence"

subject(KIND, AccountabilityRecord)


@object_act("open_accountability", OpenInput)
def open_record(step: Step, _none: None, data: Data) -> AccountabilityRecord:
    """Hold somebody to account: the facts, the article, and where it is on record."""
    found = resolve(
        step.session, data["source"], data["source_id"], data["source_kind"], data["application_no"]
    )  # fmt: skip
    files = step.claim_all(data["evidence"], "evidence", PURPOSE)
    has_evidence = found is not None or (data["source"] == "other" and files)
    step.require(
        has_evidence, "application_no" if data["source"] in {"wrong_acceptance", "other"} else "source",
        N_("Name what it rests on: open it from the lamp, the refused act, the complaint or the application itself."),
    )  # fmt: skip
    name = step.session.scalar(
        select(Staff.name).join(User, User.id == Staff.user_id).where(User.id == data["respondent_id"])
    )
    step.require(name is not None, "respondent_id", N_("Choose one of the staff."))
    step.settle()
    step.forbid_unless(data["respondent_id"] != step.actor.user_id, N_("Nobody holds themselves to account."))
    record = AccountabilityRecord(
        respondent_id=data["respondent_id"], respondent_name=name, article=data["article"], source=data["source"],
        source_kind=found.kind if found else None, source_id=found.subject_id if found else None,
        evidence_application_id=found.application_id if found else None, evidence_files=files, facts=data["facts"],
        opened_by_id=step.actor.user_id, opened_by_name=step.actor.name,
    )  # fmt: skip
    year = step.now.year
    step.draw(
        numbering.counter_for_oversight(KIND, year),
        lambda n: setattr(record, "number", numbering.oversight_no(KIND, year, n)),
    )
    step.tell(user_id=record.respondent_id)
    step.tell(role=Role.SUPERVISOR.value)
    return record


@object_act("hear_respondent", HearInput)
def hear(step: Step, record: AccountabilityRecord, data: Data) -> None:
    """Nobody is judged unheard."""
    record.statement, record.heard_at = data["statement"], step.now
    step.claim_all(data["papers"], "papers", "statement")
    step.tell(role=Role.BUREAU_LEADER.value)
    step.tell(user_id=record.respondent_id)


@object_act("decide_accountability", DecideInput)
def decide(step: Step, record: AccountabilityRecord, data: Data) -> None:
    """What follows from it."""
    record.measure, record.decision = data["measure"], data["decision"]
    _decided(step, record)


@object_act("drop_accountability", DropInput)
def drop(step: Step, record: AccountabilityRecord, data: Data) -> None:
    """Nothing follows, and why."""
    record.decision = data["reason"]
    _decided(step, record)


def _decided(step: Step, record: AccountabilityRecord) -> None:
    record.decided_by_id, record.decided_by_name, record.decided_at = step.actor.user_id, step.actor.name, step.now
    step.tell(user_id=record.respondent_id)
    step.tell(role=Role.SUPERVISOR.value)


@object_act("correct_accountability", CorrectInput)
def correct(step: Step, record: AccountabilityRecord, data: Data) -> None:
    """What was wrong is put right (有错必纠)."""
    record.correction = data["correction"]
    step.tell(user_id=record.respondent_id)
    step.tell(role=Role.BUREAU_LEADER.value)
