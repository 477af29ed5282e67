"""The county's own wording of paragraphs on its papers."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import Created, Key, Model, label


class Paragraph(Created, Model):
    """A paragraph as the county wrote it; the last row of a kind and key holds, without text the original holds again.

    Papers keep the words of the day they were issued.
    """

    __tablename__ = "paragraph"
    __table_args__ = (Index("paragraph_of_paper", "kind", "key", "id"),)
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(30), info=label(N_("Document")))
    key: Mapped[str] = mapped_column(String(40), info=label(N_("Paragraph")))
    text: Mapped[str | None] = mapped_column(Text, info=label(N_("Wording")))
