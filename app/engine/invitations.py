"""What people without login may open: an invitation to rate by its token, a complaint by number and code (八).

An invitation is made when a matter ends. Neither shows anything personal.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.dossier import FINISHED, Dossier
from app.engine.turn import Turn
from app.law.states import State
from app.models.application import Application
from app.models.catalogue import ItemVersion
from app.models.encrypted import blind_index
from app.models.organisation import Centre
from app.models.rating import Complaint, Rating

CODE_DIGITS = 8
OPEN_FOR = timedelta(days=30)
"""So long may one rate; nobody who says nothing is taken to be content."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What whoever has the token may read: no name, no number of the application."""

    rating_id: int
    version: int
    state: str
    until: datetime | None
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
            unit=_where_it_ended(turn.dossier),
            person_id=turn.actor.user_id,
            person_name=turn.actor.name,
            created_by=turn.by,
        )
        turn.session.add(turn.dossier.rating)
    return turn.dossier.rating


def _where_it_ended(dossier: Dossier) -> str:
    """The desk that handed the result out; of what was withdrawn, the counter that took it."""
    if dossier.state is State.WITHDRAWN:
        return f"centre:{dossier.application.centre_id}"
    return dossier.issuing_desk


def opened_by(session: Session, token: str) -> Invitation | None:
    """What a token opens; None where nobody was given it."""
    wanted = (
        select(
            Rating.id, Rating.version, Rating.state, Rating.due_at, Rating.number, Rating.invited_at,
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
    pk, version, state, until, number, invited_at, item, centre = found
    return Invitation(pk, version, state, until, number, item["name"], centre, invited_at.date())


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a complaint stands, for whoever complained."""

    number: str
    state: str
    opened_on: date
    reply_by: date
    outcome: str | None


def query_code(number: str) -> str:
    """The code that goes with a complaint's number; made of the number by a key of the house, and kept nowhere."""
    return f"{int(blind_index('complaint.code', number), 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def followed_by(session: Session, number: str, code: str) -> Followed | None:
    """The complaint with this number, if the code is its own; a wrong code is like a wrong number."""
    columns = (Complaint.number, Complaint.state, Complaint.opened_at, Complaint.reply_due_at, Complaint.outcome)
    with scope.unscoped(session):  # number and code together are what whoever complained was given
        found = session.execute(select(*columns).where(Complaint.number == number)).one_or_none()
    if not hmac.compare_digest(query_code(number).encode(), code.encode()) or found is None:
        return None
    return Followed(found.number, found.state, found.opened_at.date(), found.reply_due_at.date(), found.outcome)
