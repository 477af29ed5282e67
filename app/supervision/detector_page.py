"""The page of what looks like after-the-fact entry, for those who oversee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.engine.now import now
from app.engine.settings import calendar, load
from app.extensions import db
from app.supervision import spans
from app.supervision.detector import LOOKS, MOST, Finding, Ground
from app.supervision.lists import READERS
from app.web.actor import current_actor

if TYPE_CHECKING:
    from collections.abc import Callable

USUAL_DAYS = 30


class DetectorPage(BaseView):
    """Traces of entry after the fact; a finding is no verdict."""

    route_base = "/detector"
    default_view = "index"
    readers = READERS

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> str:
        """What each look finds in the days asked for."""
        session = db.session()
        days = spans.asked(now().date(), USUAL_DAYS)
        settings = load(session)
        ground = Ground(session, days, settings, calendar(session, settings))
        found = [(name, _(label), look(ground)) for name, (label, look) in LOOKS.items()]
        return self.render_template(
            "detector.html", title=_("Traces of entry after the fact"), days=days, found=found, most=MOST,
            open_record=_opening(days) if current_actor().grants_of("open_accountability") else None,
        )  # fmt: skip


def _opening(days: spans.Days) -> Callable[[Finding, str], str]:
    def address(finding: Finding, label: str) -> str:
        person = {"respondent_id": finding.person_id} if finding.person_id else {}
        facts = _("%(number)s: %(look)s. %(words)s.", number=finding.number, look=label, words=finding.words)
        return url_for(
            "ObjectPage.new", kind="accountability_record", move="open", source="other", article="第十一条",
            application_no=finding.number, facts=facts, **person,
        )  # fmt: skip

    return address
