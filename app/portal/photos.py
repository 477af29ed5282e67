"""The photos of whoever serves at a window (第九条): who has none, and where one is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy import select

from app.engine import scope, transaction
from app.engine.now import now
from app.errors import Incomplete, NotFound, TooLarge, Unsupported
from app.extensions import db
from app.law.roles import Role
from app.models.organisation import Staff
from app.models.trail import StoredFile
from app.portal import reading
from app.web import changes, words
from app.web.actor import current_actor
from app.web.files import PICTURES, take_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as AnyResponse

    from app.models.organisation import Centre, Window

SUBJECT = "staff"


class PhotoPage(BaseView):
    """The people at the windows, those without a photo first."""

    route_base = "/staff-photos"
    default_view = "index"
    readers = editors = frozenset({Role.COUNTY_ADMIN, Role.WINDOW_MANAGER})

    @expose("/")
    @has_access
    @permission_name("photos")
    def index(self) -> str:
        """Who serves where, with the photo the board shows."""
        return self._page()

    @expose("/<int(max=9007199254740991):staff_id>", methods=["POST"])
    @has_access
    @permission_name("photos")
    def put(self, staff_id: int) -> AnyResponse:
        """Keep the picture that was sent as the photo of somebody of the own place."""
        staff = next((staff for staff, _centre, _window in self._people() if staff.id == staff_id), None)
        if staff is None:
            raise NotFound
        try:
            file = take_in(request.files.get("photo"), "photo")
        except (Incomplete, TooLarge, Unsupported) as refusal:
            said = words.of_complaint(refusal.complaints[0]) if isinstance(refusal, Incomplete) else ""
            return make_response(self._page(said or words.of_refusal(refusal)), refusal.status)
        if file.media_type not in PICTURES:
            return make_response(self._page(gettext("A photo is a JPG or PNG file.")), 415)
        _keep(staff.id, file.id)
        flash(gettext("The photo of %(name)s was kept.", name=staff.name), "success")
        return redirect(url_for(".index"), 303)

    def _page(self, wrong: str = "") -> str:
        return self.render_template(
            "portal/photos.html", title=gettext("Photos on the board"), people=self._people(), wrong=wrong
        )

    def _people(self) -> Sequence[tuple[Staff, Centre, Window]]:
        """The county's for the administrator, a manager's own centre otherwise."""
        actor = current_actor()
        own = None if Role.COUNTY_ADMIN in actor.roles else actor.centres_as(Role.WINDOW_MANAGER)
        return reading.without_photo(db.session(), own, now().date())


def _keep(staff_id: int, file_id: int) -> None:
    session = db.session()

    def write() -> None:
        staff = session.get_one(Staff, staff_id, populate_existing=True, with_for_update=True)
        file = session.scalars(select(StoredFile).where(StoredFile.id == file_id)).one()
        staff.photo_id = file.id
        file.subject_kind, file.subject_id, file.purpose = SUBJECT, staff.id, "photo"
        session.flush()
        changes.record("changed", staff, [f"photo_id: → {file.sha256[:12]}"])

    with scope.acting_on(session, scope.NO_APPLICATION):
        transaction.run(session, write)
