"""The conditions of the transitions: pure predicates over facts, each with its kind and its sentence.

The same guards decide in the engine, shape the buttons and the API's list, and are tested cell by cell. A guard about
persons, roles, places or fronted items is *forbidden* (403, recorded); one about order, time or open things is *not
now* (409).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.law import N_
from app.law.facts import Facts
from app.law.roles import Role

CERTIFICATE_CENTRE = "certificate_centre"
APPLICANT = "applicant"


class GuardKind(StrEnum):
    """What a failed guard means."""

    FORBIDDEN = "forbidden"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition and the sentence a person reads when it fails."""

    name: str
    kind: GuardKind
    sentence: str
    holds: Callable[[Facts], bool]
    names: Mapping[str, Callable[[Facts], object]] = field(default_factory=dict)
    """What the sentence names, such as the materials still owed."""

    def named(self, facts: Facts) -> dict[str, object]:
        """What the sentence names, of these facts."""
        return {name: ask(facts) for name, ask in self.names.items()}


def _guard(
    kind: GuardKind, sentence: str, names: Mapping[str, Callable[[Facts], object]]
) -> Callable[[Callable[[Facts], bool]], Guard]:
    return lambda predicate: Guard(predicate.__name__, kind, sentence, predicate, names)


def forbidden(sentence: str, **names: Callable[[Facts], object]) -> Callable[[Callable[[Facts], bool]], Guard]:
    """A guard about persons, roles or places."""
    return _guard(GuardKind.FORBIDDEN, sentence, names)


def not_now(sentence: str, **names: Callable[[Facts], object]) -> Callable[[Callable[[Facts], bool]], Guard]:
    """A guard about order, time or open things."""
    return _guard(GuardKind.NOT_NOW, sentence, names)


# G0: on every row


@forbidden(N_("You, or a relative you declared, are a party to this application: a colleague must act."))
def not_party(f: Facts) -> bool:
    return not f.is_party


@forbidden(N_("The item is not handled on application; it cannot be taken at a window."))
def on_application(f: Facts) -> bool:
    return f.on_application


# separation of duties: 受审分离, 第二条


@forbidden(N_("You took this application in at the front; whoever receives may not decide (separation of duties)."))
def not_receiver(f: Facts) -> bool:
    return not f.did_front_act


@forbidden(
    N_("You acted on this application in the back office; whoever decides may not receive (separation of duties).")
)
def not_decider(f: Facts) -> bool:
    return not f.did_back_act


# intake


@not_now(N_("The item is not active."))
def item_active(f: Facts) -> bool:
    return f.item_active


@forbidden(N_("This item is not fronted to the town centres; it is taken at the county hall."))
def fronted_if_town(f: Facts) -> bool:
    return f.role is not Role.TOWN_CLERK or f.item_fronted


@not_now(N_("The original decision named is not in effect."))
def original_effective(f: Facts) -> bool:
    return f.original_effective


@not_now(N_("The item's guide lacks its basis, limits, procedure or materials; tell the county administrator."))
def guide_complete(f: Facts) -> bool:
    return f.guide_complete


# custody of the file


@not_now(N_("No file is on its way to your office."))
def file_open(f: Facts) -> bool:
    return f.file_open


@not_now(N_("The office has not confirmed the last file yet."))
def no_file_open(f: Facts) -> bool:
    return not f.file_open


@not_now(N_("Confirm first that the file arrived complete."))
def file_confirmed(f: Facts) -> bool:
    return f.file_confirmed and not f.file_open


@forbidden(N_("Whoever sent the file may not confirm it."))
def not_file_sender(f: Facts) -> bool:
    return f.actor_id is None or f.actor_id != f.file_sender_id


@not_now(N_("Your centre holds no paper of this application."))
def pieces_here(f: Facts) -> bool:
    return f.pieces_here


# acceptance


@not_now(N_("The fifth working day has passed: the application counts as accepted (Licensing Law 32)."))
def within_correction_days(f: Facts) -> bool:
    return f.within_correction_days


@forbidden(N_("A second correction notice is for the head of the office, with a reason."))
def second_correction_by_head(f: Facts) -> bool:
    return f.correction_rounds == 0 or f.role is Role.OFFICE_HEAD


@not_now(N_("The time in which silence means acceptance has not passed."))
def deemed(f: Facts) -> bool:
    return f.deemed


@forbidden(N_("Whoever proposed it may not decide it."))
def not_proposer(f: Facts) -> bool:
    return f.actor_id is None or f.actor_id != f.proposer_id


# examination


@not_now(N_("A suspension is requested already."))
def no_suspension_requested(f: Facts) -> bool:
    return not f.suspension_requested


@not_now(N_("No suspension is requested."))
def suspension_requested(f: Facts) -> bool:
    return f.suspension_requested


@forbidden(N_("Whoever requested the suspension may not approve it."))
def not_suspension_requester(f: Facts) -> bool:
    return f.actor_id is None or f.actor_id != f.suspension_requester_id


@not_now(N_("The limit was extended once already."))
def never_extended(f: Facts) -> bool:
    return not f.extended


@not_now(N_("A clock is breached already: an extension comes too late."))
def no_clock_breached(f: Facts) -> bool:
    return not f.any_clock_breached


@not_now(N_("The promised limit is over: a joint review is held within it."))
def within_promised_limit(f: Facts) -> bool:
    return f.within_promised_limit


@not_now(N_("A joint review is open."))
def no_joint_review_open(f: Facts) -> bool:
    return not f.joint_review_open


@not_now(N_("No joint review is open."))
def joint_review_open(f: Facts) -> bool:
    return f.joint_review_open


@not_now(N_("Opinions are outstanding."))
def opinions_in(f: Facts) -> bool:
    return not f.opinions_open


@not_now(
    N_("Of the same thing is not accepted yet, so that opinions are still to come: %(members)s."),
    members=lambda f: f.group_waits,
)
def group_accepted(f: Facts) -> bool:
    return not f.group_waits


@not_now(N_("A hearing is under way already."))
def no_hearing_open(f: Facts) -> bool:
    return not f.hearing_awaited


@not_now(N_("A hearing is asked for, or may still be asked for: it comes before the decision."))
def nobody_to_be_heard(f: Facts) -> bool:
    return not f.hearing_awaited


@forbidden(N_("Whoever presided over the hearing does not examine the application."))
def not_presider(f: Facts) -> bool:
    return not f.presided


@not_now(N_("The item needs a verification record of two people first."))
def verified_if_needed(f: Facts) -> bool:
    return f.verified or not f.needs_verification


@not_now(N_("The last review must recommend granting, and nothing may have come in since."))
def review_says_grant(f: Facts) -> bool:
    return f.review_says == "grant" and f.review_is_last


@not_now(N_("The last review must recommend refusing, and nothing may have come in since."))
def review_says_refuse(f: Facts) -> bool:
    return f.review_says == "refuse" and f.review_is_last


@not_now(N_("A slip is open: settle it first."))
def no_slip_open(f: Facts) -> bool:
    return not f.slip_open


@forbidden(N_("An approver decides instant items alone; this one is for the head of the office."))
def approver_only_instant(f: Facts) -> bool:
    return f.role is not Role.APPROVER or f.instant


@forbidden(N_("Whoever reviewed may not decide."))
def not_reviewer(f: Facts) -> bool:
    return f.instant or f.actor_id is None or f.actor_id != f.reviewer_id


@forbidden(N_("Whoever reviewed may not approve the refusal."))
def not_reviewer_of_refusal(f: Facts) -> bool:
    return f.actor_id is None or f.actor_id != f.reviewer_id


ALWAYS = (not_party, on_application)
FRONT = (not_decider,)
BACK = (not_receiver,)
