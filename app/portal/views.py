"""The pages of the portal: guide, board, progress, decisions, about the rule; and the photos that the board shows."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.engine import presence, settings
from app.engine.item_files import item_file
from app.engine.item_inputs import FORMS, REQUIREMENTS
from app.engine.now import now
from app.errors import NotFound
from app.extensions import db
from app.law.identity import clean
from app.portal import reading
from app.portal.photos import PhotoPage
from app.web.files import send_shown, send_whole
from app.web.public import PublicView, give_guess_back, limited, take_guess
from config import ROOT

if TYPE_CHECKING:
    from flask import Response
    from flask_appbuilder import AppBuilder

LONGEST_WORDS, LONGEST_NUMBER, LAST = 50, 60, 4
TRIES_A_MINUTE = 10
"""Of one address: four figures are soon guessed."""
GUESSES_A_DAY = 30
"""At one application, from however many addresses."""


def _typed(name: str, most: int) -> str:
    return request.values.get(name, "").replace("\0", "").strip()[:most]


class GuidePage(PublicView):
    """The guide (办事指南及材料清单, 第九条): every item that is public, as it is in force now."""

    route_base = "/guide"
    default_view = "index"

    @expose("/")
    @limited("guide")
    def index(self) -> str:
        """The items, by office."""
        words, office = _typed("q", LONGEST_WORDS), _typed("office", LONGEST_WORDS)
        fronted = request.args.get("fronted") == "1"
        session = db.session()
        found = reading.items(session, words, office, fronted=fronted)
        return self.render_template(
            "portal/guide.html", title=gettext("Guide"), items=found, offices=reading.offices(session), words=words,
            office=office, fronted=fronted,
        )  # fmt: skip

    @expose("/<code>")
    @limited("guide")
    def item(self, code: str) -> str:
        """One item: basis, conditions, quantity, procedure, limits, materials, fee, place (行政许可法 30)."""
        found = reading.item(db.session(), code[:LONGEST_WORDS])
        if found is None:
            raise NotFound
        return self.render_template(
            "portal/item.html", title=found.name, item=found, forms=FORMS, requirements=REQUIREMENTS
        )


    @expose("/<code>/<int(max=999):position>/<kind>")
    @limited("guide")
    def file(self, code: str, position: int, kind: str) -> Response:
        """The blank form or the sample text of a material."""
        found = item_file(db.session(), code[:LONGEST_WORDS], position, kind)
        if found is None:
            raise NotFound
        return send_whole(found)


class BoardPage(PublicView):
    """The board (信息公开, 第九条): windows, how to reach them, who serves there."""

    route_base = "/board"
    default_view = "index"

    @expose("/")
    @expose("/<code>")
    @limited("board")
    def index(self, code: str = "") -> str:
        """One centre; without a name the county's hall."""
        session, today = db.session(), now().date()
        centres = reading.centres(session)
        centre = next((each for each in centres if each.code == code), None if code else next(iter(centres), None))
        if centre is None:
            raise NotFound
        serving: dict[int, list[reading.Attendant]] = {}
        for each in reading.at_windows(session, centre.id, today):
            serving.setdefault(each.window_id, []).append(each)
        return self.render_template(
            "portal/board.html", title=centre.name, centre=centre, centres=centres,
            windows=reading.windows(session, centre.id), serving=serving, destinations=presence.DESTINATIONS,
            away={each.staff_id: each for each in presence.away_at(session, centre.id)},
        )  # fmt: skip

    @expose("/photo/<int(max=9007199254740991):staff_id>")
    @limited("photo")
    def photo(self, staff_id: int) -> Response:
        """The photo of somebody at a window."""
        found = reading.photo(db.session(), staff_id, now().date())
        if found is None:
            raise NotFound
        return send_shown(found)


class ProgressPage(PublicView):
    """Where an application stands, for whoever knows its number and the last four of the identity number."""

    route_base = "/progress"
    default_view = "index"

    @expose("/")
    @limited("progress-form")
    def index(self) -> str:
        """Ask for number and code."""
        return self._page()

    @expose("/", methods=["POST"])
    @limited("progress", TRIES_A_MINUTE, by_all=True)
    def look(self) -> tuple[str, int] | str:
        """Say where it stands; a wrong number and a wrong code are answered alike."""
        number, code = _typed("number", LONGEST_NUMBER), clean(_typed("last_four", LAST))
        found = None
        named = reading.named(db.session(), number)
        guess = ("progress", number) if named is None else ("progress of", str(named))
        take_guess(*guess, GUESSES_A_DAY)
        if len(number) >= reading.SHORTEST_NUMBER and len(code) == LAST:
            found = reading.progress(db.session(), number, code, now())
        if found is None:
            wrong = gettext("No application has this number and this end of the identity number. Please look again.")
            return self._page(number=number, wrong=wrong), 404
        give_guess_back(*guess, GUESSES_A_DAY)
        return self._page(number=number, found=found)

    def _page(self, **facts: Any) -> str:
        return self.render_template("portal/progress.html", title=gettext("Where my matter stands"), **facts)


class DecisionsPage(PublicView):
    """Licences that were granted, made public (行政许可法 40)."""

    route_base = "/decisions"
    default_view = "index"

    @expose("/")
    @limited("decisions")
    def index(self) -> str:
        """A page of them, the newest first."""
        words, before = _typed("q", LONGEST_WORDS), request.args.get("before", "")
        at = int(before) if before.isdecimal() and len(before) <= reading.PAGE_ROWS // 3 else None
        rows, older = reading.decisions(db.session(), words, at)
        newer = url_for(".index", q=words or None) if at is not None else None
        return self.render_template(
            "portal/decisions.html", title=gettext("Decisions made public"), rows=rows, words=words, newer=newer,
            older=url_for(".index", q=words or None, before=older) if older else None,
        )  # fmt: skip


class AboutPage(PublicView):
    """The rule that the office works by, in the version that holds (第十六条, 第十七条)."""

    route_base = "/about"
    default_view = "index"

    @expose("/")
    @limited("about")
    def index(self) -> str:
        """The rule, who explains it, since when it holds, and where to complain."""
        given = settings.load(db.session())
        return self.render_template(
            "portal/about.html", title=gettext("The rule of work"), rule=_rule(),
            organisation=given.get("organisation_name", ""), phone=given.get("supervision_phone", ""),
        )  # fmt: skip


@cache
def _rule() -> dict[str, Any]:
    """The rule's text, as it was issued."""
    found: dict[str, Any] = json.loads((ROOT / "seed" / "regulation.json").read_text(encoding="utf-8"))
    return found


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    for page in (GuidePage, BoardPage, ProgressPage, DecisionsPage, AboutPage):
        appbuilder.add_view_no_menu(page)
    appbuilder.add_view(
        PhotoPage, "Staff photos", label=_("Photos on the board"), icon="user", category="Organisation",
        href="/staff-photos/",
    )  # fmt: skip
