"""What the acts on a ledger take; but for the acknowledgement, only the machinery does them."""

from app.engine.inputs import Input, day, row_id, text
from app.law import N_


class BuildInput(Input):
    """Whose ledger, for whom, and the Monday of its week."""

    office_id = row_id(N_("Approval office"))
    department_id = row_id(N_("Industry department"))
    week_from = day(N_("Week from"))


class SendInput(Input):
    """Where it was taken."""

    recipient = text(N_("Sent to"), 1, 200)


class FailInput(Input):
    """Why it was not taken."""

    error = text(N_("Why not delivered"), 1, 500)


class AcknowledgeInput(Input):
    """Who took it in at the department; whoever is logged in need not say."""

    receiver = text(N_("Received by"), 2, 50, required=False)
