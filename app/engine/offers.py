"""What is lawful now: the acts a person may do on an application, by the same guards that the engine asks."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.actors import Actor, Grant
from app.engine.acts import Act, in_order
from app.engine.admission import first_failed, grant_for
from app.engine.dossier import Dossier
from app.engine.facts import Facts
from app.errors import NotAllowed
from app.law.guards import GuardKind
from app.law.roles import Role


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that would not be refused now, and the role it would be done in."""

    act: Act
    role: Role

    @property
    def name(self) -> str:
        """The act's name, as page and API know it."""
        return self.act.transition.name

    @property
    def label(self) -> str:
        """The act's label in the source language."""
        return self.act.transition.label

    @property
    def clause(self) -> str:
        """Where the regulation says so."""
        return self.act.transition.clause


def lawful(dossier: Dossier, actor: Actor, now: datetime) -> list[Offer]:
    """The acts with a body that this person may do on the application now, in the order of the life cycle."""
    possible = (act for act in in_order() if not act.transition.birth and dossier.state in act.transition.sources)
    granted = ((act, _grant(act, dossier, actor, now)) for act in possible)
    return [
        Offer(act, grant.role)
        for act, grant in granted
        if grant is not None and first_failed(act, Facts(dossier, actor, grant, now), GuardKind.NOT_NOW) is None
    ]


def _grant(act: Act, dossier: Dossier, actor: Actor, now: datetime) -> Grant | None:
    a = dossier.application
    try:
        return grant_for(
            act, actor, lambda g: g.reaches(a.centre_id, a.office_id), lambda g: Facts(dossier, actor, g, now)
        )
    except NotAllowed:
        return None
