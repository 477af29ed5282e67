"""What a change of roles, grants or posts does to the work: who sees less or more, what nobody can do any more."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.orm import Session

from app.engine import scope, transaction
from app.engine.actors import SYSTEM, Actor, everybody
from app.law import N_
from app.law.guards import CERTIFICATE_CENTRE
from app.law.object_acts import EVERY_ACT
from app.law.roles import NARROWER, Reach
from app.law.states import TERMINAL
from app.models.application import Application
from app.models.organisation import Centre, Office

MOST_COUNTED, MOST_NAMED = 10_000, 5
EVERYWHERE = ""
"""The unit of whoever acts all over the county."""

Everybody = Mapping[int, Actor]
Sight = tuple[bool, frozenset[int], frozenset[int]]
"""Whether somebody sees the whole county; else the centres and the offices whose applications they see."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that a change would do, as a sentence; `grave` where work or sight is lost."""

    sentence: str
    params: Mapping[str, Any] = field(default_factory=dict)
    grave: bool = False


class _UndoneError(Exception):
    """A rehearsal is over."""


def rehearse(session: Session, change: Callable[[], object], day: date) -> list[Consequence]:
    """What `change` would do to the work on that day; it is made, looked at and undone."""
    found: list[Consequence] = []

    def work() -> None:
        before = everybody(session, day)
        change()
        session.flush()
        found[:] = consequences(session, before, everybody(session, day))
        raise _UndoneError

    with suppress(_UndoneError):
        transaction.run(session, work)
    return found


def consequences(session: Session, before: Everybody, after: Everybody) -> list[Consequence]:
    """What differs for the work between two moments of who holds which roles, grants and posts; the gravest first."""
    return [*_uncovered(session, before, after), *_seen(session, before, after), *_done(before, after)]


def _uncovered(session: Session, before: Everybody, after: Everybody) -> Iterator[Consequence]:
    """The acts that nobody can do any more, unit by unit."""
    was, will = _coverage(before), _coverage(after)
    lost: dict[str, list[str]] = {}
    for name, label in _acts():
        still = will.get(name, set())
        if EVERYWHERE in still:
            continue
        for unit in sorted(was.get(name, set()) - still) if still else [EVERYWHERE] * (name in was):
            lost.setdefault(unit, []).append(label)
    names = _unit_names(session) if lost else {}
    for unit, acts in lost.items():
        if unit == EVERYWHERE:
            yield Consequence(N_("Nobody in the county can do %(acts)s any more."), {"acts": tuple(acts)}, grave=True)
        elif unit == CERTIFICATE_CENTRE:
            yield Consequence(
                N_("Nobody at the certificate centre can do %(acts)s any more."), {"acts": tuple(acts)}, grave=True
            )
        else:
            yield Consequence(
                N_("Nobody in «%(unit)s» can do %(acts)s any more."),
                {"unit": names.get(unit, unit), "acts": tuple(acts)}, grave=True,
            )  # fmt: skip


def _acts() -> Iterator[tuple[str, str]]:
    """The acts there are, with their labels, in the order of the stages."""
    return ((name, row.label) for name, row in EVERY_ACT.items())


def _coverage(people: Everybody) -> dict[str, set[str]]:
    """Act -> the units where somebody may do it; a role that is bound to a part of a class stands in for nobody."""
    found: dict[str, set[str]] = {}
    for grant in (grant for actor in people.values() for grant in actor.grants):
        units = grant.units or ({EVERYWHERE} if grant.reach is Reach.COUNTY else ())
        for act in grant.acts:
            if (grant.role, EVERY_ACT[act].act_class) not in NARROWER:
                found.setdefault(act, set()).update(units)
    return {act: units for act, units in found.items() if units}


def _unit_names(session: Session) -> dict[str, str]:
    centres = session.execute(select(Centre.id, Centre.name))
    offices = session.execute(select(Office.id, Office.name))
    return {f"centre:{pk}": name for pk, name in centres} | {f"office:{pk}": name for pk, name in offices}


def _seen(session: Session, before: Everybody, after: Everybody) -> Iterator[Consequence]:
    """Whose sight changes, and by how many applications."""
    groups: dict[tuple[Sight, Sight], list[str]] = {}
    for user_id in sorted(before.keys() | after.keys()):
        old, new = before.get(user_id), after.get(user_id)
        was, will = _sight(old), _sight(new)
        if was != will:
            groups.setdefault((was, will), []).append((new or old or SYSTEM).name)
    less = [(and_(_within(was), not_(_within(will))), names) for (was, will), names in groups.items()]
    more = [(and_(_within(will), not_(_within(was))), names) for (was, will), names in groups.items()]
    for sentence, found, grave in (
        (
            N_("Hides %(number)s applications, %(open)s of them under way, from %(people)s people: %(names)s."),
            less,
            True,
        ),
        (
            N_("Shows %(number)s applications, %(open)s of them under way, to %(people)s people: %(names)s."),
            more,
            False,
        ),
    ):
        if params := _counted(session, found):
            yield Consequence(sentence, params, grave)


def _sight(actor: Actor | None) -> Sight:
    if actor is None:
        return False, frozenset(), frozenset()
    return actor.sees_county, actor.centres, actor.offices


def _within(sight: Sight) -> ColumnElement[bool]:
    """The applications within somebody's reach, as the guard of the session says it."""
    sees_county, centres, offices = sight
    if sees_county:
        return true()
    return or_(Application.centre_id.in_(sorted(centres)), Application.office_id.in_(sorted(offices)))


def _counted(session: Session, found: Iterable[tuple[ColumnElement[bool], list[str]]]) -> dict[str, Any]:
    """How many applications, and whose; empty where there are none."""
    with scope.unscoped(session):
        touched = [(criterion, names) for criterion, names in found if _count(session, criterion)]
        if not touched:
            return {}
        any_of_them = or_(*(criterion for criterion, _names in touched))
        number = _count(session, any_of_them)
        under_way = _count(session, and_(any_of_them, Application.state.not_in(sorted(TERMINAL))))
    people = [name for _criterion, names in touched for name in names]
    return {"number": _capped(number), "open": _capped(under_way), **_named(people)}


def _count(session: Session, criterion: ColumnElement[bool]) -> int:
    first = select(Application.id).where(criterion).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(first)) or 0


def _capped(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def _named(names: list[str]) -> dict[str, Any]:
    shown = tuple(names[:MOST_NAMED]) + (("…",) if len(names) > MOST_NAMED else ())
    return {"people": len(names), "names": shown}


def _done(before: Everybody, after: Everybody) -> Iterator[Consequence]:
    """Who may do what, and could not; and the other way round."""
    gains: dict[tuple[int, ...], list[str]] = {}
    losses: dict[tuple[int, ...], list[str]] = {}
    for name, label in _acts():
        was = {pk for pk, actor in before.items() if actor.grants_of(name)}
        will = {pk for pk, actor in after.items() if actor.grants_of(name)}
        for people, kept in ((will - was, gains), (was - will, losses)):
            if people:
                kept.setdefault(tuple(sorted(people)), []).append(label)
    for sentence, found, by_id, grave in (
        (N_("%(people)s people can no longer do %(acts)s: %(names)s."), losses, before, True),
        (N_("Lets %(people)s people do %(acts)s: %(names)s."), gains, after, False),
    ):
        for people_ids, acts in found.items():
            names = [by_id[pk].name for pk in people_ids]
            yield Consequence(sentence, {"acts": tuple(acts), **_named(names)}, grave)
