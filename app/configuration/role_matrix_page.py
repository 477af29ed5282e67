"""The pages of the role matrix: the whole, or one role at a time; what a change would do is said before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.configuration import role_matrix
from app.configuration.role_matrix import Matrix, Tick, differences, ticks_of, write
from app.engine.now import now
from app.engine.staffing import rehearse
from app.errors import Incomplete, NotFound, NotNow
from app.extensions import db
from app.law.roles import ROLE_LABELS, STAFF_ROLES, Role
from app.web import words
from app.web.listing import save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse


class RoleMatrixView(BaseView):
    """Who may do what; the county administrator's."""

    route_base = "/role-matrix"
    default_view = "all"
    list_title = _("Who may do what")
    readers = editors = frozenset({Role.COUNTY_ADMIN})

    @expose("/")
    @has_access
    @permission_name("list")
    def all(self) -> Response:
        """Every act beside every role."""
        return self._form(STAFF_ROLES, role_matrix.read())

    @expose("/<role>")
    @has_access
    @permission_name("list")
    def one(self, role: str) -> Response:
        """The acts of one role."""
        return self._form([_role(role)], role_matrix.read())

    @expose("/", methods=["POST"])
    @expose("/<role>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def change(self, role: str = "") -> AnyResponse:
        """First what the ticks would do; sent again with «save», they are the grants."""
        roles: Sequence[Role] = [_role(role)] if role else STAFF_ROLES
        seen = request.form.get("seen", "")
        try:
            wanted = ticks_of(request.form.getlist("grant"), roles)
        except Incomplete as refusal:
            return self._form(roles, role_matrix.read(), refusal=refusal)
        step = request.form.get("step", "look")
        try:
            if step == "save":
                save(lambda: write(wanted, roles, seen))
                flash(gettext("The grants were saved."), "success")
                return redirect(url_for(".one", role=role) if role else url_for(".all"), 303)
            return self._look(roles, wanted, seen) if step == "look" else self._form(roles, role_matrix.read(), wanted)
        except (Incomplete, NotNow) as refusal:
            return self._form(roles, role_matrix.read(), wanted, refusal)

    def _look(self, roles: Sequence[Role], wanted: frozenset[Tick], seen: str) -> Response:
        found = rehearse(db.session(), lambda: write(wanted, roles, seen), now().date())
        told = differences(role_matrix.read(), wanted, roles)
        page = self.render_template(
            "role_matrix_look.html", title=gettext("What this would do"), told=told, seen=seen,
            consequences=[(words.of_consequence(each), each.grave) for each in found],
            ticks=sorted(f"{each.value}:{act}" for each, act in wanted), back=self._address(roles),
        )  # fmt: skip
        return make_response(page)

    def _form(
        self, roles: Sequence[Role], matrix: Matrix, wanted: frozenset[Tick] | None = None,
        refusal: Incomplete | NotNow | None = None,
    ) -> Response:  # fmt: skip
        """The table with what is recorded, or with what was ticked."""
        complaints = [("", words.of_complaint(each)) for each in getattr(refusal, "complaints", ())]
        if isinstance(refusal, NotNow):
            complaints = [("", words.of_refusal(refusal))]
        page = self.render_template(
            "role_matrix.html", title=self.list_title, matrix=matrix, roles=roles,
            groups=role_matrix.groups(), seen=matrix.mark(roles), ticks=matrix.held if wanted is None else wanted,
            complaints=complaints, role_labels=ROLE_LABELS, every_role=STAFF_ROLES,
            toxic=role_matrix.toxic(list(roles)), reasons=matrix.reasons,
        )  # fmt: skip
        return make_response(page, refusal.status if refusal else 200)

    @staticmethod
    def _address(roles: Sequence[Role]) -> str:
        return url_for(".one", role=roles[0].value) if len(roles) == 1 else url_for(".all")


def _role(name: str) -> Role:
    if name not in STAFF_ROLES:
        raise NotFound
    return Role(name)
