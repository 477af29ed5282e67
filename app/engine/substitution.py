"""What a substitution would put into one pair of hands: the roles somebody holds, and those lent besides."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.law.roles import STAFF_ROLES, Role, toxic_pairs
from app.law.substitution import LENDABLE
from app.models.accounts import Role as RoleRow
from app.models.accounts import assoc_user_role
from app.models.organisation import Centre, Posting, Staff
from app.models.substitution import SubstitutePeriod

_PERIOD = SubstitutePeriod.__table__.c
OPEN = ("planned", "active")
_STAFF_ROLES = frozenset(role.value for role in STAFF_ROLES)


class Pair(NamedTuple):
    """A substitution in short: the accounts of both, and its days."""

    id: int
    substitute: int
    absent: int
    since: date
    until: date


def roles_of(session: Session, user_ids: Iterable[int]) -> dict[int, frozenset[Role]]:
    """The roles that each of these accounts holds itself."""
    ids = sorted(set(user_ids))
    found: dict[int, set[Role]] = {user_id: set() for user_id in ids}
    held = select(assoc_user_role.c.user_id, RoleRow.name).join(RoleRow, RoleRow.id == assoc_user_role.c.role_id)
    for user_id, name in session.execute(held.where(assoc_user_role.c.user_id.in_(ids))):
        if name in _STAFF_ROLES:
            found[user_id].add(Role(name))
    return {user_id: frozenset(roles) for user_id, roles in found.items()}


def pairs(session: Session) -> list[Pair]:
    """Every substitution that lasts or is to come."""
    substitute, absent = aliased(Staff), aliased(Staff)
    found = (
        select(_PERIOD.id, substitute.user_id, absent.user_id, _PERIOD.since, _PERIOD.until)
        .select_from(SubstitutePeriod.__table__)
        .join(substitute, substitute.id == _PERIOD.substitute_id)
        .join(absent, absent.id == _PERIOD.absent_id)
        .where(_PERIOD.state.in_(OPEN))
    )
    return [Pair(*row) for row in session.execute(found)]


def toxic(
    session: Session, substitute_id: int, absent_id: int, since: date, until: date, *, but: int | None = None
) -> list[frozenset[Role]]:
    """The forbidden pairs of roles that the account would hold in these days if it stood in for the other.

    What other substitutions lend it meanwhile counts; `but` is the one that is asked about.
    """
    others = [each for each in pairs(session) if each.substitute == substitute_id and each.id != but]
    absent = {absent_id, *(each.absent for each in others if each.since <= until and each.until >= since)}
    held = roles_of(session, {substitute_id, *absent})
    lent = frozenset().union(*(held[each] & LENDABLE for each in absent))
    in_hall = _in_county_hall(session, {substitute_id, *absent}, since)
    return toxic_pairs(held[substitute_id] | lent, in_county_hall=in_hall)


def toxic_with(
    session: Session, user_id: int, roles: frozenset[Role], today: date, *, in_county_hall: bool = False
) -> list[frozenset[Role]]:
    """The forbidden pairs where an account has these roles, in its hands or a substitute's, lent ones included.

    `in_county_hall` where it is about to be posted there; whoever else of them is posted there counts as well.
    """
    known = pairs(session)
    people = {pk for each in known for pk in (each.substitute, each.absent)}
    held = roles_of(session, people | {user_id}) | {user_id: roles}
    found: list[frozenset[Role]] = []
    for mine in {user_id, *(each.substitute for each in known if each.absent == user_id)}:
        absent = {each.absent for each in known if each.substitute == mine}
        lent = frozenset().union(*(held[each] & LENDABLE for each in absent))
        in_hall = in_county_hall or _in_county_hall(session, {mine, *absent}, today)
        found += toxic_pairs(held[mine] | lent, in_county_hall=in_hall)
    return found


def _in_county_hall(session: Session, user_ids: Iterable[int], since: date) -> bool:
    posted = (
        select(Posting.id)
        .join(Staff, Staff.id == Posting.staff_id)
        .join(Centre, Centre.id == Posting.centre_id)
        .where(Staff.user_id.in_(sorted(set(user_ids))), Centre.kind == "hall")
        .where(or_(Posting.until.is_(None), Posting.until >= since))
    )
    return session.scalar(posted.limit(1)) is not None
