"""Pages of archiving: files to list, files to confirm."""

from flask_appbuilder import AppBuilder
from sqlalchemy import ColumnElement, exists

from app.engine.actors import Grant
from app.law import N_
from app.law.lifecycle import ARCHIVABLE
from app.law.roles import Role
from app.law.states import State
from app.models.application import Application
from app.models.archive import ArchiveFile
from app.stages.archiving.forms import SHAPES
from app.web import desk, forms


def _file_is(state: str) -> ColumnElement[bool]:
    return exists().where(ArchiveFile.application_id == Application.id, ArchiveFile.state == state)


class ToList(desk.Desk):
    """Ended, file not listed yet."""

    name = "archive"
    title = N_("Files to list for the archive")
    roles = (Role.WINDOW_CLERK, Role.TOWN_CLERK)
    states = frozenset({State.DELIVERED, State.WITHDRAWN})
    act = "archive"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The file is open."""
        return _file_is("open")


class ToConfirm(desk.Desk):
    """Listed by a clerk, to be checked by a second person."""

    name = "archive-check"
    title = N_("Archive files to confirm")
    roles = (Role.APPROVAL_ASSISTANT,)
    states = ARCHIVABLE
    act = "confirm_archive"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """The file is listed."""
        return _file_is("listed")


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    desk.register(ToList, ToConfirm)
