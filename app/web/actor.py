"""The person behind a request as an actor: loaded once, and what the session may show is bound to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, g
from flask_login import current_user

from app.engine import actors, scope
from app.engine.now import now
from app.engine.perform import perform
from app.extensions import db
from app.web.logging import request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from app.engine.actors import Actor
    from app.engine.perform import Answer


def register(app: Flask) -> None:
    """Bind the actor of every request; called after the login is known."""
    app.before_request(_bind)


def _bind() -> None:
    """By cookie and by token alike; whoever is not logged in sees no governed row."""
    if current_user.is_authenticated:
        session = db.session()
        g.actor = actors.load(session, current_user.id, now().date())
        scope.bind(session, g.actor)


def current_actor() -> Actor:
    """Who is asking; a request without login ends here with a 401."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        abort(401)
    return actor


def conduct(
    name: str, subject_id: int | None, data: Mapping[str, Any], version: int | None, key: str | None = None
) -> Answer:
    """Do an act as whoever is asking; takes and raises what `perform` does."""
    return perform(db.session(), name, subject_id, current_actor(), data, version, key, request_id=request_id())
