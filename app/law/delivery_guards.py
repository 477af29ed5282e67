"""The conditions of what follows a decision: who holds the result, who hands it out, fees, archive, reminders."""

from app.law import N_
from app.law.facts import Facts
from app.law.guards import forbidden, not_now
from app.law.roles import Role
from app.law.states import NEGATIVE, DeliveryMode, State

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


@not_now(N_("Your unit holds nothing that must go to the issuing desk."))
def result_to_send(f: Facts) -> bool:
    return f.result_to_send


@not_now(N_("The result is at the desk that issues it already."))
def not_at_issuing_desk(f: Facts) -> bool:
    return not f.result_held_by or any(holder != f.issuing_desk for holder in f.result_held_by)


@not_now(N_("No handover slip is open."))
def result_slip_open(f: Facts) -> bool:
    return f.slip_open


@forbidden(N_("The handover slip is addressed to another desk."))
def slip_to_own_desk(f: Facts) -> bool:
    return f.slip_to is None or f.slip_to in f.own_units


@forbidden(N_("Whoever sent the slip may not accept it."))
def not_slip_sender(f: Facts) -> bool:
    return f.actor_id is None or f.actor_id != f.slip_sender_id


@not_now(N_("Still owed: %(materials)s. The certificate stays here until it is in."), materials=lambda f: f.owed_names)
def nothing_owed(f: Facts) -> bool:
    return f.owed_open == 0


@not_now(N_("Nothing is owed."))
def something_owed(f: Facts) -> bool:
    return f.owed_open > 0


@not_now(N_("Neither paid nor waived: %(fees)s. The result stays here until then."), fees=lambda f: f.fees_open)
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
    return f.scan_exists or not f.granted


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


@not_now(N_("The file is listed and waits for the assistant, or is filed with every sheet."))
def archive_open(f: Facts) -> bool:
    return f.archive_state == "open" or (f.archive_state == "filed" and f.sheets_to_add)


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


@forbidden(N_("The work order lies with another unit."))
def addressed_unit(f: Facts) -> bool:
    return f.rating_concerns == ("office" if f.role is Role.OFFICE_HEAD else "centre")


@forbidden(N_("You served at the counter in this matter: somebody else sees to the rating."))
def not_rated_person(f: Facts) -> bool:
    return not f.did_counter_act


@not_now(N_("Nothing is awaited from the applicant."))
def something_awaited(f: Facts) -> bool:
    return f.something_awaited


@not_now(N_("An escalation is open already."))
def no_escalation_open(f: Facts) -> bool:
    return not f.escalation_open


@forbidden(N_("The matter lies with another level."))
def addressed_level(f: Facts) -> bool:
    return f.role is Role.SYSTEM or f.role.value == f.escalation_level


@not_now(N_("No clock is breached and unexplained."))
def unexplained_breach(f: Facts) -> bool:
    return f.unexplained_breach


@not_now(N_("The applicant's time is not over, or nobody reminded the applicant."))
def may_terminate(f: Facts) -> bool:
    return f.may_terminate


@not_now(N_("The time a registration is kept has not passed."))
def draft_expired(f: Facts) -> bool:
    return f.draft_expired
