"""Pages of intake: the drafts that wait for their papers, and the forms of the window."""

from flask_appbuilder import AppBuilder

from app.law import N_
from app.law.roles import Role
from app.law.states import State
from app.stages.intake.forms import SHAPES
from app.web import desk, forms


class Drafts(desk.Desk):
    """Registered, papers not taken yet."""

    name = "drafts"
    title = N_("Registered, papers still to be taken")
    roles = (Role.WINDOW_CLERK, Role.TOWN_CLERK)
    states = frozenset({State.DRAFT})
    act = "receive"


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    desk.register(Drafts)
