"""The forms of acceptance: what is to be put right, a line for each material that a notice may name."""

from flask_babel import gettext as _

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.law import N_
from app.stages.acceptance.corrections import may_name
from app.web.forms import Row, Shape


def materials(dossier: Dossier, actor: Actor) -> list[Row]:
    """The materials that a notice may name, with what the last one said of each."""
    may = may_name(dossier)
    told = {line.material_id: line for notice in dossier.corrections[-1:] for line in notice.lines}
    return [
        Row(
            each.name,
            {"material_id": each.id},
            hint=_("Told before: %(wanted)s", wanted=told[each.id].requirement) if each.id in told else "",
        )
        for each in dossier.application.materials
        if each.id in may
    ]


SHAPES = {
    "request_correction": Shape(
        rows={"lines": materials},
        skipped_if_blank={"lines": "problem|requirement|basis"},
        irrelevant=lambda dossier: () if dossier.corrections else ("leader_reason",),
        ask=N_("The applicant is told everything at once; only the head of the office may ask again. Go on?"),
    ),
    "terminate": Shape(
        is_grave=True, ask=N_("The applicant gets a written notice that the matter ends here. Go on?")
    ),
    "reject": Shape(
        show_if={"redirect_to": "reason_code=wrong_authority"}, is_grave=True,
        ask=N_("This goes to the bureau leader as a proposed non-acceptance. Go on?"),
    ),
    "approve_rejection": Shape(
        is_grave=True, ask=N_("The applicant gets a written notice of non-acceptance, and the matter ends. Go on?")
    ),
    "return_rejection": Shape(is_grave=True),
}  # fmt: skip
