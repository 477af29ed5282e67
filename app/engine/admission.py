"""Who may do an act here: one and the same role grants it and reaches the application, and no guard forbids it."""

from collections.abc import Callable

from app.engine.actors import Actor, Grant
from app.engine.acts import Act
from app.engine.facts import Facts
from app.engine.item_facts import BirthFacts
from app.errors import NotAllowed
from app.law import N_
from app.law.guards import Guard, GuardKind

FactsOf = Callable[[Grant], Facts | BirthFacts]


def first_failed(act: Act, facts: Facts | BirthFacts, kind: GuardKind) -> Guard | None:
    """The first guard of this kind that does not hold."""
    return next((g for g in act.transition.guards if g.kind is kind and not g.holds(facts)), None)  # type: ignore[arg-type]


def grant_for(act: Act, actor: Actor, reaches: Callable[[Grant], bool], facts_of: FactsOf) -> Grant:
    """The first role that grants the act, reaches the application and meets no forbidding guard; else NotAllowed."""
    sentence = N_("Your role does not include «%(act)s».")
    for grant in actor.grants_of(act.transition.name):
        if not reaches(grant):
            continue
        failed = first_failed(act, facts_of(grant), GuardKind.FORBIDDEN)
        if failed is None:
            return grant
        sentence = failed.sentence
    raise NotAllowed(sentence, act=act.transition.label)
