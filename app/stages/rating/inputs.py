"""What people say of how they were served, and what the office answers."""

from app.engine.inputs import Input, choice, file, number, pattern, row_id, text
from app.law import N_

GRADES = {
    "1": N_("Very satisfied"),
    "2": N_("Satisfied"),
    "3": N_("Fairly satisfied"),
    "4": N_("Dissatisfied"),
    "5": N_("Very dissatisfied"),
}
"""The five grades, the best first (国办发〔2019〕51号; codes as GB/T 39046)."""

BAD = frozenset({"4", "5"})
"""差评: opens a work order."""

CHANNELS = {"device": N_("Rating device at the counter"), "qr": N_("QR code"), "sms": N_("Text message")}
CONCERNS = {"centre": N_("The service at the counter"), "office": N_("The examination and decision")}
OUTCOMES = {"corrected": N_("Put right"), "explained": N_("Explained: the law allows nothing else")}
WAYS = {"phone": N_("By telephone"), "visit": N_("In person"), "message": N_("By message")}
SOURCES = {"web": N_("Web page"), "device": N_("Device in the hall"), "phone": N_("Telephone")}
MOST_REPLY_DAYS = 15


class RemindInput(Input):
    """How the applicant is reminded."""

    channel = choice(N_("Rating channel"), CHANNELS)


class RateInput(Input):
    """A grade, and a word of one's own where one wishes."""

    grade = choice(N_("Grade"), GRADES)
    comment = text(N_("Comment"), 1, 500, required=False, personal="hidden")
    channel = choice(N_("Rating channel"), CHANNELS)


class RateBadlyInput(RateInput):
    """A bad grade also says whom it concerns."""

    concerns = choice(N_("Whom it concerns"), CONCERNS, required=False)


class ComplainInput(Input):
    """A complaint about a centre or an office."""

    centre = row_id(N_("Centre"), required=False)
    office = row_id(N_("Office"), required=False)
    title = text(N_("Subject of the complaint"), 2, 100, personal="hidden")
    content = text(N_("What it is about"), 10, 2000, personal="hidden")
    application_no = text(N_("Application number"), 4, 60, required=False)
    phone = pattern(
        N_("Phone"), r"[0-9][0-9 -]{5,18}[0-9]", N_("This is not a phone number."), personal="phone"
    )
    source = choice(N_("Source"), SOURCES)


class NothingInput(Input):
    """Nothing is asked."""


class ContactInput(Input):
    """How the person was reached, and what was said."""

    way = choice(N_("How"), WAYS)
    note = text(N_("What was said"), 5, 1000, personal="hidden")


class ReplyInput(Input):
    """What became of it."""

    outcome = choice(N_("Outcome"), OUTCOMES)
    rectification = text(N_("Rectification"), 10, 2000)
    evidence = file(N_("Evidence"), required=False)


class ExtendInput(Input):
    """How many working days the reply may take in all, and why."""

    days = number(N_("Working days in all"), 6, MOST_REPLY_DAYS)
    reason = text(N_("Reason"), 5, 500)


class ReasonInput(Input):
    """Why."""

    reason = text(N_("Reason"), 5, 500)


class AppealInput(Input):
    """Why the rating or complaint is mistaken or malicious."""

    reason = text(N_("Reason"), 10, 1000)


class CloseInput(Input):
    """What the supervisor says to the reply."""

    note = text(N_("Note"), 2, 500, required=False)
