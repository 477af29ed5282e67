"""What of ratings and complaints waits on whose desk, and the lists they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, select, true

from app.law import N_
from app.law.lifecycle import TRANSITIONS
from app.law.roles import HEARS_VOICES, PLACE_REACH, Reach, Role
from app.models.application import Application
from app.models.rating import Complaint, Rating
from app.stages.rating.inputs import CHANNELS, GRADES, SOURCES
from app.stages.rating.words import COMPLAINT_STATES, RATING_STATES
from app.stages.rating.work_orders import WAITS_FOR_HANDLER, WAITS_FOR_SUPERVISOR
from app.web.conditions import NOW
from app.web.lists import ReadOnlyList
from app.web.object_desk import ObjectDesk
from app.web.object_list import ObjectList
from app.web.voices import heard, seen_state

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from app.engine.actors import Grant

HANDLERS = (Role.WINDOW_MANAGER, Role.OFFICE_HEAD)


def _within(grant: Grant) -> ColumnElement[bool]:
    """The ratings of the applications that this role reaches."""
    match PLACE_REACH[grant.role]:
        case Reach.CENTRE:
            here = Application.centre_id.in_(sorted(grant.centres))
        case Reach.OFFICE:
            here = Application.office_id.in_(sorted(grant.offices))
        case _:
            return true()
    return Rating.application_id.in_(select(Application.id).where(here))


class BadRatings(ObjectDesk):
    """Work orders of bad ratings, with whom they concern."""

    name, title, kind, model = "bad_ratings", N_("Bad ratings to see to"), "rating", Rating
    roles, states, list_endpoint = HANDLERS, WAITS_FOR_HANDLER, "RatingList.list"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """It concerns the counters, or the office."""
        concerns = "office" if grant.role is Role.OFFICE_HEAD else "centre"
        return and_(Rating.concerns == concerns, _within(grant))


class Complaints(ObjectDesk):
    """Work orders of complaints, with the place that they are about."""

    name, title, kind, model = "complaints", N_("Complaints to see to"), "complaint", Complaint
    roles, states, list_endpoint = HANDLERS, WAITS_FOR_HANDLER, "ComplaintList.list"


class RatingsToJudge(ObjectDesk):
    """Replies and appeals."""

    name, title, kind, model = "ratings_to_judge", N_("Bad ratings to judge"), "rating", Rating
    roles, states, list_endpoint = (Role.SUPERVISOR,), WAITS_FOR_SUPERVISOR, "RatingList.list"


class ComplaintsToJudge(ObjectDesk):
    """Replies and appeals."""

    name, title, kind, model = "complaints_to_judge", N_("Complaints to judge"), "complaint", Complaint
    roles, states, list_endpoint = (Role.SUPERVISOR,), WAITS_FOR_SUPERVISOR, "ComplaintList.list"


class _Late(ObjectDesk):
    roles, states = (Role.SUPERVISOR, Role.BUREAU_LEADER), WAITS_FOR_HANDLER

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Its time has passed."""
        late: ColumnElement[bool] = cls.model.due_at < NOW
        return late


class LateRatings(_Late):
    """Bad ratings that nobody saw to in time."""

    name, title, kind, model = "late_ratings", N_("Bad ratings past their time"), "rating", Rating
    list_endpoint = "RatingList.list"


class LateComplaints(_Late):
    """Complaints that nobody saw to in time."""

    name, title, kind, model = "late_complaints", N_("Complaints past their time"), "complaint", Complaint
    list_endpoint = "ComplaintList.list"




class ToRemind(ObjectDesk):
    """The finished matters of this person's desk whose applicants may still rate, and nobody has reminded (req. 89)."""

    name, title, kind, model = "unreminded", N_("Not reminded to rate yet"), "rating", Rating
    roles, list_endpoint = TRANSITIONS["remind_rating"].roles, "UnremindedList.list"
    states = ("invited",)

    @classmethod
    def words(cls) -> ColumnElement[str]:
        """The application's number."""
        own = select(Application.short_no).where(Application.id == Rating.application_id).correlate(Rating)
        return own.scalar_subquery()

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """It ended at the desk of this role, and nobody reminded."""
        return and_(Rating.reminded_at.is_(None), Rating.unit.in_(sorted(grant.units)))

    @classmethod
    def address(cls, subject_id: int, application_id: int | None) -> str:
        """To the form of the reminder."""
        return url_for("ApplicationPage.act", application_id=application_id, name="remind_rating")


DESKS = (ToRemind, BadRatings, Complaints, RatingsToJudge, ComplaintsToJudge, LateRatings, LateComplaints)


def _grade(grade: int | None) -> str:
    return gettext(GRADES[str(grade)]) if grade is not None else "—"


class RatingList(ObjectList):
    """What was said of finished matters within reach; a row leads to the rating."""

    kind, model = "rating", Rating
    route_base = "/ratings"
    list_title = _("Ratings")
    readers = HEARS_VOICES
    base_filters = [["id", FilterInFunction, heard]]
    list_columns = [
        "application.short_no", "state", "grade", "person_name", "rated_at", "number", "due_at",
    ]  # fmt: skip
    label_columns = {"application.short_no": _("Application")}
    order_columns = ["rated_at", "due_at", "grade"]
    search_columns = ["state", "grade", "person_name", "number", "rated_at"]
    choices_of = {"state": RATING_STATES, "channel": CHANNELS, "grade": GRADES}
    formatters_columns = {"grade": _grade}


class ComplaintList(ObjectList):
    """The complaints within reach; a row leads to the complaint."""

    kind, model = "complaint", Complaint
    route_base = "/complaints"
    list_title = _("Complaints")
    readers = HEARS_VOICES
    list_columns = ["number", "title", "centre.name", "office.name", "state", "source", "opened_at", "due_at"]
    label_columns = {"centre.name": _("Centre"), "office.name": _("Office")}
    order_columns = ["opened_at", "due_at"]
    search_columns = ["number", "title", "state", "source", "opened_at"]
    choices_of = {"state": COMPLAINT_STATES, "source": SOURCES}


class Unreminded(BaseFilter):
    """Those whose applicants nobody has reminded to rate."""

    name = "not reminded"

    def apply(self, query: Any, value: Any) -> Any:
        return query.filter(Rating.reminded_at.is_(None))


class UnremindedList(ReadOnlyList):
    """Finished matters within reach whose applicants nobody has reminded to rate; a row leads to the application."""

    model = Rating
    route_base = "/unreminded"
    list_title = _("Not reminded to rate yet")
    base_filters = [["id", Unreminded, None]]
    list_columns = ["application.short_no", "application.applicant_name", "state", "person_name", "invited_at"]
    label_columns = {"application.short_no": _("Application"), "application.applicant_name": _("Applicant")}
    order_columns = ["invited_at"]
    search_columns = ["person_name", "invited_at"]
    choices_of = {"state": {code: RATING_STATES[seen_state(code, is_heard=False)] for code in RATING_STATES}}

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> AnyResponse:
        """The application, where the reminder is given."""
        return redirect(url_for("ApplicationPage.show", application_id=self._row(pk).application_id))
