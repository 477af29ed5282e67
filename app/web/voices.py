"""Who hears what people say of the service: in one and the same role that sees to it and reaches the matter (八).

To everybody else who reaches the matter a rating that was given is a rating that was given: neither its grade nor
anything that followed from it, for only a bad one has a work order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.extensions import db
from app.law.roles import HEARS_VOICES, Reach
from app.models.application import Application
from app.models.rating import Rating
from app.web.actor import current_actor

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.engine.actors import Grant

GIVEN = "rated"
NOTHING_FOLLOWED = frozenset({"invited", GIVEN, "unrated"})


def heard() -> Any:
    """The ids of the ratings whose words whoever asks may hear."""
    actor = current_actor()
    if any(grant.reach is Reach.COUNTY for grant in _hearing()):
        return select(Rating.id)
    led, headed = actor.centres_as(*HEARS_VOICES), actor.offices_as(*HEARS_VOICES)
    reached = or_(Application.centre_id.in_(led), Application.office_id.in_(headed))
    return select(Rating.id).where(Rating.application_id.in_(select(Application.id).where(reached)))


def heard_of(ids: Collection[int]) -> frozenset[int]:
    """Which of these ratings they may hear."""
    if not ids or not _hearing():
        return frozenset()
    return frozenset(db.session.scalars(heard().where(Rating.id.in_(ids))))


def hears(rating: Rating) -> bool:
    """Whether they may hear this one; nothing is asked while nothing was said."""
    return rating.state != "invited" and bool(heard_of([rating.id]))


def seen_state(state: str, *, is_heard: bool) -> str:
    """How far it has come, as far as whoever asks may know."""
    return state if is_heard or state in NOTHING_FOLLOWED else GIVEN


def _hearing() -> list[Grant]:
    return [grant for grant in current_actor().grants if grant.role in HEARS_VOICES]

