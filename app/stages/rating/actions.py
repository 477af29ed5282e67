"""Acts of rating (八): remind, rate once and freely, complain; what is bad opens a work order."""

from typing import Any

from sqlalchemy import or_, select

from app.engine import actors, invitations
from app.engine.acts import Data, act
from app.engine.code_sets import word
from app.engine.facts import COUNTER_ACTS
from app.engine.lateness import LATE, Late
from app.engine.object_acts import object_act, subject
from app.engine.turn import Step, Turn
from app.law import N_
from app.law.roles import Role
from app.models.application import Application
from app.models.organisation import Centre, Office
from app.models.rating import Complaint, Rating
from app.models.trail import Event
from app.stages.rating.inputs import BAD, ComplainInput, NothingInput, RateBadlyInput, RateInput, RemindInput
from app.stages.rating.work_orders import WAITS_FOR_HANDLER, handlers, open_order

subject("rating", Rating)
subject("complaint", Complaint)


def _overdue(session: Any, order: Rating | Complaint) -> list[tuple[str | None, str | None, int | None]]:
    """Whoever sees to it hears of it again, and so does the supervisor."""
    return [*handlers(session, order), (Role.SUPERVISOR.value, None, None)]


def _leader(_session: Any, _order: Rating | Complaint) -> list[tuple[str | None, str | None, int | None]]:
    return [(Role.BUREAU_LEADER.value, None, None)]


LATE["rating"] = Late(Rating, WAITS_FOR_HANDLER, _overdue, above=_leader)
LATE["complaint"] = Late(Complaint, WAITS_FOR_HANDLER, _overdue, above=_leader)


@act("remind_rating", RemindInput)
def remind_rating(t: Turn, data: Data) -> None:
    """Remind whoever applied, once, and everybody in the same words (req. 89)."""
    rating = invitations.invite(t)
    assert rating is not None
    rating.reminded_at = t.now
    rating.channel = rating.channel or data["channel"]
    t.payload["wording"] = word("rating_reminder", "wording")


@object_act("rate", RateInput)
def rate(t: Turn, rating: Rating, data: Data) -> None:
    """Take a good rating; nothing follows from it."""
    t.require(data["grade"] not in BAD, "grade", N_("Not one of the choices."))
    _take(t, rating, data)
    rating.state, rating.due_at = "rated", None


@object_act("rate_badly", RateBadlyInput)
def rate_badly(t: Turn, rating: Rating, data: Data) -> None:
    """Take a bad rating: a work order is opened with whoever it concerns, and not with whoever served."""
    t.require(data["grade"] in BAD, "grade", N_("Not one of the choices."))
    _take(t, rating, data)
    concerns = data["concerns"] or "centre"
    rating.concerns = concerns if _has_impartial_manager(t) else "office"
    rating.state = "contact"
    open_order(t, rating)


def _take(t: Turn, rating: Rating, data: Data) -> None:
    assert rating.due_at is not None
    t.not_now_unless(t.now <= rating.due_at, N_("The time to rate is over."))
    t.settle()
    rating.grade, rating.comment = int(data["grade"]), data["comment"] or ""
    rating.channel, rating.rated_at = data["channel"], t.now


def _has_impartial_manager(t: Turn) -> bool:
    """Whether anybody manages the counters there who did not serve in this matter."""
    served = {event.actor_id for event in t.dossier.all_events if event.act in COUNTER_ACTS}
    people = actors.everybody(t.session, t.today)
    managing = (pk for pk, each in people.items() for g in each.grants if g.role is Role.WINDOW_MANAGER
                and t.application.centre_id in g.centres)  # fmt: skip
    return any(pk not in served for pk in managing)


@object_act("expire_rating", NothingInput)
def expire_rating(t: Turn, rating: Rating, data: Data) -> None:
    """Nothing was said: it is no rating, and no grade is taken to be meant."""
    rating.state, rating.due_at = "unrated", None


@object_act("file_complaint", ComplainInput)
def file_complaint(step: Step, _none: None, data: Data) -> Complaint:
    """Take a complaint about a centre or an office; one by telephone is noted by the supervisor."""
    by_phone = step.role is Role.SUPERVISOR
    step.require((data["source"] == "phone") is by_phone, "source", N_("Not one of the choices."))
    step.require(
        (data["centre"] is None) is not (data["office"] is None), "centre", N_("Say whom it concerns: one place.")
    )
    for name, model in (("centre", Centre), ("office", Office)):
        if data[name] is not None:
            step.require(step.session.get(model, data[name]), name, N_("Not one of the choices."))
    step.settle()
    complaint = Complaint(
        centre_id=data["centre"], office_id=data["office"], source=data["source"], title=data["title"],
        content=data["content"], application_no=data["application_no"] or "", phone=data["phone"], state="contact",
        people=_served_in(step, data["application_no"]), is_demo=bool(step.session.info.get("demo")),
    )  # fmt: skip
    open_order(step, complaint)
    return complaint


def _served_in(step: Step, number: str | None) -> list[int]:
    """Who served at the counter in the application that the complaint names, if there is one of this number."""
    if number is None:
        return []
    served = (
        select(Event.actor_id)
        .join(Application, Application.id == Event.application_id)
        .where(or_(Application.short_no == number, Application.number == number), Event.act.in_(sorted(COUNTER_ACTS)))
        .where(Event.actor_id.is_not(None))
        .distinct()
        .order_by(Event.actor_id)
    )
    return list(step.session.scalars(served))
