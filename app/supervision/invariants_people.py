"""Invariants of who acted for whom: a lent role was held within a period in which it was lent."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, aliased

from app.models.organisation import Staff
from app.models.substitution import SubstitutePeriod
from app.models.trail import Event

AT_ONCE = 2_000
_EVENT: Table = Event.__table__
_PERIOD = SubstitutePeriod.__table__.c


class Stretch(NamedTuple):
    """When a substitution was in force: begun and perhaps ended by its acts, within its days."""

    began: datetime
    ended: datetime | None
    since: date
    until: date

    def covers(self, at: datetime) -> bool:
        """Whether it was in force then."""
        return self.began <= at and (self.ended is None or at <= self.ended) and self.since <= at.date() <= self.until


Lent = dict[tuple[int, int], list[Stretch]]
"""Account of the substitute and of the absent person -> when one stood in for the other."""


def whoever_stood_in_did_so_in_their_days(session: Session) -> Iterator[str]:
    """7: what was done in the role of an absent person was done while that role was lent."""
    lent = _lent(session)
    if_for = _EVENT.c.payload["for_id"].as_integer().label("for_id")
    columns = (_EVENT.c.id, _EVENT.c.subject_kind, _EVENT.c.subject_id, _EVENT.c.act, _EVENT.c.at, _EVENT.c.actor_id)
    found = session.execute(select(*columns, if_for).where(if_for.is_not(None)).execution_options(yield_per=AT_ONCE))
    for e in found:
        if not any(each.covers(e.at) for each in lent[e.actor_id, e.for_id]):
            yield (
                f"{e.subject_kind} {e.subject_id}: event row {e.id} «{e.act}» stands in for account {e.for_id}, "
                "who lent nothing then"
            )


def _lent(session: Session) -> Lent:
    substitute, absent = aliased(Staff), aliased(Staff)
    rows = session.execute(
        select(substitute.user_id, absent.user_id, _PERIOD.started_at, _PERIOD.ended_at, _PERIOD.since, _PERIOD.until)
        .select_from(SubstitutePeriod.__table__)
        .join(substitute, substitute.id == _PERIOD.substitute_id)
        .join(absent, absent.id == _PERIOD.absent_id)
        .where(_PERIOD.started_at.is_not(None))
    )
    found: Lent = defaultdict(list)
    for mine, theirs, *times in rows:
        found[mine, theirs].append(Stretch(*times))
    return found


INVARIANTS = ((7, whoever_stood_in_did_so_in_their_days),)
