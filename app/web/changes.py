"""Who changed which reference data: one audit row for each field, «field: old → new»."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask_login import current_user
from sqlalchemy import inspect
from sqlalchemy.orm.collections import InstrumentedList

from app.engine.now import now
from app.extensions import db
from app.models.base import Created
from app.models.encrypted import Encrypted
from app.models.trail import AuditRow
from app.web.logging import request_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_appbuilder import Model

LONGEST_VALUE, LONGEST_DETAIL = 60, 200
HIDDEN = frozenset({"password"})


def stamp(row: Model) -> None:
    """Say who made the row, and when."""
    if isinstance(row, Created):
        row.created_at, row.created_by = now(), current_user.username


def of(row: Model, names: Iterable[str]) -> list[str]:
    """What was set on the row since it was read, in words; secrets and personal values only by name."""
    state = inspect(row)
    told = []
    for name in dict.fromkeys(names):
        if name not in state.attrs:
            continue
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        if _is_hidden(state.mapper, name):
            told.append(name)
        elif name in state.mapper.relationships and state.mapper.relationships[name].uselist:
            told += [f"{name}: − {each}" for each in history.deleted] + [f"{name}: + {each}" for each in history.added]
        else:
            told.append(f"{name}: {_spoken(history.deleted)} → {_spoken(history.added)}")
    return told


def before(row: Model, name: str) -> Any:
    """The value of a field before it was set."""
    history = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)


def record(verb: str, row: Model, told: Iterable[str] = ("",)) -> None:
    """Keep who did it; in the same transaction as the change itself."""
    key = ",".join(map(str, inspect(row).identity))
    for each in told:
        detail = f"{key} {row}: {each}" if each else f"{key} {row}"
        note(f"{verb} {row.__tablename__.removeprefix('ab_')}", detail)


def note(what: str, detail: str) -> None:
    """Keep who did something that is more than one row; in the transaction at hand."""
    db.session.add(AuditRow(
        at=now(), actor_id=current_user.id, what=what[:40], detail=detail[:LONGEST_DETAIL], request_id=request_id(),
        created_by=current_user.username,
    ))


def fingerprint(row: Model, names: Iterable[str]) -> str:
    """What the named fields of a row say now: a form carries it, so that nobody overwrites unseen."""
    mapper = inspect(row).mapper
    shown = [name for name in names if name in mapper.attrs and not _is_hidden(mapper, name)]
    return hashlib.sha256(repr([(name, _plain(getattr(row, name))) for name in shown]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, InstrumentedList):
        return sorted(inspect(each).identity for each in value)
    state = inspect(value, raiseerr=False)
    return state.identity if state is not None else value


def _is_hidden(mapper: Any, name: str) -> bool:
    column = mapper.columns.get(name)
    return name in HIDDEN or (column is not None and isinstance(column.type, Encrypted))


def _spoken(values: Iterable[Any]) -> str:
    words = ", ".join("" if value is None else str(value) for value in values)
    return words if len(words) <= LONGEST_VALUE else f"{words[:LONGEST_VALUE]}…"
