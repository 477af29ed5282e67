"""The register of acts that have a body; an act without one is neither offered, granted nor listed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.engine.inputs import Input
from app.engine.settings import Settings
from app.law.lifecycle import REFUSE_UNFILED, TRANSITIONS, Transition

if TYPE_CHECKING:
    from app.engine.turn import Turn

Data = Mapping[str, Any]
Body = Callable[["Turn", Data], None]


@dataclass(frozen=True, slots=True)
class Act:
    """A transition with the schema of its input and its body."""

    transition: Transition
    schema: type[Input]
    body: Body


ACTS: dict[str, Act] = {}


def act(name: str, schema: type[Input]) -> Callable[[Body], Body]:
    """Give the transition `name` its body; KeyError where the life cycle has no such row."""

    def register(body: Body) -> Body:
        ACTS[name] = Act(TRANSITIONS[name], schema, body)
        return body

    return register


def as_set(act: Act, settings: Settings) -> Act:
    """The act as the county keeps it: a refusal goes to the leader first, unless the county set otherwise."""
    if act.transition.name == "refuse" and not settings.get("refusal_needs_filing", True):
        return replace(act, transition=REFUSE_UNFILED)
    return act


def in_order() -> list[Act]:
    """The acts with a body, in the order of the life cycle."""
    return [ACTS[name] for name in TRANSITIONS if name in ACTS]
