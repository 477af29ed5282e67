"""Revisions of an item: what the county drafts, publishes and throws away; history that stays (第十五条（三）)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Created, JsonColumn, Key, Model, Moment, Ref, Row, label
from app.models.catalogue import Item


class ItemRevision(Created, Model):
    """What an item says, says now, or is about to say; `content` has the shape of an item's snapshot.

    A draft of a new item has no item yet. The number is given on publication.
    """

    __tablename__ = "item_revision"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'published', 'discarded')", name="revision_state"),
        CheckConstraint(
            "(state = 'published') = (number is not null and published_at is not null and published_by is not null)",
            name="revision_published",
        ),
        CheckConstraint("state <> 'published' or item_id is not null", name="revision_of_item"),
        UniqueConstraint("item_id", "number", name="revision_number"),
        Index(
            "one_draft_of_item",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
    id: Mapped[Key]
    item_id: Mapped[int | None] = Ref("item.id", info=label(N_("Item")))
    number: Mapped[int | None] = mapped_column(Integer, info=label(N_("Revision")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    content: Mapped[Row] = mapped_column(JsonColumn)
    note: Mapped[str] = mapped_column(String(200), default="", info=label(N_("What changes, and why")))
    published_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Published at")))
    published_by: Mapped[str | None] = mapped_column(String(64), info=label(N_("Published by")))
    item: Mapped[Item | None] = relationship()

    def __str__(self) -> str:
        return f"{self.content.get('code', '')} {self.content.get('name', '')}".strip()
