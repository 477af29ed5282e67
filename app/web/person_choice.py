"""Finding a person by what people type: a user name, a whole name or a part of one; no list of everybody is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, or_, select

from app.models.organisation import Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_FOUND, LONGEST = 20, 60


def people(session: Session, typed: str) -> list[tuple[int, str, str, bool]]:
    """Those it may mean, each with account, name, user name and whether active; one alone where it fits exactly."""
    words = typed.replace("\0", "").strip()[:LONGEST]
    if not words:
        return []
    name = func.coalesce(Staff.name, User.last_name + User.first_name)
    query = select(User.id, name, User.username, User.active).outerjoin(Staff, Staff.user_id == User.id)
    exact = session.execute(query.where(func.lower(User.username) == words.lower())).all()
    like = query.where(or_(name.contains(words, autoescape=True), User.username.contains(words, autoescape=True)))
    found = exact or session.execute(like.order_by(User.username).limit(MOST_FOUND)).all()
    return [(pk, said, username, bool(active)) for pk, said, username, active in found]
