"""Blank forms and sample texts of an item's materials, as staff fetch them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.engine.item_files import KINDS, item_file
from app.errors import NotFound
from app.extensions import db
from app.law.roles import STAFF_ROLES
from app.web.files import send_whole

if TYPE_CHECKING:
    from flask import Response


class ItemFilePage(BaseView):
    """A file of a material."""

    route_base = "/item-files"
    default_view = "show"
    readers = frozenset(STAFF_ROLES)

    @expose(f"/<code>/<int(max=999):position>/<any({', '.join(KINDS)}):kind>")
    @login_required
    def show(self, code: str, position: int, kind: str) -> Response:
        """The file under the name it was uploaded with."""
        file = item_file(db.session(), code, position, kind)
        if file is None:
            raise NotFound
        return send_whole(file)
