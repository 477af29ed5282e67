"""Figures of the bench: what was measured, and the statements that went to the database meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

WARM_UPS, TIMES = 3, 30
HEADING = f"{f'median of {TIMES}':<56}{'ms':>9}{'queries':>9}{'SQL ms':>9}{'ratio':>8}"


@dataclass(frozen=True)
class Figure:
    """One thing measured: milliseconds in the middle, statements sent, the same in plain SQL."""

    what: str
    ms: float
    statements: int
    plain_ms: float | None = None

    def __str__(self) -> str:
        plain = f"{self.plain_ms:9.2f}{self.ms / self.plain_ms:7.1f}x" if self.plain_ms else ""
        return f"{self.what:<56}{self.ms:9.2f}{self.statements:9}{plain}"


def milliseconds(begun: float) -> float:
    """The time since `begun`."""
    return (perf_counter() - begun) * 1000


class Sent:
    """The statements sent to a database while it is entered; with their values unless there are too many to keep."""

    def __init__(self, engine: Engine, values: bool = True) -> None:
        self._engine, self._values = engine, values
        self.statements: list[tuple[str, Any]] = []

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            self.statements.append((statement, parameters if self._values else None))

    def again(self) -> float:
        """The milliseconds the same questions take when nothing but the driver stands between."""
        asked = [(s, p) for s, p in self.statements if s.lstrip().upper().startswith(("SELECT", "WITH"))]
        with self._engine.connect() as connection:
            cursor = connection.connection.cursor()
            begun = perf_counter()
            for statement, parameters in asked:
                cursor.execute(statement, parameters)
                cursor.fetchall()
            return milliseconds(begun)
