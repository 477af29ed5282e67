"""Handbooks of the items (业务标准化手册): drafted, published, and kept version by version."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Created, Key, Model, Moment, Ref, label
from app.models.catalogue import Item
from app.models.trail import StoredFile

SECTIONS = ("overview", "intake_points", "questions", "cautions")
"""The parts of a handbook, in the order in which it is read."""


class Handbook(Created, Model):
    """One version of an item's handbook; the published one of the highest number is in force."""

    __tablename__ = "handbook"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'published', 'discarded')", name="handbook_state"),
        CheckConstraint(
            "(state = 'published') = (number is not null and published_at is not null and published_by is not null)",
            name="handbook_published",
        ),
        UniqueConstraint("item_id", "number", name="handbook_number"),
        Index(
            "one_draft_of_handbook",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
    id: Mapped[Key]
    item_id: Mapped[int] = Ref("item.id", info=label(N_("Item")))
    number: Mapped[int | None] = mapped_column(Integer, info=label(N_("Version")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    overview: Mapped[str] = mapped_column(Text, default="", info=label(N_("What the item is for")))
    intake_points: Mapped[str] = mapped_column(
        Text, default="", info=label(N_("What to look at when taking it in"), N_("Conditions, materials, pitfalls."))
    )
    questions: Mapped[str] = mapped_column(
        Text, default="", info=label(N_("Usual questions and their answers"), N_("One after the other."))
    )
    cautions: Mapped[str] = mapped_column(
        Text, default="", info=label(N_("What goes to the office"), N_("Questions the window does not decide."))
    )
    file_id: Mapped[int | None] = Ref("stored_file.id", info=label(N_("File")))
    published_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Published at")))
    published_by: Mapped[str | None] = mapped_column(String(64), info=label(N_("Published by")))
    item: Mapped[Item] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    def __str__(self) -> str:
        return str(self.item)
