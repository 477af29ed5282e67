"""What is said when a matter goes up, and what the higher level says."""

from app.engine.inputs import Input, choice, text
from app.law import N_

TYPES = {
    "special_complex": N_("Special or complex matter"),
    "missing_history": N_("Papers missing for historical reasons"),
    "policy_change": N_("Law or policy changed"),
    "stuck": N_("Stuck"),
}
BY_PEOPLE = frozenset(TYPES) - {"stuck"}


class EscalateInput(Input):
    """Why the next level is needed (第十四条)."""

    type = choice(N_("Kind"), TYPES)
    reason = text(N_("Reason"), 10, 1000)


class AnswerInput(Input):
    """What the level says."""

    answer = text(N_("Answer"), 5, 2000)


class ReasonInput(Input):
    """Why it moves on."""

    reason = text(N_("Reason"), 5, 500)


class CloseInput(Input):
    """What became of it at the counter or in the office."""

    note = text(N_("Note"), 2, 500, required=False)
