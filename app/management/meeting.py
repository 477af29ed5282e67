"""工作例会: what a place achieved, what falls short, what comes next (第三条)."""

from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.turn import Step
from app.law import N_
from app.management.inputs_people import MeetingInput
from app.management.people import as_rows, named, place
from app.models.people import Meeting

subject("meeting", Meeting)
TO_COME = N_("This day has not come yet.")


@object_act("hold_meeting", MeetingInput)
def hold(step: Step, _born: None, data: Data) -> Meeting:
    """Record a work meeting of the own place."""
    step.require(data["held_on"] <= step.today, "held_on", TO_COME)
    attendees = named(step, data["attendees"], "attendees")
    centre_id, office_id = place(step, data["unit"])
    told = {name: data[name] for name in ("held_on", "results", "problems", "next_steps")}
    return Meeting(centre_id=centre_id, office_id=office_id, attendees=as_rows(attendees), **told)
