"""Which roles one account may hold together, as a check of the account's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext
from sqlalchemy import exists, or_, select
from wtforms.validators import ValidationError

from app.engine.now import now
from app.engine.substitution import toxic_with
from app.extensions import db
from app.law.roles import ROLE_LABELS, STAFF_ROLES, Role, toxic_pairs
from app.models.organisation import Centre, Posting, Staff

if TYPE_CHECKING:
    from wtforms import Field, Form


class LawfulRoles:
    """Form validator: no two roles of one person defeat the separation of receiving and deciding (受审分离)."""

    def __call__(self, form: Form, field: Field) -> None:
        names = {role.name for role in field.data or ()}
        roles = frozenset(role for role in STAFF_ROLES if role.value in names)
        pairs = toxic_pairs(roles, in_county_hall=_works_in_hall()) or _with_lent(roles)
        if pairs:
            one, other = (gettext(ROLE_LABELS[role]) for role in sorted(pairs[0]))
            raise ValidationError(gettext("Nobody may be %(one)s and %(other)s at once.", one=one, other=other))


def _with_lent(roles: frozenset[Role]) -> list[frozenset[Role]]:
    """The pairs that arise by what the account lends to others or is lent for some days (代岗)."""
    user_id = (request.view_args or {}).get("pk", "")
    if not str(user_id).isdecimal():
        return []
    return toxic_with(db.session(), int(user_id), roles, in_county_hall=_works_in_hall())


def _works_in_hall() -> bool:
    """Whether the account being edited has a post at the county hall, now or later; a new account has none yet."""
    posting = (
        select(Posting.id)
        .join(Staff, Staff.id == Posting.staff_id)
        .join(Centre, Centre.id == Posting.centre_id)
        .where(Staff.user_id == (request.view_args or {}).get("pk"), Centre.kind == "hall")
        .where(or_(Posting.until.is_(None), Posting.until >= now().date()))
    )
    return bool(db.session.scalar(select(exists(posting))))
