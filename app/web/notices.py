"""The latest lines on somebody's desk: what was done and whom it concerns, which lamp turned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from app.engine import recompute
from app.engine.actors import Actor, Grant
from app.engine.lateness import CAUSE as LATE
from app.law.clock import CLOCKS, Clock
from app.law.object_acts import EVERY_ACT
from app.law.roles import ROLE_LABELS, WITHOUT_LOGIN, Role
from app.models.application import Application
from app.models.trail import Notice
from app.web.conditions import ME

if TYPE_CHECKING:
    from collections.abc import Iterator

LATEST, LOOKED_THROUGH = 10, 50
NOTICE = Notice.__table__.c
OBJECT_WORDS: dict[str, str] = {}
"""Kind of small object -> what it is called; the rooms write here what they declare."""


@dataclass(frozen=True)
class Told:
    """One notice in words."""

    application_id: int | None
    """None where it tells of an application out of reach: an office is asked to a meeting, say."""
    subject: tuple[str, int] | None
    """The small object it tells of (kind, id)."""
    number: str
    title: str
    by: str
    text: str
    at: datetime
    level: str


def latest(session: Session, actor: Actor) -> list[Told]:
    """What this person was told last, as a person, in a role, or as one of a unit; in one query."""
    rows = session.execute(_latest(actor.stands_for, actor.grants), {ME.key: actor.user_id})
    return [_told(row, within_reach) for row, within_reach in rows]


@lru_cache(maxsize=128)
def _latest(stands_for: tuple[int, ...], grants: tuple[Grant, ...]) -> Select[Any]:
    """The question, put together once for everybody with the same grants."""
    # In the order of an index: PostgreSQL, which does not see that a null stays the same, would walk through all. What
    # is out of reach the guard of the session takes out of the few that are found, not out of all that there is.
    each = [
        query.order_by(*(column.desc() for column in order), NOTICE.id.desc()).limit(LOOKED_THROUGH).subquery()
        for query, order in _addressed_to(stands_for, grants)
    ]
    some = union_all(*(select(one.c.id) for one in each)).subquery()
    return (
        select(Notice, Application.id)
        .outerjoin(Application, Application.id == Notice.application_id)
        .where(Notice.id.in_(select(some.c.id)))
        .order_by(Notice.id.desc())
        .limit(LATEST)
    )


def _addressed_to(
    stands_for: tuple[int, ...], grants: tuple[Grant, ...]
) -> Iterator[tuple[Select[Any], tuple[Any, ...]]]:
    """What is looked for, and the columns that are the same in all that is found."""
    for person in (ME, *stands_for):
        yield select(NOTICE.id).where(NOTICE.user_id == person), (NOTICE.user_id,)
    place = (NOTICE.role, NOTICE.unit)
    units = sorted({unit for grant in grants for unit in grant.units})
    for unit in units:
        yield select(NOTICE.id).where(NOTICE.user_id.is_(None), NOTICE.role.is_(None), NOTICE.unit == unit), place
    for grant in grants:
        for unit in [None, *sorted(grant.units)]:
            yield select(NOTICE.id).where(NOTICE.role == grant.role.value, NOTICE.unit == unit), place


def _told(row: Notice, within_reach: int | None) -> Told:
    params = row.params
    number, by = str(params.get("number", "")), ""
    if row.cause in EVERY_ACT:
        title, by = _(EVERY_ACT[row.cause].label), str(params.get("by", ""))
        by = _(ROLE_LABELS[Role(by)]) if by in WITHOUT_LOGIN else by
    elif row.cause == LATE:
        title = _("Past its time: %(what)s", what=_(OBJECT_WORDS.get(str(row.subject_kind), "")) or row.subject_kind)
    else:
        clock = params.get("clock", "")
        label = _(CLOCKS[Clock(clock)].label) if clock in set(Clock) else row.cause
        day = params.get("due_on", "")
        title = _("%(clock)s: due %(day)s", clock=label, day=day[5:])
        if row.cause == recompute.CAUSE:
            title = _("%(clock)s: by the published calendar now due %(day)s", clock=label, day=day)
    subject = (row.subject_kind, row.subject_id) if row.subject_kind and row.subject_id else None
    return Told(within_reach, subject, number, title, by, row.text or params.get("item", ""), row.at, row.level)
