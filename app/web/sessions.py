"""Logins that can be ended: one row for each, behind cookie and token alike."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import g, has_request_context, request
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import bindparam, event, func, inspect, select, update
from sqlalchemy.orm import Session, joinedload

from app.engine.now import now
from app.extensions import db
from app.models.security import LoginSession

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Mapper

LIFETIME = timedelta(hours=12)
"""A working day; then everybody logs in again."""


def open_session(user: User, kind: str) -> str:
    """Remember that `user` logged in by "cookie" or "token"; the key that is returned is kept nowhere here."""
    key = secrets.token_urlsafe(32)
    moment = now()
    seen = {"last_login": moment.replace(tzinfo=None), "login_count": func.coalesce(User.login_count, 0) + 1}
    with Session(db.engine) as session, session.begin():
        row = LoginSession(
            user_id=user.id, kind=kind, digest=_digest(key), started_at=moment, expires_at=moment + LIFETIME,
            address=(request.remote_addr or "")[:45] or None if has_request_context() else None,
        )  # fmt: skip
        session.add(row)
        session.execute(update(User).where(User.id == user.id).values(seen))
    return key


_LIVE = (
    select(LoginSession.id, User)
    .join(User, User.id == LoginSession.user_id)
    .options(joinedload(User.roles))
    .where(LoginSession.digest == bindparam("digest"), LoginSession.ended_at.is_(None))
    .where(LoginSession.expires_at > bindparam("moment"), User.active.is_(True))
)
"""Asked by every request, and so built once."""


def user_of(key: str) -> User | None:
    """Whose login this is, with the roles, in one query a request; None once it has ended."""
    known = g.get("login")
    if known is None or known[0] != key:
        row = db.session.execute(_LIVE, {"digest": _digest(key), "moment": now()}).unique().one_or_none()
        known = g.login = (key, *(row or (None, None)))
    return known[2]


def end_this_session() -> None:
    """End the login by which this request came."""
    if this := _this_session():
        with Session(db.engine) as session, session.begin():
            _end(session.connection(), LoginSession.id == this)


@event.listens_for(User, "before_update")
def _end_what_lost_its_ground(_mapper: Mapper[User], connection: Connection, user: User) -> None:
    """A new password, a deactivation or a lost role ends the person's logins, in the same transaction."""
    state = inspect(user).attrs
    is_weaker = state.roles.history.deleted or (state.active.history.has_changes() and not user.active)
    if is_weaker:
        _end(connection, LoginSession.user_id == user.id)
    elif state.password.history.has_changes():
        # Whoever changes the own password stays logged in where it was changed.
        _end(connection, LoginSession.user_id == user.id, LoginSession.id != (_this_session() or 0))


def _end(connection: Connection, *which) -> None:
    connection.execute(update(LoginSession).where(LoginSession.ended_at.is_(None), *which).values(ended_at=now()))


def _this_session() -> int | None:
    return g.login[1] if has_request_context() and "login" in g else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
