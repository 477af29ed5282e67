"""The conditions of the transitions: pure predicates over facts, each with its kind and its sentence.

The same guards decide in the engine, shape the buttons and the API's list, and are tested cell by cell. A guard about
persons, roles, places or fronted items is *forbidden* (403, recorded); one about order, time or open things is *not
now* (409).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.law import N_
from app.law.facts import Facts
from app.law.roles import Role
from app.law.states import NEGATIVE, DeliveryMode, State

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


def _guard(kind: GuardKind, sentence: str) -> Callable[[Callable[[Facts], bool]], Guard]:
    return lambda predicate: Guard(predicate.__name__, kind, sentence, predicate)


def forbidden(sentence: str) -> Callable[[Callable[[Facts], bool]], Guard]:
    """A guard about persons, roles or places."""
    return _guard(GuardKind.FORBIDDEN, sentence)


def not_now(sentence: str) -> Callable[[Callable[[Facts], bool]], Guard]:
    """A guard about order, time or open things."""
    return _guard(GuardKind.NOT_NOW, sentence)


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


@not_now(N_("Not every correction line is answered yet."))
def every_answer_in(f: Facts) -> bool:
    return f.every_answer_in


@not_now(N_("Every correction line is answered: take the whole correction in."))
def some_answer_missing(f: Facts) -> bool:
    return not f.every_answer_in


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


@not_now(N_("A joint review is open."))
def no_joint_review_open(f: Facts) -> bool:
    return not f.joint_review_open


@not_now(N_("No joint review is open."))
def joint_review_open(f: Facts) -> bool:
    return f.joint_review_open


@not_now(N_("Not every office named has attended or given its opinion."))
def joint_review_heard(f: Facts) -> bool:
    return f.joint_review_heard


@not_now(N_("Opinions are outstanding."))
def opinions_in(f: Facts) -> bool:
    return not f.opinions_open


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


# the result


@not_now(N_("It is on its way by EMS."))
def not_dispatched(f: Facts) -> bool:
    return not f.dispatched


@not_now(N_("Nothing was sent by EMS."))
def dispatched(f: Facts) -> bool:
    return f.dispatched


@not_now(N_("It was not dispatched by EMS yet."))
def dispatched_if_ems(f: Facts) -> bool:
    return f.delivery_mode is not DeliveryMode.EMS or f.dispatched


@not_now(N_("Your unit does not hold the result."))
def result_here(f: Facts) -> bool:
    return f.result_here


@not_now(N_("The result is at the desk that issues it already."))
def not_at_issuing_desk(f: Facts) -> bool:
    return f.issuing_desk not in f.result_held_by


@not_now(N_("No handover slip is open."))
def result_slip_open(f: Facts) -> bool:
    return f.slip_open


@forbidden(N_("The handover slip is addressed to another desk."))
def slip_to_own_desk(f: Facts) -> bool:
    return f.slip_to is None or f.slip_to in f.own_units


@forbidden(N_("Whoever sent the slip may not accept it."))
def not_slip_sender(f: Facts) -> bool:
    return f.actor_id is None or f.actor_id != f.slip_sender_id


@not_now(N_("Owed material is still open; the certificate stays here until it is in."))
def nothing_owed(f: Facts) -> bool:
    return f.owed_open == 0


@not_now(N_("A fee or deposit is not settled."))
def fee_settled(f: Facts) -> bool:
    return f.fee_settled


@not_now(N_("The item has no fee, or it is settled."))
def fee_due(f: Facts) -> bool:
    return f.fee_due


@not_now(N_("No payment notice is open."))
def fee_notice_open(f: Facts) -> bool:
    return f.fee_notice_open


@not_now(N_("The certificate is not scanned and uploaded."))
def scan_if_granted(f: Facts) -> bool:
    return f.scan_exists or f.state in NEGATIVE


@not_now(N_("The applicant did not choose EMS."))
def mode_is_ems(f: Facts) -> bool:
    return f.delivery_mode is DeliveryMode.EMS


@forbidden(N_("The result is issued at the desk the applicant chose."))
def own_desk_issues(f: Facts) -> bool:
    return f.issuing_desk in f.own_units


@forbidden(N_("What goes by EMS is issued by the certificate centre."))
def ems_by_certificate_centre(f: Facts) -> bool:
    return f.delivery_mode is not DeliveryMode.EMS or f.role is Role.CERT_CLERK


@not_now(N_("The result must reach the window over a handover slip first."))
def at_the_desk(f: Facts) -> bool:
    if f.state in NEGATIVE:
        return f.result_here or not f.result_held_by
    if f.state is State.CERTIFIED and f.delivery_mode is DeliveryMode.WINDOW:
        return False
    return f.result_here


# archive, care


@not_now(N_("The application is not closed yet."))
def closed(f: Facts) -> bool:
    return f.closed


@not_now(N_("The file is listed and waits for the assistant, or is filed already."))
def archive_open(f: Facts) -> bool:
    return f.archive_state in ("open", "filed")


@not_now(N_("The file is not listed."))
def archive_listed(f: Facts) -> bool:
    return f.archive_state == "listed"


@forbidden(N_("Whoever listed the file may not confirm it: two people archive together."))
def not_archive_lister(f: Facts) -> bool:
    return f.actor_id is None or f.actor_id != f.archive_lister_id


@not_now(N_("The file is not complete: originals, documents or the service receipt are missing."))
def archive_complete(f: Facts) -> bool:
    return f.archive_complete


@not_now(N_("The applicant was reminded to rate already."))
def rating_not_reminded(f: Facts) -> bool:
    return not f.rating_reminded


@not_now(N_("Nothing is awaited from the applicant."))
def something_awaited(f: Facts) -> bool:
    return f.something_awaited


@not_now(N_("An escalation is open already."))
def no_escalation_open(f: Facts) -> bool:
    return not f.escalation_open


@not_now(N_("No clock is breached and unexplained."))
def unexplained_breach(f: Facts) -> bool:
    return f.unexplained_breach


@not_now(N_("The applicant's time is not over, or nobody reminded the applicant."))
def may_terminate(f: Facts) -> bool:
    return f.may_terminate


@not_now(N_("The time a registration is kept has not passed."))
def draft_expired(f: Facts) -> bool:
    return f.draft_expired


ALWAYS = (not_party, on_application)
FRONT = (not_decider,)
BACK = (not_receiver,)
