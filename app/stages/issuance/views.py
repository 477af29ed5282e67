"""Pages of issuance: certificates to make, parcels to post, results to hand out."""

from flask_appbuilder import AppBuilder
from sqlalchemy import ColumnElement, and_, exists, not_, or_

from app.engine.actors import Grant
from app.law import N_
from app.law.guards import CERTIFICATE_CENTRE
from app.law.roles import Role
from app.law.states import NEGATIVE, DeliveryMode, State
from app.models.application import Application
from app.models.correction import OwedMaterial
from app.models.delivery import Certificate, EmsDispatch
from app.stages.issuance.forms import SHAPES
from app.web import conditions, desk, forms

NEGATIVES = sorted(state.value for state in NEGATIVE)
MADE_AT_THE_CENTRE = exists().where(
    Certificate.application_id == Application.id,
    Certificate.state == "valid",
    Certificate.made_in == CERTIFICATE_CENTRE,
)
HELD_BY_THE_CENTRE = or_(Application.state == State.HANDED_OVER.value, MADE_AT_THE_CENTRE)
POSTED = exists().where(EmsDispatch.application_id == Application.id, EmsDispatch.state == "sent")

OWED = exists().where(OwedMaterial.application_id == Application.id, OwedMaterial.state == "open")


class ToMake(desk.Desk):
    """Granted, certificate not made yet."""

    name = "certificates"
    title = N_("Certificates to make")
    roles = (Role.CERT_CLERK,)
    states = frozenset({State.APPROVED})
    act = "make_certificate"


class ToPost(desk.Desk):
    """Results that leave by EMS, not posted yet."""

    name = "parcels"
    title = N_("Results to post by EMS")
    roles = (Role.CERT_CLERK,)
    states = frozenset({State.CERTIFIED, State.HANDED_OVER})
    act = "dispatch"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """By EMS, at the certificate centre, not on its way, and nothing owed or unpaid holds it back."""
        return and_(
            Application.delivery_mode == DeliveryMode.EMS.value, HELD_BY_THE_CENTRE, not_(POSTED),
            conditions.no_slip_is_open("result"), not_(OWED), conditions.no_fee_is_open(),
        )  # fmt: skip


class ToIssue(desk.Desk):
    """Results at the desk that hands them out."""

    name = "issuing"
    title = N_("Results to issue")
    roles = (Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.CERT_CLERK)
    states = frozenset({State.CERTIFIED, State.HANDED_OVER}) | NEGATIVE
    act = "issue"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The result is here, or is printed here, and nothing owed or unpaid holds it back."""
        here = cls._at_the_centre() if grant.role is Role.CERT_CLERK else cls._at_a_window()
        return and_(here, conditions.no_slip_is_open("result"), not_(OWED), conditions.no_fee_is_open())

    @staticmethod
    def _at_a_window() -> ColumnElement[bool]:
        there = Application.state.in_([State.HANDED_OVER.value, *NEGATIVES])
        return and_(Application.delivery_mode == DeliveryMode.WINDOW.value, there)

    @staticmethod
    def _at_the_centre() -> ColumnElement[bool]:
        picked_up = and_(
            Application.delivery_mode == DeliveryMode.PICKUP.value,
            or_(HELD_BY_THE_CENTRE, Application.state.in_(NEGATIVES)),
        )
        return or_(picked_up, and_(Application.delivery_mode == DeliveryMode.EMS.value, POSTED))


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    desk.register(ToMake, ToPost, ToIssue)
