"""The first page: my desk, with what waits for me and what I was told."""

from __future__ import annotations

from datetime import datetime

from flask import request, url_for
from flask_appbuilder import IndexView, expose
from flask_babel import gettext
from flask_login import login_required

from app.engine.now import now
from app.errors import NotFound
from app.extensions import db
from app.law.lifecycle import TRANSITIONS
from app.law.roles import STAFF_ROLES
from app.law.states import STATE_LABELS
from app.web import desk, desk_cards, notices, object_desk
from app.web.actor import current_actor


class DeskView(IndexView):
    """What waits for whoever is asking."""

    index_template = "desk.html"
    readers = frozenset(STAFF_ROLES)
    extra_args = {"acts": TRANSITIONS, "state_labels": STATE_LABELS}

    @expose("/")
    @login_required
    def index(self) -> str:
        """The top of every desk, nearest deadline first."""
        session, actor, moment = db.session(), current_actor(), now()
        found = desk.piles(session, actor, moment)
        return self.render_template(
            self.index_template, title=gettext("My desk"), now=moment,
            full=[pile for pile in found if pile.lines], bare=[pile for pile in found if not pile.lines],
            cards=[*desk_cards.cards(session, actor, moment), *object_desk.cards(session, actor, moment)],
            notices=notices.latest(session, actor),
            may_register=bool(actor.grants_of("register")),
        )  # fmt: skip

    @expose("/desk/<name>")
    @login_required
    def pile(self, name: str) -> str:
        """One desk, page by page."""
        actor = current_actor()
        found = next((each for each in desk.desks_of(actor) if each.name == name), None)
        if found is None:
            raise NotFound
        shown = desk.page(db.session(), found, actor, now(), _place(request.args.get("after", "")))
        older = url_for(".pile", name=name, after=_address(shown.more)) if shown.more else None
        newer = url_for(".pile", name=name) if request.args.get("after") else None
        return self.render_template("pile.html", title=gettext(found.title), pile=shown, older=older, newer=newer)


def _address(place: desk.Place | None) -> str | None:
    return f"{place[0].isoformat()}~{place[1]}" if place else None


def _place(text: str) -> desk.Place | None:
    """Where a page begins; NotFound for an address that nobody was given."""
    if not text:
        return None
    due, _, last = text.partition("~")
    try:
        moment = datetime.fromisoformat(due)
        return (moment, int(last)) if moment.tzinfo else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> None:
    raise NotFound
