"""Pages of management: what lies with a level, and one escalation with what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists

from app.law import N_
from app.law.lifecycle import TRANSITIONS
from app.law.roles import ROLE_LABELS, Role
from app.management import views_people
from app.management.daily import DailyView
from app.management.inputs import BY_PEOPLE, TYPES
from app.management.leadership import LeadershipView
from app.management.presence_page import SignView
from app.management.reports import MeetingsOverdue, StudyReport, TrainingReport
from app.models.application import Application
from app.models.escalation import Escalation
from app.web import branches_shown, desk, forms, object_page

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder

    from app.engine.actors import Grant
    from app.engine.dossier import Dossier

STATES = {
    "open": N_("Waits for an answer"),
    "returned": N_("Sent back"),
    "answered": N_("Answered"),
    "closed": N_("Closed"),
}


PAGES: tuple[tuple[Any, str, Any, str], ...] = (
    (DailyView, "Daily management", DailyView.list_title, "home"),
    (SignView, "Whereabouts sign", SignView.list_title, "print"),
    *views_people.LISTS,
    (MeetingsOverdue, "Meetings overdue", MeetingsOverdue.list_title, "alert"),
    (TrainingReport, "Training report", TrainingReport.list_title, "chart"),
    (StudyReport, "Study report", StudyReport.list_title, "alert"),
    (LeadershipView, "Window leaders", LeadershipView.list_title, "flag"),
)
"""The pages of the people at the windows, as the menu lists them."""

TONES = {"open": "orange", "returned": "red", "answered": "blue", "closed": "green"}


class Escalated(desk.Desk):
    """Matters that came up to this level."""

    name = "escalated"
    title = N_("Brought up to you")
    roles = (Role.WINDOW_MANAGER, Role.OFFICE_HEAD, Role.BUREAU_LEADER)
    states = TRANSITIONS["escalate"].sources

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """An escalation lies with the role."""
        return exists().where(
            Escalation.application_id == Application.id,
            Escalation.level == grant.role.value,
            Escalation.state == "open",
        )


def shown(escalation: Escalation) -> list[tuple[str, Any]]:
    """One escalation in words."""
    by = _(ROLE_LABELS[Role.SYSTEM]) if escalation.raised_by_id is None else escalation.raised_by_name
    found = [
        (_("Kind"), _(TYPES[escalation.type])),
        (_("Reason"), escalation.reason),
        (_("State"), _(STATES[escalation.state])),
        (_("Level"), _(ROLE_LABELS[Role(escalation.level)])),
        (_("Raised by"), f"{by} · {escalation.raised_at:%Y-%m-%d %H:%M}"),
    ]
    if escalation.answer:
        answered = f"{escalation.answered_by_name} · {escalation.answered_at:%Y-%m-%d %H:%M}"
        found += [(_("Answer"), escalation.answer), (_("Answered by"), answered)]
    return found


def sections(dossier: Dossier) -> list[branches_shown.Section]:
    """What went up, on the application's page."""
    return [
        branches_shown.Section(
            _("Escalation"), _(STATES[each.state]), TONES[each.state], shown(each),
            href=url_for("ObjectPage.show", kind="escalation", subject_id=each.id),
        )
        for each in dossier.escalations
    ]  # fmt: skip


def _types(_dossier: object) -> dict[str, str]:
    """The kinds that people choose from."""
    return {kind: gettext(label) for kind, label in TYPES.items() if kind in BY_PEOPLE}


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES["escalate"] = forms.Shape(choices={"type": _types})
    object_page.SHOWN["escalation"] = object_page.Kind(N_("Escalation"), shown)
    branches_shown.register(sections)
    desk.register(Escalated)
    views_people.declare()
    for view, name, label, icon in PAGES:
        appbuilder.add_view(
            view, name, label=label, icon=icon, category="People", category_label=lazy_gettext("People")
        )
