"""What the office records while it examines and decides."""

from app.engine.inputs import Input, choice, day, flag, many, row_id, text
from app.law import N_


class ReviewLine(Input):
    """One material, judged."""

    material_id = row_id(N_("Material"))
    result = choice(N_("Result"), {"pass": N_("Passes"), "fail": N_("Fails")})
    note = text(N_("Note"), 2, 300, required=False)


class ReviewInput(Input):
    """Every material judged, and what follows (req. 105)."""

    materials = many(N_("Materials"), ReviewLine, least=1)
    conclusion = choice(N_("Conclusion"), {"grant": N_("Grant"), "refuse": N_("Refuse")})
    opinion = text(N_("Opinion"), 5, 2000)


class GrantInput(Input):
    """The decision to grant."""

    content = text(N_("What is granted"), 2, 2000)
    basis = text(N_("Legal basis"), 5, 500)
    valid_from = day(N_("Valid from"))
    valid_to = day(N_("Valid to"), required=False)
    long_term = flag(N_("Long term"))
    conditions = text(N_("Conditions"), 0, 1000, required=False)
