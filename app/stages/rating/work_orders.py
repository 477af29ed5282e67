"""差评整改: a work order is contacted, rectified, replied to and closed, whether a rating opened it or a complaint."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from app.engine.acts import Data
from app.engine.inputs import Input
from app.engine.notices import Address
from app.engine.object_acts import object_act
from app.engine.turn import Step
from app.law import N_, numbering
from app.law.limits import due_at
from app.law.roles import Role
from app.law.workdays import add_workdays
from app.models.application import Application
from app.models.organisation import Centre
from app.models.rating import Complaint, Rating
from app.stages.rating.inputs import AppealInput, CloseInput, ContactInput, ExtendInput, ReasonInput, ReplyInput

CONTACT_DAYS, REPLY_DAYS = 1, 5
WAITS_FOR_HANDLER = frozenset({"contact", "rectify"})
WAITS_FOR_SUPERVISOR = frozenset({"replied", "appealed"})
OPEN = WAITS_FOR_HANDLER | WAITS_FOR_SUPERVISOR

Order = Rating | Complaint
Body = Callable[[Any, Any, Data], None]


def _act(of_rating: str, of_complaint: str, schema: type[Input]) -> Callable[[Body], Body]:
    """One body for the act on either kind; the state moves as the table says."""

    def register(body: Body) -> Body:
        def conduct(step: Step, order: Order, data: Data) -> None:
            body(step, order, data)
            order.state = next(m.to for m in step.transition.moves if m.source == order.state)  # type: ignore[union-attr]

        object_act(of_rating, schema)(conduct)
        object_act(of_complaint, schema)(conduct)
        return body

    return register


def open_order(step: Step, order: Order) -> None:
    """Give it a number, and count the days of whoever sees to it from today."""
    order.opened_at = step.now
    _count_anew(step, order, with_contact=True)
    step.draw(
        numbering.counter_for_work_order(step.today),
        lambda n: setattr(order, "number", numbering.work_order_no(step.today, n)),
    )
    _tell_handlers(step, order)


@_act("contact_rater", "contact_complainant", ContactInput)
def contact(step: Step, order: Order, data: Data) -> None:
    """Whoever rated or complained was reached."""
    order.contact_note, order.contacted_by_name, order.contacted_at = data["note"], step.actor.name, step.now
    order.due_at = order.reply_due_at


@_act("reply_to_rating", "reply_to_complaint", ReplyInput)
def reply(step: Step, order: Order, data: Data) -> None:
    """Report what was put right, or why nothing is; the supervisor judges it."""
    file = step.claim(data["evidence"], "evidence", "evidence")
    step.settle()
    order.outcome, order.rectification = data["outcome"], data["rectification"]
    order.evidence_id = file.id if file is not None else None
    order.replied_by_name, order.replied_at, order.due_at = step.actor.name, step.now, None
    step.message = data["rectification"][:200]
    step.tell(role=Role.SUPERVISOR.value)


@_act("extend_rating", "extend_complaint", ExtendInput)
def extend(step: Step, order: Order, data: Data) -> None:
    """Give more time for the reply, while there is time yet."""
    assert order.reply_due_at is not None
    step.not_now_unless(step.now <= order.reply_due_at, N_("The time to reply has passed already."))
    step.require(data["days"] > order.reply_days, "days", N_("This is no longer than the time it has now."))
    step.settle()
    order.reply_days = data["days"]
    order.reply_due_at = order.due_at = _reply_due(step, order)
    order.extended_to = order.reply_due_at.date()
    step.message = data["reason"][:200]
    _tell_handlers(step, order)


@_act("close_rating", "close_complaint", CloseInput)
def close(step: Step, order: Order, data: Data) -> None:
    """The reply is enough."""
    _decide(step, order, data["note"] or "")


@_act("redo_rating", "redo_complaint", ReasonInput)
def redo(step: Step, order: Order, data: Data) -> None:
    """The reply is not enough: the days of the reply run anew."""
    _decide(step, order, data["reason"])
    _count_anew(step, order, with_contact=False)
    _tell_handlers(step, order)


@_act("appeal_rating", "appeal_complaint", AppealInput)
def appeal(step: Step, order: Order, data: Data) -> None:
    """Say that it is mistaken or malicious; the supervisor looks at it."""
    order.appeal_reason, order.due_at = data["reason"], None
    step.message = data["reason"][:200]
    step.tell(role=Role.SUPERVISOR.value)


@_act("void_rating", "void_complaint", ReasonInput)
def void(step: Step, order: Order, data: Data) -> None:
    """It was mistaken or malicious, and is not counted."""
    _decide(step, order, data["reason"])
    _tell_handlers(step, order)


@_act("deny_rating_appeal", "deny_complaint_appeal", ReasonInput)
def deny(step: Step, order: Order, data: Data) -> None:
    """It stands; the days begin anew, for nobody was to act on it meanwhile."""
    _decide(step, order, data["reason"])
    _count_anew(step, order, with_contact=True)
    _tell_handlers(step, order)


def handlers(session: Any, order: Order) -> Iterator[Address]:
    """Who sees to the order: the manager of the counters, or the head of the office, that it concerns."""
    if isinstance(order, Complaint):
        centre_id, office_id = order.centre_id, order.office_id
    else:
        application = session.get_one(Application, order.application_id)
        in_office = order.concerns == "office"
        centre_id, office_id = (None, application.office_id) if in_office else (application.centre_id, None)
    if office_id is not None:
        yield Role.OFFICE_HEAD.value, f"office:{office_id}", None
    else:
        yield Role.WINDOW_MANAGER.value, f"centre:{centre_id}", None


def _tell_handlers(step: Step, order: Order) -> None:
    for role, unit, _user in handlers(step.session, order):
        step.tell(role=role, unit=unit)


def _decide(step: Step, order: Order, said: str) -> None:
    order.decision, order.decided_by_name, order.decided_at = said, step.actor.name, step.now
    step.message = said[:200]


def _count_anew(step: Step, order: Order, *, with_contact: bool) -> None:
    order.counted_from, order.reply_days, order.extended_to = step.today, REPLY_DAYS, None
    order.reply_due_at = order.due_at = _reply_due(step, order)
    if with_contact:
        order.contact_due_at = order.due_at = step.due_in(CONTACT_DAYS, _closing(step, order))


def _reply_due(step: Step, order: Order) -> datetime:
    assert order.counted_from is not None
    return due_at(add_workdays(order.counted_from, order.reply_days, step.calendar), _closing(step, order))


def _closing(step: Step, order: Order) -> time:
    """When the centre closes where it happened; an office works in the hall."""
    if isinstance(order, Complaint):
        where = Centre.id == order.centre_id if order.centre_id is not None else Centre.kind == "hall"
        return step.session.scalars(select(Centre.closes_at).where(where)).one()
    return step.session.get_one(Application, order.application_id).centre.closes_at
