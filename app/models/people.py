"""Those at the windows: who leads them, what they met about and learned, whom they must keep away from (第二、三章)."""

from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    Index,
    String,
    Text,
    UniqueConstraint,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.law.roles import Role
from app.models.base import Created, JsonColumn, Key, Model, Placed, Ref, Row, Sight, label
from app.models.catalogue import Item
from app.models.encrypted import Encrypted
from app.models.organisation import Centre, Office, Staff, Window

_LEADS_CENTRE = text("until is null and window_id is null")
_LEADS_WINDOW = text("until is null and window_id is not null")
_DECLARED = text("state = 'declared'")
OVERSEERS = frozenset({Role.SUPERVISOR.value, Role.BUREAU_LEADER.value})
MANAGERS = frozenset({Role.WINDOW_MANAGER.value, Role.OFFICE_HEAD.value})


class Leadership(Created, Model):
    """窗口负责人: who leads the windows of a place from a day on; one at a time, history kept (第三条)."""

    __tablename__ = "leadership"
    __table_args__ = (
        CheckConstraint("until is null or until >= since", name="leadership_dates"),
        Index("one_leader_of_centre", "centre_id", unique=True, sqlite_where=_LEADS_CENTRE,
              postgresql_where=_LEADS_CENTRE),
        Index("one_leader_of_window", "window_id", unique=True, sqlite_where=_LEADS_WINDOW,
              postgresql_where=_LEADS_WINDOW),
    )  # fmt: skip
    id: Mapped[Key]
    centre_id: Mapped[int] = Ref("centre.id", index=False, info=label(N_("Centre")))
    window_id: Mapped[int | None] = Ref(
        "window.id", index=False, info=label(N_("Window"), N_("Empty: all windows of the centre."))
    )
    staff_id: Mapped[int] = Ref("staff.id", info=label(N_("Window leader")))
    since: Mapped[date] = mapped_column(Date, info=label(N_("Since")))
    until: Mapped[date | None] = mapped_column(Date, info=label(N_("Until"), N_("Empty while it lasts.")))
    centre: Mapped[Centre] = relationship()
    window: Mapped[Window | None] = relationship()
    staff: Mapped[Staff] = relationship()

    def __str__(self) -> str:
        return f"{self.window or self.centre} {self.staff}"


class Meeting(Placed, Model):
    """工作例会: what a place met about, and what comes next (第三条)."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("state in ('held')", name="meeting_state"),
        CheckConstraint("(centre_id is null) <> (office_id is null)", name="meeting_centre_or_office"),
    )
    id: Mapped[Key]
    held_on: Mapped[date] = mapped_column(Date, index=True, info=label(N_("Held on")))
    attendees: Mapped[list[Row]] = mapped_column(JsonColumn, info=label(N_("Attendees")))
    results: Mapped[str] = mapped_column(Text, info=label(N_("What was achieved")))
    problems: Mapped[str] = mapped_column(Text, info=label(N_("What falls short")))
    next_steps: Mapped[str] = mapped_column(Text, info=label(N_("Next steps")))
    centre: Mapped[Centre | None] = relationship()
    office: Mapped[Office | None] = relationship()

    @property
    def place(self) -> str:
        """Whose meeting it was."""
        return str(self.centre or self.office)

    def __str__(self) -> str:
        return f"{self.place} {self.held_on}"


class Training(Placed, Model):
    """培训: an office taught clerks its items (第四条)."""

    __tablename__ = "training"
    __table_args__ = (
        CheckConstraint("state in ('held')", name="training_state"),
        CheckConstraint("office_id is not null", name="training_of_an_office"),
    )
    id: Mapped[Key]
    held_on: Mapped[date] = mapped_column(Date, info=label(N_("Held on")))
    topic: Mapped[str] = mapped_column(String(200), info=label(N_("What was taught")))
    file_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    office: Mapped[Office] = relationship()
    lines: Mapped[list["Trained"]] = relationship(back_populates="training", order_by="Trained.id")

    def __str__(self) -> str:
        return self.topic


class Trained(Model):
    """One clerk taught one item in one training; the counter asks for it."""

    __tablename__ = "trained"
    __table_args__ = (
        UniqueConstraint("training_id", "staff_id", "item_id", name="trained_once"),
        Index("trained_in", "staff_id", "item_id"),
    )
    id: Mapped[Key]
    training_id: Mapped[int] = Ref("training.id", index=False)
    staff_id: Mapped[int] = Ref("staff.id", index=False)
    item_id: Mapped[int] = Ref("item.id")
    created_by: Mapped[str] = mapped_column(String(64))
    training: Mapped[Training] = relationship(back_populates="lines")
    staff: Mapped[Staff] = relationship()
    item: Mapped[Item] = relationship()


class Study(Placed, Model):
    """业务学习: what one person studied or was examined in, and the result (第十二条)."""

    __tablename__ = "study"
    __table_args__ = (
        CheckConstraint("state in ('recorded')", name="study_state"),
        CheckConstraint("kind in ('study', 'exam')", name="study_kind"),
        Index("study_of", "staff_id", "studied_on"),
    )
    id: Mapped[Key]
    staff_id: Mapped[int] = Ref("staff.id", index=False, info=label(N_("Staff")))
    kind: Mapped[str] = mapped_column(String(10), info=label(N_("Kind")))
    subject: Mapped[str] = mapped_column(String(200), info=label(N_("Subject")))
    studied_on: Mapped[date] = mapped_column(Date, info=label(N_("Date")))
    result: Mapped[str] = mapped_column(String(200), info=label(N_("Result")))
    staff: Mapped[Staff] = relationship()

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """Whoever leads the place or watches the county, and the person; colleagues need not know a mark."""
        own = cls.staff_id.in_(select(Staff.id).where(Staff.user_id == sight.user_id))
        if sight.roles & OVERSEERS:
            return true()
        here: Any = cls
        led = here.centre_id.in_(sight.centres_as(MANAGERS))
        return or_(own, led, here.office_id.in_(sight.offices_as(MANAGERS)))

    def __str__(self) -> str:
        return self.subject


class Relative(Placed, Model):
    """应回避的近亲属: whom somebody may not serve or decide on; told by that person alone (第十三条)."""

    __tablename__ = "relative"
    __table_args__ = (
        CheckConstraint("state in ('declared', 'ended')", name="relative_state"),
        CheckConstraint(
            "relation in ('spouse', 'parent', 'child', 'sibling', 'grandparent', 'in_law', 'other')",
            name="relative_relation",
        ),
        Index("relative_once", "owner_id", "id_no_index", unique=True, sqlite_where=_DECLARED,
              postgresql_where=_DECLARED),
        Index("relative_number", "id_no_index"),
    )  # fmt: skip
    id: Mapped[Key]
    owner_id: Mapped[int] = Ref("ab_user.id", index=False)
    """What one person told is reached by that person alone, wherever they work."""
    owner_name: Mapped[str] = mapped_column(String(100), info=label(N_("Declared by")))
    name: Mapped[str] = mapped_column(String(100), info=label(N_("Person's name")))
    id_no: Mapped[str] = mapped_column(Encrypted("relative.id_no"), info=label(N_("ID number")))
    id_no_index: Mapped[str] = mapped_column(String(64))
    relation: Mapped[str] = mapped_column(String(12), info=label(N_("Kinship")))

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """That person, the supervisor and the bureau leader."""
        return true() if sight.roles & OVERSEERS else cls.owner_id == sight.user_id

    def __str__(self) -> str:
        return self.name
