"""The opinions an office is asked for: card, list and page; of the application they say only what is needed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.law import N_
from app.models.examination import Opinion
from app.stages.review.opinions import STANCES
from app.web import desk_cards, object_page
from app.web.desk_cards import Card, CardLine
from app.web.lists import ReadOnlyList

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.engine.actors import Actor

MOST = 6
STATES = {"asked": N_("Asked"), "given": N_("Given"), "ceased": N_("Fell away")}


def shown(opinion: Opinion) -> list[tuple[str, Any]]:
    """One opinion in words."""
    told = opinion.shown
    found = [
        (
            gettext("Application"),
            " · ".join(filter(None, (told.get("number"), told.get("item"), told.get("applicant")))),
        ),
        (gettext("Asked by"), opinion.asking_office.name),
        (gettext("Office asked"), opinion.office.name),
        (gettext("What is asked"), opinion.question),
        (gettext("State"), gettext(STATES[opinion.state])),
    ]
    if opinion.stance:
        given = f"{opinion.given_by_name} · {opinion.given_at:%Y-%m-%d %H:%M}"
        found += [
            (gettext("Stance"), gettext(STANCES[opinion.stance])),
            (gettext("Opinion"), opinion.text),
            (gettext("Given by"), given),
        ]
    return found


def _matter(opinion: Opinion) -> str:
    told = (opinion.shown.get(key) for key in ("number", "item", "applicant"))
    return " · ".join(filter(None, told))


def card(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The questions that wait for the offices in which this person may answer."""
    offices = sorted({office for grant in actor.grants_of("give_opinion") for office in grant.offices})
    if not offices:
        return None
    query = select(Opinion).where(Opinion.office_id.in_(offices), Opinion.state == "asked").order_by(Opinion.id)
    lines = [
        CardLine(
            url_for("ObjectPage.show", kind="opinion", subject_id=each.id), each.question,
            f"{_matter(each)} · {each.asked_at:%m-%d %H:%M}",
        )
        for each in session.scalars(query.limit(MOST))
    ]  # fmt: skip
    return Card("opinions", N_("Your opinion is asked for"), lines, url_for("OpinionList.list"))


class OpinionList(ReadOnlyList):
    """The opinions that offices were asked for, within reach; a row leads to the opinion."""

    model = Opinion
    route_base = "/opinions"
    list_title = _("Opinions asked for")
    list_columns = ["question", "office.name", "state", "asked_at", "stance", "given_at"]
    label_columns = {"office.name": _("Office asked")}
    order_columns = ["asked_at", "given_at"]
    search_columns = ["question", "state", "asked_at"]
    choices_of = {"state": STATES, "stance": STANCES}

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> AnyResponse:
        """The opinion's own page."""
        return redirect(url_for("ObjectPage.show", kind="opinion", subject_id=self._row(pk).id))


def register(appbuilder: AppBuilder) -> None:
    """Open the list and the card, and tell the page of objects how an opinion is shown."""
    object_page.SHOWN["opinion"] = object_page.Kind(N_("Opinion"), shown)
    desk_cards.register(card)
    appbuilder.add_view(
        OpinionList,
        "Opinions",
        label=_("Opinions asked for"),
        icon="clipboard",
        category="Work",
        category_label=_("Work"),
    )
