"""The forms of acceptance."""

from app.law import N_
from app.web.forms import Shape

SHAPES = {
    "reject": Shape(
        show_if={"redirect_to": "reason_code=wrong_authority"}, is_grave=True,
        ask=N_("This goes to the bureau leader as a proposed non-acceptance. Go on?"),
    ),
    "approve_rejection": Shape(
        is_grave=True, ask=N_("The applicant gets a written notice of non-acceptance, and the matter ends. Go on?")
    ),
    "return_rejection": Shape(is_grave=True),
}  # fmt: skip
