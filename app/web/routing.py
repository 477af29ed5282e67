"""Rules that learn to write their address when it is first asked for.

Werkzeug compiles two functions for each rule as it is added. That was a fifth of the time in which the house is built,
and every worker and every command builds it, though most write hardly an address.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable


class LateRule(Rule):
    """A rule as werkzeug has it, but for the moment at which it compiles what writes its address."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(super()._compile_builder)

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build
