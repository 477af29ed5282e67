"""Many applications made of few: the demo's rows copied inside the database, under new ids and numbers.

A county with many applications has done with most of them, so those under way are copied more seldom. It has more
offices, too, than the demo: what has ended is shared by two of them for each item, what is under way stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    text,
)

from app.models.application import Application
from app.models.base import Model, OfApplication
from app.models.organisation import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.sql import ColumnElement

AT_ONCE = 160
"""Copies made in one transaction."""
UNDER_WAY_EVERY = 40
"""Of so many copies, one is also made of the applications that wait for somebody."""
OFFICES = 20
"""So many at least; the demo has fewer."""
NOT_COPIED = frozenset({"audit_row"})
KEYS_WITHOUT_CONSTRAINT = {("event", "subject_id"): "application", ("alert", "clock_run_id"): "clock_run"}
TAIL = 9
"""Room at the end of what must be unique, for a hyphen and the copy's own id."""
AN_ID, OF_OFFICE, OF_ITEM = (Application.__table__.c[name] for name in ("id", "office_id", "item_version_id"))


@dataclass(frozen=True)
class _Source:
    """What is copied, and to where.

    How far the ids of each table reach, the applications that ended, the item versions of these, the offices there are.
    """

    spans: dict[str, int]
    ended: list[int]
    items: list[int]
    offices: list[int]

    def office(self, n: ColumnElement[int]) -> ColumnElement[int]:
        """The office of a copy that ended: two by turns for each item."""
        place = case({item: 2 * place for place, item in enumerate(self.items)}, value=OF_ITEM)
        return case(dict(enumerate(self.offices)), value=(place + n % 2) % len(self.offices))


def multiply(engine: Engine, rows: int) -> Iterator[int]:
    """Copy every application with all that hangs on it until there are about so many; says how many there are.

    An application and its files point to each other, so the copies are made without looking at foreign keys.
    """
    tables, table = _tables(), Application.__table__
    with engine.begin() as connection:
        spans = {each.name: connection.scalar(select(func.max(each.c.id))) or 0 for each in tables}
        few = connection.scalar(select(func.count()).select_from(table)) or 0
        ended = list(connection.scalars(select(table.c.id).where(table.c.next_due_at.is_(None))))
        items = connection.scalars(select(OF_ITEM).where(AN_ID.in_(ended)).distinct().order_by(OF_ITEM))
        source = _Source(spans, ended, list(items), _offices(connection))
    copies = max(0, rows - few) * UNDER_WAY_EVERY // max(1, len(ended) * UNDER_WAY_EVERY + few - len(ended))
    for first in range(1, copies + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, copies)
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                # Between transactions alone does SQLite let go of foreign keys.
                connection.connection.cursor().execute("PRAGMA foreign_keys=off")
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                for each in tables:
                    _copy(connection, each, source, first, last)
            connection.invalidate()  # nobody else works on a connection that lets go of foreign keys
        yield few + len(ended) * last + (few - len(ended)) * (last // UNDER_WAY_EVERY)
    with engine.begin() as connection:
        _go_on_after(connection, tables)


def _tables() -> list[Table]:
    """The application and whatever hangs on it, in an order that foreign keys allow."""
    hanging = {m.class_.__tablename__ for m in Model.registry.mappers if issubclass(m.class_, OfApplication)}
    names = hanging | {Application.__tablename__, "stored_file"}
    return [t for t in Model.metadata.sorted_tables if t.name in names - NOT_COPIED]


def _offices(connection: Connection) -> list[int]:
    """The offices, made up to OFFICES of them."""
    table = Office.__table__
    there = connection.execute(select(table).order_by(table.c.id)).mappings().all()
    like = {name: value for name, value in there[0].items() if name != "id"}
    for number in range(len(there) + 1, OFFICES + 1):
        more = {"code": f"{like['code']}-{number}", "name": f"{like['name']}{number}"}
        connection.execute(insert(table).values(**(like | more)))
    return list(connection.scalars(select(table.c.id).order_by(table.c.id)))


def _copy(connection: Connection, table: Table, source: _Source, first: int, last: int) -> None:
    numbers = select(cast(literal(first), Integer).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < last))
    unique = _unique(table)
    values = [_value(column, numbers.c.n, source, column.name in unique) for column in table.columns]
    belongs_to = table.c.id if table is Application.__table__ else table.c.application_id
    copied = (
        select(*values)
        .select_from(table.join(numbers, or_(belongs_to.in_(source.ended), numbers.c.n % UNDER_WAY_EVERY == 0)))
        # Whatever was copied before lies beyond the first span; what hangs on no application is not copied.
        .where(table.c.id <= source.spans[table.name], belongs_to.is_not(None))
    )
    connection.execute(insert(table).from_select([c.name for c in table.columns], copied, include_defaults=False))


def _value(column: Column[object], n: ColumnElement[int], source: _Source, unique: bool) -> ColumnElement[object]:
    if column is OF_OFFICE:
        return case((AN_ID.in_(source.ended), source.office(n)), else_=column)
    table, spans = column.table.name, source.spans
    target = table if column.primary_key else KEYS_WITHOUT_CONSTRAINT.get((table, column.name), "")
    for key in column.foreign_keys:
        target = key.column.table.name
    if target in spans:
        return column + n * spans[target]
    if unique and isinstance(column.type, String):
        width = (column.type.length or TAIL) - TAIL
        copy = column.table.c.id + n * spans[table]
        return func.substr(column, 1, width).concat("-").concat(cast(copy, String))
    return column


def _unique(table: Table) -> set[str]:
    """Columns that are unique by themselves."""
    alone = {c.name for c in table.columns if c.unique}
    return alone | {
        next(iter(index.columns)).name for index in table.indexes if index.unique and len(index.columns) == 1
    }


def _go_on_after(connection: Connection, tables: list[Table]) -> None:
    """New rows come after the copies, and the planner knows how many there are."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            highest = select(func.max(table.c.id)).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))
    connection.execute(text("ANALYZE"))
