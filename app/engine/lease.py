"""Leases: of many processes one leads, and until when the database's own clock says."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Function, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.engine.now import now
from app.models.calendar import Lease

SCHEDULER = "scheduler"

_ON_SQLITE = "%Y-%m-%d %H:%M:%f000"
"""As `Moment` is kept there: UTC, six digits after the point."""


def take(engine: Engine, name: str, holder: str, seconds: float) -> bool:
    """Take or renew the lease for so many seconds; False where another holds it."""
    dialect = engine.dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    with engine.begin() as connection:
        nobodys = insert(Lease).values(name=name, holder="", until=_long_ago()).on_conflict_do_nothing()
        connection.execute(nobodys)
        free = or_(Lease.holder == holder, Lease.until < _clock(dialect))
        mine = update(Lease).where(Lease.name == name, free).values(holder=holder, until=_clock(dialect, seconds))
        return connection.execute(mine).rowcount == 1


def give_back(engine: Engine, name: str, holder: str) -> None:
    """End one's lease, so that another need not wait for it."""
    with engine.begin() as connection:
        mine = update(Lease).where(Lease.name == name, Lease.holder == holder)
        connection.execute(mine.values(until=_clock(engine.dialect.name)))


def is_held(connection: Connection, name: str) -> bool:
    """Whether anybody leads now."""
    held = select(Lease.name).where(Lease.name == name, Lease.until >= _clock(connection.dialect.name))
    return connection.execute(held).first() is not None


def _clock(dialect: str, seconds: float = 0) -> Function[Any]:
    """The database's clock, so many seconds from now."""
    if dialect == "sqlite":
        return func.strftime(_ON_SQLITE, "now", f"{seconds:+} seconds")
    return func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)  # type: ignore[return-value]


def _long_ago() -> datetime:
    return now().replace(year=2000)
