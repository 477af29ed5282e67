"""Who acts: a person with the grants of each role, and how far each role reaches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Executable,
    String,
    and_,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.engine import ties
from app.engine.code_sets import word
from app.law.guards import CERTIFICATE_CENTRE
from app.law.object_acts import EVERY_ACT, may_hold
from app.law.roles import PLACE_REACH, REACH, WITHOUT_LOGIN, Reach, Role
from app.law.substitution import LENDABLE
from app.models.accounts import (
    Permission,
    PermissionView,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from app.models.accounts import (
    Role as RoleRow,
)
from app.models.organisation import Posting, Staff

LONGEST_NAME = 100
PERMISSION_VIEW = "Application"
"""The one view name under which every act is a permission: `can_accept on Application`."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role lets a person do, and where; grants of one role never pool with the reach of another."""

    role: Role
    acts: frozenset[str]
    centres: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()
    department_id: int | None = None
    for_id: int | None = None
    for_name: str = ""
    """The absent person who holds the role, where it is lent for some days (代岗)."""

    @property
    def reach(self) -> Reach:
        """How far the role sees."""
        return REACH[self.role]

    def reaches(self, centre_id: int, office_id: int) -> bool:
        """Whether an application of this centre and office lies within the role's reach."""
        match self.reach:
            case Reach.COUNTY:
                return True
            case Reach.CENTRE:
                return centre_id in self.centres
            case Reach.OFFICE:
                return office_id in self.offices
            case _:
                return False

    def reaches_place(self, centre_id: int | None, office_id: int | None, department_id: int | None = None) -> bool:
        """Whether what hangs on no application and stands there lies within the role's reach."""
        match PLACE_REACH[self.role]:
            case Reach.COUNTY:
                return True
            case Reach.CENTRE:
                return centre_id in self.centres
            case Reach.OFFICE:
                return office_id in self.offices
            case Reach.DEPARTMENT:
                return department_id is not None and department_id == self.department_id
            case _:
                return False

    @property
    def units(self) -> frozenset[str]:
        """The units this role holds papers for, or is told things in."""
        if self.role is Role.CERT_CLERK:
            return frozenset({CERTIFICATE_CENTRE})
        if PLACE_REACH[self.role] is Reach.CENTRE:
            return frozenset(f"centre:{c}" for c in self.centres)
        if self.reach is Reach.OFFICE:
            return frozenset(f"office:{o}" for o in self.offices)
        return frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system, with everything the law asks about them."""

    user_id: int | None
    username: str
    name: str
    grants: tuple[Grant, ...]
    id_indexes: frozenset[str] = frozenset()
    """The person's own identity number and those of declared relatives, as they are looked up (回避)."""
    window_id: int | None = None
    window_centre_id: int | None = None
    opened: tuple[str, int] | None = None
    """The one object that a public page's token opens; whoever has the token sees nothing else."""

    @property
    def sees_county(self) -> bool:
        """Whether every application is within reach."""
        return any(grant.reach is Reach.COUNTY for grant in self.grants)

    @property
    def centres(self) -> frozenset[int]:
        """Centres whose applications are within reach."""
        return frozenset().union(*(g.centres for g in self.grants if g.reach is Reach.CENTRE))

    @property
    def offices(self) -> frozenset[int]:
        """Offices whose applications are within reach."""
        return frozenset().union(*(g.offices for g in self.grants if g.reach is Reach.OFFICE))

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles held."""
        return tuple(grant.role for grant in self.grants)

    @property
    def places(self) -> frozenset[int]:
        """Centres where what hangs on no application is within reach: a guide's hall, too."""
        return frozenset().union(*(g.centres for g in self.grants))

    def centres_as(self, *roles: Role) -> list[int]:
        """The centres where one of these roles is held."""
        return sorted({pk for grant in self.grants if grant.role in roles for pk in grant.centres})

    def offices_as(self, *roles: Role) -> list[int]:
        """The offices where one of these roles is held."""
        return sorted({pk for grant in self.grants if grant.role in roles for pk in grant.offices})

    @property
    def department_id(self) -> int | None:
        """The department whose ledgers are within reach."""
        return next((g.department_id for g in self.grants if g.department_id is not None), None)

    @property
    def stands_for(self) -> tuple[int, ...]:
        """The accounts of the absent people whose roles are lent to this one now."""
        return tuple(sorted({grant.for_id for grant in self.grants if grant.for_id is not None}))

    def standing_in(self, grant: Grant) -> "Actor":
        """The same person, under whose name stands for whom they act."""
        both = word("signature", "substitute") % {"name": self.name, "absent": grant.for_name}
        return replace(self, name=both[:LONGEST_NAME])

    def is_party(self, *id_indexes: str | None) -> bool:
        """Whether one of these identity numbers is the person's own or a declared relative's."""
        return not self.id_indexes.isdisjoint(id_indexes)

    def sees(self, centre_id: int, office_id: int) -> bool:
        """Whether any role reaches an application of this centre and office."""
        return self.sees_county or centre_id in self.centres or office_id in self.offices

    def grants_of(self, act: str) -> tuple[Grant, ...]:
        """The grants that carry this act."""
        return tuple(grant for grant in self.grants if act in grant.acts)


SYSTEM = Actor(
    user_id=None,
    username="system",
    name="system",
    grants=(Grant(Role.SYSTEM, frozenset(n for n in EVERY_ACT if may_hold(Role.SYSTEM, n))),),
)
"""The scheduler and other duties without login: a named actor, never a person."""


def _acts_of(role: Role) -> frozenset[str]:
    return frozenset(name for name in EVERY_ACT if may_hold(role, name))


def kiosk(centre_id: int) -> Actor:
    """The ticket machine of a centre."""
    grant = Grant(Role.KIOSK, _acts_of(Role.KIOSK), frozenset({centre_id}))
    return Actor(None, Role.KIOSK.value, Role.KIOSK.value, (grant,))


def public(opened: tuple[str, int] | None = None) -> Actor:
    """Whoever opens a public page; `opened` is the one object its token leads to (kind, id)."""
    grant = Grant(Role.PUBLIC, _acts_of(Role.PUBLIC))
    return Actor(None, Role.PUBLIC.value, Role.PUBLIC.value, (grant,), opened=opened)


def load(session: Session, user_id: int, today: date) -> Actor | None:
    """The actor of an active account, in two queries; None where the account is gone or inactive."""
    return _read(session, today, _ONE, user_id).get(user_id)


def everybody(session: Session, today: date) -> dict[int, Actor]:
    """The actors of all active accounts by account, in two queries."""
    return _read(session, today, _ALL, None)


_DAY, _ACCOUNT = bindparam("today", type_=Date), bindparam("account", type_=BigInteger)
_NO_NUMBER, _NO_DAY, _NO_TEXT = cast(null(), BigInteger), cast(null(), Date), cast(null(), String)

_USER, _STAFF, _ROLE, _HELD, _POSTING = (each.__table__.c for each in (User, Staff, RoleRow, PermissionView, Posting))
"""Read as tables: every request asks this, before anybody is known for whom rows could be within reach."""


def _asked(*, of_one: bool) -> tuple[Executable, Executable]:
    """Who holds which roles with which acts; who works where today, with whom they are tied to."""
    whose: ColumnElement[bool] = true()
    if of_one:
        whose = or_(_USER.id == _ACCOUNT, _USER.id.in_(ties.stood_in_for(_ACCOUNT, _DAY)))
    menus, permissions = ViewMenu.__table__, Permission.__table__
    granted = (
        select(func.aggregate_strings(permissions.c.name, " "))
        .select_from(assoc_permissionview_role)
        .join(PermissionView.__table__, _HELD.id == assoc_permissionview_role.c.permission_view_id)
        .join(menus, and_(menus.c.id == _HELD.view_menu_id, menus.c.name == PERMISSION_VIEW))
        .join(permissions, permissions.c.id == _HELD.permission_id)
        .where(assoc_permissionview_role.c.role_id == _ROLE.id)
        .scalar_subquery()
    )
    roles = (
        select(
            _USER.id, _USER.username, _USER.first_name, _USER.last_name, _STAFF.name, _STAFF.id_no_index,
            _STAFF.department_id, _ROLE.name, granted,
        )
        .select_from(User.__table__)
        .outerjoin(Staff.__table__, _STAFF.user_id == _USER.id)
        .outerjoin(assoc_user_role, assoc_user_role.c.user_id == _USER.id)
        .outerjoin(RoleRow.__table__, _ROLE.id == assoc_user_role.c.role_id)
        .where(whose, _USER.active.is_(True))
    )  # fmt: skip
    posts = (
        select(
            _STAFF.user_id, _POSTING.centre_id, _POSTING.office_id, _POSTING.window_id, _POSTING.since, _POSTING.id,
            _POSTING.created_at.label("made_at"), _NO_NUMBER.label("theirs"), _NO_TEXT.label("number"),
        )
        .join_from(Posting.__table__, Staff.__table__, _STAFF.id == _POSTING.staff_id)
        .join(User.__table__, _USER.id == _STAFF.user_id)
        .where(whose, _POSTING.since <= _DAY, or_(_POSTING.until.is_(None), _POSTING.until >= _DAY))
    )  # fmt: skip
    tied = (each.subquery() for each in ties.selects(of_one=of_one))
    beside = (
        select(mine, _NO_NUMBER, _NO_NUMBER, _NO_NUMBER, _NO_DAY, _NO_NUMBER, planned_at, theirs, number)
        for mine, planned_at, theirs, number in (each.c for each in tied)
    )
    return roles, union_all(posts, *beside)


_ONE, _ALL = _asked(of_one=True), _asked(of_one=False)
"""Asked by every request, and so built once: to build them takes longer than to ask them."""


def _read(
    session: Session, today: date, asked: tuple[Executable, Executable], account: int | None
) -> dict[int, Actor]:
    roles_asked, places_asked = asked
    given = {"today": today, "account": account}
    connection = session.connection()
    rows = connection.execute(roles_asked, given).all()
    if not rows:
        return {}
    places = connection.execute(places_asked, given).all()
    tied = ties.of_rows((row.user_id, row.made_at, row.theirs, row.number) for row in places if row.since is None)
    posts: dict[int, list[Any]] = {}
    for post in sorted((row for row in places if row.since is not None), key=lambda p: (p.since, p.id), reverse=True):
        posts.setdefault(post.user_id, []).append(post)
    own: dict[int, list[Any]] = {}
    for row in rows:
        own.setdefault(row[0], []).append(row)

    def as_of(pk: int, moment: datetime | None = None) -> Actor:
        known = [post for post in posts.get(pk, []) if moment is None or post.made_at <= moment]
        return _actor(own[pk], known, tied.relatives(pk))

    return {pk: _with_lent(as_of(pk), [as_of(*lent) for lent in tied.lent(pk) if lent[0] in own]) for pk in own}


def _with_lent(actor: Actor, absent: Sequence[Actor]) -> Actor:
    """With the roles of those the person stands in for, each where the absent person holds it; the own ones come first.

    A post that was given after the substitution was planned is not lent by it. Whoever has no window, or stands in at
    another place, sits at the absent person's.
    """
    for each in absent:
        lent = tuple(replace(g, for_id=each.user_id, for_name=each.name) for g in each.grants if g.role in LENDABLE)
        actor = replace(actor, grants=(*actor.grants, *lent))
        if each.window_id is not None and actor.window_centre_id != each.window_centre_id:
            actor = replace(actor, window_id=each.window_id, window_centre_id=each.window_centre_id)
    return actor


def _actor(rows: Sequence[Any], posts: Sequence[Any], relatives: frozenset[str]) -> Actor:
    user_id, username, first, last, staff_name, id_index, department, *_ = rows[0]
    held = {role: (granted or "").split() for *_, role, granted in rows if role is not None}
    centres = frozenset(p.centre_id for p in posts if p.centre_id is not None)
    offices = frozenset(p.office_id for p in posts if p.office_id is not None)
    at_window = next((p for p in posts if p.window_id is not None), None)
    return Actor(
        user_id=user_id,
        username=username,
        name=staff_name or f"{last}{first}",
        grants=grants_of(held, centres, offices, department),
        id_indexes=relatives | {id_index} if id_index else relatives,
        window_id=at_window.window_id if at_window else None,
        window_centre_id=at_window.centre_id if at_window else None,
    )


def grants_of(
    held: Mapping[str, Collection[str]], centres: frozenset[int], offices: frozenset[int], department: int | None = None
) -> tuple[Grant, ...]:
    """What a person may do who holds these roles, each with its permissions, and works at these places."""
    return tuple(
        Grant(role, _within_bounds(role, held[role.value]), *_reach(role, centres, offices, department))
        for role in Role
        if role.value in held and role not in WITHOUT_LOGIN
    )


def _within_bounds(role: Role, permissions: Collection[str]) -> frozenset[str]:
    """The acts granted to the role, less those the bounds refuse whatever the role editor says."""
    names = (name.removeprefix("can_") for name in permissions)
    return frozenset(n for n in names if may_hold(role, n))


def _reach(
    role: Role, centres: frozenset[int], offices: frozenset[int], department: int | None
) -> tuple[frozenset[int], frozenset[int], int | None]:
    match PLACE_REACH[role]:
        case Reach.CENTRE:
            return centres, frozenset(), None
        case Reach.OFFICE:
            return frozenset(), offices, None
        case Reach.DEPARTMENT:
            return frozenset(), frozenset(), department
        case _:
            return frozenset(), frozenset(), None
