"""How every database connection is set before anybody uses it: durable, strict, and patient for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE_MS = 5000
"""How long a statement waits for a lock before the office hears «busy», in milliseconds."""

SQLITE_PRAGMAS = {
    "busy_timeout": PATIENCE_MS,
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": "on",
    "cache_size": "-16000",
}
"""`cache_size` in KiB, per connection: what the desks read of a hundred thousand applications stays in memory."""


def configure(engine: Engine) -> None:
    """Promise the settings of this house on each connection that `engine` will open.

    A transaction is opened by our own BEGIN. On SQLite it is BEGIN IMMEDIATE where the connection carries the execution
    option `immediate`, so that a writer takes its lock before it reads.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "do_connect", _set_server_options)


def set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry | None = None) -> None:
    """Set a connection to SQLite as this house wants it."""
    # Driver autocommit: left to itself, sqlite3 opens no transaction for a SELECT, and a blind write after a stale
    # read succeeds.
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _set_server_options(
    _dialect: object, _entry: ConnectionPoolEntry, _args: list[Any], options: dict[str, Any]
) -> None:
    ours = f"-c lock_timeout={PATIENCE_MS} -c timezone=Asia/Shanghai"
    options["options"] = " ".join(filter(None, (options.get("options"), ours)))
