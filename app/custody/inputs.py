"""What is counted when papers change hands."""

from app.engine.inputs import Input, choice, file, flag, many, number, row_id, text
from app.law import N_

WAYS = {
    "window": N_("Brought to a window"),
    "ems": N_("Sent by EMS"),
    "online": N_("Sent online"),
    "shared": N_("Obtained by sharing"),
}


class SendLine(Input):
    """One piece that goes to the office."""

    piece_id = row_id(N_("Piece"))
    pieces = number(N_("Pieces"), 1, 99)


class SendFileInput(Input):
    """The file sent again, or the originals after the scans."""

    sent_as = choice(N_("File goes to the office as"), {"scans": N_("Scans, at once"), "paper": N_("Paper, on a slip")})
    lines = many(N_("Pieces"), SendLine, least=1)


class CountLine(Input):
    """One line of a slip as counted on arrival."""

    line_id = row_id(N_("Line"))
    received = number(N_("Received"), 0, 99)


class CountMissingLine(CountLine):
    """One line of a slip that is returned."""

    missing = number(N_("Missing"), 0, 99)


class ConfirmFileInput(Input):
    """The file counted, complete."""

    slip_id = row_id(N_("Slip"), required=False)
    lines = many(N_("Lines"), CountLine, least=1)


class ReturnFileInput(Input):
    """The file counted, with what is missing or unreadable, and why it goes back."""

    slip_id = row_id(N_("Slip"))
    lines = many(N_("Lines"), CountMissingLine, least=1)
    reason = text(N_("Reason"), 5, 300)


class HandOverLine(Input):
    """One result document or certificate that goes to the desk."""

    document_id = row_id(N_("Document"))
    copies = number(N_("Copies"), 1, 9)


class CollectLine(Input):
    """One material still owed, and what the issuing desk has to collect or compare."""

    owed_id = row_id(N_("Owed material"))
    requirement = text(N_("What to collect or compare"), 2, 300)


class HandOverInput(Input):
    """What goes over to the desk the applicant chose, and what that desk collects in return."""

    lines = many(N_("Documents"), HandOverLine, least=1)
    collect = many(N_("To be collected when it is issued"), CollectLine)


class ConfirmHandoverInput(Input):
    """The handover counted, complete."""

    slip_id = row_id(N_("Slip"))
    lines = many(N_("Lines"), CountLine, least=1)


class ReturnHandoverInput(ReturnFileInput):
    """The handover counted, with what is missing, and why it goes back."""


class CollectSupplementInput(Input):
    """What was owed, as it came in."""

    owed_id = row_id(N_("Owed material"))
    how = choice(N_("How it came"), WAYS)
    form = choice(
        N_("Form"), {"original": N_("Original"), "copy": N_("Copy"), "electronic": N_("Electronic")}, required=False
    )
    pieces = number(N_("Pieces"), 0, 99)
    copy_verified = flag(N_("Copy compared with the original"))
    file = file(N_("Scan"), required=False)
