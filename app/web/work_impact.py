"""What saving an account, a role or a post would do to the work: the forms that change who does what say it first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.actors import everybody
from app.engine.now import now
from app.engine.staffing import consequences
from app.extensions import db
from app.web import words

if TYPE_CHECKING:
    from datetime import date


def at_work(day: date | None = None) -> list[str]:
    """In words, what the changes not yet flushed do to the work on that day, today if none is named; flushes them."""
    session, day = db.session(), day or now().date()
    with session.no_autoflush:
        before = everybody(session, day)
    session.flush()
    return [words.of_consequence(each) for each in consequences(session, before, everybody(session, day))]
