"""What an experienced administrator would look at before a county starts to work."""

from __future__ import annotations

import stat
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import func, select

from app.engine import outbox, seals
from app.engine.connection import SQLITE_PRAGMAS
from app.engine.now import now
from app.errors import NotNow
from app.models import ddl
from app.models.calendar import CalendarDay
from app.models.organisation import IndustryDepartment, Staff
from app.web.health import newest_migration
from config import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

ENOUGH_CALENDAR = timedelta(days=60)
"""So far ahead the days should be published; every deadline beyond is provisional."""

KEPT_BY_SQLITE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
KEPT_BY_POSTGRESQL = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def complaints(session: Session, config: Mapping[str, Any]) -> Iterator[str]:
    """Whatever should be mended first, a sentence each."""
    if config["DEMO"]:
        yield "This is a demo: set DEMO=0 for a county's own data."
    yield from _open_files(config["DATA_DIR"])
    connection = session.connection()
    yield from _weak_settings(connection)
    if MigrationContext.configure(connection).get_current_heads() != newest_migration():
        yield "The database is not of this version: run `flask --app app db upgrade`."
        return
    for trigger in ddl.missing(connection):
        yield f"The trigger {trigger} is missing: history could be changed; run `flask --app app db upgrade`."
    yield from _nobody_told(session)
    yield from _ledgers_go_nowhere(session, config)
    yield from _missing_people(session, config["AUTH_ROLE_ADMIN"])
    yield from _unknown_people(session)
    yield from _short_calendar(session)


def _nobody_told(session: Session) -> Iterator[str]:
    try:
        if outbox.own_courier() is None:
            waiting = outbox.waiting(session)
            yield f"The provincial platform is told nothing, and {waiting} messages wait: set OUTBOX_URL."
    except NotNow as missing:
        yield str(missing)


def _ledgers_go_nowhere(session: Session, config: Mapping[str, Any]) -> Iterator[str]:
    if not config["LEDGER_URL"]:
        yield "The industry departments are sent no weekly ledger: set LEDGER_URL."
        return
    if is_loopback(urlsplit(config["PUBLIC_URL"]).hostname or ""):
        yield f"The letters to the departments lead to {config['PUBLIC_URL']}, this machine alone: set PUBLIC_URL."
    if not config["LEDGER_URL"].startswith("file:"):
        yield from (
            f"«{name}» has no mail address, and its weekly ledgers wait."
            for name in session.scalars(select(IndustryDepartment.name).where(IndustryDepartment.mail == ""))
        )


def _open_files(data_dir: Path) -> Iterator[str]:
    secret = [path for folder in ("secrets", seals.FOLDER) for path in sorted((data_dir / folder).glob("[!.]*"))]
    for path in (data_dir, *secret):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"Others than its owner can read {path}: run `chmod go= {path}`."


def _weak_settings(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for name, value in KEPT_BY_SQLITE.items():
            found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            if str(found) != value:
                yield f"SQLite has {name} = {found}; it should be {SQLITE_PRAGMAS[name]}."
        return
    for name, value in KEPT_BY_POSTGRESQL.items():
        found = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
        if found != value:
            yield f"PostgreSQL has {name} = {found}; it should be {value}."
    if connection.exec_driver_sql("SHOW is_superuser").scalar_one() == "on":
        yield "The application enters PostgreSQL as a superuser; give it a role that is none."


def _missing_people(session: Session, role: str) -> Iterator[str]:
    administrators = select(func.count()).select_from(User).join(User.roles)
    if not session.scalar(administrators.where(Role.name == role, User.active.is_(True))):
        yield "Nobody administers this county: run `flask --app app create-admin`."


def _unknown_people(session: Session) -> Iterator[str]:
    """Whose identity number is not on record: nothing keeps them from their own matters, or from a second account."""
    without = select(Staff.name).join(User, User.id == Staff.user_id)
    for name in session.scalars(without.where(Staff.id_no_index.is_(None), User.active.is_(True)).order_by(Staff.id)):
        yield f"{name} has no identity number on record: recusal and one account per person cannot be watched."


def _short_calendar(session: Session) -> Iterator[str]:
    last: date | None = session.scalar(select(func.max(CalendarDay.day)).where(CalendarDay.published.is_(True)))
    if last is None or last < now().date() + ENOUGH_CALENDAR:
        until = f"until {last}" if last else "for no day"
        yield f"The calendar is published {until}: enter the notice of the coming year."
