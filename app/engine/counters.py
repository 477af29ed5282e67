"""Numbers drawn from locked counter rows: increasing, never reused, not gapless."""

from functools import cache

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from app.models.counter import Counter


def draw(session: Session, name: str) -> int:
    """The next number under `name`; its row stays locked until the act commits, so two never draw the same."""
    connection = session.connection()
    return connection.execute(_next(connection.dialect.name), {"counter": name}).scalar_one()


@cache
def _next(dialect: str) -> ReturningInsert[int]:
    table = Counter.__table__
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first = insert(table).values(name=bindparam("counter"), value=1)
    return first.on_conflict_do_update(index_elements=[table.c.name], set_={"value": table.c.value + 1}).returning(
        table.c.value
    )
