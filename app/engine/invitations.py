"""The invitation to rate: made when a matter ends, opened by its token alone, with nothing personal in it (八)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.dossier import FINISHED
from app.engine.turn import Turn
from app.models.application import Application
from app.models.catalogue import ItemVersion
from app.models.organisation import Centre
from app.models.rating import Rating

OPEN_FOR = timedelta(days=30)
"""So long may one rate; nobody who says nothing is taken to be content."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What whoever has the token may read: no name, no number of the application."""

    rating_id: int
    version: int
    state: str
    until: datetime | None
    reminded_by: str | None
    order: str | None
    item: str
    centre: str
    finished_on: date


def invite(turn: Turn) -> Rating | None:
    """Invite whoever applied to rate, once, as soon as the matter has ended; None before."""
    if turn.dossier.state not in FINISHED:
        return None
    if turn.dossier.rating is None:
        turn.dossier.rating = Rating(
            application_id=turn.application.id,
            token=turn.new_token(),
            state="invited",
            version=1,
            due_at=turn.now + OPEN_FOR,
            invited_at=turn.now,
            person_id=turn.actor.user_id,
            person_name=turn.actor.name,
            created_by=turn.by,
        )
        turn.session.add(turn.dossier.rating)
    return turn.dossier.rating


def opened_by(session: Session, token: str) -> Invitation | None:
    """What a token opens; None where nobody was given it."""
    wanted = (
        select(
            Rating.id, Rating.version, Rating.state, Rating.due_at, Rating.channel, Rating.number, Rating.invited_at,
            ItemVersion.snapshot, Centre.name,
        )
        .join(Application, Application.id == Rating.application_id)
        .join(ItemVersion, ItemVersion.id == Application.item_version_id)
        .join(Centre, Centre.id == Application.centre_id)
        .where(Rating.token == token)
    )  # fmt: skip
    with scope.unscoped(session):  # whoever has the token sees this much of it, and nobody sees any row without one
        found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    pk, version, state, until, channel, number, invited_at, item, centre = found
    return Invitation(pk, version, state, until, channel, number, item["name"], centre, invited_at.date())
