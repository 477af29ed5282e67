"""After-the-fact entry cannot be refused where it looks like work; its traces are looked for (第十一条).

Each look is one query over the days asked for, within the reach of whoever asks, and names the person and the figure
that struck. What it finds is no verdict: a record of accountability may be opened from it, and the person is heard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.law import N_
from app.law.clock import ZONE
from app.models.accounts import User
from app.models.application import Application, Decision
from app.models.counter import Ticket
from app.models.organisation import Staff
from app.models.security import LoginSession
from app.models.trail import Event
from app.supervision.spans import Days, real, seconds

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.engine.settings import Settings
    from app.law.workdays import Calendar

MOST = 200
"""Findings of a kind on a page; who finds more narrows the days."""
MINUTE, HALF = 60, 2

DEFAULTS = {
    "detector_decision_seconds": 60,
    "detector_week_end_hour": 16,
    "detector_week_end_receipts": 10,
    "detector_walk_in_minutes": 30,
    "detector_same_place_seconds": 120,
}
"""The thresholds where the county set none; the same stand in seed/settings.json with their bounds."""


@dataclass(frozen=True)
class Finding:
    """What struck: the application, the person, and the figure in words."""

    application_id: int
    number: str
    person_id: int | None
    person: str
    words: str


@dataclass(frozen=True)
class Ground:
    """What every look asks by."""

    session: Session
    days: Days
    settings: Settings
    calendar: Calendar

    def threshold(self, key: str) -> int:
        """The county's figure."""
        return int(self.settings.get(key, DEFAULTS[key]))


def rushed(on: Ground) -> list[Finding]:
    """Decided so soon after acceptance that nothing can have been examined."""
    gap = seconds(on.session, Application.accepted_at, Application.decided_at)
    query = (
        select(Application.id, Application.short_no, Staff.user_id, Staff.name, gap.label("gap"))
        .join(Decision, Decision.application_id == Application.id)
        .outerjoin(Staff, Staff.user_id == Decision.decided_by)
        .where(on.days.hold(Application.decided_at), gap < on.threshold("detector_decision_seconds"), real())
    )
    words = N_("%(number)s seconds from acceptance to decision")
    return _found(on, query, lambda row: gettext(words, number=round(row.gap)))


def walk_ins(on: Ground) -> list[Finding]:
    """Registered on no ticket of the queue and closed within minutes: typed in, it seems, in one go."""
    gap = seconds(on.session, Application.registered_at, Application.closed_at)
    query = (
        _whoever_registered(gap.label("gap"))
        .where(Ticket.walk_in.is_(True), on.days.hold(Application.closed_at), real())
        .where(gap < MINUTE * on.threshold("detector_walk_in_minutes"))
    )
    words = N_("Without a queue number, closed %(number)s minutes after registration")
    return _found(on, query, lambda row: gettext(words, number=round(row.gap / MINUTE)))


def unserved(on: Ground) -> list[Finding]:
    """Closed although its ticket was never served at a window."""
    never = and_(Ticket.walk_in.is_(False), or_(Ticket.served_by_id.is_(None), Ticket.state != "finished"))
    query = _whoever_registered(Ticket.number.label("ticket")).where(
        never, Ticket.state != "serving", on.days.hold(Application.closed_at), real()
    )
    return _found(on, query, lambda row: gettext("Its ticket %(ticket)s was never served", ticket=row.ticket))


def _whoever_registered(*columns: Any) -> Any:
    return (
        select(Application.id, Application.short_no, Staff.user_id, Staff.name, *columns)
        .join(Ticket, Ticket.id == Application.ticket_id)
        .outerjoin(User, User.username == Application.created_by)
        .outerjoin(Staff, Staff.user_id == User.id)
    )


def same_place(on: Ground) -> list[Finding]:
    """Received and accepted by two people within moments, at one network address: one person with two accounts?"""
    received, accepted = aliased(Event), aliased(Event)
    one, other = aliased(LoginSession), aliased(LoginSession)
    gap = seconds(on.session, received.at, accepted.at)
    shared = exists().where(
        _open_at(one, received), _open_at(other, accepted), one.address == other.address
    )
    query = (
        select(Application.id, Application.short_no, Staff.user_id, Staff.name, gap.label("gap"),
               received.actor_name.label("receiver"))
        .join(received, (received.application_id == Application.id) & (received.act == "receive"))
        .join(accepted, (accepted.application_id == Application.id) & (accepted.act == "accept"))
        .outerjoin(Staff, Staff.user_id == accepted.actor_id)
        .where(on.days.hold(Application.accepted_at), received.actor_id != accepted.actor_id, real())
        .where(gap >= 0, gap < on.threshold("detector_same_place_seconds"), shared)
    )  # fmt: skip
    words = N_("Accepted %(number)s seconds after %(receiver)s received it, at the same network address")
    return _found(on, query, lambda row: gettext(words, number=round(row.gap), receiver=row.receiver))


def _open_at(login: Any, event: Any) -> Any:
    """A login of whoever did it, open at the time."""
    still_open = or_(login.ended_at.is_(None), login.ended_at > event.at)
    return and_(login.user_id == event.actor_id, login.started_at <= event.at, login.expires_at > event.at, still_open)


def week_ends(on: Ground) -> list[Finding]:
    """Half of a person's week, and many, received late on its last working day: the week's work entered at its end?"""
    query = (
        select(Event.actor_id, Event.actor_name, Event.at, Event.application_id, Application.short_no)
        .join(Application, Application.id == Event.application_id)
        .where(Event.act == "receive", on.days.hold(Event.at), real())
        .order_by(Event.at, Event.id)
    )
    weeks: dict[tuple[int, int, int], list[Any]] = defaultdict(list)
    for row in on.session.execute(query):
        year, week, _ = row.at.astimezone(ZONE).isocalendar()
        weeks[row.actor_id, year, week].append(row)
    hour, many = on.threshold("detector_week_end_hour"), on.threshold("detector_week_end_receipts")
    found = []
    for (person, *_), rows in weeks.items():
        late = [row for row in rows if _is_week_end(row.at.astimezone(ZONE), hour, on.calendar)]
        if len(late) >= many and HALF * len(late) >= len(rows):
            words = gettext("%(number)s of the week's %(whole)s receipts on %(day)s after %(hour)s:00",
                            number=len(late), whole=len(rows), day=f"{late[-1].at:%Y-%m-%d}", hour=hour)  # fmt: skip
            last = late[-1]
            found.append(Finding(last.application_id, last.short_no, person, last.actor_name, words))
    return found[-MOST:][::-1]


def _is_week_end(at: datetime, hour: int, calendar: Calendar) -> bool:
    """Whether it is late on the last working day of its week."""
    day: date = at.date()
    rest = (day + timedelta(days=ahead) for ahead in range(1, 8 - day.isoweekday()))
    return at.hour >= hour and not any(calendar.is_workday(each) for each in rest)


def _found(on: Ground, query: Any, words: Callable[[Any], str]) -> list[Finding]:
    rows: Iterable[Any] = on.session.execute(query.order_by(Application.id.desc()).limit(MOST))
    return [Finding(row.id, row.short_no, row.user_id, row.name or "—", words(row)) for row in rows]


LOOKS: dict[str, tuple[str, Callable[[Ground], list[Finding]]]] = {
    "rushed": (N_("Decided within moments of acceptance"), rushed),
    "week_ends": (N_("Bursts at the end of a week"), week_ends),
    "walk_ins": (N_("Without a queue number, and closed at once"), walk_ins),
    "unserved": (N_("Closed without a served ticket"), unserved),
    "same_place": (N_("Received and accepted at one place by two accounts"), same_place),
}
"""Every look: its words, and what it finds."""
