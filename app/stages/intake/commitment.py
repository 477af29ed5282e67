"""容缺受理承诺书 to be signed: printed before the papers are taken, for it comes signed with them (第十五条（三）)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup

from app.engine import dossiers, offers, wording
from app.engine.now import now
from app.engine.paper_common import of_dossier
from app.engine.rendering import render
from app.errors import NotFound
from app.extensions import db
from app.law.roles import Role
from app.models.organisation import Window
from app.stages.intake.owing import latest, may_follow
from app.web.actor import current_actor
from app.web.files import audit, send_pdf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from app.engine.dossier import Dossier
    from app.models.application import ApplicationMaterial

KIND = "shortage_commitment"


class CommitmentForm(BaseView):
    """The form of the commitment, for the applicant's pen."""

    route_base = "/commitment-form"
    default_view = "show"
    readers = frozenset({Role.WINDOW_CLERK, Role.TOWN_CLERK})

    @expose("/<int(max=9007199254740991):application_id>.pdf")
    @login_required
    def show(self, application_id: int) -> Response:
        """The form with what is known of the application, for whoever may take its papers now."""
        dossier, actor, moment = dossiers.find(db.session(), application_id), current_actor(), now()
        rows = tolerable(dossier)
        if not rows or all(offer.name != "receive" for offer in offers.lawful(dossier, actor, moment)):
            raise NotFound
        published = dossier.calendar.is_published
        days = [latest(dossier, each.id, moment) for each in rows]
        window = db.session.get(Window, actor.window_id) if actor.window_id is not None else None
        facts = of_dossier(dossier, actor.name, full_id=False) | {
            "window": window.name if window is not None else dossier.application.centre.name,
            "to_sign": True,
            "owed": [
                {"name": each.name, "due": {"date": day.isoformat(), "provisional": not published(day)}}
                for each, day in zip(rows, days, strict=True)
            ],
        }
        paragraphs = wording.resolve(KIND, facts, wording.load(db.session(), dossier.settings))
        content = render(KIND, facts, "", moment, token="", paragraphs=paragraphs)
        audit("print", paragraphs["title"], application_id=application_id)
        return send_pdf(content, f"{dossier.application.short_no}.pdf")


def tolerable(dossier: Dossier) -> list[ApplicationMaterial]:
    """The materials of an application that may follow."""
    filed = {each["position"]: each for each in dossier.item["materials"]}
    return [each for each in dossier.application.materials if may_follow(each, filed[each.position])]


def where_to_print(dossier: Dossier | None) -> Mapping[str, str]:
    """Beside the field that takes the signed commitment: its form."""
    if dossier is None:
        return {}
    address = url_for("CommitmentForm.show", application_id=dossier.application.id)
    link = Markup('<a href="{}" target="_blank" rel="noopener">{}</a>')
    return {"commitment": link.format(address, _("Print the form to be signed"))}
