"""Drafts of items: begun from what the item says, changed part by part, published whole or thrown away."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.now import now
from app.engine.publication import Content, begin, check, content_of, draft_of, publish
from app.errors import Complaint, Incomplete, NotFound, NotNow
from app.law import N_
from app.models.catalogue import Item
from app.models.revision import ItemRevision

__all__ = [
    "Content",
    "begin_draft",
    "check",
    "content_of",
    "discard",
    "draft_of",
    "find",
    "missing",
    "publish",
    "switch",
]

SWITCHES = ("is_fronted", "is_active")
"""What may be changed in one step, beside whatever is being drafted."""


def find(session: Session, revision_id: int, *, lock: bool = False) -> ItemRevision:
    """The open draft of this number; NotFound, or NotNow where it is settled."""
    query = select(ItemRevision).where(ItemRevision.id == revision_id)
    found: ItemRevision | None = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    if found.state != "draft":
        raise NotNow(N_("This draft was published or thrown away already."))
    return found


def begin_draft(session: Session, item: Item | None, content: Mapping[str, Any], by: str) -> ItemRevision:
    """A draft that says `content`; of a new item where there is none yet."""
    if item is not None:
        begin(session, item)
    draft = ItemRevision(item=item, state="draft", content=dict(content), created_at=now(), created_by=by)
    session.add(draft)
    session.flush()
    return draft


def missing(session: Session, draft: ItemRevision) -> list[Complaint]:
    """What keeps the draft from being published."""
    return check(session, draft.content, draft.item, is_new=draft.item is None)


def discard(draft: ItemRevision) -> None:
    """Throw the draft away; it stays on record, without a number."""
    draft.state = "discarded"


def switch(session: Session, item: Item, field: str, value: bool, by: str, note: str) -> ItemRevision:
    """Front an item or take it out of service in one step; an open draft goes on, with the same switch turned."""
    if field not in SWITCHES:
        raise Incomplete([Complaint(field, N_("This field does not exist here."))])
    draft = draft_of(session, item)
    published = publish(session, content_of(item) | {field: value}, by, note, item, beside=draft)
    if draft is not None:
        draft.content = draft.content | {field: value}
    return published
