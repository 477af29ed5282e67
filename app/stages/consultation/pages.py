"""Beside a question's page: items to choose, its notice as a sheet, the asker's phone for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import jsonify, make_response, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required
from sqlalchemy import or_, select

from app.errors import NotFound
from app.extensions import db
from app.models.catalogue import Item
from app.models.consultation import Consultation
from app.stages.consultation import notice as notices
from app.web import words
from app.web.api_consultation import READERS
from app.web.files import audit, send_pdf

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

ONE = "<int(max=9007199254740991):consultation_id>"
MOST_ITEMS = 30
SHORTEST_REASON, LONGEST_REASON = 5, 200


class ConsultationPage(BaseView):
    """What belongs to a question within reach."""

    route_base = "/consultation"
    default_view = "items"
    readers = READERS

    @expose("/items/<chosen>")
    @login_required
    def items(self, chosen: str) -> Response:
        """The items one may ask about: in service, not secret; all of them, in the towns, too (req. 102)."""
        typed = request.args.get("q", "").replace("\0", "").strip()[:50]
        query = select(Item.code, Item.name).where(Item.is_active.is_(True), Item.is_secret.is_(False))
        match = or_(Item.name.contains(typed, autoescape=True), Item.code.startswith(typed, autoescape=True))
        found = query.where(or_(match, Item.code == chosen)).order_by(Item.code != chosen, Item.code)
        rows = db.session.execute(found.limit(MOST_ITEMS))
        return jsonify([{"id": code, "text": f"{code} {name}"} for code, name in rows])

    @expose(f"/{ONE}/notice/<int(max=9007199254740991):output_id>.pdf")
    @login_required
    def notice(self, consultation_id: int, output_id: int) -> Response:
        """The one-time notice that was made; who printed it when is kept."""
        asked = _find(consultation_id)
        made = next((each for each in asked.outputs if each.id == output_id and each.kind == "notice"), None)
        if made is None:
            raise NotFound
        number, sheet = asked.number, notices.sheet(asked, made)
        audit("print", number)
        return send_pdf(sheet, f"{number}.pdf")

    @expose(f"/{ONE}/phone", methods=["POST"])
    @login_required
    def phone(self, consultation_id: int) -> AnyResponse:
        """The asker's phone in full, for a reason that is kept."""
        asked = _find(consultation_id)
        if not asked.asker_phone:
            raise NotFound
        reason = request.form.get("reason", "").replace("\0", "").strip()
        is_given = SHORTEST_REASON <= len(reason) <= LONGEST_REASON
        shown = {"title": asked.number, "phone": asked.asker_phone if is_given else None}
        if is_given:
            audit("reveal", asked.number, reason)
        back = url_for("ObjectPage.show", kind="consultation", subject_id=consultation_id)
        page = self.render_template(
            "consultation_phone.html", back=back, reason=reason[:LONGEST_REASON],
            wrong=words.reason_wanted(SHORTEST_REASON, LONGEST_REASON), **shown,
        )  # fmt: skip
        return make_response(page, 200 if is_given else 422)


def _find(consultation_id: int) -> Consultation:
    """A question within reach."""
    found: Consultation | None = db.session.scalar(select(Consultation).where(Consultation.id == consultation_id))
    if found is None:
        raise NotFound
    return found
