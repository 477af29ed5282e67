"""Entering an act that brings an application into being: the item and the original named, the clerk's own centre."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.engine import versions
from app.engine.actors import Actor, Grant
from app.engine.acts import Act
from app.engine.facts import BirthFacts, Dossier
from app.engine.settings import Settings
from app.errors import Complaint, Incomplete, NotAllowed, NotNow
from app.law import N_
from app.law.guards import GuardKind
from app.law.identity import clean
from app.law.workdays import Calendar
from app.models.application import Application, Decision
from app.models.catalogue import Item
from app.models.encrypted import blind_index

MAX_CODE = 20


def enter(
    session: Session, act: Act, actor: Actor, data: Mapping[str, Any], days: Calendar, settings: Settings
) -> tuple[Grant, Dossier]:
    """The role that may register this item at the actor's centre, and the application about to be."""
    grants = [g for g in actor.grants_of(act.transition.name) if g.centres]
    if not grants:
        raise NotAllowed(N_("Your role does not include «%(act)s»."), act=act.transition.label)
    code = data.get("item")
    item = (
        session.scalar(
            select(Item)
            .where(Item.code == code)
            .options(selectinload(Item.materials), selectinload(Item.department), selectinload(Item.office))
        )
        if isinstance(code, str) and len(code) <= MAX_CODE
        else None
    )
    if item is None:
        raise Incomplete([Complaint("item", N_("Choose an item of the catalogue."))])
    snapshot = versions.snapshot(item)
    original = _original(session, data)
    indexes = [blind_index("id_no", clean(v)) for v in _id_numbers(data)]
    refusal: NotAllowed | None = None
    for grant in grants:
        facts = BirthFacts(item, snapshot, actor, grant, original_effective=original is not False, id_indexes=indexes)
        failed = next((g for g in act.transition.guards if g.kind is GuardKind.FORBIDDEN and not g.holds(facts)), None)  # type: ignore[arg-type]
        if failed is not None:
            refusal = NotAllowed(failed.sentence)
            continue
        late = next((g for g in act.transition.guards if g.kind is GuardKind.NOT_NOW and not g.holds(facts)), None)  # type: ignore[arg-type]
        if late is not None:
            raise NotNow(late.sentence)
        application = Application(
            item=item, office=item.office, original_id=original.id if isinstance(original, Application) else None
        )
        return grant, Dossier(session, application, days, settings)
    raise refusal or NotAllowed()


def _id_numbers(data: Mapping[str, Any]) -> list[str]:
    agent = data.get("agent")
    found = [data.get("id_no"), agent.get("id_no") if isinstance(agent, Mapping) else None]
    return [value for value in found if isinstance(value, str)]


def _original(session: Session, data: Mapping[str, Any]) -> Application | Literal[False] | None:
    """The application whose effective decision this one changes; False where the one named is not in effect."""
    number = data.get("original_no")
    if data.get("relation") in (None, "new") or not isinstance(number, str):
        return None
    return (
        session.scalar(
            select(Application)
            .join(Decision, Decision.application_id == Application.id)
            .where((Application.short_no == number) | (Application.number == number), Decision.kind == "grant")
        )
        or False
    )
