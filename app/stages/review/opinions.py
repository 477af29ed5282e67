"""What another office says to the question it was asked (第十五条（五）); it sees the question, not the application."""

from app.engine.acts import Data
from app.engine.inputs import Input, choice, files, text
from app.engine.object_acts import object_act
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock
from app.models.examination import Opinion

STANCES = {"agree": N_("Agrees"), "conditional": N_("Agrees with conditions"), "disagree": N_("Disagrees")}


class GiveOpinionInput(Input):
    """Where the office stands, and why."""

    stance = choice(N_("Stance"), STANCES)
    text = text(N_("Opinion"), 5, 2000)
    attachments = files(N_("Attachments"))


@object_act("give_opinion", GiveOpinionInput)
def give(t: Turn, opinion: Opinion, data: Data) -> None:
    """Give the opinion the office was asked for; its clock stops, and the asking office is told."""
    opinion.attachments = [
        file.id
        for i, file_id in enumerate(data["attachments"])
        if (file := t.claim(file_id, f"attachments.{i}", "opinion")) is not None
    ]
    t.settle()
    for file in t.claimed:
        file.application_id = opinion.application_id
    opinion.state, opinion.stance, opinion.text = "given", data["stance"], data["text"]
    opinion.given_by_id, opinion.given_by_name, opinion.given_at = t.actor.user_id, t.actor.name, t.now
    t.dossier.clocks.stop(Clock.OPINION, t.now, subject_id=opinion.id)
    t.message = data["text"][:200]
    t.tell(role="approver", unit=f"office:{opinion.asking_office_id}")
