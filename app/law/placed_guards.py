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


# staffing


@forbidden(N_("Only whoever left, or the window manager, says that they are back."))
def own_absence(f: PlacedFacts) -> bool:
    return f.role is Role.WINDOW_MANAGER or bool(f.subject.staff.user_id == f.actor_id)


# what leaves the house


@forbidden(N_("Whoever asked for the export may not decide on it: somebody else does, whatever roles you hold."))
def not_export_requester(f: PlacedFacts) -> bool:
    return bool(f.actor_id != f.subject.requester_id)


@forbidden(N_("Only whoever asked for the export may take it out."))
def export_requester(f: PlacedFacts) -> bool:
    return bool(f.actor_id == f.subject.requester_id)


@forbidden(N_("Nothing leaves the house without an approved request."))
def export_approved(f: PlacedFacts) -> bool:
    return f.subject.state not in {"requested", "refused"}


@forbidden(N_("An approval is good for one use within seven days; ask anew."))
def export_usable(f: PlacedFacts) -> bool:
    return f.subject.state == "approved" and f.subject.due_at is not None and f.now <= f.subject.due_at


@not_now(N_("The seven days of this approval are not over."))
def export_over(f: PlacedFacts) -> bool:
    return f.subject.due_at is not None and f.now > f.subject.due_at


# who is held to account


@forbidden(N_("This record is about you: somebody else carries it on."))
def not_respondent(f: PlacedFacts) -> bool:
    return bool(f.actor_id != f.subject.respondent_id)


@forbidden(N_("Whoever opened the record may not decide it."))
def not_accountability_opener(f: PlacedFacts) -> bool:
    return bool(f.actor_id != f.subject.opened_by_id)


# of a consultation (一): its tier only goes up, one at a time, and the office's levels answer in their order


@not_now(N_("A question goes up one tier at a time: this one is no longer with the guide."))
def with_the_guide(f: PlacedFacts) -> bool:
    return bool(f.subject.tier == 1)


@not_now(N_("A question goes up one tier at a time: the window manager is called when the window was asked."))
def with_the_window(f: PlacedFacts) -> bool:
    return bool(f.subject.tier == 2)  # noqa: PLR2004  (标准化答疑)


@not_now(N_("A question goes up one tier at a time: the office is asked when the window manager was."))
def with_the_manager(f: PlacedFacts) -> bool:
    return bool(f.subject.tier == 3)  # noqa: PLR2004  (后援式答疑)


@forbidden(N_("The question lies with another level: no level of the office is skipped."))
def lies_with_own_level(f: PlacedFacts) -> bool:
    return bool(f.subject.level == f.role.value)


# what people complain of


@forbidden(N_("You served at the counter in the matter the complaint is about: somebody else sees to it."))
def not_meant(f: PlacedFacts) -> bool:
    return f.actor_id is None or f.actor_id not in f.subject.people


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


@not_now(N_("This ticket is of today: whoever serves at the window ends it."))
def of_an_earlier_day(f: PlacedFacts) -> bool:
    return bool(f.subject.day < f.now.date())


@not_now(N_("This ticket is of another day."))
def of_today(f: PlacedFacts) -> bool:
    return bool(f.subject.day == f.now.date())


@not_now(N_("Your window is marked as left: say first that you are back."))
def present(f: PlacedFacts) -> bool:
    return not f.is_away


@not_now(N_("Ticket %(number)s is open at your window: serve or finish it first."), number=lambda f: f.open_ticket)
def free(f: PlacedFacts) -> bool:
    return not f.open_ticket


@not_now(N_("This ticket was put back once already; whoever misses it again takes a new one."))
def not_put_back_yet(f: PlacedFacts) -> bool:
    return not f.subject.was_put_back
