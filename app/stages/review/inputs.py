"""What the office records while it examines and decides."""

from app.engine.inputs import Input, choice, day, file, files, flag, ids, many, number, row_id, text
from app.law import N_
from app.law.examination import (
    PROCEDURE_RESULTS,
    SPECIAL_PROCEDURES,
    SURVEYORS,
    VERIFICATION_CONCLUSIONS,
    VERIFICATION_METHODS,
)


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


class RequestSuspensionInput(Input):
    """A special procedure the approver asks for: which, on what basis, why, and how long it is going to take."""

    suspension_kind = choice(N_("Special procedure"), SPECIAL_PROCEDURES)
    basis = text(N_("Legal basis"), 5, 300)
    reason = text(N_("Reason"), 10, 500)
    planned_days = number(N_("Planned working days"), 1, 60)


class SuspendInput(Input):
    """The head agrees, perhaps with another number of days."""

    opinion = text(N_("Opinion"), 2, 500)
    planned_days = number(N_("Planned working days"), 1, 60, required=False)


class ReturnSuspensionInput(Input):
    """The head declines."""

    opinion = text(N_("Opinion"), 5, 500)


class ResumeInput(Input):
    """What the special procedure brought, and who took part in it."""

    result = choice(N_("Result"), PROCEDURE_RESULTS)
    result_text = text(N_("Result in words"), 10, 2000)
    participants = ids(N_("Participants"))
    attachments = files(N_("Attachments"))


class ExtendInput(Input):
    """The leader extends the limit, with the reason the applicant is told (行政许可法42)."""

    days = number(N_("Working days more"), 1, 10)
    reason = text(N_("Reason"), 10, 500)


class RecordVerificationInput(Input):
    """What two or more people found when they verified the substance (行政许可法34)."""

    verifiers = ids(N_("Verified by"), least=SURVEYORS)
    method = choice(N_("Method"), VERIFICATION_METHODS)
    findings = text(N_("Findings"), 10, 2000)
    conclusion = choice(N_("Outcome"), VERIFICATION_CONCLUSIONS)
    attachments = files(N_("Attachments"))


class ConveneJointReviewInput(Input):
    """Which offices meet when, on what."""

    offices = ids(N_("Offices"), least=2)
    meeting_on = day(N_("Day of the meeting"))
    topic = text(N_("Topic"), 5, 300)


class ConcludeJointReviewInput(Input):
    """Who attended, and what they concluded."""

    attendees = ids(N_("Attendees"))
    conclusion = text(N_("Outcome"), 10, 2000)
    minutes = file(N_("Minutes"), required=False)


class RequestOpinionInput(Input):
    """What other offices are asked, and by when they answer."""

    offices = ids(N_("Offices"), least=1)
    question = text(N_("What is asked"), 5, 500)
    due_days = number(N_("Working days to answer"), 1, 5)


class RefuseInput(Input):
    """A refusal: facts, reasons and law, and what the applicant said to it or that the applicant said nothing."""

    facts = text(N_("Facts"), 10, 2000)
    reasons = text(N_("Reasons"), 10, 2000)
    legal_basis = text(N_("Legal basis"), 5, 500)
    statement = text(
        N_("Statement of the applicant"), 2, 2000, help_text=N_("What the applicant stated, or that it was waived.")
    )


class ApproveRefusalInput(Input):
    """The leader agrees."""

    opinion = text(N_("Opinion"), 2, 500)


class ReturnRefusalInput(Input):
    """The leader sends it back."""

    opinion = text(N_("Opinion"), 5, 500)
