"""The help given, counted per kind and centre (帮办服务统计)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from sqlalchemy import func, select

from app.engine.now import now
from app.extensions import db
from app.law.clock import ZONE
from app.models.consultation import HelpService
from app.models.organisation import Centre
from app.stages.consultation.inputs import HELP_KINDS
from app.web.actor import current_actor
from app.web.api_consultation import READERS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Counts = list[tuple[str, list[int]]]


class HelpReport(BaseView):
    """How often each of the five helps was given, where, within a time."""

    route_base = "/help-report"
    default_view = "counts"
    readers = READERS

    @expose("/")
    @has_access
    def counts(self) -> str:
        """The table of the days asked for; at first this year's."""
        today = now().date()
        since = _day(request.args.get("since", "")) or date(today.year, 1, 1)
        until = _day(request.args.get("until", "")) or today
        rows = counted(db.session(), since, until)
        return self.render_template(
            "help_report.html", title=gettext("Help given, by kind and centre"), since=since, until=until, rows=rows,
            kinds=[gettext(label) for label in HELP_KINDS.values()],
            total=[sum(column) for column in zip(*(numbers for _name, numbers in rows), strict=True)],
        )  # fmt: skip


def counted(session: Session, since: date, until: date) -> Counts:
    """Every centre within reach with its five counts and their sum."""
    actor = current_actor()
    first = datetime.combine(since, time(), ZONE)
    end = datetime.combine(until, time(), ZONE) + timedelta(days=1)
    groups = (
        select(HelpService.centre_id, HelpService.kind, func.count())
        .where(HelpService.given_at >= first, HelpService.given_at < end)
        .group_by(HelpService.centre_id, HelpService.kind)
    )
    found = {(centre_id, kind): number for centre_id, kind, number in session.execute(groups)}
    centres = select(Centre.id, Centre.name).order_by(Centre.id)
    if not actor.sees_county:
        centres = centres.where(Centre.id.in_(sorted(actor.places)))
    rows: Counts = []
    for centre_id, name in session.execute(centres):
        numbers = [found.get((centre_id, kind), 0) for kind in HELP_KINDS]
        rows.append((name, [*numbers, sum(numbers)]))
    return rows


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1 < found.year < 9999 else None  # noqa: PLR2004  (the ends of the calendar)
