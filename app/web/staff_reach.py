"""Which people a list of staff shows: a centre looks at its own (第三条: each town manages the clerks sent to it)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from app.engine.now import now
from app.law.roles import Reach, Role
from app.models.organisation import Posting, Staff
from app.web.actor import current_actor


def staff_shown() -> Any:
    """The ids of the staff whoever is asking may look at: all, unless every role of theirs ends at their centres."""
    actor, today = current_actor(), now().date()
    everyone = select(Staff.id)
    if any(grant.reach in {Reach.OFFICE, Reach.COUNTY} or grant.role is Role.COUNTY_ADMIN for grant in actor.grants):
        return everyone
    own = select(Posting.staff_id).where(
        Posting.centre_id.in_(sorted(actor.places)), or_(Posting.until.is_(None), Posting.until >= today)
    )
    return everyone.where(or_(Staff.id.in_(own), Staff.user_id == actor.user_id))
