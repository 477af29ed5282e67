"""Which roles one account may hold together, as a check of the account's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext
from wtforms.validators import ValidationError

from app.engine.now import now
from app.engine.substitution import toxic_with
from app.extensions import db
from app.law.roles import ROLE_LABELS, STAFF_ROLES, Role, toxic_pairs

if TYPE_CHECKING:
    from wtforms import Field, Form


class LawfulRoles:
    """Form validator: no two roles of one person defeat the separation of receiving and deciding (受审分离)."""

    def __call__(self, form: Form, field: Field) -> None:
        names = {role.name for role in field.data or ()}
        roles = frozenset(role for role in STAFF_ROLES if role.value in names)
        pairs = _toxic(roles)
        if pairs:
            one, other = (gettext(ROLE_LABELS[role]) for role in sorted(pairs[0]))
            raise ValidationError(gettext("Nobody may be %(one)s and %(other)s at once.", one=one, other=other))


def _toxic(roles: frozenset[Role]) -> list[frozenset[Role]]:
    """The pairs that arise, also by what the account lends to others or is lent for some days (代岗)."""
    user_id = str((request.view_args or {}).get("pk", ""))
    if not user_id.isdecimal():
        return toxic_pairs(roles, in_county_hall=False)  # a new account works nowhere yet
    return toxic_with(db.session(), int(user_id), roles, now().date())
