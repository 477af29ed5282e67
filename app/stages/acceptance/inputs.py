"""What the office and the leader say about acceptance."""

from app.engine.inputs import Input, choice, many, number, row_id, text
from app.law import N_

REASONS = {
    "no_licence_needed": N_("No licence is needed"),
    "wrong_authority": N_("Another authority is competent"),
    "conditions_not_met": N_("Conditions are not met"),
    "barred": N_("The law bars it"),
    "duplicate": N_("Filed already"),
}
TARGETS = {
    "approver": N_("Approver"),
    "office_head": N_("Head of approval office"),
    "bureau_leader": N_("Bureau leader"),
    "cert_clerk": N_("Certificate centre clerk"),
}


class AcceptInput(Input):
    """Why it is accepted."""

    opinion = text(N_("Opinion"), 2, 500)


class RejectInput(Input):
    """Non-acceptance as proposed to the leader: facts, reasons and the law (第十五条（四）3)."""

    reason_code = choice(N_("Ground"), REASONS)
    redirect_to = text(
        N_("Competent authority"), 2, 100, required=False, help_text=N_("Needed where another authority is competent.")
    )
    facts = text(N_("Facts"), 10, 2000)
    reasons = text(N_("Reasons"), 10, 2000)
    legal_basis = text(N_("Legal basis"), 5, 500)


class ApproveRejectionInput(Input):
    """The leader agrees."""

    opinion = text(N_("Opinion"), 2, 500)


class ReturnRejectionInput(Input):
    """The leader sends it back."""

    opinion = text(N_("Opinion"), 5, 500)


class RemindInput(Input):
    """A nudge to whoever holds the application up."""

    target = choice(N_("Whom"), TARGETS)
    message = text(N_("Message"), 2, 200)


class DefectLine(Input):
    """One defect: what is wrong, what is wanted, on which law."""

    material_id = row_id(N_("Material"))
    problem = text(N_("What is wrong"), 5, 300)
    requirement = text(N_("What to bring or put right"), 5, 300)
    basis = text(N_("Basis"), 2, 200)


class RequestCorrectionInput(Input):
    """Everything to put right, told at once; owed materials are added by themselves (第十五条（四）2)."""

    lines = many(N_("What is to be put right"), DefectLine, least=1)
    reply_days = number(N_("Working days to reply"), 1, 60)
    leader_reason = text(
        N_("Why the applicant is asked again"), 10, 500, required=False, help_text=N_("Needed for another notice.")
    )


class DeemAcceptedInput(Input):
    """Silence says nothing."""


class TerminateInput(Input):
    """Why an application ends that the applicant let lie."""

    reason = text(N_("Reason"), 10, 500)
    legal_basis = text(N_("Legal basis"), 5, 300)


class ExplainOverdueInput(Input):
    """The reason for missing a limit, as the applicant and the public read it."""

    reason = text(N_("Reason"), 10, 500)


class RecordProvincialInput(Input):
    """The number the matter has on the provincial platform."""

    provincial_no = text(N_("Provincial number"), 6, 64)
