"""What forms were sent back for, counted for training; never what was typed (第十二条)."""

from datetime import date

from sqlalchemy import Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import Key, Model, Ref, label


class Misstep(Model):
    """How often one person was told one sentence about one field of one act on one day, and where they work.

    It holds no application and nothing that was typed: it says what is misunderstood, and by whom.
    """

    __tablename__ = "misstep"
    __table_args__ = (UniqueConstraint("user_id", "day", "act", "field", "sentence", name="misstep_once_a_day"),)
    id: Mapped[Key]
    day: Mapped[date] = mapped_column(Date, index=True, info=label(N_("Day")))
    user_id: Mapped[int] = Ref("ab_user.id", index=False)
    name: Mapped[str] = mapped_column(String(100), info=label(N_("By")))
    centre_id: Mapped[int | None] = Ref("centre.id")
    office_id: Mapped[int | None] = Ref("office.id")
    act: Mapped[str] = mapped_column(String(40), info=label(N_("Act")))
    field: Mapped[str] = mapped_column(String(100), info=label(N_("Field")))
    sentence: Mapped[str] = mapped_column(String(300), info=label(N_("What was wrong")))
    times: Mapped[int] = mapped_column(Integer, info=label(N_("Times")))

    @property
    def where(self) -> tuple[str, str]:
        """The act and its field."""
        return self.act, self.field
