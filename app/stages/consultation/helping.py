"""Help (帮办): five kinds, wanted by whoever gets it, free (一)."""

from app.engine.acts import Data
from app.engine.object_acts import object_act
from app.engine.turn import Step
from app.law import N_
from app.models.consultation import Consultation, HelpService
from app.stages.consultation.asking import find_item, own_centre
from app.stages.consultation.inputs import HelpInput


@object_act("give_help", HelpInput)
def give_help(step: Step, _none: None, data: Data) -> HelpService:
    """Note a help given; without the person's consent there is none."""
    centre_id = own_centre(step)
    step.require(data["consent"], "consent", N_("Help is for whoever wants it: ask first, then tick this."))
    item = find_item(step.session, data["item"]) if data["item"] else None
    step.require(item is not None or not data["item"], "item", N_("Choose an item in service."))
    asked = step.session.get(Consultation, data["consultation_id"]) if data["consultation_id"] else None
    is_here = asked is not None and asked.centre_id == centre_id
    step.require(is_here or not data["consultation_id"], "consultation_id", N_("Choose a question asked here."))
    step.settle()
    return HelpService(
        centre_id=centre_id,
        kind=data["kind"],
        consent=True,
        item_id=item.id if item is not None else None,
        consultation_id=asked.id if asked is not None else None,
        note=data["note"],
        helper_id=step.actor.user_id,
        helper_name=step.actor.name,
        given_at=step.now,
    )
