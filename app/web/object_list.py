"""Generated lists of small objects within reach: a row leads to its page, the header to what may be begun anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask import redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.engine.now import now
from app.engine.object_looks import births
from app.extensions import db
from app.web.actor import current_actor
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


class ObjectList(GeneratedView):
    """The objects of one kind; they are read here, and moved by acts alone."""

    kind: ClassVar[str]
    include_route_methods = {"list", "show"}
    list_template = "object_list.html"
    show_columns = add_columns = edit_columns = ()
    base_order = ("id", "desc")

    def render_template(self, template: str, **kwargs: Any) -> str:
        """With the acts by which whoever is asking may bring one into being now."""
        begun = births(db.session(), self.kind, current_actor(), now()) if template == self.list_template else []
        return super().render_template(template, births=begun, kind=self.kind, **kwargs)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> AnyResponse:
        """The page of the object."""
        return redirect(url_for("ObjectPage.show", kind=self.kind, subject_id=self._row(pk).id, **request.args))
