"""一件事 (one thing): one matter to the applicant, which several offices decide together (第十五条（五）, req. 77)."""

from sqlalchemy import Boolean, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Created, Key, Model, Ref, label
from app.models.catalogue import Item


class Theme(Created, Model):
    """One thing, e.g. 开餐馆; the office of the lead item leads, and its application is the parent of the others."""

    __tablename__ = "theme"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Code")))
    name: Mapped[str] = mapped_column(String(100), unique=True, info=label(N_("Name")))
    lead_item_id: Mapped[int] = Ref("item.id", info=label(N_("Lead item"), N_("Its office leads.")))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, info=label(N_("Active")))
    lead_item: Mapped[Item] = relationship()
    parts: Mapped[list["ThemeItem"]] = relationship(back_populates="theme", order_by="ThemeItem.position")

    @property
    def items(self) -> list[Item]:
        """The lead item, then those that take part."""
        return [self.lead_item, *(part.item for part in self.parts if part.item_id != self.lead_item_id)]

    def __str__(self) -> str:
        return self.name


class ThemeItem(Created, Model):
    """An item that takes part in one thing."""

    __tablename__ = "theme_item"
    __table_args__ = (UniqueConstraint("theme_id", "item_id", name="theme_item_once"),)
    id: Mapped[Key]
    theme_id: Mapped[int] = Ref("theme.id", info=label(N_("One thing")))
    item_id: Mapped[int] = Ref("item.id", info=label(N_("Item")))
    position: Mapped[int] = mapped_column(Integer, default=1, info=label(N_("Order")))
    theme: Mapped[Theme] = relationship(back_populates="parts")
    item: Mapped[Item] = relationship()

    def __str__(self) -> str:
        return str(self.item)
