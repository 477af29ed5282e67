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


Decorator = Callable[[Callable[[Any], bool]], Guard]


def _guard(kind: GuardKind, sentence: str) -> Decorator:
    return lambda predicate: Guard(predicate.__name__, kind, sentence, predicate)


def forbidden(sentence: str) -> Decorator:
    """A guard about persons, roles or places (403, recorded)."""
    return _guard(GuardKind.FORBIDDEN, sentence)


def not_now(sentence: str) -> Decorator:
    """A guard about order, time or open things (409)."""
    return _guard(GuardKind.NOT_NOW, sentence)


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
