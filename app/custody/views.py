"""Pages of custody: what is on its way to one's own unit, what came back, and the forms that count papers."""

from flask_appbuilder import AppBuilder
from sqlalchemy import ColumnElement, and_, exists

from app.custody import shown
from app.custody.forms import SHAPES
from app.engine.actors import Grant
from app.law import N_
from app.law.guards import CERTIFICATE_CENTRE
from app.law.roles import Role
from app.law.states import MAKING, UNDECIDED, WITH_THE_RESULT, DeliveryMode, State
from app.models.application import Application
from app.models.correction import OwedMaterial
from app.models.custody import Piece, Slip, SlipLine
from app.models.delivery import Certificate
from app.web import branches_shown, conditions, desk, forms
from app.web.conditions import NOW

CLERKS = (Role.WINDOW_CLERK, Role.TOWN_CLERK)
WITH_A_FILE = frozenset({State.RECEIVED, State.ACCEPTED, State.SUSPENDED})


class FilesToConfirm(desk.Desk):
    """Files on their way to one's own office."""

    name = "files"
    title = N_("Files to confirm")
    roles = (Role.APPROVER, Role.OFFICE_HEAD)
    states = WITH_A_FILE
    act = "confirm_file"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The file is on its way."""
        return conditions.slip_is_open("file", grant.units)


class FilesReturned(desk.Desk):
    """Files the office sent back because pieces are missing."""

    name = "files-returned"
    title = N_("Files the office returned")
    roles = CLERKS
    states = WITH_A_FILE
    act = "send_file"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The last file came back."""
        return conditions.last_file_is("returned")


class ResultsToHandOver(desk.Desk):
    """Results that leave at a window, still where they were made."""

    name = "results-to-hand-over"
    title = N_("Results to hand over to the window")
    roles = (Role.CERT_CLERK, Role.APPROVER)
    states = frozenset({State.CERTIFIED})
    act = "hand_over"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The desk that made it is not the one that issues it, and nothing is on its way."""
        made_here = exists().where(
            Certificate.application_id == Application.id, Certificate.state == "valid",
            Certificate.made_in.in_(sorted(grant.units)),
        )  # fmt: skip
        to_a_window = Application.delivery_mode == DeliveryMode.WINDOW.value
        elsewhere = to_a_window if CERTIFICATE_CENTRE in grant.units else True
        return and_(made_here, elsewhere, conditions.no_slip_is_open("result"))


class ResultsToConfirm(desk.Desk):
    """Results on their way to one's own desk."""

    name = "results-to-confirm"
    title = N_("Results on their way to this desk")
    roles = (*CLERKS, Role.CERT_CLERK)
    states = WITH_THE_RESULT
    act = "confirm_handover"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The slip names this desk."""
        return conditions.slip_is_open("result", grant.units)


class TooLongOnTheWay(desk.Desk):
    """Papers that left one unit and have not reached the other within the county's time."""

    name = "on-the-way"
    title = N_("Papers too long on their way")
    roles = (*CLERKS, Role.WINDOW_MANAGER, Role.OFFICE_HEAD, Role.SUPERVISOR)
    states = WITH_A_FILE | WITH_THE_RESULT

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """A slip is past the day by which it was to arrive."""
        return exists().where(Slip.application_id == Application.id, Slip.state == "issued", Slip.due_at < NOW)


class SupplementsToSend(desk.Desk):
    """What came in while another file was on its way to the office, and has not followed yet."""

    name = "supplements"
    title = N_("Supplements to send to the office")
    roles = CLERKS
    states = WITH_A_FILE
    act = "send_file"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The paper is here and never left, and nothing is on its way."""
        never_left = ~exists().where(SlipLine.piece_id == Piece.id)
        waits = exists().where(
            Piece.application_id == Application.id, Piece.holder.in_(sorted(grant.units)),
            OwedMaterial.application_id == Application.id, OwedMaterial.material_id == Piece.material_id, never_left,
        )  # fmt: skip
        return and_(waits, conditions.no_slip_is_open("file"))


OWED = exists().where(OwedMaterial.application_id == Application.id, OwedMaterial.state == "open")


class OwedMaterials(desk.Desk):
    """Matters with a material that was tolerated and has not come; of those that leave at the centre, the centre's."""

    name = "owed"
    title = N_("Owed materials awaited")
    roles = (*CLERKS, Role.CERT_CLERK)
    states = UNDECIDED | MAKING
    act = "collect_supplement"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Something is owed."""
        if grant.role is not Role.CERT_CLERK:
            return OWED
        held_here = Application.state.in_([state.value for state in WITH_THE_RESULT])
        return and_(OWED, held_here, Application.delivery_mode != DeliveryMode.WINDOW.value)


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    branches_shown.register(shown.owed)
    desk.register(FilesToConfirm, FilesReturned, SupplementsToSend, OwedMaterials)
    desk.register(ResultsToHandOver, ResultsToConfirm, TooLongOnTheWay)
