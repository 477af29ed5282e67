"""Who hears what people say of the service: in one and the same role that sees to it and reaches the matter (八).

To everybody else who reaches the matter a rating that was given is a rating that was given: neither its grade nor
anything that followed from it, for only a bad one has a work order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import false, or_, select, true

from app.extensions import db
from app.law.roles import HEARS_VOICES, Reach
from app.models.application import Application
from app.models.rating import Rating
from app.web.actor import current_actor

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from app.engine.actors import Grant

GIVEN = "rated"
NOTHING_FOLLOWED = frozenset({"invited", GIVEN, "unrated"})


def heard() -> Any:
    """The ids of the ratings whose words whoever asks may hear."""
    there = select(Application.id).where(or_(false(), *map(_reached, _hearing())))
    return select(Rating.id).where(Rating.application_id.in_(there))


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


def _reached(grant: Grant) -> ColumnElement[bool]:
    match grant.reach:
        case Reach.COUNTY:
            return true()
        case Reach.CENTRE:
            return Application.centre_id.in_(sorted(grant.centres))
        case _:
            return Application.office_id.in_(sorted(grant.offices))
