"""Answers on each tier, and the way up: manager, office, its levels; back to whoever was asked first (一)."""

from datetime import datetime, time

from sqlalchemy import select

from app.engine import actors
from app.engine.acts import Data
from app.engine.object_acts import object_act
from app.engine.turn import Step
from app.law import N_
from app.law.limits import due_at
from app.law.roles import Role
from app.law.workdays import same_day
from app.models.consultation import Consultation
from app.models.organisation import Centre, Window
from app.stages.consultation.asking import say, tell_first
from app.stages.consultation.inputs import (
    AnswerInput,
    AskManagerInput,
    CloseInput,
    GuideAnswerInput,
    PassToOfficeInput,
    PassUpInput,
)

WITH_MANAGER, WITH_OFFICE = 3, 4
ABOVE = {Role.APPROVER: Role.OFFICE_HEAD, Role.OFFICE_HEAD: Role.BUREAU_LEADER}
"""Whom the office asks next; no level is skipped (逐级上报)."""


@object_act("answer_guided", GuideAnswerInput)
def answer_at_guide(step: Step, consultation: Consultation, data: Data) -> None:
    """The guide answers, or leads to a window."""
    if data["result"] == "answered":
        step.require(data["answer"], "answer", N_("A question is never closed empty: write the answer."))
        step.settle()
        _answer(step, consultation, data["answer"])
        return
    window = step.session.get(Window, data["window_id"]) if data["window_id"] else None
    is_here = window is not None and window.is_active and window.centre_id == consultation.centre_id
    step.require(is_here, "window_id", N_("Say to which window of this centre."))
    step.settle()
    assert window is not None
    say(step, consultation, "guided", data["answer"] or "", window.id)
    consultation.guided_window_id, consultation.answered_at = window.id, step.now


@object_act("answer_standard", AnswerInput)
def answer_at_window(step: Step, consultation: Consultation, data: Data) -> None:
    """The window answers by the guide of the item."""
    _answer(step, consultation, data["answer"])


@object_act("ask_manager", AskManagerInput)
def ask_manager(step: Step, consultation: Consultation, data: Data) -> None:
    """Call the window manager to the spot; the asker hears more the same day."""
    manager = actors.load(step.session, data["manager_id"], step.today)
    manages = manager is not None and any(
        grant.role is Role.WINDOW_MANAGER and consultation.centre_id in grant.centres for grant in manager.grants
    )
    step.require(manages, "manager_id", N_("Choose a window manager of this centre."))
    step.settle()
    assert manager is not None
    closing = _closing(step, consultation)
    consultation.tier, consultation.manager_name = WITH_MANAGER, manager.name
    consultation.manager_id = manager.user_id
    consultation.due_at = due_at(same_day(step.now, closing, step.calendar), closing)
    say(step, consultation, "asked_manager", data["difficulty"])
    step.message = data["difficulty"][:200]
    step.tell(user_id=manager.user_id)


@object_act("answer_backup", AnswerInput)
def answer_by_manager(step: Step, consultation: Consultation, data: Data) -> None:
    """The manager answers; the asker is told before the centre closes."""
    due = consultation.due_at
    _answer(step, consultation, data["answer"])
    consultation.due_at = due


@object_act("pass_to_office", PassToOfficeInput)
def pass_to_office(step: Step, consultation: Consultation, data: Data) -> None:
    """Hand what cannot be answered on the spot to the item's office, where it begins with an approver."""
    assert consultation.item is not None  # since the second tier
    consultation.tier, consultation.office_id = WITH_OFFICE, consultation.item.office_id
    consultation.reason_code, consultation.description = data["reason_code"], data["description"]
    say(step, consultation, "passed_to_office", data["description"])
    _to_level(step, consultation, Role.APPROVER, data["description"])


@object_act("pass_question_up", PassUpInput)
def pass_up(step: Step, consultation: Consultation, data: Data) -> None:
    """Ask the next level: approver, head of the office, leader in charge."""
    say(step, consultation, "passed_up", data["reason"])
    _to_level(step, consultation, ABOVE[step.role], data["reason"])


@object_act("answer_precise", AnswerInput)
def answer_by_office(step: Step, consultation: Consultation, data: Data) -> None:
    """The level at which the question lies answers; it goes back to whoever was asked first."""
    _answer(step, consultation, data["answer"])
    consultation.due_at = _next_closing(step, consultation)


@object_act("close_consultation", CloseInput)
def close(step: Step, consultation: Consultation, data: Data) -> None:
    """The asker was told: how, by whom, at the server's time."""
    consultation.told_at, consultation.told_how = step.now, data["told_how"]
    consultation.told_by_name, consultation.told_note = step.actor.name, data["note"]
    consultation.due_at = None
    tell_first(step, consultation)


def _answer(step: Step, consultation: Consultation, text: str) -> None:
    say(step, consultation, "answer", text)
    consultation.answered_at, consultation.due_at = step.now, None
    step.message = text[:200]
    tell_first(step, consultation)


def _to_level(step: Step, consultation: Consultation, level: Role, text: str) -> None:
    consultation.level = level.value
    consultation.due_at = _next_closing(step, consultation)
    step.message = text[:200]
    step.tell(role=level.value, unit=None if level is Role.BUREAU_LEADER else f"office:{consultation.office_id}")


def _next_closing(step: Step, consultation: Consultation) -> datetime:
    """A working day, which ends when the asker's centre closes."""
    return step.due_in(1, _closing(step, consultation))


def _closing(step: Step, consultation: Consultation) -> time:
    closes_at: time = step.session.scalars(select(Centre.closes_at).where(Centre.id == consultation.centre_id)).one()
    return closes_at
