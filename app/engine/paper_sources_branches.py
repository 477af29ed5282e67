"""Where the facts of the hard cases' papers come from: the act, and the turn once its clocks ran."""

from collections.abc import Callable, Mapping

from app.engine.paper_common import Facts

SOURCES: Mapping[str, Callable[..., Facts]] = {}
