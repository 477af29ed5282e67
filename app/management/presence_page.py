"""去向告知牌: who is away from a centre, where, until when, who stands in; to be printed and put up (第八条)."""

from __future__ import annotations

from flask import redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.engine.now import now
from app.engine.presence import DESTINATIONS, away_at
from app.engine.settings import load
from app.errors import NotFound
from app.extensions import db
from app.law.roles import Role
from app.management.forms_people import MAY_LEAVE
from app.models.organisation import Centre
from app.web.actor import current_actor


class SignView(BaseView):
    """The sign of a centre; where somebody went is public, so any centre's may be printed."""

    route_base = "/away"
    default_view = "index"
    list_title = _("Whereabouts sign")
    readers = frozenset({*MAY_LEAVE, Role.SUPERVISOR, Role.BUREAU_LEADER})

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> AnyResponse:
        """The sign of the own centre; the county hall's for whoever has none."""
        own = min(current_actor().places, default=None)
        hall = select(Centre.id).order_by(Centre.kind != "hall", Centre.id).limit(1)
        return redirect(url_for(".sign", centre_id=own or db.session.scalar(hall) or 0))

    @expose("/<int(max=9007199254740991):centre_id>")
    @has_access
    @permission_name("list")
    def sign(self, centre_id: int) -> str:
        """The sign of one centre."""
        session = db.session()
        centre = session.get(Centre, centre_id)
        if centre is None:
            raise NotFound
        return self.render_template(
            "away_sign.html", title=gettext("Whereabouts sign"), centre=centre, now=now(),
            organisation=load(session).get("organisation_name", ""), away=away_at(session, centre_id),
            destinations=DESTINATIONS, centres=session.scalars(select(Centre).order_by(Centre.id)).all(),
        )  # fmt: skip
