"""Invariants of the house itself: triggers, files, connection settings, foreign keys."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.engine.connection import PATIENCE_MS
from app.engine.files import KEPT_UNCLAIMED
from app.engine.now import now
from app.models import ddl
from app.models.trail import StoredFile

CONNECTIONS = 3
SQLITE = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": str(PATIENCE_MS)}
POSTGRESQL = {
    "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "lock_timeout": f"{PATIENCE_MS // 1000}s",
}  # fmt: skip
LEFT_BY_A_CRASH = KEPT_UNCLAIMED + timedelta(days=1)
"""So old a file without its row can be before the daily sweep takes it."""


def no_trigger_is_missing(session: Session) -> Iterator[str]:
    """6: no trigger that guards history is missing."""
    for name in ddl.missing(session.connection()):
        yield f"the trigger {name} is missing"


def files_and_rows_agree(session: Session, folder: Path) -> Iterator[str]:
    """23: every stored file has its row and digest, every row its file."""
    named: set[str] = set()
    for row in session.execute(select(StoredFile.id, StoredFile.sha256, StoredFile.size).order_by(StoredFile.id)):
        path = folder / row.sha256[:2] / row.sha256
        if not path.is_file():
            yield f"stored_file {row.id}: its file {row.sha256} is missing"
        elif path.stat().st_size != row.size or (row.sha256 not in named and _digest(path) != row.sha256):
            yield f"stored_file {row.id}: its file {row.sha256} was changed"
        named.add(row.sha256)
    oldest = (now() - LEFT_BY_A_CRASH).timestamp()
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        if path.name not in named and path.stat().st_mtime < oldest:
            yield f"the file {path.name} has no row"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def every_connection_keeps_its_promises(session: Session) -> Iterator[str]:
    """32: database settings are as promised, on every connection."""
    engine = session.get_bind().engine
    with ExitStack() as stack:
        others = [stack.enter_context(engine.connect()) for _ in range(CONNECTIONS)]
        found = {line for connection in (session.connection(), *others) for line in _broken_promises(connection)}
    yield from sorted(found)


def _broken_promises(connection: Connection) -> Iterator[str]:
    sqlite = connection.dialect.name == "sqlite"
    for name, promised in (SQLITE if sqlite else POSTGRESQL).items():
        value = connection.exec_driver_sql(f"{'PRAGMA' if sqlite else 'SHOW'} {name}").scalar_one()
        if str(value) != promised:
            yield f"the database setting {name} is {value}, and {promised} is promised"


def no_foreign_key_is_orphaned(session: Session) -> Iterator[str]:
    """34: no orphan foreign key."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for table, row_id, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"{table} (row {row_id}) points to a {target} that does not exist"
        return
    weak = connection.exec_driver_sql(
        "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
    )
    for table, name in weak:
        yield f"{table}: the foreign key {name} was never validated"
