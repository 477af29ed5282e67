"""What stands still and nobody brought up (第十四条, req. 39): red on the desks of those who answer for it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, bindparam, exists

from app.engine.actors import Grant
from app.engine.settings import calendar, load
from app.extensions import db
from app.law import N_
from app.law.clock import ZONE
from app.law.lifecycle import TRANSITIONS
from app.law.roles import Role
from app.models.application import Application
from app.models.base import Moment
from app.models.escalation import Escalation
from app.web import desk

DEFAULT_DAYS = 3
BEFORE = bindparam("stuck_before", type_=Moment())


class Stuck(desk.Desk):
    """Overdue for some working days, and never brought up since the limit passed."""

    name = "stuck"
    title = N_("Stuck, and not brought up")
    roles = (Role.SUPERVISOR, Role.BUREAU_LEADER, Role.OFFICE_HEAD, Role.WINDOW_MANAGER)
    states = TRANSITIONS["escalate"].sources
    columns = ("lamp", "matter", "applicant", "state")

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """A clock ran out longer ago than the county bears, and no escalation is open or younger than that."""
        brought_up = exists().where(
            Escalation.application_id == Application.id,
            (Escalation.raised_at >= Application.next_due_at) | Escalation.state.in_(("open", "returned")),
        )
        return (Application.next_due_at < BEFORE) & ~brought_up

    @classmethod
    def told(cls, now: datetime) -> dict[str, datetime]:
        """Since when it is longer than the county bears."""
        return {BEFORE.key: latest(now)}


def latest(now: datetime) -> datetime:
    """What was due before this moment is stuck: so many whole working days ago."""
    settings = load(db.session())
    days, left = calendar(db.session(), settings), int(settings.get("stuck_days", DEFAULT_DAYS))
    day = now.date() - timedelta(days=1)  # today is not over
    while left:
        left -= days.is_workday(day)
        day -= timedelta(days=1)
    return datetime.combine(day, time.max, ZONE)
