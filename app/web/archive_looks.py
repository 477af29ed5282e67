"""Whoever looks into an archive file says why; it is kept before anything is shown (第五条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine import scope, transaction
from app.engine.now import now
from app.extensions import db
from app.models.archive import ArchiveView
from app.models.trail import AuditRow
from app.web.actor import current_actor
from app.web.logging import request_id

if TYPE_CHECKING:
    from app.models.archive import ArchiveFile

SHORTEST_REASON, LONGEST_REASON = 5, 200
LOOK = "archive"


def is_reason(reason: str) -> bool:
    """Whether it says enough, and not too much to keep."""
    return SHORTEST_REASON <= len(reason) <= LONGEST_REASON


def keep_view(file: ArchiveFile, reason: str) -> None:
    """Keep who looked into the file, and why: with the file, and in the list of all looks."""
    session, actor, moment = db.session(), current_actor(), now()
    application_id, by = file.application_id, actor.username
    view = {"archive_id": file.id, "reason": reason, "viewed_at": moment, "created_by": by}
    look = {
        "at": moment, "actor_id": actor.user_id, "what": LOOK, "detail": file.number, "reason": reason,
        "request_id": request_id(), "created_by": by,
    }  # fmt: skip

    def write() -> None:
        with scope.acting_on(session, application_id):
            session.add(ArchiveView(application_id=application_id, **view))
            session.add(AuditRow(application_id=application_id, **look))
            session.flush()

    transaction.run(session, write)
