"""Why somebody sees an application, or may do an act on it, or not: asked of the same rules that the engine asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.engine import dossiers, offers, scope
from app.engine.actors import Actor, Grant
from app.engine.acts import Act, as_set
from app.engine.dossier import Dossier
from app.engine.facts import Facts
from app.errors import NotFound
from app.law import N_
from app.law.bounds_words import why_never
from app.law.guards import GuardKind
from app.law.roles import Reach
from app.models.application import Application
from app.models.organisation import Centre, Office


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that opens the way or closes it."""

    holds: bool
    sentence: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_private: bool = False
    """Whether it tells something about the applicant."""


@dataclass(frozen=True, slots=True)
class InRole:
    """What one role of the person has to say."""

    role: str
    reasons: list[Reason]

    @property
    def holds(self) -> bool:
        """Whether nothing in this role closes the way."""
        return all(each.holds for each in self.reasons)


@dataclass(frozen=True, slots=True)
class Subject:
    """What may be told of an application to whoever keeps the rules: no person, no content."""

    number: str
    item: str
    state: str
    centre: str
    office: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody sees an application or may do an act, role by role; `subject` None asks in general."""

    subject: Subject | None
    sees: bool
    may: bool
    seeing: list[InRole]
    doing: list[InRole]
    lawful: list[str]
    """The labels of everything this person may do on the application now."""


def explain(session: Session, actor: Actor, number: str, act: Act | None, now: datetime) -> Answer:
    """Why this person sees the application of that number, and may do the act on it now.

    Without a number it is told where the person may do the act at all. Raises NotFound where no application has the
    number. What is read for the answer is not limited by the reach of whoever asks, who is told none of it.
    """
    with scope.unscoped(session):
        names = _places(session)
        if not number:
            doing = [InRole(g.role, list(_granted(act, g, names))) for g in actor.grants] if act else []
            return Answer(None, False, any(each.holds for each in doing), [], doing, [])
        dossier = _find(session, number)
        a, act = dossier.application, as_set(act, dossier.settings) if act else None
        lawful = offers.lawful(dossier, actor, now)
        seeing = [InRole(g.role, [_reaching(g, a, names)]) for g in actor.grants]
        doing = [InRole(g.role, list(_doing(act, g, dossier, actor, now, names))) for g in actor.grants] if act else []
        return Answer(
            Subject(a.short_no, dossier.item["name"], a.state, a.centre.name, a.office.name),
            actor.sees(a.centre_id, a.office_id),
            act is not None and any(each.name == act.transition.name for each in lawful),
            seeing,
            doing,
            [each.label for each in lawful],
        )


def _find(session: Session, number: str) -> Dossier:
    query = select(Application.id).where(or_(Application.short_no == number, Application.number == number))
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("No application has this number."))
    return dossiers.find(session, found)


def _places(session: Session) -> dict[str, str]:
    """The names of the units."""
    centres = session.execute(select(Centre.id, Centre.name))
    offices = session.execute(select(Office.id, Office.name))
    return {f"centre:{pk}": name for pk, name in centres} | {f"office:{pk}": name for pk, name in offices}


_BY_REACH = {
    Reach.COUNTY: N_("This role sees the applications of the whole county."),
    Reach.NONE: N_("This role sees no applications."),
    Reach.DEPARTMENT: N_("This role sees the ledgers of its department, and no applications."),
}
_NO_POST = N_("The person has no post today at which this role would see anything.")


def _reaching(grant: Grant, a: Application, names: Mapping[str, str]) -> Reason:
    """Whether the role reaches the application, and by which post."""
    holds = grant.reaches(a.centre_id, a.office_id)
    if grant.reach in _BY_REACH:
        return Reason(holds, _BY_REACH[grant.reach])
    at_centre = grant.reach is Reach.CENTRE
    unit = a.centre.name if at_centre else a.office.name
    if holds and at_centre:
        return Reason(holds, N_("By the post at «%(unit)s»: the application was taken there."), {"unit": unit})
    if holds:
        return Reason(holds, N_("By the post in «%(unit)s»: the item is decided there."), {"unit": unit})
    own = _own(grant, names)
    if own and at_centre:
        sentence = N_("This role sees what was taken at %(units)s; this application was taken at «%(unit)s».")
    else:
        sentence = N_("This role sees what is decided in %(units)s; this application is decided in «%(unit)s».")
    return Reason(holds, sentence, {"units": own, "unit": unit}) if own else Reason(holds, _NO_POST)


def _own(grant: Grant, names: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the places at which the role is held."""
    return tuple(names[unit] for unit in sorted(grant.units) if unit in names)


def _granted(act: Act | None, grant: Grant, names: Mapping[str, str]) -> Iterator[Reason]:
    """Whether the role carries the act: the bounds, then what the county granted; and where."""
    if act is None:
        return
    row = act.transition
    if never := why_never(grant.role, row.name):
        yield Reason(False, never)
        return
    if row.name not in grant.acts:
        yield Reason(False, N_("The county has not granted «%(act)s» to this role; it may."), {"act": row.label})
        return
    yield Reason(True, N_("«%(act)s» is granted to this role."), {"act": row.label})
    if own := _own(grant, names):
        yield Reason(True, N_("By the posts: %(units)s."), {"units": own})
    elif grant.reach is not Reach.COUNTY:
        yield Reason(False, _NO_POST)


def _doing(
    act: Act | None, grant: Grant, dossier: Dossier, actor: Actor, now: datetime, names: Mapping[str, str]
) -> Iterator[Reason]:
    """Everything that is asked before the act, in the order of the engine: role, reach, persons, state, order."""
    if act is None:
        return
    row, a = act.transition, dossier.application
    granted = list(_granted(act, grant, {}))[:1]
    yield from granted
    if not granted[0].holds:
        return
    reaching = _reaching(grant, a, names)
    yield reaching
    if not reaching.holds:
        return
    facts = Facts(dossier, actor, grant, now)
    yield from _guarding(act, facts, GuardKind.FORBIDDEN, N_("No condition about persons or places forbids it."))
    if row.birth:
        yield Reason(False, N_("This is registered already; the act brings a new one into being."))
        return
    if dossier.state not in row.sources:
        yield Reason(False, N_("This application is %(state)s now; «%(act)s» cannot be done in this state."),
                     {"state": dossier.state, "act": row.label})  # fmt: skip
        return
    yield Reason(True, N_("It can be done in the present state: %(state)s."), {"state": dossier.state})
    yield from _guarding(act, facts, GuardKind.NOT_NOW, N_("Nothing else has to come first."))


def _guarding(act: Act, facts: Facts, kind: GuardKind, well: str) -> Iterator[Reason]:
    """The guards of this kind that fail, each with its own sentence; `well` where none does."""
    failed = [guard for guard in act.transition.guards if guard.kind is kind and not guard.holds(facts)]
    yield from (
        Reason(False, each.sentence, each.named(facts), is_private=each.kind is GuardKind.FORBIDDEN) for each in failed
    )
    if not failed:
        yield Reason(True, well)
