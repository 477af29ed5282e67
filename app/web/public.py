"""Pages without login: no personal data, a limit of requests for each address, nothing within reach unasked."""

from __future__ import annotations

import hashlib
import time
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from flask_appbuilder import BaseView
from flask_babel import gettext
from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from app.engine.now import now
from app.errors import TooMany
from app.extensions import db
from app.law.roles import STAFF_ROLES
from app.web.login_limits import TableStorage

if TYPE_CHECKING:
    from collections.abc import Callable

PER_MINUTE = 120
"""Requests of one address to one kind of public page; a hall full of phones shares one address."""


def limited(
    name: str, per_minute: int = PER_MINUTE, *, by_all: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer 429 beyond so many requests a minute of one address.

    Each worker counts for itself, which costs no write; `by_all` counts in the database, for what must not be guessed.
    """
    item = RateLimitItemPerMinute(per_minute)
    memory = MemoryStorage()

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            storage: Storage = TableStorage(db.engine) if by_all else memory
            address = f"public:{name}:{request.remote_addr or ''}"
            if not FixedWindowRateLimiter(storage).hit(item, address):
                left = storage.get_expiry(item.key_for(address)) - (now().timestamp() if by_all else time.time())
                raise TooMany(retry_after=max(1, round(left)))
            return view(*args, **kwargs)

        return counted

    return decorate


def take_guess(name: str, what: str, per_day: int) -> None:
    """Count a guess at `what`, from wherever it comes, before it is looked at; 429 beyond so many of a day."""
    item, storage, guessed = RateLimitItemPerDay(per_day), TableStorage(db.engine), _guessed(name, what)
    if not FixedWindowRateLimiter(storage).hit(item, guessed):
        left = storage.get_expiry(item.key_for(guessed)) - now().timestamp()
        raise TooMany(retry_after=max(1, round(left)))


def give_guess_back(name: str, what: str, per_day: int) -> None:
    """It was right: nobody guesses at what they know."""
    item, storage = RateLimitItemPerDay(per_day), TableStorage(db.engine)
    storage.incr(item.key_for(_guessed(name, what)), item.get_expiry(), -1)


def _guessed(name: str, what: str) -> str:
    return f"guessed:{name}:{hashlib.sha256(what.encode()).hexdigest()}"


class PublicView(BaseView):
    """Pages that anybody may open; `default_view` is named by each."""

    readers = frozenset(STAFF_ROLES)

    def render_template(self, template: str, **kwargs: Any) -> str:
        """With the menu of the public pages: those that are there."""
        pages = (
            ("GuidePage.index", gettext("Guide")),
            ("BoardPage.index", gettext("Windows and people")),
            ("ProgressPage.index", gettext("Where my matter stands")),
            ("DecisionsPage.index", gettext("Decisions made public")),
            ("ComplainPage.index", gettext("Complain")),
            ("AboutPage.index", gettext("The rule of work")),
        )
        endpoints = current_app.view_functions
        return super().render_template(template, public_pages=pages, endpoints=endpoints, **kwargs)
