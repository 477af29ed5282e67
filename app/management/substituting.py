"""代岗: whoever is absent is stood in for, by somebody who could hold the role and signs with both names (第八条)."""

from datetime import datetime, time, timedelta

from sqlalchemy import or_, select

from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.substitution import OPEN, roles_of, toxic
from app.engine.turn import Step
from app.law import N_
from app.law.clock import ZONE
from app.law.roles import Role
from app.law.substitution import LENDABLE, LENDS, MOST_DAYS
from app.management.inputs_people import NothingInput, PlanSubstituteInput
from app.management.people import one, post_of
from app.models.organisation import Posting, Staff
from app.models.substitution import SubstitutePeriod

subject("substitute_period", SubstitutePeriod)
TOXIC = N_("%(name)s would be receiving and deciding at once, or watching and acting: choose somebody else.")
TIME_TO_START = timedelta(hours=1)
"""Whoever planned hears of it when a substitution could not begin for so long."""


@object_act("plan_substitute", PlanSubstituteInput)
def plan(step: Step, _born: None, data: Data) -> SubstitutePeriod:
    """Plan who stands in: the roles of the absent person, where that person has them, for thirty days at most."""
    first, second = sorted((data["absent"], data["substitute"]))
    step.require(first != second, "substitute", N_("Nobody stands in for themselves."))
    step.settle()
    held = {pk: one(step, pk, "absent" if pk == data["absent"] else "substitute") for pk in (first, second)}
    _judge_days(step, data)
    step.settle()
    absent, substitute = held[data["absent"]], held[data["substitute"]]
    assert absent is not None
    assert substitute is not None
    _judge_people(step, absent, substitute, data)
    post = post_of(step.session, absent, data["since"])
    for person in (absent, substitute):
        step.tell(user_id=person.user_id)
    step.message = f"{substitute.name} → {absent.name}"
    return SubstitutePeriod(
        absent_id=absent.id,
        substitute_id=substitute.id,
        since=data["since"],
        until=data["until"],
        reason=data["reason"],
        planned_by_id=step.actor.user_id,
        centre_id=post.centre_id if post else None,
        office_id=post.office_id if post else None,
        due_at=max(datetime.combine(data["since"], time(), ZONE), step.now) + TIME_TO_START,
    )


@object_act("start_substitute", NothingInput)
def start(step: Step, period: SubstitutePeriod, _data: Data) -> None:
    """Begin on the first day, if the roles of both still go together."""
    found = toxic(
        step.session, period.substitute.user_id, period.absent.user_id, period.since, period.until, but=period.id
    )
    step.not_now_unless(not found, TOXIC, name=period.substitute.name)
    period.started_at, period.due_at = step.now, None
    for person in (period.absent, period.substitute):
        step.tell(user_id=person.user_id)


@object_act("end_substitute", NothingInput)
def end(step: Step, period: SubstitutePeriod, _data: Data) -> None:
    """End it: with its last day by itself, or earlier by whoever may plan one here."""
    period.ended_at = step.now
    for person in (period.absent, period.substitute):
        step.tell(user_id=person.user_id)


@object_act("cancel_substitute", NothingInput)
def cancel(step: Step, period: SubstitutePeriod, _data: Data) -> None:
    """Cancel what has not begun."""
    period.due_at = None
    for person in (period.absent, period.substitute):
        step.tell(user_id=person.user_id)


def _judge_days(step: Step, data: Data) -> None:
    step.require(data["since"] >= step.today, "since", N_("The first day has passed already."))
    step.require(data["until"] >= data["since"], "until", N_("The last day lies before the first."))
    lasts = (data["until"] - data["since"]).days + 1
    step.require(lasts <= MOST_DAYS, "until", N_("Somebody stands in for %(most)s days at most."), most=MOST_DAYS)


def _judge_people(step: Step, absent: Staff, substitute: Staff, data: Data) -> None:
    since, until = data["since"], data["until"]
    roles = roles_of(step.session, [absent.user_id])[absent.user_id]
    step.forbid_unless(
        roles & LENDABLE and roles & LENDABLE <= LENDS[step.role],
        N_("The roles of %(name)s are not yours to lend."),
        name=absent.name,
    )
    step.forbid_unless(
        step.grant.for_id != absent.user_id,
        N_("Whoever stands in for %(name)s does not plan who does."),
        name=absent.name,
    )
    if step.role is not Role.BUREAU_LEADER:
        post = post_of(step.session, substitute, since)
        here = post is not None and step.grant.reaches_place(post.centre_id, post.office_id)
        step.forbid_unless(here, N_("Only the bureau leader sends somebody from another place."))
        posts = step.session.scalars(
            select(Posting)
            .where(Posting.staff_id == absent.id, Posting.since <= until)
            .where(or_(Posting.until.is_(None), Posting.until >= since))
        )
        step.forbid_unless(
            all(step.grant.reaches_place(each.centre_id, each.office_id) for each in posts),
            N_("%(name)s also works at another place: only the bureau leader plans who stands in there."),
            name=absent.name,
        )
    found = toxic(step.session, substitute.user_id, absent.user_id, since, until)
    step.forbid_unless(not found, TOXIC, name=substitute.name)
    same_days = (SubstitutePeriod.state.in_(OPEN), SubstitutePeriod.since <= until, SubstitutePeriod.until >= since)
    taken = select(SubstitutePeriod).where(*same_days, SubstitutePeriod.absent_id.in_((absent.id, substitute.id)))
    for other in step.session.scalars(taken):
        step.not_now_unless(
            other.absent_id != absent.id, N_("Somebody stands in for %(name)s in these days already."), name=absent.name
        )
        step.not_now_unless(False, N_("%(name)s is absent in these days."), name=substitute.name)
    lent = select(SubstitutePeriod.id).where(*same_days, SubstitutePeriod.substitute_id == absent.id)
    step.not_now_unless(
        step.session.scalar(lent) is None,
        N_("%(name)s stands in for somebody in these days: end or cancel that first."),
        name=absent.name,
    )
