"""Many criteria as one: what a guard says of every governed class, keyed once and not anew for each statement.

SQLAlchemy looks for a compiled statement by a key of all its parts. Each `with_loader_criteria` is such a part, and
fifty of them cost more than most statements do. Put together they have one key, which is hashed once; the values in
them (whose centres, whose offices) are bound as ever, so that people share the compiled statement, and each value once.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, ColumnElement
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.cache_key import NO_CACHE, HasCacheKey
from sqlalchemy.sql.visitors import anon_map, replacement_traverse


class Together(CriteriaOption):
    """Criteria on classes, wherever these stand in a statement; built once, used by many statements."""

    __slots__ = ("_binds", "_key", "_options")

    propagate_to_loaders = True

    def __init__(self, criteria: Iterable[tuple[type[Any], ColumnElement[bool]]]) -> None:
        share = partial(_shared, {})
        self._options: Sequence[LoaderCriteriaOption] = tuple(
            with_loader_criteria(kind, replacement_traverse(criterion, {}, share), include_aliases=True)
            for kind, criterion in criteria
        )
        seen: Any = anon_map()
        binds: list[Any] = []
        # An anonymous part is numbered within this key alone, whatever the statement around it holds.
        keys = (HasCacheKey._gen_cache_key(each, seen, binds) for each in self._options)  # noqa: SLF001  (no public name)
        self._key = (Together, _Hashed(tuple(keys)))
        self._binds = binds
        if NO_CACHE in seen:
            raise TypeError("a criterion cannot be part of a statement's key")

    def _gen_cache_key(self, _anon_map: Any, bindparams: list[Any]) -> tuple[Any, ...]:
        bindparams.extend(self._binds)
        return self._key

    def process_compile_state(self, compile_state: Any) -> None:
        """Say them all of the statement being compiled."""
        for each in self._options:
            each.process_compile_state(compile_state)

    def process_compile_state_replaced_entities(self, compile_state: Any, mapper_entities: Any) -> None:
        """Likewise where entities stand in for others."""
        for each in self._options:
            each.process_compile_state_replaced_entities(compile_state, mapper_entities)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """Likewise for updates and deletes."""
        for each in self._options:
            each.get_global_criteria(attributes)


class _Hashed:
    """A key that knows its hash: one of fifty criteria is looked for by every statement."""

    __slots__ = ("_hash", "_parts")

    def __init__(self, parts: tuple[Any, ...]) -> None:
        self._parts, self._hash = parts, hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Hashed) and self._parts == other._parts)


def _shared(known: dict[Any, BindParameter[Any]], element: Any, **_: Any) -> BindParameter[Any] | None:
    """In place of a value the one that stands for all its equals; nothing in place of anything else."""
    if not isinstance(element, BindParameter):
        return None
    value = tuple(element.value or ()) if element.expanding else element.value
    kind = element.type._static_cache_key  # noqa: SLF001  (no public name)
    return known.setdefault((kind, type(value), value, element.expanding, element.expand_op), element)
