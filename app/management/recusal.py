"""回避: whoever declares a relative neither serves nor decides on a matter of that relative (第十三条)."""

from sqlalchemy import select

from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.turn import Step
from app.law import N_
from app.law.identity import check_id, clean
from app.management.inputs_people import NothingInput, RelativeInput
from app.management.people import myself
from app.models.encrypted import blind_index
from app.models.people import Relative

subject("relative", Relative)


@object_act("declare_relative", RelativeInput)
def declare(step: Step, _born: None, data: Data) -> Relative:
    """Declare a relative; from now on every act on that person's matters is refused to the declarer."""
    person, number = myself(step), clean(data["id_no"])
    sentence = check_id("resident_id", number, step.today)
    step.require(sentence is None, "id_no", sentence or "")
    step.settle()
    index = blind_index("id_no", number)
    step.require(index != person.id_no_index, "id_no", N_("This is your own number; you need not declare yourself."))
    known = select(Relative.id).where(
        Relative.owner_id == step.actor.user_id, Relative.id_no_index == index, Relative.state == "declared"
    )
    step.require(step.session.scalar(known) is None, "id_no", N_("You declared this person already."))
    return Relative(
        owner_id=step.actor.user_id,
        owner_name=person.name,
        name=data["name"],
        id_no=number,
        id_no_index=index,
        relation=data["relation"],
    )


@object_act("end_relative", NothingInput)
def end(step: Step, relative: Relative, _data: Data) -> None:
    """End what one declared oneself, say after a divorce; it stays on record."""
