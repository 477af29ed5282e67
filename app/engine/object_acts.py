"""The register of acts on small objects that have a body; one without is neither offered, granted nor listed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.engine.actors import Actor
from app.engine.acts import Data
from app.engine.inputs import Input
from app.law.object_acts import OBJECT_ACTS, ObjectTransition
from app.models.base import Placed
from app.models.escalation import Escalation
from app.models.examination import Opinion

SUBJECTS: dict[str, type[Any]] = {"opinion": Opinion, "escalation": Escalation}
"""What kind of row an object is; each has a state and a version, and hangs on an application or is `Placed`."""

Body = Callable[[Any, Any, Data], Any]
"""Takes the turn or step, the object, and the input. A birth gets None for the object and answers the new row."""
Ahead = Callable[[Session, Actor, int], AbstractContextManager[Any]]
"""Does what takes long and changes nothing before the act takes its locks, so that nobody waits for it meanwhile.

Takes the session, who acts, and the id of a placed object; what it gives the body finds in `step.ahead`. It decides
nothing: the act looks at everything again.
"""


@dataclass(frozen=True, slots=True)
class ObjectAct:
    """A move of a small object with the schema of its input and its body."""

    transition: ObjectTransition
    schema: type[Input]
    body: Body
    ahead: Ahead | None = None

    @property
    def is_placed(self) -> bool:
        """Whether its object hangs on no application."""
        return issubclass(SUBJECTS[self.transition.kind], Placed)


BODIES: dict[str, ObjectAct] = {}


def subject(kind: str, model: type[Any]) -> None:
    """Say which rows are the objects of a kind."""
    SUBJECTS[kind] = model


def object_act(name: str, schema: type[Input], ahead: Ahead | None = None) -> Callable[[Body], Body]:
    """Give the act `name` its body; KeyError where no such act is."""

    def register(body: Body) -> Body:
        BODIES[name] = ObjectAct(OBJECT_ACTS[name], schema, body, ahead)
        return body

    return register


def of_kind(kind: str) -> list[ObjectAct]:
    """The acts with a body on objects of one kind, in the order of the table."""
    return [BODIES[name] for name, row in OBJECT_ACTS.items() if row.kind == kind and name in BODIES]


def at_address(kind: str, move: str) -> ObjectAct | None:
    """The act that a move of this kind of object is."""
    return next((act for act in of_kind(kind) if act.transition.move == move), None)
