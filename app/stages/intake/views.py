"""Pages of intake: what waits for the applicant's papers, and the forms of the window."""

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as _

from app.law import N_
from app.law.roles import Role
from app.law.states import State
from app.stages.intake.commitment import CommitmentForm
from app.stages.intake.forms import SHAPES
from app.stages.intake.group_page import GroupFiling
from app.web import desk, forms


class Drafts(desk.Desk):
    """Registered, papers not taken yet."""

    name = "drafts"
    title = N_("Registered, papers still to be taken")
    roles = (Role.WINDOW_CLERK, Role.TOWN_CLERK)
    states = frozenset({State.DRAFT})
    act = "receive"


class Corrections(desk.Desk):
    """Correction notices that wait for their answer."""

    name = "corrections"
    title = N_("To be put right by the applicant")
    roles = (Role.WINDOW_CLERK, Role.TOWN_CLERK)
    states = frozenset({State.CORRECTING})
    act = "receive_correction"


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    desk.register(Drafts, Corrections)
    appbuilder.add_view_no_menu(CommitmentForm)
    work = {"category": "Work", "category_label": _("Work")}
    appbuilder.add_view(GroupFiling, "File one thing", label=_("File one thing"), icon="link", **work)
