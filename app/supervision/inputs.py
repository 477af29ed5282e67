"""What is said when something is to leave the house, and when somebody is held to account."""

from app.engine.inputs import Input, choice, day, files, row_id, text
from app.law import N_
from app.supervision.export_contents import LABELS

SOURCES = {
    "lamp": N_("A lamp that turned"),
    "complaint": N_("A complaint or a bad rating"),
    "refused_act": N_("A refused act"),
    "wrong_acceptance": N_("A wrong acceptance"),
    "other": N_("Something else"),
}
ARTICLES = {
    "第五条": N_("Article 5: files and statistics"),
    "第六条": N_("Article 6: telling once, no obstruction, no delay"),
    "第七条": N_("Article 7: first asked, first responsible"),
    "第八条": N_("Article 8: saying where one went"),
    "第十一条": N_("Article 11: in real time, in time, nothing after the fact"),
    "第十二条": N_("Article 12: knowing the work"),
    "第十三条": N_("Article 13: no favours, no breach, no excess of authority, no wrong acceptance"),
    "第十四条": N_("Article 14: bringing up, no shifting of blame"),
    "七": N_("Chapter 7: fees by public channels alone"),
}
MEASURES = {
    "none": N_("No measure"),
    "talk": N_("Talk of admonition"),
    "review": N_("Written self-examination"),
    "notice": N_("Notice of criticism"),
    "training": N_("Training before further work"),
    "transfer": N_("Moved from the post"),
    "referred": N_("Referred to the discipline organ"),
}


class Nothing(Input):
    """No input."""


class ExportInput(Input):
    """What is to leave, of when and where, for what and for whom."""

    what = choice(N_("What is taken out"), LABELS)
    from_on = day(N_("First day"))
    to_on = day(N_("Last day"))
    centre_id = row_id(N_("Centre"), required=False)
    office_id = row_id(N_("Office"), required=False)
    purpose = text(N_("Purpose"), 5, 500)
    recipient = text(N_("Recipient"), 2, 100)


class ApproveExportInput(Input):
    """Perhaps with a note."""

    reason = text(N_("Note"), 2, 500, required=False)


class RefuseExportInput(Input):
    """Why not."""

    reason = text(N_("Reason"), 5, 500)


class OpenInput(Input):
    """Who is held to account, by which article, for what, and where that is on record."""

    source = choice(N_("What it began with"), SOURCES)
    source_kind = choice(N_("Kind"), {"complaint": N_("Complaint"), "rating": N_("Rating")}, required=False)
    source_id = row_id(N_("Row it began with"), required=False)
    application_no = text(N_("Number of the application"), 5, 64, required=False)
    respondent_id = row_id(N_("Person concerned"))
    article = choice(N_("Article"), ARTICLES)
    facts = text(N_("Facts"), 10, 2000)
    evidence = files(N_("Papers as evidence"))


class HearInput(Input):
    """What the person concerned says."""

    statement = text(N_("The respondent's statement"), 5, 2000)
    papers = files(N_("Papers handed in"))


class DecideInput(Input):
    """What is decided."""

    measure = choice(N_("Measure"), MEASURES)
    decision = text(N_("Decision"), 10, 2000)


class CorrectInput(Input):
    """How it was put right."""

    correction = text(N_("How it was put right"), 10, 2000)


class DropInput(Input):
    """Why nothing comes of it."""

    reason = text(N_("Reason"), 10, 500)
