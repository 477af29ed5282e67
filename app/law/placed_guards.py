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


Make = Callable[[Callable[[PlacedFacts], bool]], Guard]


def _guard(kind: GuardKind, sentence: str) -> Make:
    def make(predicate: Any) -> Guard:
        return Guard(predicate.__name__, kind, sentence, predicate)

    return make


def forbidden(sentence: str) -> Make:
    """A guard about persons, roles or places (403, recorded)."""
    return _guard(GuardKind.FORBIDDEN, sentence)


def not_now(sentence: str) -> Make:
    """A guard about order, time or open things (409)."""
    return _guard(GuardKind.NOT_NOW, sentence)


# what people complain of


@forbidden(N_("You served at the counter in the matter the complaint is about: somebody else sees to it."))
def not_meant(f: PlacedFacts) -> bool:
    return f.actor_id is None or f.actor_id not in f.subject.people
