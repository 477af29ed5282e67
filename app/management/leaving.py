"""去向留言: in office hours nobody leaves the window without saying where to; everybody sees it at once (第八条)."""

from datetime import datetime, time

from sqlalchemy import select

from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.presence import in_office_hours
from app.engine.turn import Step
from app.law import N_
from app.law.clock import ZONE
from app.management.inputs_people import LeaveInput, NothingInput
from app.management.people import myself
from app.models.organisation import Centre
from app.models.whereabouts import Whereabouts

subject("whereabouts", Whereabouts)


@object_act("leave_window", LeaveInput)
def leave(step: Step, _born: None, data: Data) -> Whereabouts:
    """Leave the window: the board, the queue and the sign at the window know it from now on."""
    person, centre = myself(step), _centre(step)
    step.not_now_unless(
        in_office_hours(centre, step.now, step.calendar),
        N_("The windows are closed now: nobody needs to say where they go."),
    )
    away = select(Whereabouts.id).where(Whereabouts.staff_id == person.id, Whereabouts.state == "away")
    step.not_now_unless(step.session.scalar(away) is None, N_("You are away already: say first that you are back."))
    step.require(data["destination"] != "other" or data["note"], "note", N_("Say where you go."))
    closing = datetime.combine(step.today, centre.closes_at, ZONE)
    back = _moment(step, data["back_by"])
    step.require(
        back is None or step.now < back <= closing,
        "back_by",
        N_("Between now and closing time; whoever stays longer leaves it empty."),
    )
    return Whereabouts(
        staff_id=person.id,
        window_id=step.actor.window_id if step.actor.window_centre_id == centre.id else None,
        centre_id=centre.id,
        destination=data["destination"],
        note=data["note"] or "",
        expected_back=back,
        left_at=step.now,
        due_at=closing,
    )


@object_act("return_to_window", NothingInput)
def come_back(step: Step, away: Whereabouts, _data: Data) -> None:
    """Be back: the window calls numbers again."""
    away.back_at = step.now


@object_act("end_absence", NothingInput)
def end(step: Step, away: Whereabouts, _data: Data) -> None:
    """At closing time an absence ends by itself."""
    away.back_at = step.now


def _centre(step: Step) -> Centre:
    """Where somebody left: the own place; whoever has none, like the certificate centre, sits in the county hall."""
    centre_id = step.actor.window_centre_id
    if centre_id is None or centre_id not in (step.grant.centres or {centre_id}):
        centre_id = min(step.grant.centres, default=None)
    wanted = select(Centre).where(Centre.id == centre_id if centre_id is not None else Centre.kind == "hall")
    return step.session.scalars(wanted).one()


def _moment(step: Step, typed: str | None) -> datetime | None:
    return datetime.combine(step.today, time.fromisoformat(typed), ZONE) if typed else None
