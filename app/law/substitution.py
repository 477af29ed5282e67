"""Standing in (代岗): who may lend whose roles, and for how long (第八条)."""

from app.law.roles import Role

MOST_DAYS = 30
"""Days a substitution lasts at most, both ends included."""

_AT_THE_WINDOWS = frozenset(
    {Role.GUIDE, Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.CERT_CLERK},
)
_IN_THE_OFFICES = frozenset({Role.APPROVER, Role.APPROVAL_ASSISTANT, Role.OFFICE_HEAD})
LENDABLE = _AT_THE_WINDOWS | _IN_THE_OFFICES | {Role.BUREAU_LEADER}
"""Whoever watches, keeps the archive or the roles, or stands outside is not stood in for."""

LENDS: dict[Role, frozenset[Role]] = {
    Role.WINDOW_MANAGER: _AT_THE_WINDOWS,
    Role.OFFICE_HEAD: _IN_THE_OFFICES,
    Role.BUREAU_LEADER: LENDABLE,
}
"""Who plans a substitution -> the roles that may be lent by it."""
