"""How generated lists read and write: search per request, pages by key, counts with an end, one writing transaction."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask import abort, g, has_request_context, request
from flask_appbuilder.models.sqla import filters as f
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.engine import transaction
from app.extensions import db
from app.law.clock import ZONE

if TYPE_CHECKING:
    from flask_appbuilder.models.filters import Filters
    from sqlalchemy.orm import Query

T = TypeVar("T")
MOST_COUNTED = 10_000
"""Nobody turns four hundred pages; beyond this a list says «10,000+» and asks for a narrower search."""

LONGEST_WORD = 200
FILTER = re.compile(r"_flt_(?P<index>\d)_(?P<column>.+)")
WHOLE = re.compile(r"-?\d{1,18}")


def save(work: Callable[[], T]) -> T:
    """Do `work` in a writing transaction of its own: whatever the generated forms write is committed here."""
    return transaction.run(db.session, work)


class AtLeast(int):
    """A count that stopped counting."""

    def __format__(self, spec: str) -> str:
        return int(self).__format__(spec) + "+"


class RequestFilters:
    """Mix in first: the search filters of a view belong to one request (Flask-AppBuilder shares them among threads)."""

    @property
    def _filters(self) -> Filters | None:
        shared = self.__dict__.get("_shared_filters")
        if shared is None or not has_request_context():
            return shared
        mine = g.setdefault("filters", {})
        if id(self) not in mine:
            mine[id(self)] = copy.copy(shared)
            mine[id(self)].clear_filters()
        return mine[id(self)]

    @_filters.setter
    def _filters(self, value: Filters) -> None:
        self.__dict__["_shared_filters"] = value


class _OfMoments:
    """What the form sends is county time."""

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        return super().apply(query, datetime.fromisoformat(value).replace(tzinfo=ZONE))  # type: ignore[misc]


class FilterGreater(_OfMoments, f.FilterGreater):
    """After a moment."""


class FilterSmaller(_OfMoments, f.FilterSmaller):
    """Before a moment."""


WORDS = [f.FilterContains, f.FilterStartsWith, f.FilterEndsWith, f.FilterEqual, f.FilterNotEqual]


class Comparisons(f.SQLAFilterConverter):
    """The comparisons a list offers, by the kind of column."""

    conversion_table = (
        ("is_relation_many_to_one", [f.FilterRelationOneToManyEqual, f.FilterRelationOneToManyNotEqual]),
        ("is_relation_many_to_many", [f.FilterRelationManyToManyEqual]),
        ("is_text", WORDS),
        ("is_string", WORDS),
        ("is_integer", [f.FilterEqual, f.FilterGreater, f.FilterSmaller, f.FilterNotEqual]),
        ("is_boolean", [f.FilterEqual, f.FilterNotEqual]),
        ("is_datetime", [FilterGreater, FilterSmaller]),
        ("is_date", [f.FilterGreater, f.FilterSmaller, f.FilterEqual]),
    )


class Rows(SQLAInterface):
    """The rows of one table for its generated pages; `shown` are the columns of its list."""

    filter_converter_class = Comparisons
    shown: Sequence[str] = ()

    def query(
        self, filters: Filters | None = None, order_column: str = "", order_direction: str = "",
        page: int | None = None, page_size: int | None = None, select_columns: list[str] | None = None,
        outer_default_load: bool = False,
    ) -> tuple[int, list[Any]]:
        """One page: its keys first, by the index alone, then these rows with the relations that are shown."""
        if not page_size or select_columns:
            return super().query(filters, order_column, order_direction, page, page_size, select_columns)
        rows = self.session.query(self.obj)
        count = self.query_count(rows, filters)
        key = self.get_pk()
        ordered = (order_column, order_direction) if order_column else (self.get_pk_name(), "desc")
        keys = self._apply_inner_all(rows, filters, *ordered, page, page_size, aliases_mapping={})
        wanted = [row[0] for row in keys.with_entities(key)]
        found = rows.options(*self._relations_shown()).filter(key.in_(wanted)) if wanted else ()
        by_key = {self.get_pk_value(row): row for row in found}
        return count, [by_key[each] for each in wanted if each in by_key]

    def query_count(
        self, query: Query[Any], filters: Filters | None = None, select_columns: list[str] | None = None
    ) -> int:
        """How many rows match, counted up to MOST_COUNTED."""
        matching = self.apply_filters(query, filters).with_entities(self.get_pk())
        counted = matching.order_by(None).limit(MOST_COUNTED + 1).subquery()
        count = self.session.scalar(select(func.count()).select_from(counted))
        return count if count <= MOST_COUNTED else AtLeast(MOST_COUNTED)

    def get_inner_filters(self, filters: Filters | None) -> Filters | None:
        """All of them: Flask-AppBuilder leaves out those on a dotted column to many, without a word."""
        return filters

    def find(self, pk: str, filters: Filters | None = None, *, lock: bool = False) -> Any | None:
        """The row whose key stands in the address, if it passes; None where there is none, or the key is no key."""
        key = self.get_pk_name()
        try:
            value = date.fromisoformat(pk) if self.is_date(key) else int(pk) if self.is_integer(key) else pk
        except ValueError:
            return None
        if (isinstance(value, int) and not WHOLE.fullmatch(pk)) or "\0" in pk:
            return None
        query = self.apply_filters(self.session.query(self.obj), filters).filter(self.get_pk() == value)
        return (query.with_for_update() if lock else query).one_or_none()

    def get_related_obj(self, col_name: str, value: Any) -> Any | None:
        """The row of the other table with this key."""
        return Rows(self.get_related_model(col_name)).find(str(value))

    def _relations_shown(self) -> list[Any]:
        names = dict.fromkeys(column.partition(".")[0] for column in self.shown)
        return [selectinload(getattr(self.obj, name)) for name in names if self.is_relation(name)]


def read_filters(view: Any) -> None:
    """Set the view's filters from the address: empty ones left out, senseless ones answered with 400."""
    active = view._filters
    active.clear_filters()
    offered = active.get_search_filters()
    for name in request.args:
        if not (found := FILTER.fullmatch(name)):
            continue
        column, index = found["column"], int(found["index"])
        words = [value for value in request.args.getlist(name) if value.strip()]
        if not words:
            continue
        if index >= len(offered.get(column, ())) or not all(_fits(view.datamodel, column, value) for value in words):
            abort(400)
        active.add_filter_index(column, index, words)


def _fits(rows: Rows, column: str, value: str) -> bool:
    """Whether the column could hold such a value at all."""
    if rows.is_relation(column) or rows.is_integer(column):
        return WHOLE.fullmatch(value) is not None
    if rows.is_boolean(column):
        return value == "y"
    if rows.is_datetime(column) or rows.is_date(column):
        return _is_date(value)
    return len(value) <= LONGEST_WORD and "\0" not in value


def _is_date(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
