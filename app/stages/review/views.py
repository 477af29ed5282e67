"""Pages of examination: what is to be reviewed, what is to be decided."""

from datetime import datetime

from flask_appbuilder import AppBuilder
from sqlalchemy import ColumnElement, and_, exists, not_

from app.engine.actors import Grant
from app.law import N_
from app.law.roles import Role
from app.law.states import State
from app.models.application import Application, Review
from app.models.catalogue import Item
from app.stages.review.forms import SHAPES
from app.web import desk, forms

REVIEWED = exists().where(Review.application_id == Application.id)


class ToReview(desk.Desk):
    """Accepted, not reviewed yet."""

    name = "review"
    title = N_("Waiting for review")
    roles = (Role.APPROVER,)
    states = frozenset({State.ACCEPTED})
    act = "review"

    @classmethod
    def also(cls, grant: Grant, now: datetime) -> ColumnElement[bool]:
        """Nobody has reviewed it."""
        return not_(REVIEWED)


class ToDecide(desk.Desk):
    """Reviewed, not decided; an approver decides instant items alone."""

    name = "decision"
    title = N_("Reviewed, waiting for the decision")
    roles = (Role.OFFICE_HEAD, Role.APPROVER)
    states = frozenset({State.ACCEPTED})
    act = "grant"

    @classmethod
    def also(cls, grant: Grant, now: datetime) -> ColumnElement[bool]:
        """Reviewed; for an approver, instant."""
        if grant.role is Role.OFFICE_HEAD:
            return REVIEWED
        return and_(REVIEWED, exists().where(Item.id == Application.item_id, Item.handling == "instant"))


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    desk.register(ToReview, ToDecide)
