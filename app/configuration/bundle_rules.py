"""The part of a bundle that says by which rules: roles, settings, lamps, wording, published years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import PermissionView
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.configuration import publishing, settings_checked
from app.configuration.bundle_files import SHAPE
from app.configuration.settings import known
from app.engine import placeholders, wording
from app.engine.actors import PERMISSION_VIEW
from app.engine.lamps import LAMP_VERSION
from app.engine.now import now
from app.engine.settings import load
from app.engine.wording import WORDING_VERSION, originals
from app.errors import Incomplete, NotNow
from app.law import N_
from app.law.calendar_year import Day
from app.law.clock import CLOCKS, Clock, Thresholds
from app.law.lamp_bounds import BOUNDS
from app.law.lamp_bounds import complaints as lamp_complaints
from app.law.roles import STAFF_ROLES
from app.models.calendar import CalendarDay, Setting
from app.models.publishing import LampRule
from app.models.wording import Paragraph
from app.web import changes
from app.web.role_editor import complaints_of, grant_of
from app.web.roles_sync import act_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.configuration.bundle_files import Bringing, Files

ROLES, SETTINGS, LAMPS, PARAGRAPHS = "roles.json", "settings.json", "lamps.json", "paragraphs.json"
CALENDAR = "calendar/"
UNKNOWN = N_("There is no such thing in this version.")
LONGEST_SHOWN = 60


# -- roles ------------------------------------------------------------------------------------------------------------


def roles_out(session: Session) -> Files:
    """What each staff role may do: acts by name, pages by permission and page."""
    query = select(RoleRow).where(RoleRow.name.in_(STAFF_ROLES)).options(selectinload(RoleRow.permissions))
    return {ROLES: {row.name: _grants(row.permissions) for row in session.scalars(query)}}


def _grants(rows: list[PermissionView]) -> dict[str, list[str]]:
    grants = sorted(map(grant_of, rows))
    pages = [f"{permission} on {view}" for permission, view in grants if act_of((permission, view)) is None]
    return {"acts": [act for each in grants if (act := act_of(each))], "pages": pages}


def roles_in(b: Bringing) -> None:
    """Give each role of the bundle exactly its grants, within the bounds."""
    rows = {row.name: row for row in b.session.scalars(select(RoleRow).options(selectinload(RoleRow.permissions)))}
    grants = {grant_of(row): row for row in b.session.scalars(select(PermissionView)).unique()}
    for name, said in (b.object(ROLES) or {}).items():
        if name not in STAFF_ROLES or name not in rows:
            b.complain(f"{ROLES}: {name[:LONGEST_SHOWN]}", UNKNOWN)
            continue
        if not isinstance(said, dict) or not all(_texts(said.get(part)) for part in ("acts", "pages")):
            b.complain(f"{ROLES}: {name}", SHAPE)
            continue
        wanted = {(f"can_{act}", PERMISSION_VIEW) for act in said["acts"]}
        wanted |= {(permission, view) for permission, _, view in (each.partition(" on ") for each in said["pages"])}
        for each in sorted(wanted - grants.keys()):
            b.complain(f"{ROLES}: {name}: {' on '.join(each)[:LONGEST_SHOWN]}", UNKNOWN)
        row = rows[name]
        if wanted == set(map(grant_of, row.permissions)):
            continue
        with b.session.no_autoflush:
            row.permissions = [grants[each] for each in sorted(wanted & grants.keys())]
            for each in complaints_of(row):
                b.complain(f"{ROLES}: {name}", each.sentence, each.params)
            told = changes.of(row, ["permissions"])
        changes.record("changed", row, told)


def _texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(each, str) for each in said)


# -- settings and lamps -----------------------------------------------------------------------------------------------


def settings_out(session: Session) -> Files:
    """The settings of this version."""
    rows = session.scalars(select(Setting).where(Setting.key.in_(known())))
    return {SETTINGS: {row.key: row.value for row in rows}}


def settings_in(b: Bringing) -> None:
    """Set what the bundle sets, each within its bounds."""
    for key, value in (b.object(SETTINGS) or {}).items():
        row = b.session.get(Setting, key) if key in known() else None
        if row is None:
            b.complain(f"{SETTINGS}: {key[:LONGEST_SHOWN]}", UNKNOWN)
            continue
        usual = known()[key]["value"]
        if type(value) is not type(usual) or (isinstance(value, list) and not _texts(value)):
            b.complain(f"{SETTINGS}: {key}", SHAPE)
            continue
        for sentence, params in settings_checked.complaints(value, known()[key].get("bounds", {})):
            b.complain(f"{SETTINGS}: {key}", sentence, params)
        if row.value != value:
            row.value = value
            changes.record("changed", row, changes.of(row, ["value"]))


def lamps_out(session: Session) -> Files:
    """When the lamp of each clock turns."""
    rows = session.scalars(select(LampRule))
    return {LAMPS: {row.clock: {name: getattr(row, name) for name in BOUNDS} for row in rows}}


def lamps_in(b: Bringing) -> None:
    """Set the thresholds of the bundle, each within the law's bounds."""
    moved = False
    for clock, said in (b.object(LAMPS) or {}).items():
        row = b.session.get(LampRule, clock) if clock in set(CLOCKS) else None
        if row is None:
            b.complain(f"{LAMPS}: {clock[:LONGEST_SHOWN]}", UNKNOWN)
            continue
        if not isinstance(said, dict) or said.keys() != BOUNDS.keys() or not all(type(n) is int for n in said.values()):
            b.complain(f"{LAMPS}: {clock}", SHAPE)
            continue
        wrong = list(lamp_complaints(Clock(clock), Thresholds(**said)))
        for name, sentence, params in wrong:
            b.complain(f"{LAMPS}: {clock}: {name}", sentence, params)
        if not wrong and said != {name: getattr(row, name) for name in BOUNDS}:
            for name, value in said.items():
                setattr(row, name, value)
            row.since, moved = now(), True
            changes.record("changed", row, changes.of(row, [*BOUNDS]))
    if moved:
        _move(b.session, LAMP_VERSION)


# -- wording ----------------------------------------------------------------------------------------------------------


def paragraphs_out(session: Session) -> Files:
    """The paragraphs that the county words otherwise."""
    current = wording.load(session, load(session))
    own = {kind: {key: current.text(kind, key) for key, text in texts.items() if current.text(kind, key) != text}
           for kind, texts in originals().items()}  # fmt: skip
    return {PARAGRAPHS: {kind: texts for kind, texts in own.items() if texts}}


def paragraphs_in(b: Bringing) -> None:
    """Word the papers as the bundle does; what it does not name is worded as it came."""
    said = b.object(PARAGRAPHS)
    if said is None:
        return
    for kind, texts in said.items():
        if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
            b.complain(f"{PARAGRAPHS}: {kind[:LONGEST_SHOWN]}", SHAPE)
            return
        for key in texts.keys() - originals().get(kind, {}).keys():
            b.complain(f"{PARAGRAPHS}: {kind}.{key}"[: 2 * LONGEST_SHOWN], UNKNOWN)
    current, moved = wording.load(b.session, load(b.session)), False
    for kind, texts in originals().items():
        for key, original in texts.items():
            text = said.get(kind, {}).get(key, original)
            if text == current.text(kind, key):
                continue
            for each in placeholders.complaints(kind, key, text):
                b.complain(f"{PARAGRAPHS}: {kind}.{key}", each.sentence, each.params)
            row = Paragraph(kind=kind, key=key, text=None if text == original else text)
            changes.stamp(row)
            b.session.add(row)
            b.session.flush()
            changes.record("changed", row, [f"{kind}.{key}"])
            moved = True
    if moved:
        _move(b.session, WORDING_VERSION)


def _move(session: Session, version: str) -> None:
    """From here on every process reads the rules anew."""
    row = session.get(Setting, version, with_for_update=True)
    if row is None:
        row = Setting(key=version, value=0)
        changes.stamp(row)
        session.add(row)
    row.value = int(str(row.value)) + 1


# -- published years --------------------------------------------------------------------------------------------------


def calendar_out(session: Session) -> Files:
    """The published years from this one on, day by day."""
    query = select(CalendarDay).where(CalendarDay.published.is_(True), CalendarDay.day >= date(now().year, 1, 1))
    files: Files = {}
    for row in session.scalars(query.order_by(CalendarDay.day)):
        year = files.setdefault(f"{CALENDAR}{row.day.year}.json", {})
        year[row.day.isoformat()] = {"works": row.is_workday, "name": row.name}
    return files


def calendar_in(b: Bringing) -> None:
    """Publish the years that are not published here, or that differ in days to come; the earliest first."""
    here = calendar_out(b.session)
    for name in sorted(each for each in b.files if each.startswith(CALENDAR)):
        said = b.object(name)
        if said is None or said == here.get(name):
            continue
        try:
            days = [Day(date.fromisoformat(day), each["works"], each["name"]) for day, each in sorted(said.items())]
            year = days[0].day.year
            fair = all(isinstance(each.works, bool) and isinstance(each.name, str) for each in days)
        except (ValueError, TypeError, LookupError):
            fair = False
        if not fair or name != f"{CALENDAR}{year}.json" or any(len(d.name) > publishing.LONGEST_NAME for d in days):
            b.complain(name, SHAPE)
            continue
        try:
            publishing.publish(b.session, year, days, b.by, correcting=True)
        except Incomplete as refusal:
            for each in refusal.complaints:
                b.complain(name, each.sentence, each.params)
        except NotNow as refusal:
            b.complain(name, refusal.sentence, refusal.params)
