"""What is said of the people at the windows: where they go, who stands in, what they met about and learned."""

from app.engine.inputs import Input, choice, day, file, ids, pattern, row_id, text
from app.engine.presence import DESTINATIONS
from app.law import N_

RELATIONS = {
    "spouse": N_("Spouse"),
    "parent": N_("Parent"),
    "child": N_("Child"),
    "sibling": N_("Brother or sister"),
    "grandparent": N_("Grandparent or grandchild"),
    "in_law": N_("Relative by marriage"),
    "other": N_("Other"),
}
STUDIES = {"study": N_("Study"), "exam": N_("Exam")}
CLOCK = r"([01]\d|2[0-3]):[0-5]\d"


class LeaveInput(Input):
    """Where to, and until when (第八条); the board shows it at once."""

    destination = choice(N_("Gone where"), DESTINATIONS)
    note = text(N_("Note"), 0, 60, required=False, help_text=N_("Everybody can read this on the board."))
    back_by = pattern(
        N_("Back by (hour:minute)"), CLOCK, N_("An hour and a minute of today, like 15:30."), required=False
    )


class NothingInput(Input):
    """Nothing more is asked."""


class PlanSubstituteInput(Input):
    """Who stands in for whom, from which day to which."""

    absent = row_id(N_("Who is absent"))
    substitute = row_id(N_("Who stands in"))
    since = day(N_("First day"))
    until = day(N_("Last day"))
    reason = text(N_("Reason"), 2, 200)


class MeetingInput(Input):
    """小结工作成效及存在的不足 … 布置下一步工作重点 (第三条)."""

    unit = text(N_("Office or centre"), 0, 30, required=False)
    held_on = day(N_("Held on"))
    attendees = ids(N_("Attendees"), least=1, most=200)
    results = text(N_("What was achieved"), 2, 2000)
    problems = text(N_("What falls short"), 2, 2000)
    next_steps = text(N_("Next steps"), 2, 2000)


class TrainInput(Input):
    """What an office taught, and whom (第四条)."""

    unit = text(N_("Office or centre"), 0, 30, required=False)
    held_on = day(N_("Held on"))
    topic = text(N_("What was taught"), 2, 200)
    items = ids(N_("Items"), least=1, most=100)
    clerks = ids(N_("Clerks trained"), least=1, most=200)
    file = file(N_("Material or sign-in sheet"), required=False)


class StudyInput(Input):
    """What one person studied or was examined in (第十二条)."""

    staff = row_id(N_("Who"))
    kind = choice(N_("Kind"), STUDIES)
    subject = text(N_("Subject"), 2, 200)
    studied_on = day(N_("Date"))
    result = text(N_("Result"), 1, 200)


class RelativeInput(Input):
    """Whom one must keep away from (第十三条)."""

    name = text(N_("Person's name"), 1, 100, personal="name")
    id_no = text(N_("ID number"), 1, 30, personal="id")
    relation = choice(N_("Kinship"), RELATIONS)
