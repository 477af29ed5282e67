"""Many criteria as one: what a guard says of every governed class, keyed once and not anew for each statement.

SQLAlchemy looks for a compiled statement by a key of all its parts. Each `with_loader_criteria` is such a part, and
thirty of them cost more than most statements do. Put together they have one key; the values in them (whose centres,
whose offices) are bound as ever, so that people share the compiled statement.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.cache_key import NO_CACHE, HasCacheKey
from sqlalchemy.sql.visitors import anon_map


class Together(CriteriaOption):
    """Several criteria that are always given together; built once, used by many statements."""

    __slots__ = ("_binds", "_key", "_options")

    propagate_to_loaders = True

    def __init__(self, options: Iterable[LoaderCriteriaOption]) -> None:
        self._options: Sequence[LoaderCriteriaOption] = tuple(options)
        seen: Any = anon_map()
        binds: list[Any] = []
        # An anonymous part is numbered within this key alone, whatever the statement around it holds.
        keys = (HasCacheKey._gen_cache_key(each, seen, binds) for each in self._options)  # noqa: SLF001  (no public name)
        self._key = (Together, *keys)
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
