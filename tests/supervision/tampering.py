"""Rows changed behind the house's back, as whoever owns the database could: no trigger, constraint or key in the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TRIGGERS = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"


def tamper(session: Session, *statements: str) -> None:
    """Run these statements unhindered, commit, and put back what stood in their way."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        _run(session, "SET session_replication_role = replica", *statements, "SET session_replication_role = origin")
    else:
        triggers = _in_the_way(session, statements)
        _unchecked(session, "on")
        _run(session, *(f"DROP TRIGGER {name}" for name in triggers), *statements, *triggers.values())
        _unchecked(session, "off")
    session.commit()
    session.expire_all()


def _in_the_way(session: Session, statements: tuple[str, ...]) -> dict[str, str]:
    """The triggers that speak of a table these statements speak of, by name; all three hundred would take a while."""
    rows = session.connection().exec_driver_sql(TRIGGERS).all()
    named = {row.tbl_name for row in rows} & _words(*statements)
    return {row.name: row.sql for row in rows if named & _words(row.sql)}


def _words(*statements: str) -> set[str]:
    return set(re.findall(r"\w+", " ".join(statements)))


def _unchecked(session: Session, switch: str) -> None:
    """Keys and constraints are let go between transactions alone."""
    keys = "off" if switch == "on" else "on"
    _run(session, "COMMIT", f"PRAGMA ignore_check_constraints={switch}", f"PRAGMA foreign_keys={keys}", "BEGIN")


def _run(session: Session, *statements: str) -> None:
    for statement in statements:
        session.connection().exec_driver_sql(statement)
