"""What the database refused, told by the constraint that refused it: never SQL, always a sentence at a field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint

from app.errors import Complaint
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table
    from sqlalchemy.exc import IntegrityError

TAKEN = N_("This is taken already; there can be only one.")
NEEDED = N_("This is needed.")
CLASHES = N_("These values do not go together.")
IN_USE = N_("This is still used by other records, so it stays. Make it inactive instead, or end its use first.")

# SQLite names the columns, PostgreSQL the constraint, and in its detail the columns: Key (code, name)=(…)
_SQLITE = re.compile(r"(?P<kind>CHECK|UNIQUE|NOT NULL|FOREIGN KEY) constraint failed(?:: (?P<what>.+))?")
_COLUMNS = re.compile(r"Key \((?P<columns>[^)]+)\)")

Sentences = "Mapping[str, tuple[str, str]]"
"""Constraint name -> the field to show it at, and the sentence."""


def explain(error: IntegrityError, table: Table, sentences: Mapping[str, tuple[str, str]]) -> Complaint:
    """The complaint that goes with the constraint; it names no field where the constraint is unknown."""
    kind, name, columns = _violated(error)
    if kind == "unique" and not name:
        name = _unique_name(table, columns)
    if name in sentences:
        return Complaint(*sentences[name])
    general = {"unique": TAKEN, "missing": NEEDED}.get(kind, CLASHES)
    return Complaint(columns[0] if columns else "", general)


def _violated(error: IntegrityError) -> tuple[str, str, list[str]]:
    """The kind of constraint, its name and its columns, as far as the database says them."""
    if (details := getattr(error.orig, "diag", None)) is not None:
        kind = {"23505": "unique", "23502": "missing", "23503": "reference"}.get(error.orig.sqlstate, "check")
        keys = _COLUMNS.search(details.message_detail or "")
        columns = keys["columns"].split(", ") if keys else []
        return kind, "" if kind == "unique" else details.constraint_name or "", columns or [details.column_name or ""]
    found = _SQLITE.search(str(error.orig))
    if found is None:
        return "check", "", []
    what = found["what"] or ""
    if found["kind"] == "CHECK":
        return "check", what, []
    columns = [each.rpartition(".")[2] for each in what.split(", ")] if what else []
    return {"UNIQUE": "unique", "NOT NULL": "missing"}.get(found["kind"], "reference"), "", columns


def _unique_name(table: Table, columns: list[str]) -> str:
    sets = [(each.name, each.columns.keys()) for each in table.constraints if isinstance(each, UniqueConstraint)]
    sets += [(each.name, each.columns.keys()) for each in table.indexes if each.unique]
    return next((str(name) for name, keys in sets if set(keys) == set(columns) and name), "")
