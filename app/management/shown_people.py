"""What the pages of whereabouts, substitutions, meetings, trainings, study and declared relatives say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.engine.presence import DESTINATIONS
from app.law import N_
from app.law.clock import ZONE
from app.law.identity import mask_id
from app.management.inputs_people import RELATIONS, STUDIES

if TYPE_CHECKING:
    from datetime import datetime

    from app.models.people import Meeting, Relative, Study, Training
    from app.models.substitution import SubstitutePeriod
    from app.models.whereabouts import Whereabouts

Facts = list[tuple[str, Any]]

AWAY = {"away": N_("Away"), "returned": N_("Has returned")}
PERIODS = {
    "planned": N_("Planned"), "active": N_("Under way"), "ended": N_("Over"), "cancelled": N_("Cancelled"),
}  # fmt: skip
DECLARED = {"declared": N_("In force"), "ended": N_("Over")}


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}" if moment is not None else ""


def whereabouts(away: Whereabouts) -> Facts:
    """One absence."""
    return [
        (_("Staff"), away.staff.name),
        (_("Window"), away.window.name if away.window else away.centre.name),
        (_("Gone where"), _(DESTINATIONS[away.destination])),
        (_("Note"), away.note),
        (_("Left at"), _at(away.left_at)),
        (_("Expected back"), _at(away.expected_back)),
        (_("State"), _(AWAY[away.state])),
        (_("Back at"), _at(away.back_at)),
    ]


def substitution(period: SubstitutePeriod) -> Facts:
    """One substitution."""
    return [
        (_("Absent"), period.absent.name),
        (_("Substitute"), period.substitute.name),
        (_("Since"), period.since),
        (_("Until"), period.until),
        (_("Reason"), period.reason),
        (_("State"), _(PERIODS[period.state])),
    ]


def meeting(held: Meeting) -> Facts:
    """One work meeting."""
    return [
        (_("Office or centre"), held.place),
        (_("Held on"), held.held_on),
        (_("Attendees"), "、".join(each["name"] for each in held.attendees)),
        (_("What was achieved"), held.results),
        (_("What falls short"), held.problems),
        (_("Next steps"), held.next_steps),
    ]


def training(held: Training) -> Facts:
    """One training: what was taught to whom."""
    clerks = dict.fromkeys(line.staff.name for line in held.lines)
    items = dict.fromkeys(f"{line.item.code} {line.item.name}" for line in held.lines)
    return [
        (_("Office"), held.office.name),
        (_("Held on"), held.held_on),
        (_("What was taught"), held.topic),
        (_("Items"), "、".join(items)),
        (_("Clerks trained"), "、".join(clerks)),
    ]


def training_file(held: Training) -> Markup:
    """A link to what was uploaded with it."""
    if held.file_id is None:
        return Markup("")
    link = Markup('<p class="row"><a class="btn btn-default" href="{}">{}</a></p>')
    return link.format(url_for("TrainingList.file", pk=held.id), _("Material or sign-in sheet"))


def study(record: Study) -> Facts:
    """What one person studied."""
    return [
        (_("Staff"), record.staff.name),
        (_("Kind"), _(STUDIES[record.kind])),
        (_("Subject"), record.subject),
        (_("Date"), record.studied_on),
        (_("Result"), record.result),
    ]


def relative(declared: Relative) -> Facts:
    """One declared relative, the number masked."""
    return [
        (_("Declared by"), declared.owner_name),
        (_("Person's name"), declared.name),
        (_("ID number"), mask_id("resident_id", declared.id_no)),
        (_("Kinship"), _(RELATIONS[declared.relation])),
        (_("State"), _(DECLARED[declared.state])),
    ]
