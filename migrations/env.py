"""How Alembic reaches our database: one transaction for the whole upgrade, on SQLite as on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask_appbuilder.security.sqla.models  # noqa: F401  # its tables are part of the metadata
from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

import app.models  # noqa: F401  # as are ours
from app.models import ddl

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class BrokenKeysError(Exception):
    """A migration left rows that point nowhere; nothing of it was kept."""


def migrate(engine: Engine) -> None:
    """Run the migrations asked for, with foreign keys off on SQLite, and look at every key afterwards."""
    with engine.connect().execution_options(immediate=True) as connection:
        # Batch mode re-creates a table, and with foreign keys on that would delete the children. The switch works only
        # outside a transaction.
        _switch_foreign_keys(connection, "off")
        try:
            with connection.begin():
                _run(connection)
        finally:
            _switch_foreign_keys(connection, "on")


def _run(connection: Connection) -> None:
    applied: list[Any] = []
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        render_as_batch=True,
        compare_server_default=True,
        render_item=_render_item,
        on_version_apply=lambda **step: applied.append(step),
    )
    context.run_migrations()
    if applied:
        _check_foreign_keys(connection)
        if set(context.get_context().get_current_heads()) == set(context.script.get_heads()):
            # Batch mode re-creates a table without its triggers.
            ddl.recreate(connection)


def _render_item(kind: str, item: Any, _autogenerate: object) -> str | bool:
    """Write our column types as what the database keeps, so that a migration outlives their classes."""
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def _switch_foreign_keys(connection: Connection, value: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(f"PRAGMA foreign_keys={value}")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            tables = sorted({row[0] for row in broken})
            raise BrokenKeysError(f"{len(broken)} rows of {', '.join(tables)} point to rows that do not exist.")


migrate(current_app.extensions["migrate"].db.engine)
