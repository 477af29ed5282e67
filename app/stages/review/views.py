"""Pages of examination: what is to be verified, reviewed and decided, what pauses, what waits for others."""

from typing import Any

from flask_appbuilder import AppBuilder
from sqlalchemy import ColumnElement, and_, exists, not_, or_
from sqlalchemy.orm import aliased

from app.engine.actors import Grant
from app.engine.facts import NOT_ACCEPTED_YET
from app.law import N_
from app.law.roles import Role
from app.law.states import State
from app.models.application import Application, Review
from app.models.catalogue import Item, ItemVersion
from app.models.correction import OwedMaterial
from app.models.custody import Slip
from app.models.examination import JointReview, Opinion, Suspension, Verification
from app.models.hearing import Hearing
from app.stages.review import hearing_shown, one_thing, opinion_views, shown
from app.stages.review.forms import SHAPES
from app.web import branches_shown, conditions, desk, forms
from app.web.conditions import NOW


def _of(model: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(model.application_id == Application.id, *conditions)


def _since(model: Any, moment: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    # By the review's own application: the outermost query is out of sight from here.
    return exists().where(model.application_id == Review.application_id, moment > Review.reviewed_at, *conditions)


def _reviewed(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is a review, it is the last one, and nothing came in since: the guards of the decision say the same."""
    later = aliased(Review)
    overtaken = or_(
        exists().where(later.application_id == Review.application_id, later.id > Review.id),
        _since(Slip, Slip.settled_at, Slip.kind == "file"),
        _since(Suspension, Suspension.ended_at),
        _since(Opinion, Opinion.given_at),
        _since(JointReview, JointReview.concluded_at),
        _since(Hearing, Hearing.held_at),
        _since(Verification, Verification.recorded_at),
        _since(OwedMaterial, OwedMaterial.settled_at),
    )
    return _of(Review, not_(overtaken), *conditions)


REQUESTED = _of(Suspension, Suspension.state == "requested")
_OTHER = Application.__table__.alias("of_one_thing")
_ASKED = Opinion.__table__.alias("asked_of_one_thing")
"""Tables, not classes: the others of a group are out of reach, and hold it up all the same."""
GROUP_WAITS = and_(
    Application.theme_id.is_not(None),
    exists().where(
        or_(
            _OTHER.c.id == Application.parent_id, _OTHER.c.parent_id == Application.parent_id,
            _OTHER.c.parent_id == Application.id,
        ),
        _OTHER.c.id != Application.id,
        or_(
            _OTHER.c.state.in_(sorted(NOT_ACCEPTED_YET)),
            exists().where(_ASKED.c.application_id == _OTHER.c.id, _ASKED.c.state == "asked"),
        ),
    ),
)  # fmt: skip
WITH_OTHERS = or_(_of(Opinion, Opinion.state == "asked"), _of(JointReview, JointReview.state == "open"))


TO_BE_HEARD = _of(
    Hearing, or_(Hearing.state.in_(("requested", "set")), and_(Hearing.state == "offered", Hearing.due_at >= NOW))
)
"""A hearing is asked for, or may still be."""
UNVERIFIED = and_(
    exists().where(
        ItemVersion.id == Application.item_version_id, ItemVersion.snapshot["needs_verification"].as_boolean()
    ),
    not_(_of(Verification)),
)
REVIEWED, TO_GRANT, TO_REFUSE = (
    _reviewed(),
    _reviewed(Review.conclusion == "grant"),
    _reviewed(Review.conclusion == "refuse"),
)


class ToVerify(desk.Desk):
    """Accepted, and its substance not verified yet."""

    name = "verification"
    title = N_("Waiting for verification")
    roles = (Role.APPROVER,)
    states = frozenset({State.ACCEPTED})
    act = "record_verification"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The item needs a verification, and there is none."""
        return UNVERIFIED


class ToReview(desk.Desk):
    """Accepted, not reviewed yet, or not since something came in."""

    name = "review"
    title = N_("Waiting for review")
    roles = (Role.APPROVER,)
    states = frozenset({State.ACCEPTED})
    act = "review"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Nobody has reviewed it as it stands, and nothing is awaited first."""
        return and_(conditions.no_slip_is_open("file"), not_(or_(REVIEWED, UNVERIFIED, WITH_OTHERS)))


class WithOthers(desk.Desk):
    """Other offices were asked, or meet."""

    name = "with-others"
    title = N_("Waiting for other offices")
    roles = (Role.APPROVER, Role.OFFICE_HEAD)
    states = frozenset({State.ACCEPTED})

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """An opinion is asked for, a joint review is open, or others of the same thing are not as far yet."""
        return or_(WITH_OTHERS, GROUP_WAITS)


class ToBeHeard(desk.Desk):
    """Hearings that are asked for, set, or may still be asked for."""

    name = "hearings"
    title = N_("Hearings")
    roles = (Role.APPROVER, Role.OFFICE_HEAD)
    states = frozenset({State.ACCEPTED, State.SUSPENDED})

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Nothing is decided before it was held, or nobody wants it any more."""
        return TO_BE_HEARD


class SuspensionRequests(desk.Desk):
    """Special procedures that approvers asked for."""

    name = "suspension-requests"
    title = N_("Suspensions to approve")
    roles = (Role.OFFICE_HEAD,)
    states = frozenset({State.ACCEPTED})
    act = "suspend"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """One is asked for."""
        return REQUESTED


class Suspended(desk.Desk):
    """Special procedures under way; past their plan they lie on top."""

    name = "suspended"
    title = N_("Under suspension")
    roles = (Role.APPROVER,)
    states = frozenset({State.SUSPENDED})
    act = "resume"


class ToDecide(desk.Desk):
    """Reviewed, to be granted; an approver decides instant items alone."""

    name = "decision"
    title = N_("Reviewed, waiting for the decision")
    roles = (Role.OFFICE_HEAD, Role.APPROVER)
    states = frozenset({State.ACCEPTED})
    act = "grant"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The last review says grant; for an approver, instant."""
        ready = and_(TO_GRANT, not_(or_(REQUESTED, WITH_OTHERS, GROUP_WAITS, TO_BE_HEARD)))
        if grant.role is Role.OFFICE_HEAD:
            return ready
        return and_(ready, exists().where(Item.id == Application.item_id, Item.handling == "instant"))


class ToRefuse(desk.Desk):
    """Reviewed, to be refused."""

    name = "refusal"
    title = N_("Reviewed, refusal recommended")
    roles = (Role.OFFICE_HEAD,)
    states = frozenset({State.ACCEPTED})
    act = "refuse"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The last review says refuse."""
        return and_(TO_REFUSE, not_(or_(REQUESTED, WITH_OTHERS, GROUP_WAITS, TO_BE_HEARD)))


class RefusalFilings(desk.Desk):
    """Refusals proposed to the leader."""

    name = "refusal-filings"
    title = N_("Refusals to approve")
    roles = (Role.BUREAU_LEADER,)
    states = frozenset({State.REFUSAL_FILING})
    act = "approve_refusal"


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    branches_shown.register(one_thing.group, shown.filings, shown.suspensions, shown.extension, shown.examined)
    opinion_views.register(appbuilder)
    hearing_shown.register()
    desk.register(
        ToVerify, ToReview, WithOthers, ToBeHeard, SuspensionRequests, Suspended, ToDecide, ToRefuse, RefusalFilings
    )
