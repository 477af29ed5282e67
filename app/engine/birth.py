"""Entering an act that brings an application into being: the item and the original named, the clerk's own centre."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.engine import versions
from app.engine.actors import Actor, Grant
from app.engine.acts import Act
from app.engine.admission import first_failed, grant_for
from app.engine.dossier import Dossier
from app.engine.inputs import read
from app.engine.item_facts import BirthFacts
from app.engine.settings import Settings
from app.errors import Complaint, Incomplete, NotAllowed, NotNow
from app.law import N_
from app.law.guards import GuardKind, fronted_if_town
from app.law.identity import clean
from app.law.workdays import Calendar
from app.models.application import Application, Decision
from app.models.catalogue import Item
from app.models.encrypted import blind_index
from app.models.organisation import Centre, Window

MAX_CODE = 20


def enter(
    session: Session, act: Act, actor: Actor, data: Mapping[str, Any], days: Calendar, settings: Settings
) -> tuple[Grant, Dossier]:
    """The role that may register this item at the actor's centre, and the application about to be."""
    if not any(grant.centres for grant in actor.grants_of(act.transition.name)):
        raise NotAllowed(N_("Your role does not include «%(act)s»."), act=act.transition.label)
    item = _item(session, data)
    if item is None:
        raise Incomplete([Complaint("item", N_("Choose an item of the catalogue.")), *_other_complaints(act, data)])
    original = _original(session, data)
    indexes = [blind_index("id_no", clean(v)) for v in _id_numbers(data)]
    grant = _grant(act, actor, item, original_effective=original is not False, id_indexes=indexes)
    earlier = original.id if isinstance(original, Application) else None
    return grant, Dossier(session, Application(item=item, office=item.office, original_id=earlier), days, settings)


def why_not(session: Session, act: Act, actor: Actor, code: str) -> NotAllowed | NotNow | None:
    """Why this item would be refused to this person, whoever the applicant; None where it would not be."""
    item = _item(session, {"item": code})
    if item is None:
        return None
    window = session.get(Window, actor.window_id) if actor.window_id is not None else None
    if window is not None and not is_taken_at(window.centre, item):
        return NotAllowed(fronted_if_town.sentence)
    try:
        _grant(act, actor, item, original_effective=True, id_indexes=())
    except (NotAllowed, NotNow) as refusal:
        return refusal
    return None


def is_taken_at(centre: Centre, item: Item) -> bool:
    """Whether a centre takes this item, whoever sits at its window."""
    return item.is_fronted or not centre.is_town


def _grant(act: Act, actor: Actor, item: Item, *, original_effective: bool, id_indexes: Collection[str]) -> Grant:
    """The role in which the item may be registered now; raises NotAllowed or NotNow."""
    snapshot = versions.snapshot(item)

    def facts(grant: Grant) -> BirthFacts:
        return BirthFacts(item, snapshot, actor, grant, original_effective=original_effective, id_indexes=id_indexes)

    grant = grant_for(act, actor, lambda g: bool(g.centres), facts)
    if (failed := first_failed(act, facts(grant), GuardKind.NOT_NOW)) is not None:
        raise NotNow(failed.sentence)
    return grant


def _item(session: Session, data: Mapping[str, Any]) -> Item | None:
    """The item named, with what is filed of it."""
    code = data.get("item")
    if not isinstance(code, str) or len(code) > MAX_CODE:
        return None
    found: Item | None = session.scalar(_ITEM, {"code": code})
    return found


_ITEM = (
    select(Item)
    .where(Item.code == bindparam("code"))
    .options(
        joinedload(Item.department),
        joinedload(Item.office),
        selectinload(Item.materials),
        selectinload(Item.extra_fields),
        selectinload(Item.fees),
    )
)


def _other_complaints(act: Act, data: Mapping[str, Any]) -> list[Complaint]:
    """What else is wrong with the input: a clerk hears everything at once."""
    try:
        read(act.schema(), data)
    except Incomplete as refusal:
        return [complaint for complaint in refusal.complaints if complaint.field != "item"]
    return []


def _id_numbers(data: Mapping[str, Any]) -> list[str]:
    agent = data.get("agent")
    found = [data.get("id_no"), agent.get("id_no") if isinstance(agent, Mapping) else None]
    return [value for value in found if isinstance(value, str)]


def _original(session: Session, data: Mapping[str, Any]) -> Application | Literal[False] | None:
    """The application whose effective decision this one changes; False where the one named is not in effect."""
    number = data.get("original_no")
    if data.get("relation") in (None, "new") or not isinstance(number, str):
        return None
    return in_effect(session, number) or False


def in_effect(session: Session, number: str) -> Application | None:
    """The application of this number, if what it asked for was granted."""
    found: Application | None = session.scalar(
        select(Application)
        .join(Decision, Decision.application_id == Application.id)
        .where((Application.short_no == number) | (Application.number == number), Decision.kind == "grant")
    )
    return found
