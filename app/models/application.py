"""The application (办件) and what its stages record about it."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.law.states import State
from app.models.base import BigKey, JsonColumn, Key, Model, Moment, OfApplication, Ref, Row, Scoped, label
from app.models.catalogue import Item, ItemVersion
from app.models.counter import Ticket
from app.models.encrypted import Encrypted
from app.models.organisation import Centre, Office, Window
from app.models.theme import Theme

_STATES = ", ".join(f"'{state.value}'" for state in State)
_CLOSED = "('refused', 'not_accepted', 'withdrawn', 'terminated')"


class Application(Scoped, Model):
    """One matter of one applicant on its way through the ten stages; only acts change it."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(f"state in ({_STATES})", name="application_state"),
        CheckConstraint("version >= 1", name="application_version"),
        CheckConstraint(
            "delivery_mode is null or delivery_mode in ('pickup', 'ems', 'window')", name="application_delivery"
        ),
        CheckConstraint(f"state not in {_CLOSED} or closed_at is not null", name="application_closed"),
        CheckConstraint("applicant_type between '1' and '6'", name="application_applicant_type"),
        CheckConstraint("parent_id is null or theme_id is not null", name="application_child_of_one_thing"),
        Index("application_desk_office", "office_id", "state", "next_due_at"),
        Index("application_desk_centre", "centre_id", "state", "next_due_at"),
        Index("application_desk_county", "state", "next_due_at"),
        # Figures are counted from this alone: rows are wide.
        Index("application_figures", "office_id", "state", "is_demo", "next_due_at", "centre_id"),
        Index("application_provincial_no", "provincial_no", unique=True),
        # What the weekly ledgers of an office look through is read from this alone.
        Index("application_closed", "office_id", "closed_at", "item_version_id", "is_demo",
              sqlite_where=text("closed_at is not null"), postgresql_where=text("closed_at is not null")),
        Index(
            "application_open_due",
            "next_due_at",
            sqlite_where=text("next_due_at is not null"),
            postgresql_where=text("next_due_at is not null"),
        ),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(60), unique=True, info=label(N_("Application number")))
    short_no: Mapped[str] = mapped_column(String(30), unique=True, info=label(N_("Number")))
    pickup_code: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(20), info=label(N_("State")))
    version: Mapped[int] = mapped_column(Integer)
    item_id: Mapped[int] = Ref("item.id")
    item_version_id: Mapped[int] = Ref("item_version.id", index=False)
    window_id: Mapped[int | None] = Ref("window.id", index=False)
    ticket_id: Mapped[int] = Ref("ticket.id")
    # who applies
    applicant_type: Mapped[str] = mapped_column(String(1), info=label(N_("Applicant type")))
    applicant_name: Mapped[str] = mapped_column(String(100), index=True, info=label(N_("Applicant")))
    id_type: Mapped[str] = mapped_column(String(20), info=label(N_("ID type")))
    id_no: Mapped[str] = mapped_column(Encrypted("application.id_no"))
    id_no_index: Mapped[str] = mapped_column(String(64), index=True)
    id_last4_index: Mapped[str] = mapped_column(String(64), index=True)
    phone: Mapped[str] = mapped_column(Encrypted("application.phone"))
    phone_index: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(Encrypted("application.address"), default="")
    legal_rep: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Legal representative")))
    agent_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Agent")))
    agent_id_type: Mapped[str] = mapped_column(String(20), default="")
    agent_id_no: Mapped[str | None] = mapped_column(Encrypted("application.agent_id_no"))
    agent_id_index: Mapped[str | None] = mapped_column(String(64))
    agent_last4_index: Mapped[str | None] = mapped_column(String(64))
    agent_phone: Mapped[str | None] = mapped_column(Encrypted("application.agent_phone"))
    # The file points back to its application; one of the two keys is made when both tables are there.
    authorisation_id: Mapped[int | None] = mapped_column(
        BigKey, ForeignKey("stored_file.id", name="application_authorisation", use_alter=True)
    )
    relation: Mapped[str] = mapped_column(String(12), default="new", info=label(N_("Relation to an earlier decision")))
    original_id: Mapped[int | None] = Ref("application.id")
    # one thing (一件事): the lead application is the parent of the others
    theme_id: Mapped[int | None] = Ref("theme.id", index=False)
    parent_id: Mapped[int | None] = Ref("application.id")
    extra: Mapped[Row | None] = mapped_column(JsonColumn)
    provincial_no: Mapped[str | None] = mapped_column(String(64), info=label(N_("Provincial number")))
    # how the result leaves
    delivery_mode: Mapped[str | None] = mapped_column(String(10), info=label(N_("Delivery")))
    ems_address: Mapped[str | None] = mapped_column(Encrypted("application.ems_address"))
    # server moments, each set once by its act
    registered_at: Mapped[datetime] = mapped_column(Moment, index=True, info=label(N_("Registered at")))
    received_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Received at")))
    accepted_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Accepted at")))
    clock_from: Mapped[date | None] = mapped_column(Date)
    decided_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Decided at")))
    closed_at: Mapped[datetime | None] = mapped_column(Moment, index=True, info=label(N_("Closed at")))
    delivered_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Delivered at")))
    next_due_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Next deadline")))
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_by: Mapped[str] = mapped_column(String(64))

    centre: Mapped[Centre] = relationship()
    office: Mapped[Office] = relationship()
    item: Mapped[Item] = relationship()
    item_version: Mapped[ItemVersion] = relationship()
    window: Mapped[Window | None] = relationship()
    ticket: Mapped[Ticket] = relationship()
    theme: Mapped[Theme | None] = relationship()
    parent: Mapped["Application | None"] = relationship(foreign_keys=[parent_id], remote_side="Application.id")
    materials: Mapped[list["ApplicationMaterial"]] = relationship(
        back_populates="application", order_by="ApplicationMaterial.position"
    )
    corrections: Mapped[list["CorrectionNotice"]] = relationship(  # type: ignore[name-defined]  # noqa: F821
        viewonly=True, order_by="CorrectionNotice.round"
    )
    pieces: Mapped[list["Piece"]] = relationship(  # type: ignore[name-defined]  # noqa: F821
        viewonly=True, order_by="Piece.id"
    )
    fees: Mapped[list["Fee"]] = relationship(  # type: ignore[name-defined]  # noqa: F821
        viewonly=True, order_by="Fee.id"
    )

    def __str__(self) -> str:
        return self.short_no


class ApplicationMaterial(OfApplication, Model):
    """One line of the application's own material list, as judged at the window (req. 54-57)."""

    __tablename__ = "application_material"
    __table_args__ = (
        UniqueConstraint("application_id", "position", name="application_material_position"),
        CheckConstraint(
            "status is null or status in ('taken', 'tolerated', 'shared', 'not_applicable')",
            name="application_material_status",
        ),
        CheckConstraint("pieces between 0 and 99", name="application_material_pieces"),
        CheckConstraint(
            "form is null or form <> 'copy' or status <> 'taken' or copy_verified",
            name="application_material_copy_verified",
        ),
    )
    id: Mapped[Key]
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    requirement: Mapped[str] = mapped_column(String(12))
    tolerable: Mapped[bool] = mapped_column(Boolean)
    status: Mapped[str | None] = mapped_column(String(20))
    form: Mapped[str | None] = mapped_column(String(12))
    pieces: Mapped[int] = mapped_column(Integer, default=0)
    copy_verified: Mapped[bool] = mapped_column(Boolean, default=False)
    verified_by: Mapped[str] = mapped_column(String(64), default="")
    file_id: Mapped[int | None] = Ref("stored_file.id")
    application: Mapped[Application] = relationship(back_populates="materials")


class Review(OfApplication, Model):
    """A review: a result per material and a conclusion; the last one counts (req. 105)."""

    __tablename__ = "review"
    __table_args__ = (CheckConstraint("conclusion in ('grant', 'refuse')", name="review_conclusion"),)
    id: Mapped[Key]
    reviewer_id: Mapped[int] = Ref("ab_user.id", index=False)
    conclusion: Mapped[str] = mapped_column(String(10))
    opinion: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Row]] = mapped_column(JsonColumn)
    reviewed_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))


class NegativeFiling(OfApplication, Model):
    """否定备案: a proposed non-acceptance or refusal before the leader (第十五条（四）3)."""

    __tablename__ = "negative_filing"
    __table_args__ = (
        CheckConstraint("kind in ('rejection', 'refusal')", name="filing_kind"),
        CheckConstraint("state in ('open', 'approved', 'returned', 'lapsed')", name="filing_state"),
        CheckConstraint("reason_code <> 'wrong_authority' or redirect_to <> ''", name="filing_redirect"),
        Index(
            "one_open_filing",
            "application_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    proposer_id: Mapped[int] = Ref("ab_user.id", index=False)
    reason_code: Mapped[str] = mapped_column(String(30))
    redirect_to: Mapped[str] = mapped_column(String(100), default="")
    facts: Mapped[str] = mapped_column(Text)
    reasons: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(String(500))
    statement: Mapped[str | None] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    opinion: Mapped[str] = mapped_column(String(500), default="")
    created_by: Mapped[str] = mapped_column(String(64))


class Decision(OfApplication, Model):
    """An effective decision: never edited or deleted; a correction is a new application (第十一条, 行政许可法 8)."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("kind in ('grant', 'refusal', 'non_acceptance')", name="decision_kind"),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="decision_validity"),
        UniqueConstraint("application_id", name="decision_once"),
    )
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    long_term: Mapped[bool] = mapped_column(Boolean, default=False)
    hearing_id: Mapped[int | None] = Ref("hearing.id", index=False)
    decided_by: Mapped[int] = Ref("ab_user.id", index=False)
    decided_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
