"""Which role may do which act, as one table in plain words: what is granted, what a county may grant, what never."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import current_app
from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.engine.actors import PERMISSION_VIEW
from app.errors import Complaint, Incomplete, NotNow
from app.extensions import db
from app.law import N_
from app.law.bounds_words import CLASS_LABELS, why_never, why_toxic
from app.law.object_acts import EVERY_ACT
from app.law.roles import OUTSIDE_THE_HALL_ONLY, ROLE_LABELS, STAFF_ROLES, TOXIC_PAIRS, ActClass, Role
from app.web import changes
from app.web.role_editor import complaints_of, grant_of
from app.web.roles_sync import act_of, starting_grants, with_a_body

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.law.lifecycle import Transition
    from app.law.object_acts import ObjectTransition

Tick = tuple[Role, str]
"""A role and an act."""

UNKNOWN = N_("There is no such role or act: %(tick)s.")
STALE = N_("Somebody changed these grants after you opened the page. Compare, and save again if yours are right.")


@dataclass(frozen=True)
class Cell:
    """What holds for one role and one act."""

    granted: bool
    started: bool
    never: str
    """Why not, whatever a county grants; empty where it may."""

    @property
    def is_changed(self) -> bool:
        """Whether the county decided otherwise than a county starts."""
        return self.granted is not self.started


@dataclass(frozen=True)
class Matrix:
    """Who may do what now, in the acts of this version."""

    held: frozenset[Tick]
    start: frozenset[Tick]

    def mark(self, roles: Collection[Role]) -> str:
        """What a form about these roles was made from, so that nobody overwrites unseen."""
        return sha256(repr(sorted(tick for tick in self.held if tick[0] in roles)).encode()).hexdigest()

    def cell(self, role: Role, act: str) -> Cell:
        """What holds for one role and one act."""
        return Cell((role, act) in self.held, (role, act) in self.start, why_never(role, act))

    def of(self, role: Role) -> list[str]:
        """The acts that are granted to a role."""
        return [act for act in EVERY_ACT if (role, act) in self.held]

    @property
    def reasons(self) -> list[str]:
        """Why something is never granted, each once; a cell refers to them by number."""
        cells = (self.cell(role, row.name) for _words, rows in groups() for row in rows for role in STAFF_ROLES)
        return list(dict.fromkeys(each.never for each in cells if each.never))


def groups() -> list[tuple[str, list[Transition | ObjectTransition]]]:
    """The acts with a body under the words of their class, both in the order of the stages."""
    found: dict[ActClass, list[Transition | ObjectTransition]] = {}
    for act in with_a_body():
        found.setdefault(act.act_class, []).append(act)
    return [(CLASS_LABELS[act_class], rows) for act_class, rows in found.items()]


def read() -> Matrix:
    """The matrix as it is recorded."""
    rows = db.session.scalars(select(RoleRow).where(RoleRow.name.in_(STAFF_ROLES)).options(_permissions()))
    held = frozenset((Role(row.name), act) for row in rows for each in row.permissions if (act := _act(each)))
    start = starting_grants(current_app.appbuilder)
    acts = frozenset((role, act) for role, grants in start.items() for each in grants if (act := act_of(each)))
    return Matrix(held, acts)


def ticks_of(sent: Iterable[str], roles: Collection[Role]) -> frozenset[Tick]:
    """What a form ticked for these roles; Incomplete where it names what does not exist."""
    found = {(role, act) for text in sent for role, _, act in [text.partition(":")]}
    known = {act.name for act in with_a_body()}
    strange = [f"{role}:{act}" for role, act in found if role not in set(roles) or act not in known]
    if strange:
        raise Incomplete([Complaint("", UNKNOWN, {"tick": each[:60]}) for each in sorted(strange)])
    return frozenset((Role(role), act) for role, act in found)


def write(wanted: frozenset[Tick], roles: Collection[Role], seen: str) -> None:
    """Grant these roles exactly the acts wanted, in the transaction at hand; pages of the house stay as they are.

    Raises NotNow where somebody else was faster, Incomplete where the bounds refuse.
    """
    rows = {row.name: row for row in db.session.scalars(select(RoleRow).options(_permissions()).with_for_update())}
    if read().mark(roles) != seen:
        raise NotNow(STALE)
    grants = _grants()
    complaints: list[Complaint] = []
    for role in roles:
        row = rows[role.value]
        acts = {act for each, act in wanted if each is role}
        # What a grant beyond the bounds says is void; it goes with the next saving.
        with db.session.no_autoflush:
            row.permissions = [p for p in row.permissions if _act(p) is None] + [grants[act] for act in sorted(acts)]
            complaints += complaints_of(row)
            told = changes.of(row, ["permissions"])
        if not complaints:
            db.session.flush()
            changes.record("changed", row, told)
    if complaints:
        raise Incomplete(complaints)


def differences(matrix: Matrix, wanted: frozenset[Tick], roles: Collection[Role]) -> list[tuple[str, list[str]]]:
    """Role by role, what would be granted and what taken away, in words."""
    found = []
    for role in roles:
        had, will = ({act for each, act in ticks if each is role} for ticks in (matrix.held, wanted))
        told = [gettext("+ %(act)s", act=_label(act)) for act in EVERY_ACT if act in will - had]
        told += [gettext("− %(act)s", act=_label(act)) for act in EVERY_ACT if act in had - will]
        if told:
            found.append((_role(role), told))
    return found


def toxic(roles: Collection[Role]) -> list[tuple[str, list[str]]]:
    """Why, and which, roles nobody holds together, as far as they concern one of these; in words."""
    order = list(STAFF_ROLES)
    pairs = sorted((sorted(pair, key=order.index) for pair in TOXIC_PAIRS), key=lambda p: [order.index(r) for r in p])
    shared = Counter((why_toxic(frozenset(pair)), role) for pair in pairs for role in pair)
    found: dict[str, dict[Role, list[Role]]] = {}
    for pair in [*pairs, sorted(OUTSIDE_THE_HALL_ONLY, key=order.index)]:
        why = why_toxic(frozenset(pair))
        # Said of the one asked about, else of the one that most pairs of this reason share.
        one, other = sorted(pair, key=lambda role: (role not in roles, -shared[why, role], order.index(role)))
        if one in roles:
            found.setdefault(why, {}).setdefault(one, []).append(other)
    return [(gettext(why), [_with(one, others) for one, others in lines.items()]) for why, lines in found.items()]


def _permissions():
    return selectinload(RoleRow.permissions)


def _act(row: PermissionView) -> str | None:
    return act_of(grant_of(row))


def _grants() -> dict[str, PermissionView]:
    """Act -> its permission."""
    query = select(PermissionView).join(Permission).join(ViewMenu).where(ViewMenu.name == PERMISSION_VIEW)
    return {act: row for row in db.session.scalars(query).unique() if (act := _act(row))}


def _label(act: str) -> str:
    return gettext(EVERY_ACT[act].label)


def _role(role: Role) -> str:
    return gettext(ROLE_LABELS[role])


def _with(one: Role, others: Iterable[Role]) -> str:
    return gettext("%(one)s with %(others)s", one=_role(one), others=gettext(", ").join(map(_role, others)))
