"""The dashboard of those who oversee, and of the heads for their own place: every number leads to its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from app.engine.now import now
from app.engine.settings import calendar, load
from app.errors import NotFound
from app.extensions import db
from app.law.clock import CLOCKS, Clock
from app.law.roles import ROLE_LABELS, Role
from app.law.states import STATE_LABELS
from app.models.application import Application
from app.models.catalogue import Item
from app.models.organisation import Office
from app.models.trail import RefusedAct
from app.supervision import figures, spans
from app.supervision.export_pages import STATES as EXPORT_STATES
from app.supervision.export_pages import ExportRequestList
from app.supervision.lists import READERS
from app.supervision.looks import EQUALS, by_category
from app.web.actor import current_actor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.supervision.figures import Pace
    from app.supervision.spans import Days

USUAL_DAYS, PAGE = 30, 50
LEVELS = ("red", "yellow")
NAMES = {
    "state": lazy_gettext("Applications by state"),
    "lamp": lazy_gettext("Lamps that are on"),
    "overdue": lazy_gettext("Overdue by office"),
    "ended": lazy_gettext("Promised and actual working days"),
    "escalation": lazy_gettext("Matters brought up"),
}


@dataclass(frozen=True)
class Bar:
    """One row: its words, its number with the list behind it, and its length in per cent of the longest."""

    words: str
    number: int
    href: str
    length: float = 0
    tone: str = "blue"


@dataclass(frozen=True)
class Lamps:
    """The lamps that are on: the offices, and of each clock what burns where (level, number, list)."""

    offices: list[str]
    rows: list[tuple[str, list[list[tuple[str, int, str]]]]]


def bars(rows: list[tuple[str, int, str]], tone: str = "blue") -> list[Bar]:
    """Rows with bars, the longest one whole."""
    most = max((number for _, number, _ in rows), default=0) or 1
    return [Bar(words, number, href, round(100 * number / most, 2), tone) for words, number, href in rows]


class FiguresPage(BaseView):
    """What stands where, how fast it goes, what is late, what was refused."""

    route_base = "/figures"
    default_view = "index"
    readers = READERS | {Role.OFFICE_HEAD, Role.WINDOW_MANAGER}

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> str:
        """All of them, as far as whoever asks reaches."""
        session, moment = db.session(), now()
        days = spans.asked(moment.date(), USUAL_DAYS)
        offices = dict(session.execute(select(Office.id, Office.name)).all())
        return self.render_template(
            "figures.html", title=_("Figures"), days=days, states=_states(days), lamps=_lamps(offices, days),
            overdue=_overdue(offices, moment, days), pace=_pace(offices, days), escalations=_escalations(days),
            exports=_exports(days) if self.appbuilder.sm.has_access("can_list", ExportRequestList.__name__) else [],
            refused=_refused(days) if set(current_actor().roles) & READERS else [],
            county=bool(set(current_actor().roles) & READERS),
        )  # fmt: skip

    @expose("/behind/<figure>")
    @has_access
    @permission_name("list")
    def behind(self, figure: str) -> str:
        """The applications that a number counts, fifty at a time."""
        if figure not in NAMES:
            raise NotFound
        moment = now()
        days = spans.asked(moment.date(), USUAL_DAYS)
        page = min(max(request.args.get("page", 0, type=int), 0), 1000)
        ids = figures.behind(figure, request.args, moment, days)
        query = (
            select(Application.id, Application.short_no, Item.name, Application.state, Office.name.label("office"),
                   Application.registered_at, Application.next_due_at)
            .join(Item, Item.id == Application.item_id)
            .join(Office, Office.id == Application.office_id)
            .where(Application.id.in_(ids))
            .order_by(Application.id.desc())
        )  # fmt: skip
        rows = db.session.execute(query.offset(page * PAGE).limit(PAGE + 1)).all()
        told = {name: value for name, value in request.args.items() if name != "page"}
        return self.render_template(
            "figures_behind.html", title=NAMES[figure], rows=rows[:PAGE], labels=STATE_LABELS, now=moment,
            newer=url_for(".behind", figure=figure, **told, page=page - 1) if page else None,
            older=url_for(".behind", figure=figure, **told, page=page + 1) if len(rows) > PAGE else None,
        )  # fmt: skip


def _address(figure: str, days: Days, **told: Any) -> str:
    period = {"from": days.first.isoformat(), "to": days.last.isoformat()}
    return url_for("FiguresPage.behind", figure=figure, **period, **told)


def _states(days: Days) -> list[Bar]:
    found = figures.by_state(db.session())
    return bars([(_(STATE_LABELS[s]), n, _address("state", days, state=s.value)) for s, n in found.items()])


def _lamps(offices: Mapping[int, str], days: Days) -> Lamps:
    """A row for each clock in the order of the law, a column for each office that has a lamp on."""
    found = figures.lamps(db.session())
    columns = sorted({office for _clock, office, _level in found})
    clocks = [clock for clock in CLOCKS if any(clock is each for each, _office, _level in found)]

    def cell(clock: Clock, office: int) -> list[tuple[str, int, str]]:
        on = [(level, found[clock, office, level]) for level in LEVELS if (clock, office, level) in found]
        told = {"clock": clock.value, "office": office}
        return [(level, number, _address("lamp", days, level=level, **told)) for level, number in on]

    rows = [(_(CLOCKS[clock].label), [cell(clock, office) for office in columns]) for clock in clocks]
    return Lamps([offices[office] for office in columns], rows)


def _overdue(offices: Mapping[int, str], moment: datetime, days: Days) -> list[Bar]:
    found = figures.overdue(db.session(), moment)
    rows = [(offices[office], number, _address("overdue", days, office=office)) for office, number in found.items()]
    return bars(sorted(rows, key=lambda row: -row[1]), "red")


def _pace(offices: Mapping[int, str], days: Days) -> list[tuple[str, Pace, str, str]]:
    session = db.session()
    found = figures.pace(session, days, calendar(session, load(session)))
    return [
        (offices[office], own, _address("ended", days, office=office), _address("ended", days, office=office, late=1))
        for office, own in sorted(found.items())
    ]


def _escalations(days: Days) -> list[Bar]:
    found = figures.escalations(db.session())
    rows = [(_(ROLE_LABELS[Role(level)]), n, _address("escalation", days, level=level)) for level, n in found.items()]
    return bars(rows, "orange")


def _exports(days: Days) -> list[Bar]:
    found = figures.exports(db.session(), days)
    rows = [
        (_(words), found[state], url_for("ExportRequestList.list", **{f"_flt_{EQUALS}_state": state}))
        for state, words in EXPORT_STATES.items()
        if state in found
    ]
    return bars(rows)


def _refused(days: Days) -> list[Bar]:
    since = days.begin.isoformat(timespec="minutes")[:16]
    found = by_category(days.hold(RefusedAct.at))
    return bars([(words, number, f"{href}&_flt_0_at={since}") for _, words, number, href in found], "red")
