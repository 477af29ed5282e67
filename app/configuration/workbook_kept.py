"""A dry run without complaints, laid aside until the person who saw it applies it; for a day, and for them alone."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.configuration.workbook_plan import Plan
from app.engine import files
from app.engine.publication_many import Planned
from app.errors import NotFound
from app.law import N_
from app.models.trail import StoredFile

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.engine.actors import Actor

MEDIA_TYPE = "application/x-onewindow-import"
GONE = N_("This dry run is gone or was somebody else's. Send the workbook once more.")


def keep(session: Session, actor: Actor, found: Plan, name: str) -> int:
    """Lay the changes of a dry run aside; answers under which number."""
    said = {"stamp": found.stamp, "changes": [[each.item_id, each.content] for each in found.changes]}
    data = zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 1)
    return files.lay_aside(session, actor, files.plain_name(name), data, MEDIA_TYPE).id


def fetch(session: Session, number: int) -> tuple[Plan, str]:
    """The changes laid aside under this number, and the workbook's name; NotFound where they are not this person's."""
    kept = session.scalar(select(StoredFile).where(StoredFile.id == number, StoredFile.media_type == MEDIA_TYPE))
    if kept is None:
        raise NotFound(GONE)
    said = json.loads(zlib.decompress(files.open_bytes(kept.sha256)))
    changes = [Planned(item_id, content) for item_id, content in said["changes"]]
    return Plan(changes=changes, stamp=said["stamp"]), kept.name
