"""What the window takes down: registration, one-time notice, receipt."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from app.engine.inputs import Input, answers, choice, day, file, flag, ids, many, number, part, pattern, row_id, text
from app.engine.now import now
from app.law import N_
from app.law.identity import ID_TYPES, WRONG_MOBILE
from app.stages.intake.people import wrong_about, wrong_number

APPLICANT_TYPES = {
    "1": N_("Natural person"),
    "2": N_("Enterprise"),
    "3": N_("Public institution"),
    "4": N_("Social organisation"),
    "5": N_("Administrative organ"),
    "6": N_("Other organisation"),
}
RELATIONS = {
    "new": N_("New"),
    "change": N_("Change"),
    "renewal": N_("Renewal"),
    "replacement": N_("Replacement"),
    "correction": N_("Correction of a decision"),
    "revocation": N_("Revocation"),
    "cancellation": N_("Cancellation"),
}
DELIVERY_MODES = {
    "pickup": N_("Pick up at the certificate centre"),
    "ems": N_("By EMS"),
    "window": N_("At the window"),
}
ID_KINDS = {kind.value: label for kind, label in ID_TYPES.items()}
FORMS = {"original": N_("Original"), "copy": N_("Copy"), "electronic": N_("Electronic")}
WAYS = {"window": N_("Brought to a window"), "ems": N_("Sent by EMS"), "online": N_("Sent online")}
MOBILE = r"^1[3-9]\d{9}$"


class AgentInput(Input):
    """An agent: own ID and the applicant's authorisation (第十五条（三）)."""

    name = text(N_("Agent's name"), 1, 100)
    id_type = choice(N_("Agent's ID type"), ID_KINDS)
    id_no = text(N_("Agent's ID number"), 1, 30, personal="id")
    phone = pattern(N_("Agent's phone"), MOBILE, WRONG_MOBILE, personal="phone")
    authorisation = file(N_("Authorisation"))

    @validates_schema(skip_on_field_errors=False)
    def _numbers_fit(self, said: Mapping[str, Any], **_more: Any) -> None:
        """A wrong number is told together with everything else that is wrong."""
        for name, sentence in wrong_number(said, now().date()):
            raise ValidationError(sentence, name)


class RegisterInput(Input):
    """Who applies for what."""

    item = text(N_("Item"), 1, 20)
    ticket_id = row_id(N_("Ticket"), required=False)
    applicant_type = choice(N_("Applicant type"), APPLICANT_TYPES)
    applicant_name = text(N_("Applicant"), 1, 100)
    id_type = choice(N_("ID type"), ID_KINDS)
    id_no = text(N_("ID number"), 1, 30, personal="id")
    phone = pattern(N_("Mobile phone"), MOBILE, WRONG_MOBILE, personal="phone")
    address = text(N_("Address"), 0, 200, required=False, personal="address")
    legal_rep = text(N_("Legal representative"), 1, 100, required=False, help_text=N_("Needed for organisations."))
    agent = part(N_("Agent"), AgentInput)
    relation = choice(N_("Relation to an earlier decision"), RELATIONS)
    original_no = text(
        N_("Number of the earlier application"),
        1,
        60,
        required=False,
        help_text=N_("Needed unless the application is new."),
    )
    theme_id = row_id(N_("One thing"), required=False)
    parent_id = row_id(N_("Lead application"), required=False)
    extra = answers(N_("Further information"), help_text=N_("The answers to the item's own questions, by name."))

    @validates_schema(skip_on_field_errors=False)
    def _people_are_right(self, said: Mapping[str, Any], **_more: Any) -> None:
        """What does not fit together is told at once with everything else that is wrong."""
        if wrong := {name: [sentence] for name, sentence in wrong_about(said, now().date())}:
            raise ValidationError(wrong)


class NoticeLine(Input):
    """One material that is missing or wrong, and what to put right."""

    material_id = row_id(N_("Material"))
    status = choice(
        N_("Finding"),
        {"missing": N_("Missing"), "defective": N_("Defective"), "copy_differs": N_("Copy differs from original")},
    )
    requirement = text(N_("What to bring or put right"), 2, 300)


class NotifyInput(Input):
    """Everything that is missing, told once (第六条)."""

    lines = many(N_("Materials missing or wrong"), NoticeLine, least=1)
    again_reason = text(N_("Why another notice with other materials"), 5, 300, required=False)
    acknowledged_by = text(N_("Acknowledged by"), 0, 50, required=False)


class MaterialLine(Input):
    """How one material of the list was judged."""

    material_id = row_id(N_("Material"))
    status = choice(
        N_("Judgement"),
        {
            "taken": N_("Taken"),
            "tolerated": N_("To be supplied later"),
            "shared": N_("Obtained by sharing"),
            "not_applicable": N_("Does not apply"),
        },
    )
    form = choice(N_("Form"), FORMS, required=False)
    pieces = number(N_("Pieces"), 0, 99)
    copy_verified = flag(N_("Copy compared with the original"))
    file = file(N_("Scan"), required=False)


class OwedLine(Input):
    """One material that follows later: what, how, by when."""

    material_id = row_id(N_("Material"))
    requirement = text(N_("What to supply"), 2, 300)
    how = choice(N_("How it comes"), WAYS)
    due = day(N_("To be supplied by"))


class ReceiveInput(Input):
    """The papers taken in, judged one by one; what is tolerated is owed, with its day and a commitment in writing."""

    ticket_id = row_id(N_("Ticket"), required=False)
    materials = many(N_("Materials"), MaterialLine, least=1)
    owed = many(N_("To be supplied later"), OwedLine)
    commitment = file(N_("Signed commitment to supply"), required=False)
    identity_checked = choice(
        N_("Identity checked by"), {"reader": N_("Card reader"), "eyes": N_("Sight"), "e_id": N_("Electronic ID")}
    )
    delivery_mode = choice(N_("Delivery"), DELIVERY_MODES)
    ems_address = text(N_("EMS address"), 5, 200, required=False, personal="address", help_text=N_("Needed for EMS."))
    sent_as = choice(N_("File goes to the office as"), {"scans": N_("Scans, at once"), "paper": N_("Paper, on a slip")})


class AnswerLine(Input):
    """One line of the correction notice that was put right, and the paper that shows it."""

    line_id = row_id(N_("Line"))
    form = choice(N_("Form"), FORMS)
    pieces = number(N_("Pieces"), 0, 99)
    copy_verified = flag(N_("Copy compared with the original"))
    file = file(N_("Scan"), required=False)


class ReceiveCorrectionInput(Input):
    """Everything that was still to be put right."""

    lines = many(N_("What was put right"), AnswerLine, least=1)


class ReceiveCorrectionPartInput(ReceiveCorrectionInput):
    """A part of what is to be put right."""


class AmendAgentInput(Input):
    """What is different about the agent; of a new one everything is needed."""

    name = text(N_("Agent's name"), 1, 100, required=False)
    id_type = choice(N_("Agent's ID type"), ID_KINDS, required=False)
    id_no = text(N_("Agent's ID number"), 1, 30, required=False, personal="id")
    phone = pattern(N_("Agent's phone"), MOBILE, WRONG_MOBILE, required=False, personal="phone")
    authorisation = file(N_("Authorisation"), required=False)


class AmendInput(Input):
    """What is different from what was registered, and why; what is left blank stays as it is."""

    applicant_type = choice(N_("Applicant type"), APPLICANT_TYPES, required=False)
    applicant_name = text(N_("Applicant"), 1, 100, required=False)
    id_type = choice(N_("ID type"), ID_KINDS, required=False)
    id_no = text(N_("ID number"), 1, 30, required=False, personal="id")
    phone = pattern(N_("Mobile phone"), MOBILE, WRONG_MOBILE, required=False, personal="phone")
    address = text(N_("Address"), 0, 200, required=False, personal="address")
    legal_rep = text(N_("Legal representative"), 1, 100, required=False, help_text=N_("Needed for organisations."))
    agent = part(N_("Agent"), AmendAgentInput)
    relation = choice(N_("Relation to an earlier decision"), RELATIONS, required=False)
    original_no = text(
        N_("Number of the earlier application"),
        1,
        60,
        required=False,
        help_text=N_("Needed unless the application is new."),
    )
    extra = answers(N_("Further information"), help_text=N_("The answers to the item's own questions, by name."))
    reason = text(N_("Reason"), 5, 200)


class WithdrawInput(Input):
    """The applicant's request in writing, and what goes back."""

    request = file(N_("Written request of the applicant or agent"))
    reason = text(N_("Reason"), 0, 500, required=False)
    returned = ids(N_("Papers that go back to the applicant"))


class LapseInput(Input):
    """Nothing: the time a registration is kept is over."""


class RemindApplicantInput(Input):
    """A word to the applicant about what is awaited."""

    by = choice(N_("Reminded by"), {"sms": N_("Text message"), "phone": N_("Telephone")})
    message = text(N_("Message"), 2, 200)
