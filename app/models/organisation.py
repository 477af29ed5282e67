"""Places, offices, windows and people (第二章)."""

from datetime import date, time

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import BigKey, Created, Key, Model, Ref, label
from app.models.encrypted import Encrypted


class Centre(Created, Model):
    """The county's hall or a town's convenience centre; deadlines end when it closes."""

    __tablename__ = "centre"
    __table_args__ = (
        CheckConstraint("kind in ('hall', 'town')", name="centre_kind"),
        CheckConstraint("opens_at < closes_at", name="centre_hours"),
        Index(
            "one_hall", "kind", unique=True, sqlite_where=text("kind = 'hall'"), postgresql_where=text("kind = 'hall'")
        ),
    )
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Code")))
    kind: Mapped[str] = mapped_column(String(10), info=label(N_("Kind")))
    name: Mapped[str] = mapped_column(String(100), unique=True, info=label(N_("Name")))
    division_code: Mapped[str] = mapped_column(String(12), info=label(N_("Division code")))
    address: Mapped[str] = mapped_column(String(200), info=label(N_("Address")))
    phone: Mapped[str] = mapped_column(String(20), info=label(N_("Phone")))
    ticket_letter: Mapped[str] = mapped_column(String(2), info=label(N_("Ticket letter")))
    opens_at: Mapped[time] = mapped_column(Time, info=label(N_("Opens at")))
    lunch_from: Mapped[time] = mapped_column(Time, info=label(N_("Lunch from")))
    lunch_to: Mapped[time] = mapped_column(Time, info=label(N_("Lunch to")))
    closes_at: Mapped[time] = mapped_column(
        Time, info=label(N_("Closes at"), N_("Deadlines end at this time of their last day."))
    )

    @property
    def is_town(self) -> bool:
        """Whether only fronted items are taken here."""
        return self.kind == "town"

    @property
    def unit(self) -> str:
        """The key under which this centre holds papers."""
        return f"centre:{self.id}"

    def __str__(self) -> str:
        return self.name


class Office(Created, Model):
    """An approval office (审批室): decides the items that are its own."""

    __tablename__ = "office"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Code")))
    name: Mapped[str] = mapped_column(String(100), unique=True, info=label(N_("Name")))
    phone: Mapped[str] = mapped_column(String(20), info=label(N_("Phone")))

    @property
    def unit(self) -> str:
        """The key under which this office holds papers."""
        return f"office:{self.id}"

    def __str__(self) -> str:
        return self.name


class IndustryDepartment(Created, Model):
    """An industry department (行业主管部门) that receives the weekly ledger of its items."""

    __tablename__ = "industry_department"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Code")))
    name: Mapped[str] = mapped_column(String(100), unique=True, info=label(N_("Name")))
    mail: Mapped[str] = mapped_column(
        String(200), default="", server_default=text("''"),
        info=label(N_("Mail address"), N_("Where the weekly ledgers of its items are sent.")),
    )

    def __str__(self) -> str:
        return self.name


class Window(Created, Model):
    """A counter in a hall or town centre."""

    __tablename__ = "window"
    __table_args__ = (
        UniqueConstraint("centre_id", "code", name="window_code_in_centre"),
        CheckConstraint("kind in ('comprehensive', 'certificate', 'guide', 'help')", name="window_kind"),
    )
    id: Mapped[Key]
    centre_id: Mapped[int] = Ref("centre.id", info=label(N_("Centre")))
    code: Mapped[str] = mapped_column(String(10), info=label(N_("Code")))
    name: Mapped[str] = mapped_column(String(100), info=label(N_("Name")))
    kind: Mapped[str] = mapped_column(String(20), info=label(N_("Kind")))
    area: Mapped[str] = mapped_column(String(10), info=label(N_("Area")))
    phone: Mapped[str] = mapped_column(String(20), info=label(N_("Phone")))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, info=label(N_("Active")))
    centre: Mapped[Centre] = relationship()

    def __str__(self) -> str:
        return self.name


class Staff(Created, Model):
    """A person who works here; hired by one unit, perhaps managed by another (第三条)."""

    __tablename__ = "staff"
    id: Mapped[Key]
    user_id: Mapped[int] = Ref("ab_user.id", unique=True, info=label(N_("Account")))
    name: Mapped[str] = mapped_column(String(100), index=True, info=label(N_("Name")))
    phone: Mapped[str] = mapped_column(String(20), info=label(N_("Phone")))
    id_no: Mapped[str | None] = mapped_column(Encrypted("staff.id_no"), info=label(N_("ID number")))
    id_no_index: Mapped[str | None] = mapped_column(String(64), index=True)
    employer: Mapped[str] = mapped_column(String(100), info=label(N_("Employer"), N_("Who hires this person.")))
    manager: Mapped[str] = mapped_column(String(100), info=label(N_("Managed by"), N_("Who directs the daily work.")))
    department_id: Mapped[int | None] = Ref("industry_department.id", info=label(N_("Industry department")))
    photo_id: Mapped[int | None] = mapped_column(
        BigKey, ForeignKey("stored_file.id", name="staff_photo", use_alter=True), info=label(N_("Photo"))
    )
    postings: Mapped[list["Posting"]] = relationship(back_populates="staff", order_by="Posting.since")
    department: Mapped[IndustryDepartment | None] = relationship()
    account: Mapped[User] = relationship()

    def __str__(self) -> str:
        return self.name


class Posting(Created, Model):
    """Where a person works from a day on: at a centre, perhaps at one window, or in an office; history is kept."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("(centre_id is null) <> (office_id is null)", name="posting_centre_or_office"),
        CheckConstraint("window_id is null or centre_id is not null", name="posting_window_in_centre"),
        CheckConstraint("until is null or until >= since", name="posting_dates"),
        UniqueConstraint("staff_id", "centre_id", "office_id", "since", name="posting_once"),
    )
    id: Mapped[Key]
    staff_id: Mapped[int] = Ref("staff.id", info=label(N_("Staff")))
    centre_id: Mapped[int | None] = Ref("centre.id", info=label(N_("Centre")))
    office_id: Mapped[int | None] = Ref("office.id", info=label(N_("Office")))
    window_id: Mapped[int | None] = Ref("window.id", info=label(N_("Window")))
    since: Mapped[date] = mapped_column(Date, info=label(N_("Since")))
    until: Mapped[date | None] = mapped_column(Date, info=label(N_("Until"), N_("Empty while it lasts.")))
    staff: Mapped[Staff] = relationship(back_populates="postings")
    centre: Mapped[Centre | None] = relationship()
    office: Mapped[Office | None] = relationship()
    window: Mapped[Window | None] = relationship()

    def __str__(self) -> str:
        return str(self.centre or self.office)
