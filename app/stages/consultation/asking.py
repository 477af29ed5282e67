"""Questions at the guide desk and at the window: what is asked, under which ticket, about which item (一（1）（2）)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import wording
from app.engine.acts import Data
from app.engine.object_acts import object_act
from app.engine.turn import Step
from app.law import N_, numbering
from app.law.identity import check_landline, check_mobile
from app.models.catalogue import Item, ItemMaterial
from app.models.consultation import Consultation, ConsultationEntry, ConsultationOutput
from app.models.counter import Ticket
from app.stages.consultation import notice
from app.stages.consultation.inputs import AtWindow, HandOutInput, OpenAtWindowInput, OpenInput

GUIDED, AT_WINDOW = 1, 2


@object_act("open_consultation", OpenInput)
def open_at_guide(step: Step, _none: None, data: Data) -> Consultation:
    """Note a question at the guide desk; no ticket is needed yet."""
    return _asked(step, data, GUIDED)


@object_act("open_consultation_at_window", OpenAtWindowInput)
def open_at_window(step: Step, _none: None, data: Data) -> Consultation:
    """Note a question at the window: under the ticket that is served there, about an item."""
    consultation = _asked(step, data, AT_WINDOW)
    _bring_to_window(step, consultation, data)
    return consultation


@object_act("lead_to_window", AtWindow)
def take_over(step: Step, consultation: Consultation, data: Data) -> None:
    """Take the question over at the window; whoever was asked first keeps it."""
    _bring_to_window(step, consultation, data)
    if not consultation.entries:
        # The guide led here without a word in the system: that is the first tier's result.
        say(step, consultation, "guided", window_id=step.actor.window_id)
        consultation.guided_window_id = step.actor.window_id
    consultation.tier, consultation.due_at = AT_WINDOW, None
    tell_first(step, consultation)


@object_act("hand_out", HandOutInput)
def hand_out(step: Step, consultation: Consultation, data: Data) -> None:
    """Give forms and samples, make a one-time notice; each is kept, with who gave it and when (一（2）)."""
    item = consultation.item
    assert item is not None  # the second tier has one
    materials = {m.id: m for m in item.materials}
    for name in ("forms", "samples"):
        step.require(materials.keys() >= set(data[name]), name, N_("Choose materials of this item."))
    chosen = data["forms"] or data["samples"] or data["notice"]
    step.require(chosen, "", N_("Say what was handed out."))
    for part in notice.lacking(item) if data["notice"] else ():
        lacks = N_("The guide of this item lacks «%(label)s»: no notice can be made.")
        step.require(False, "notice", lacks, label=part)
    step.settle()
    for pk in data["forms"]:
        _give(step, consultation, "form", materials[pk], materials[pk].blank_form_id)
    for pk in data["samples"]:
        _give(step, consultation, "sample", materials[pk], materials[pk].sample_id)
    if data["notice"]:
        facts = notice.facts(step, consultation, item)
        words = wording.load(step.session, step.settings)
        paragraphs = notice.paragraphs(facts, words)
        _output(step, consultation, kind="notice", facts=facts, paragraphs=paragraphs, token=step.new_token())


def say(step: Step, consultation: Consultation, kind: str, text: str = "", window_id: int | None = None) -> None:
    """Add what was said to what was said before."""
    consultation.entries.append(
        ConsultationEntry(
            kind=kind,
            tier=consultation.tier,
            level=step.role.value,
            text=text,
            window_id=window_id,
            by_id=step.actor.user_id,
            by_name=step.actor.name,
            at=step.now,
            created_by=step.by,
        )
    )


def tell_first(step: Step, consultation: Consultation) -> None:
    """Put a line on the desk of whoever was asked first, unless they did it themselves."""
    if consultation.first_responder_id != step.actor.user_id:
        step.tell(user_id=consultation.first_responder_id)


def find_item(session: Session, code: str) -> Item | None:
    """An item that is open to questions: in service and not secret."""
    found: Item | None = session.scalar(
        select(Item).where(Item.code == code, Item.is_active.is_(True), Item.is_secret.is_(False))
    )
    return found


def own_centre(step: Step) -> int:
    """The centre where this person is at work, in the role of the act."""
    if step.actor.window_centre_id in step.grant.centres:
        assert step.actor.window_centre_id is not None
        return step.actor.window_centre_id
    step.not_now_unless(step.grant.centres, N_("You are not posted at a centre today."))
    return min(step.grant.centres)


def _asked(step: Step, data: Data, tier: int) -> Consultation:
    phone = data["asker_phone"]
    wrong = check_mobile(phone) and check_landline(phone) if phone else None
    step.require(not wrong, "asker_phone", wrong or "")
    consultation = Consultation(
        tier=tier,
        centre_id=own_centre(step),
        question=data["question"],
        asker_name=data["asker_name"],
        asker_phone=phone,
        first_responder_id=step.actor.user_id,
        first_responder_name=step.actor.name,
    )
    step.draw(
        numbering.counter_for_consultation(step.today),
        lambda n: setattr(consultation, "number", numbering.consultation_no(step.today, n)),
    )
    return consultation


def _bring_to_window(step: Step, consultation: Consultation, data: Data) -> None:
    ticket = _served(step, data["ticket_id"])
    item = find_item(step.session, data["item"])
    step.require(item is not None, "item", N_("Choose an item in service."))
    step.settle()
    assert item is not None
    consultation.ticket_id, consultation.item_id, consultation.item = ticket.id, item.id, item


def _served(step: Step, ticket_id: int) -> Ticket:
    """The ticket named, if it is being served at the clerk's own window."""
    wanted = select(Ticket).where(Ticket.id == ticket_id).with_for_update(of=Ticket)
    ticket: Any = step.session.scalar(wanted)
    window_id = step.actor.window_id
    is_mine = ticket is not None and window_id is not None and ticket.window_id == window_id
    step.not_now_unless(is_mine and ticket.state == "serving", N_("This ticket is not being served at your window."))
    found: Ticket = ticket
    return found


def _give(step: Step, consultation: Consultation, kind: str, material: ItemMaterial, file_id: int | None) -> None:
    _output(step, consultation, kind=kind, name=material.name, file_id=file_id)


def _output(step: Step, consultation: Consultation, **given: Any) -> None:
    consultation.outputs.append(
        ConsultationOutput(by_name=step.actor.name, at=step.now, created_by=step.by, **{"name": "", **given})
    )
