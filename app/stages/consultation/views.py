"""Pages of the room: questions and help as lists, the piles of those who answer, handbooks, what is not covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_

from app.engine import lateness
from app.engine.lateness import Late
from app.law import N_
from app.law.objects import OBJECTS
from app.law.roles import ROLE_LABELS, Role
from app.models.consultation import Consultation, HelpService
from app.stages.consultation import forms as own_forms
from app.stages.consultation import shown
from app.stages.consultation.coverage import AnswerOwnerView, CoverageView
from app.stages.consultation.handbooks import HandbookView
from app.stages.consultation.inputs import HELP_KINDS, REASONS
from app.stages.consultation.pages import ConsultationPage
from app.stages.consultation.report import HelpReport
from app.web import forms, notices, object_desk, object_page
from app.web.api_consultation import READERS
from app.web.conditions import ME, MY_WINDOW
from app.web.object_list import ObjectList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask_appbuilder import AppBuilder
    from sqlalchemy.orm import Session

    from app.engine.actors import Grant
    from app.engine.notices import Address

FRONT = (Role.GUIDE, Role.WINDOW_CLERK, Role.TOWN_CLERK)
OFFICE = (Role.APPROVER, Role.OFFICE_HEAD, Role.BUREAU_LEADER)
OPEN = frozenset(move.to for move in OBJECTS["consultation"] if not move.terminal)
GUIDED, LONGEST = 1, 40


class _Questions(object_desk.ObjectDesk):
    """A pile of questions."""

    kind, model = "consultation", Consultation
    list_endpoint = "ConsultationList.list"

    @classmethod
    def words(cls) -> ColumnElement[str]:
        """What is asked, under its number."""
        return Consultation.number + " " + Consultation.question


class AskedFirst(_Questions):
    """The questions one was asked first, until their askers were told (首问负责)."""

    name, title = "asked_first", N_("You were asked first")
    roles, states = FRONT, OPEN

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """One's own, wherever they lie now."""
        return Consultation.first_responder_id == ME


class GuidedHere(_Questions):
    """Askers the guide sent to one's window."""

    name, title = "guided_here", N_("Guided to your window")
    roles, states = (Role.WINDOW_CLERK, Role.TOWN_CLERK), frozenset({"answered"})

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Nobody took them over yet."""
        return and_(Consultation.tier == GUIDED, Consultation.guided_window_id == MY_WINDOW)


class WithManager(_Questions):
    """What the windows could not answer; the asker waits on the spot."""

    name, title = "asked_manager", N_("Questions for you at the windows")
    roles, states = (Role.WINDOW_MANAGER,), frozenset({"tier3"})


class WithOffice(_Questions):
    """What came to the office, at the level of each."""

    name, title = "asked_office", N_("Questions from the windows")
    roles, states = OFFICE, frozenset({"tier4"})

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """It lies with this level."""
        return Consultation.level == grant.role.value


class ConsultationList(ObjectList):
    """The questions within reach."""

    model, kind = Consultation, "consultation"
    route_base = "/consultations"
    list_title = _("Questions asked")
    readers = READERS
    list_columns = [
        "number", "tier", "question", "item", "state", "first_responder_name", "centre", "created_at", "due_at",
    ]  # fmt: skip
    search_columns = [
        "state", "tier", "number", "question", "item", "centre", "office", "level", "reason_code",
        "first_responder_name", "created_at", "due_at",
    ]  # fmt: skip
    order_columns = ["number", "tier", "created_at", "due_at"]
    short_relations = ("centre", "office", "item")
    label_columns = {
        "centre": _("Place of the question"), "office": _("Office"), "created_at": _("Asked on"), "item": _("Item"),
    }  # fmt: skip
    choices_of = {
        "state": shown.STATES, "reason_code": REASONS, "level": {role.value: ROLE_LABELS[role] for role in OFFICE},
    }  # fmt: skip
    formatters_columns = {
        "question": lambda text: text if len(text) <= LONGEST else f"{text[:LONGEST]}…",
        "tier": lambda tier: gettext(shown.TIERS[tier]),
    }  # fmt: skip


class HelpList(ObjectList):
    """The helps given within reach."""

    model, kind = HelpService, "help_service"
    route_base = "/helps"
    list_title = _("Help given")
    readers = READERS
    list_columns = ["given_at", "kind", "centre", "item", "consultation", "helper_name"]
    search_columns = ["kind", "centre", "item", "given_at", "helper_name"]
    order_columns = ["given_at"]
    short_relations = ("centre", "item")
    label_columns = {"centre": _("Centre"), "item": _("Item"), "consultation": _("A question")}
    choices_of = {"kind": HELP_KINDS}


def _late(_session: Session, asked: Any) -> Iterator[Address]:
    """Whoever was asked first, and who must see to it: the manager of the centre, or the level of the office."""
    yield None, None, asked.first_responder_id
    if asked.state == "tier4":
        yield asked.level, None if asked.level == Role.BUREAU_LEADER else f"office:{asked.office_id}", None
    else:
        yield Role.WINDOW_MANAGER.value, f"centre:{asked.centre_id}", None


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(own_forms.SHAPES)
    object_page.SHOWN["consultation"] = object_page.Kind(
        N_("A question"), shown.facts, more=shown.more, list_endpoint="ConsultationList.list"
    )
    object_page.SHOWN["help_service"] = object_page.Kind(
        N_("Help given"), shown.help_facts, more=shown.help_more, list_endpoint="HelpList.list"
    )
    notices.OBJECT_WORDS["consultation"] = N_("A question")
    lateness.LATE["consultation"] = Late(
        Consultation, frozenset({"tier3", "tier4", "answered"}), _late, lamp=shown.late_lamp
    )
    object_desk.register(AskedFirst, GuidedHere, WithManager, WithOffice)
    appbuilder.add_view_no_menu(ConsultationPage)
    menu = {"category": "Consultation", "category_label": _("Consultation"), "category_icon": "help"}
    appbuilder.add_view(ConsultationList, "Questions", label=_("Questions asked"), icon="help", **menu)
    appbuilder.add_view(HelpList, "Help given", label=_("Help given"), icon="users", **menu)
    appbuilder.add_view(HelpReport, "Help report", label=_("Help by kind and centre"), icon="chart", **menu)
    appbuilder.add_view(HandbookView, "Handbooks", label=_("Handbooks"), icon="book", **menu)
    appbuilder.add_view(AnswerOwnerView, "Answer owners", label=_("Answer owners"), icon="user", **menu)
    appbuilder.add_view(CoverageView, "Coverage", label=_("What is not covered"), icon="flag", **menu)
