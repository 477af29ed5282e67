"""Who is away from which window, for whoever asks: the board, the queue, the sign at the window (第八条)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from app.engine.now import now
from app.law import N_
from app.law.workdays import Calendar
from app.models.organisation import Centre, Staff, Window
from app.models.substitution import SubstitutePeriod
from app.models.whereabouts import Whereabouts

DESTINATIONS = {
    "meeting": N_("In a meeting"),
    "field": N_("On field work"),
    "leave": N_("On leave"),
    "other": N_("Elsewhere"),
}
_AWAY, _PERIOD = Whereabouts.__table__.c, SubstitutePeriod.__table__.c
"""Read as tables: where somebody went is public, within nobody's reach."""


@dataclass(frozen=True, slots=True)
class Away:
    """One person who is away: from where, where to, until when, and who stands in."""

    staff_id: int
    window_id: int | None
    window: str
    name: str
    destination: str
    """A key of DESTINATIONS."""
    note: str
    left_at: datetime
    expected_back: datetime | None
    substitute: str
    phone: str
    """The window's, else the centre's; nobody's own."""


def in_office_hours(centre: Centre, at: datetime, days: Calendar) -> bool:
    """Whether the windows of this centre are open then: a working day, not before, not after, not at lunch."""
    hour = at.time()
    is_open = centre.opens_at <= hour < centre.closes_at and not centre.lunch_from <= hour < centre.lunch_to
    return is_open and days.is_workday(at.date())


def away_at(session: Session, centre_id: int) -> list[Away]:
    """Everybody who is away from this centre now, the window with the lowest code first."""
    substitute = aliased(Staff)
    today = now().date()
    rows = session.execute(
        select(
            _AWAY.staff_id, _AWAY.window_id, Window.name.label("window"), Staff.name, _AWAY.destination, _AWAY.note,
            _AWAY.left_at, _AWAY.expected_back, substitute.name.label("substitute"), Window.phone,
            Centre.phone.label("centre_phone"),
        )
        .select_from(Whereabouts.__table__)
        .join(Staff, Staff.id == _AWAY.staff_id)
        .join(Centre, Centre.id == _AWAY.centre_id)
        .outerjoin(Window, Window.id == _AWAY.window_id)
        .outerjoin(SubstitutePeriod.__table__, (_PERIOD.absent_id == _AWAY.staff_id) & _lasts(today))
        .outerjoin(substitute, substitute.id == _PERIOD.substitute_id)
        .where(_AWAY.centre_id == centre_id, _AWAY.state == "away")
        .order_by(Window.code, _AWAY.left_at, _AWAY.id)
    )  # fmt: skip
    return [
        Away(
            r.staff_id, r.window_id, r.window or "", r.name, r.destination, r.note, r.left_at, r.expected_back,
            r.substitute or "", r.phone or r.centre_phone,
        )
        for r in rows
    ]  # fmt: skip


def window_is_away(session: Session, window_id: int) -> bool:
    """Whether whoever sits at this window left it, and nobody stands in."""
    stood_in = exists().where(_PERIOD.absent_id == _AWAY.staff_id, _lasts(now().date()))
    gone = select(_AWAY.id).where(_AWAY.window_id == window_id, _AWAY.state == "away", ~stood_in)
    return session.scalar(gone.limit(1)) is not None


def _lasts(today: object) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (_PERIOD.state == "active") & (_PERIOD.since <= today) & (_PERIOD.until >= today)
    return found
