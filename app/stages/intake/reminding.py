"""催补: a word to the applicant, by text message or telephone, about what is awaited (第十五条（三）)."""

from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law import N_
from app.stages.intake.inputs import RemindApplicantInput


@act("remind_applicant", RemindApplicantInput)
def remind_applicant(t: Turn, data: Data) -> None:
    """Remind the applicant of what is awaited; once a day."""
    told = any(e.act == "remind_applicant" and e.at.date() == t.today for e in t.dossier.events)
    t.not_now_unless(not told, N_("The applicant was reminded today already."))
