"""The conditions of acts on objects that hang on no application: predicates over the object and whoever acts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from app.law import N_
from app.law.guards import Guard, GuardKind
from app.law.roles import Role


class PlacedFacts(Protocol):
    """What these guards may ask; `subject` is the row acted on."""

    @property
    def subject(self) -> Any: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def role(self) -> Role: ...
    @property
    def window_id(self) -> int | None: ...
    @property
    def now(self) -> datetime: ...


def _guard(kind: GuardKind, sentence: str) -> Callable[[Callable[[Any], bool]], Guard]:
    return lambda predicate: Guard(predicate.__name__, kind, sentence, predicate)


def forbidden(sentence: str) -> Callable[[Callable[[Any], bool]], Guard]:
    """A guard about persons, roles or places (403, recorded)."""
    return _guard(GuardKind.FORBIDDEN, sentence)


def not_now(sentence: str) -> Callable[[Callable[[Any], bool]], Guard]:
    """A guard about order, time or open things (409)."""
    return _guard(GuardKind.NOT_NOW, sentence)


# staffing


@forbidden(N_("Only whoever left, or the window manager, says that they are back."))
def own_absence(f: PlacedFacts) -> bool:
    return f.role is Role.WINDOW_MANAGER or bool(f.subject.staff.user_id == f.actor_id)
