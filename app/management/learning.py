"""What the offices teach the clerks, and what everybody at the windows studies (第四条, 第十二条)."""

from sqlalchemy import select

from app.engine.acts import Data
from app.engine.object_acts import object_act, subject
from app.engine.turn import Step
from app.law import N_
from app.management.inputs_people import StudyInput, TrainInput
from app.management.meeting import TO_COME
from app.management.people import named, one, place, post_of
from app.models.catalogue import Item
from app.models.people import Study, Trained, Training

subject("training", Training)
subject("study", Study)


@object_act("train", TrainInput)
def train(step: Step, _born: None, data: Data) -> Training:
    """Record whom the office taught which of its items; the counter warns whoever was taught nothing."""
    step.require(data["held_on"] <= step.today, "held_on", TO_COME)
    clerks = named(step, data["clerks"], "clerks")
    _, office_id = place(step, data["unit"])
    own = select(Item.id).where(Item.id.in_(data["items"]), Item.office_id == office_id)
    items = set(step.session.scalars(own))
    for i, item_id in enumerate(data["items"]):
        step.require(item_id in items, f"items.{i}", N_("This is no item of your office."))
    file = step.claim(data["file"], "file", "training")
    step.settle()
    return Training(
        office_id=office_id,
        held_on=data["held_on"],
        topic=data["topic"],
        file_id=file.id if file else None,
        lines=[
            Trained(staff_id=clerk.id, item_id=item_id, created_by=step.by)
            for clerk in clerks
            for item_id in data["items"]
        ],
    )


@object_act("record_study", StudyInput)
def record_study(step: Step, _born: None, data: Data) -> Study:
    """Record what somebody at the own place studied or was examined in."""
    step.require(data["studied_on"] <= step.today, "studied_on", TO_COME)
    person = one(step, data["staff"], "staff")
    step.settle()
    assert person is not None
    post = post_of(step.session, person, step.today)
    step.forbid_unless(
        post is not None and step.grant.reaches_place(post.centre_id, post.office_id),
        N_("This belongs to another place than yours."),
    )
    assert post is not None
    told = {name: data[name] for name in ("kind", "subject", "studied_on", "result")}
    return Study(centre_id=post.centre_id, office_id=post.office_id, staff_id=person.id, **told)
