"""What is noted of a question, on each tier; and of a help given."""

from app.engine.inputs import Input, choice, flag, ids, row_id, text
from app.law import N_

RESULTS = {"answered": N_("Answered"), "guided": N_("Guided to a window")}
REASONS = {
    "professional": N_("Highly professional"),
    "special_review": N_("Special demands on the review"),
    "cross_domain": N_("Across several fields"),
}
"""When a question goes to the office (一（4）)."""
TOLD = {
    "in_person": N_("In person"),
    "phone": N_("By phone"),
    "message": N_("By message"),
    "writing": N_("In writing"),
}
HELP_KINDS = {
    "guiding": N_("Guiding and advising"),
    "materials": N_("Preparing materials"),
    "online": N_("Applying online"),
    "filling": N_("Help with filling in"),
    "printing": N_("Printing and copying, free"),
}
"""The five helps of （一）."""
NO_TICKET = N_("A question at the window is asked under a ticket: call one, and begin to serve it.")


class OpenInput(Input):
    """A question as it was asked at the guide desk, before any ticket."""

    question = text(N_("What the asker wants to know"), 2, 1000)
    asker_name = text(N_("Who asks"), 1, 100, required=False, personal="name", help_text=N_("Only if they say it."))
    asker_phone = text(
        N_("Phone"), 1, 20, required=False, personal="phone", help_text=N_("Where the answer is to come by phone.")
    )


class AtWindow(Input):
    """Under which ticket, about which item."""

    ticket_id = row_id(N_("Ticket"))
    item = text(N_("Item"), 1, 20)


AtWindow._declared_fields["ticket_id"].error_messages["required"] = NO_TICKET  # noqa: SLF001  (marshmallow's only way)


class OpenAtWindowInput(OpenInput, AtWindow):
    """A question as it was asked at the window."""


class HandOutInput(Input):
    """What the window gives: forms, samples, the one-time notice."""

    forms = ids(N_("Blank forms handed out"))
    samples = ids(N_("Sample texts provided"))
    notice = flag(N_("Make a one-time notice"))


class GuideAnswerInput(Input):
    """How the guide helped: by an answer, or by leading to a window."""

    result = choice(N_("Result"), RESULTS)
    answer = text(N_("Answer"), 2, 2000, required=False)
    window_id = row_id(N_("Window"), required=False)


class AnswerInput(Input):
    """What is answered."""

    answer = text(N_("Answer"), 5, 2000)


class AskManagerInput(Input):
    """Which window manager is called, and what the window cannot answer."""

    manager_id = row_id(N_("Window manager"))
    difficulty = text(N_("What the window cannot answer"), 5, 500)


class PassToOfficeInput(Input):
    """Why no answer can be given on the spot; the office follows from the item."""

    reason_code = choice(N_("Why the office"), REASONS)
    description = text(N_("What it is about"), 10, 2000)


class PassUpInput(Input):
    """Why the next level is needed."""

    reason = text(N_("Reason"), 5, 500)


class CloseInput(Input):
    """How the asker was told; the time is the server's."""

    told_how = choice(N_("How the asker was told"), TOLD)
    note = text(N_("Note"), 0, 500, required=False)


class HelpInput(Input):
    """Help is given to whoever wants it, and costs nothing."""

    kind = choice(N_("Kind of help"), HELP_KINDS)
    consent = flag(N_("The person wants this help; it is free of charge"), required=True)
    item = text(N_("Item"), 1, 20, required=False)
    consultation_id = row_id(N_("A question"), required=False)
    note = text(N_("Note"), 0, 300, required=False, help_text=N_("No personal data."))
