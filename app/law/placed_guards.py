"""The conditions of acts on objects that hang on no application: predicates over the object and whoever acts."""

from collections.abc import Callable, Mapping
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
    def window_area(self) -> str | None: ...
    @property
    def is_away(self) -> bool: ...
    @property
    def open_ticket(self) -> str: ...
    @property
    def now(self) -> datetime: ...


Question = Callable[[Any], object]
Made = Callable[[Callable[[Any], bool]], Guard]


def _guard(kind: GuardKind, sentence: str, names: Mapping[str, Question]) -> Made:
    return lambda predicate: Guard(predicate.__name__, kind, sentence, predicate, names)


def forbidden(sentence: str, **names: Question) -> Made:
    """A guard about persons, roles or places (403, recorded)."""
    return _guard(GuardKind.FORBIDDEN, sentence, names)


def not_now(sentence: str, **names: Question) -> Made:
    """A guard about order, time or open things (409)."""
    return _guard(GuardKind.NOT_NOW, sentence, names)


# of tickets: chapter 二


@not_now(N_("You are not posted at an active window today."))
def posted(f: PlacedFacts) -> bool:
    return f.window_area is not None


@forbidden(N_("This ticket waits for another area than that of your window."))
def of_own_area(f: PlacedFacts) -> bool:
    return f.window_area is None or f.subject.area == f.window_area


@forbidden(N_("This ticket is not at your window."))
def at_own_window(f: PlacedFacts) -> bool:
    return f.window_id is not None and f.subject.window_id == f.window_id


@not_now(N_("This ticket is of another day."))
def of_today(f: PlacedFacts) -> bool:
    return bool(f.subject.day == f.now.date())


@not_now(N_("Your window is marked as left: say first that you are back."))
def present(f: PlacedFacts) -> bool:
    return not f.is_away


@not_now(
    N_("Ticket %(number)s is open at your window: serve or finish it first."), number=lambda f: f.open_ticket
)
def free(f: PlacedFacts) -> bool:
    return not f.open_ticket


@not_now(N_("This ticket was put back once already; whoever misses it again takes a new one."))
def not_put_back_yet(f: PlacedFacts) -> bool:
    return not f.subject.was_put_back
