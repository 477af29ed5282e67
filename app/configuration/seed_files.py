"""The files of `seed/`, and how their rows come into the database: only those that are not there yet."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.engine.now import now

SEED = Path(__file__).resolve().parents[2] / "seed"
SEEDER = "seed"

Row = dict[str, Any]


def read(name: str) -> Any:
    """A JSON file of the seed."""
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def stamp() -> Row:
    """Who made a seeded row, and when."""
    return {"created_at": now(), "created_by": SEEDER}


def absent(
    session: Session, column: InstrumentedAttribute[Any], rows: Iterable[Mapping[str, Any]], key: str
) -> list[Row]:
    """The rows whose `key` the column does not hold yet: what the county changed stays as it is."""
    present = set(session.scalars(select(column)))
    return [dict(row) for row in rows if row[key] not in present]


def ids(session: Session, code: InstrumentedAttribute[Any], row_id: InstrumentedAttribute[int]) -> dict[str, int]:
    """Row ids by code."""
    return dict(session.execute(select(code, row_id)).all())
