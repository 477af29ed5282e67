"""Acts on the small objects that hang on an application: an opinion is given, an escalation answered.

Each is a move of `objects.py` with its label, clause and guards. Whoever may make the move there may be granted the
act, and nobody else, whatever the role editor says.
"""

from dataclasses import dataclass

from app.law import N_
from app.law import delivery_guards as d
from app.law import guards as g
from app.law.guards import Guard
from app.law.lifecycle import TRANSITIONS, Transition
from app.law.objects import OBJECTS, Move
from app.law.roles import ActClass, Role, may_ever


@dataclass(frozen=True, slots=True)
class ObjectTransition:
    """One act on one kind of object; `name` is its permission, `move` its address."""

    name: str
    kind: str
    move: str
    label: str
    act_class: ActClass
    clause: str
    guards: tuple[Guard, ...]

    @property
    def subject_kind(self) -> str:
        """What it is an act on."""
        return self.kind

    @property
    def address(self) -> str:
        """What it is called where its subject is named already."""
        return self.move

    @property
    def birth(self) -> bool:
        """Acts of the application bring objects into being."""
        return False

    @property
    def moves(self) -> tuple[Move, ...]:
        """Its lines in the table of small life cycles."""
        return tuple(move for move in OBJECTS[self.kind] if move.act == self.move)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who starts with it, and who alone may ever hold it."""
        return tuple(dict.fromkeys(Role(role) for move in self.moves for role in move.roles))


def _row(
    name: str, kind: str, move: str, label: str, act_class: ActClass, clause: str, *guards: Guard
) -> ObjectTransition:
    separation = g.BACK if act_class is ActClass.BACK else ()
    return ObjectTransition(name, kind, move, label, act_class, clause, (g.not_party, *separation, *guards))


A = ActClass
# fmt: off
_ROWS = (
    _row("give_opinion", "opinion", "give", N_("Give opinion"), A.BACK, "五"),
    _row("answer_escalation", "escalation", "answer", N_("Answer escalation"), A.CARE, "第十四条", d.addressed_level),
    _row("return_escalation", "escalation", "back", N_("Send escalation back"), A.CARE, "第十四条", d.addressed_level),
    _row("raise_again", "escalation", "again", N_("Raise again"), A.CARE, "第十四条"),
    _row("pass_up", "escalation", "up", N_("Pass escalation up"), A.CARE, "第十四条", d.addressed_level),
    _row("close_escalation", "escalation", "close", N_("Close escalation"), A.CARE, "第十四条"),
)
# fmt: on

OBJECT_ACTS: dict[str, ObjectTransition] = {row.name: row for row in _ROWS}
"""Every act on a small object, by name."""

EVERY_ACT: dict[str, Transition | ObjectTransition] = {**TRANSITIONS, **OBJECT_ACTS}
"""Every act there is, by the name its permission has."""


def may_hold(role: Role, act: str) -> bool:
    """Whether the bounds leave the act open to the role, whatever the county grants; False for no act at all."""
    if act in OBJECT_ACTS:
        return role in OBJECT_ACTS[act].roles
    return act in TRANSITIONS and may_ever(role, act, TRANSITIONS[act].act_class)
