"""Lists, piles and pages of the people at the windows (第二章, 第三章)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from app.engine import lateness
from app.engine.presence import DESTINATIONS
from app.errors import NotFound
from app.law import N_
from app.law.objects import WHO_SERVES
from app.law.roles import Role
from app.management import shown_people as shown
from app.management.forms_people import MAY_LEAVE, SHAPES
from app.management.inputs_people import RELATIONS, STUDIES
from app.models.organisation import Staff
from app.models.people import Meeting, Relative, Study, Training
from app.models.substitution import SubstitutePeriod
from app.models.whereabouts import Whereabouts
from app.web import forms, notices, object_desk, object_page
from app.web.conditions import ME
from app.web.files import send_stored
from app.web.object_list import ObjectList

if TYPE_CHECKING:
    from flask import Response

    from app.engine.actors import Grant

OVERSEERS = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER})
SERVE = frozenset(Role(name) for name in WHO_SERVES.split(", "))
MANAGE = (Role.WINDOW_MANAGER, Role.OFFICE_HEAD, Role.BUREAU_LEADER)


class WhereaboutsList(ObjectList):
    """Who left the window, where to, and when they were back."""

    kind, model = "whereabouts", Whereabouts
    route_base = "/whereabouts"
    list_title = _("Whereabouts")
    readers = frozenset(MAY_LEAVE) | OVERSEERS
    list_columns = ["staff.name", "window.name", "destination", "note", "left_at", "expected_back", "state", "back_at"]
    label_columns = {"staff.name": _("Staff"), "window.name": _("Window")}
    order_columns = ["left_at", "back_at"]
    search_columns = ["destination", "state", "left_at"]
    choices_of = {"destination": DESTINATIONS, "state": shown.AWAY}


class SubstituteList(ObjectList):
    """Who stands in for whom."""

    kind, model = "substitute_period", SubstitutePeriod
    route_base = "/substitutes"
    list_title = _("Substitutes")
    readers = SERVE | OVERSEERS
    list_columns = ["absent.name", "substitute.name", "since", "until", "reason", "state"]
    label_columns = {"absent.name": _("Absent"), "substitute.name": _("Substitute")}
    order_columns = ["since", "until"]
    search_columns = ["state", "since", "until"]
    choices_of = {"state": shown.PERIODS}


class MeetingList(ObjectList):
    """The work meetings that were held."""

    kind, model = "meeting", Meeting
    route_base = "/meetings"
    list_title = _("Work meetings")
    readers = SERVE | OVERSEERS
    list_columns = ["held_on", "centre.name", "office.name", "results", "next_steps"]
    label_columns = {"centre.name": _("Centre"), "office.name": _("Office")}
    order_columns = ["held_on"]
    search_columns = ["held_on"]


class TrainingList(ObjectList):
    """The trainings that offices held for the clerks."""

    kind, model = "training", Training
    route_base = "/trainings"
    list_title = _("Trainings")
    readers = frozenset({Role.APPROVER, Role.APPROVAL_ASSISTANT, Role.OFFICE_HEAD}) | OVERSEERS
    include_route_methods = {"list", "show", "file"}
    list_columns = ["held_on", "office.name", "topic"]
    label_columns = {"office.name": _("Office")}
    order_columns = ["held_on"]
    search_columns = ["held_on", "topic"]

    @expose("/file/<pk>", methods=["GET"])
    @has_access
    @permission_name("list")
    def file(self, pk: str) -> Response:
        """What was uploaded with a training."""
        row = self._row(pk)
        if row.file_id is None:
            raise NotFound
        return send_stored(row.file_id)


class StudyList(ObjectList):
    """What each person studied or was examined in."""

    kind, model = "study", Study
    route_base = "/study"
    list_title = _("Study and exams")
    readers = SERVE | OVERSEERS
    list_columns = ["staff.name", "kind", "subject", "studied_on", "result"]
    label_columns = {"staff.name": _("Staff")}
    order_columns = ["studied_on"]
    search_columns = ["kind", "subject", "studied_on"]
    choices_of = {"kind": STUDIES}


class RelativeList(ObjectList):
    """One's own declared relatives; the supervisor and the bureau leader see all."""

    kind, model = "relative", Relative
    route_base = "/relatives"
    list_title = _("Relatives to keep away from")
    readers = SERVE | OVERSEERS
    list_columns = ["owner_name", "name", "relation", "state", "created_at"]
    label_columns = {"created_at": _("Declared at")}
    order_columns = ["created_at"]
    search_columns = ["relation", "state"]
    choices_of = {"relation": RELATIONS, "state": shown.DECLARED}


class Gone(object_desk.ObjectDesk):
    """One's own open absence, so that coming back is one click."""

    name, title, kind, model = "gone", N_("You are away"), "whereabouts", Whereabouts
    roles, states = MAY_LEAVE, frozenset({"away"})
    list_endpoint = "WhereaboutsList.list"

    @classmethod
    def words(cls) -> ColumnElement[str]:
        """The own name."""
        return select(Staff.name).where(Staff.id == Whereabouts.staff_id).scalar_subquery()

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Nobody else's."""
        return Whereabouts.staff_id.in_(select(Staff.id).where(Staff.user_id == ME))


class StoodIn(object_desk.ObjectDesk):
    """The substitutions of the own place that run or are to come."""

    name, title, kind, model = "stood_in", N_("Substitutes"), "substitute_period", SubstitutePeriod
    roles, states = MANAGE, frozenset({"planned", "active"})
    list_endpoint = "SubstituteList.list"

    @classmethod
    def words(cls) -> ColumnElement[str]:
        """Who for whom."""
        one, other = aliased(Staff), aliased(Staff)
        both = one.name + " → " + other.name
        return (
            select(both)
            .where(one.id == SubstitutePeriod.substitute_id, other.id == SubstitutePeriod.absent_id)
            .correlate(SubstitutePeriod)
            .scalar_subquery()
        )


LISTS: tuple[tuple[Any, str, Any, str], ...] = (
    (WhereaboutsList, "Whereabouts", _("Whereabouts"), "clock"),
    (SubstituteList, "Substitutes", _("Substitutes"), "users"),
    (MeetingList, "Meetings", _("Work meetings"), "clipboard"),
    (TrainingList, "Trainings", _("Trainings"), "book"),
    (StudyList, "Study", _("Study and exams"), "book"),
    (RelativeList, "Relatives", _("Relatives to keep away from"), "lock"),
)


def declare() -> None:
    """Say how pages and forms of these objects look, what of them waits for whom, and who hears what is late."""
    forms.SHAPES.update(SHAPES)
    for kind, title, facts, endpoint in (
        ("whereabouts", N_("Whereabouts"), shown.whereabouts, "WhereaboutsList.list"),
        ("substitute_period", N_("Substitution"), shown.substitution, "SubstituteList.list"),
        ("meeting", N_("Work meeting"), shown.meeting, "MeetingList.list"),
        ("study", N_("Study or exam"), shown.study, "StudyList.list"),
        ("relative", N_("Relative to keep away from"), shown.relative, "RelativeList.list"),
    ):
        object_page.SHOWN[kind] = object_page.Kind(title, facts, list_endpoint=endpoint)
    object_page.SHOWN["training"] = object_page.Kind(
        N_("Training"), shown.training, shown.training_file, "TrainingList.list"
    )
    notices.OBJECT_WORDS["substitute_period"] = N_("Substitution that cannot begin")
    lateness.LATE["substitute_period"] = lateness.Late(
        SubstitutePeriod, frozenset({"planned"}), lambda _session, period: [(None, None, period.planned_by_id)]
    )
    object_desk.register(Gone, StoodIn)
