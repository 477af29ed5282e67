"""What is overdue among the people: places without a meeting, clerks nobody taught, people without study."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select

from app.engine.code_sets import first_setting
from app.engine.now import now
from app.engine.settings import load
from app.engine.teaching import untaught
from app.extensions import db
from app.law.roles import Reach, Role
from app.management.people import active, names_of, on
from app.models.catalogue import Item
from app.models.organisation import Centre, Office, Posting, Staff, Window
from app.models.people import Meeting, Study, Trained
from app.web.actor import current_actor

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

OVERSEERS = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER})
MANAGERS = frozenset({Role.WINDOW_MANAGER, Role.OFFICE_HEAD})
TEACH = frozenset({Role.APPROVER, Role.OFFICE_HEAD, Role.WINDOW_MANAGER})
LONGEST = 15


@dataclass(frozen=True)
class Table:
    """One table of a report."""

    caption: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    links: tuple[str, ...] = ()
    """One address a row, for its first cell."""


def _period(key: str) -> int:
    return int(load(db.session()).get(key, first_setting(key)))


class _Report(BaseView):
    """A report of one page."""

    default_view = "report"

    def _page(self, sentence: str, *tables: Table) -> str:
        return self.render_template(
            "people_report.html", title=str(self.list_title), sentence=sentence, tables=tables
        )


class MeetingsOverdue(_Report):
    """The places that held no work meeting in the period the county set (第三条)."""

    route_base = "/meetings-overdue"
    list_title = _("No work meeting for too long")
    readers = MANAGERS | OVERSEERS

    @expose("/")
    @has_access
    @permission_name("list")
    def report(self) -> str:
        """Those within reach, the longest silence first."""
        days, today = _period("meeting_period_days"), now().date()
        sentence = ngettext(
            "Places without a work meeting in the last %(num)s day.",
            "Places without a work meeting in the last %(num)s days.", days,
        )  # fmt: skip
        last = _last_meetings()
        names = {unit: name for unit, name in names_of(db.session()).items() if _is_mine(unit)}
        late = [unit for unit in names if last.get(unit, date.min) < today - timedelta(days=days)]
        late.sort(key=lambda unit: (last.get(unit, date.min), unit))
        rows = [(names[unit], last.get(unit) or gettext("Not yet")) for unit in late]
        columns = (gettext("Office or centre"), gettext("Last meeting"))
        return self._page(sentence, Table(gettext("Places"), columns, rows))


def _last_meetings() -> dict[str, date]:
    found = select(Meeting.centre_id, Meeting.office_id, func.max(Meeting.held_on))
    rows = db.session.execute(found.group_by(Meeting.centre_id, Meeting.office_id))
    return {f"centre:{centre_id}" if centre_id else f"office:{office_id}": day for centre_id, office_id, day in rows}


def _is_mine(unit: str) -> bool:
    actor = current_actor()
    return actor.sees_county or any(unit in grant.units for grant in actor.grants)


class TrainingReport(_Report):
    """Each office's trainings, and the clerks who were never taught its items (第四条)."""

    route_base = "/training-report"
    list_title = _("Training by office")
    readers = TEACH | OVERSEERS

    @expose("/")
    @has_access
    @permission_name("list")
    def report(self) -> str:
        """The offices within reach; of the one chosen, each clerk with what is missing."""
        offices = [each for each in db.session.scalars(select(Office).order_by(Office.id)) if _teaches(each)]
        summary = [_taught_by(each) for each in offices]
        links = tuple(f"{self.route_base}/?office={each.id}" for each in offices)
        asked = request.args.get("office", "")[:LONGEST]
        chosen = next((each for each in offices if str(each.id) == asked), offices[0] if offices else None)
        tables = [
            Table(
                gettext("Offices"),
                (gettext("Office"), gettext("Trainings"), gettext("Clerks trained"), gettext("Items taught"),
                 gettext("Active items")),
                summary, links,
            )
        ]  # fmt: skip
        if chosen is not None:
            tables.append(_missing(chosen))
        sentence = gettext("A clerk without training on an item is warned at the counter, and may act.")
        return self._page(sentence, *tables)


def _teaches(office: Office) -> bool:
    actor = current_actor()
    is_manager = any(grant.role is Role.WINDOW_MANAGER for grant in actor.grants)
    return is_manager or actor.sees_county or office.id in actor.offices


def _taught_by(office: Office) -> tuple[Any, ...]:
    counts = [func.count(column.distinct()) for column in (Trained.training_id, Trained.staff_id, Trained.item_id)]
    taught = select(*counts).join(Item, Item.id == Trained.item_id).where(Item.office_id == office.id)
    active_items = select(func.count()).where(Item.office_id == office.id, Item.is_active.is_(True))
    return (office.name, *db.session.execute(taught).one(), db.session.scalar(active_items))


def _missing(office: Office) -> Table:
    """Who takes this office's items and was not taught all of them."""
    rows = db.session.execute(
        select(Staff.id, Staff.name, Centre)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Centre, Centre.id == Posting.centre_id)
        .join(Window, Window.id == Posting.window_id)
        .where(on(now().date()), Window.kind == "comprehensive", Staff.id.in_(active().with_only_columns(Staff.id)))
        .where(_at_my_centres())
        .order_by(Centre.id, Staff.name, Staff.id)
    ).all()
    found = untaught(db.session(), [(pk, centre.is_town) for pk, _name, centre in rows])
    lines = []
    for pk, name, centre in rows:
        own = [item for item in found[pk] if item.office_id == office.id]
        if own:
            lines.append((name, centre.name, "、".join(f"{item.code} {item.name}" for item in own)))
    columns = (gettext("Clerk"), gettext("Centre"), gettext("Items not taught yet"))
    return Table(gettext("Not taught yet: %(office)s", office=office.name), columns, lines)


def _at_my_centres() -> ColumnElement[bool]:
    """A manager looks at the own clerks; an office and the county at all of them."""
    actor = current_actor()
    if actor.sees_county or actor.offices:
        return Centre.id.is_not(None)
    return Centre.id.in_(sorted(actor.places))


class StudyReport(_Report):
    """Who studied nothing and sat no exam in the period the county set (第十二条)."""

    route_base = "/study-report"
    list_title = _("No study for too long")
    readers = MANAGERS | OVERSEERS

    @expose("/")
    @has_access
    @permission_name("list")
    def report(self) -> str:
        """Those within reach, the longest pause first."""
        days, today = _period("study_period_days"), now().date()
        sentence = ngettext(
            "People without study or exam in the last %(num)s day.",
            "People without study or exam in the last %(num)s days.", days,
        )  # fmt: skip
        latest = select(Study.staff_id, func.max(Study.studied_on)).group_by(Study.staff_id)
        last = dict(db.session.execute(latest).all())
        late = [row for row in _posted_here(today) if last.get(row[0], date.min) < today - timedelta(days=days)]
        late.sort(key=lambda row: (last.get(row[0], date.min), row[2], row[1]))
        rows = [(name, place, last.get(pk) or gettext("Not yet")) for pk, name, place in late]
        columns = (gettext("Person's name"), gettext("Office or centre"), gettext("Last study"))
        return self._page(sentence, Table(gettext("People"), columns, rows))


def _posted_here(today: date) -> list[tuple[int, str, str]]:
    """Everybody who works at a place within reach, each once."""
    actor = current_actor()
    query = (
        select(Staff.id, Staff.name, Posting.centre_id, Posting.office_id)
        .join(Posting, Posting.staff_id == Staff.id)
        .where(on(today), Staff.id.in_(active().with_only_columns(Staff.id)))
        .order_by(Posting.since, Posting.id)
    )
    if not any(grant.reach is Reach.COUNTY for grant in actor.grants):
        here = or_(Posting.centre_id.in_(sorted(actor.places)), Posting.office_id.in_(sorted(actor.offices)))
        query = query.where(here)
    names = names_of(db.session())
    found = {
        pk: (pk, name, names.get(f"centre:{centre_id}" if centre_id else f"office:{office_id}", ""))
        for pk, name, centre_id, office_id in db.session.execute(query)
    }
    return list(found.values())
