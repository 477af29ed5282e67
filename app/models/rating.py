"""好差评: what people say of how they were served, and what the office does where it was bad (八)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    Index,
    Integer,
    String,
    Text,
    or_,
    text,
    true,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.law import N_
from app.models.application import Application
from app.models.base import JsonColumn, Key, Model, Moment, OfApplication, Placed, Ref, Sight, label
from app.models.encrypted import Encrypted
from app.models.organisation import Centre, Office

_ORDER_STATES = "'contact', 'rectify', 'replied', 'closed', 'appealed', 'voided'"
_NOT_REMINDED = "reminded_at is null"


class WorkOrder:
    """差评整改: whoever served badly is not the one who sees to it; contact within a day, a reply within five."""

    opened_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Work order opened at")))
    counted_from: Mapped[date | None] = mapped_column(Date)
    reply_days: Mapped[int] = mapped_column(Integer, default=0)
    contact_due_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Contact due")))
    reply_due_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Reply by")))
    extended_to: Mapped[date | None] = mapped_column(Date, info=label(N_("Extended to")))
    contacted_by_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Contacted by")))
    contacted_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Contacted at")))
    contact_note: Mapped[str] = mapped_column(Text, default="", info=label(N_("What was said")))
    outcome: Mapped[str | None] = mapped_column(String(12), info=label(N_("Outcome")))
    rectification: Mapped[str] = mapped_column(Text, default="", info=label(N_("Rectification")))
    replied_by_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Replied by")))
    replied_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Replied at")))
    appeal_reason: Mapped[str] = mapped_column(Text, default="", info=label(N_("Reason of the appeal")))
    decision: Mapped[str] = mapped_column(Text, default="", info=label(N_("What the supervisor says")))
    decided_by_name: Mapped[str] = mapped_column(String(100), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    @declared_attr
    def evidence_id(cls) -> Mapped[int | None]:  # noqa: N805
        return Ref("stored_file.id", index=False)  # type: ignore[no-any-return]


class Rating(WorkOrder, OfApplication, Model):
    """One finished matter, one rating: invited when it ends, given by whoever has the token, or not at all."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint(f"state in ('invited', 'rated', 'unrated', {_ORDER_STATES})", name="rating_state"),
        CheckConstraint("grade between 1 and 5", name="rating_grade"),
        CheckConstraint(f"state not in ('rated', {_ORDER_STATES}) or rated_at is not null", name="rating_given"),
        CheckConstraint("(state in ('invited', 'unrated')) = (grade is null)", name="rating_no_default_grade"),
        CheckConstraint("(grade >= 4) = (number is not null)", name="rating_bad_has_order"),
        CheckConstraint("concerns is null or concerns in ('centre', 'office')", name="rating_concerns"),
        CheckConstraint("channel is null or channel in ('device', 'qr', 'sms')", name="rating_channel"),
        Index("rating_once", "application_id", unique=True),
        Index("rating_not_reminded", "id", sqlite_where=text(_NOT_REMINDED), postgresql_where=text(_NOT_REMINDED)),
        Index("rating_to_remind", "unit", "state", "due_at",
              sqlite_where=text(_NOT_REMINDED), postgresql_where=text(_NOT_REMINDED)),
        Index("rating_waits", "state", "due_at"),
    )
    id: Mapped[Key]
    application_id: Mapped[int] = Ref("application.id", index=False)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    version: Mapped[int] = mapped_column(Integer, default=1)
    due_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Due")))
    late_told_at: Mapped[datetime | None] = mapped_column(Moment)
    invited_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Finished at")))
    unit: Mapped[str] = mapped_column(String(40))
    """Where it ended: `centre:` with a number, or the certificate centre; whoever stands there reminds."""
    reminded_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Reminded at")))
    person_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    person_name: Mapped[str] = mapped_column(String(100), info=label(N_("Served by")))
    grade: Mapped[int | None] = mapped_column(Integer, info=label(N_("Grade")))
    comment: Mapped[str] = mapped_column(Text, default="", info=label(N_("Comment")))
    channel: Mapped[str | None] = mapped_column(String(10), info=label(N_("Rating channel")))
    rated_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Rated at")))
    number: Mapped[str | None] = mapped_column(String(30), unique=True, info=label(N_("Work order")))
    concerns: Mapped[str | None] = mapped_column(String(10), info=label(N_("Whom it concerns")))
    created_by: Mapped[str] = mapped_column(String(64))

    application: Mapped[Application] = relationship(viewonly=True)


class Complaint(WorkOrder, Placed, Model):
    """投诉: about a centre or an office, by somebody who need not have an application; followed by number and code."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(f"state in ({_ORDER_STATES})", name="complaint_state"),
        CheckConstraint("source in ('web', 'device', 'phone')", name="complaint_source"),
        CheckConstraint("(centre_id is null) <> (office_id is null)", name="complaint_place"),
        Index("complaint_waits", "state", "due_at"),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(30), unique=True, info=label(N_("Work order")))
    source: Mapped[str] = mapped_column(String(10), info=label(N_("Source")))
    title: Mapped[str] = mapped_column(String(100), info=label(N_("Subject of the complaint")))
    content: Mapped[str] = mapped_column(Text, info=label(N_("What it is about")))
    application_no: Mapped[str] = mapped_column(String(60), default="", info=label(N_("Application number")))
    phone: Mapped[str] = mapped_column(Encrypted("complaint.phone"))
    people: Mapped[list[int]] = mapped_column(JsonColumn)
    """Who served at the counter in the application it names: they don't see to it."""
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)

    centre: Mapped[Centre | None] = relationship()
    office: Mapped[Office | None] = relationship()

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """Those who see to complaints in their place, and those who oversee all; no colleague of whoever is meant."""
        here: Any = cls
        if sight.roles & {"supervisor", "bureau_leader", "system"}:
            return true()
        managed = here.centre_id.in_(sight.centres_as({"window_manager"}))
        return or_(managed, here.office_id.in_(sight.offices_as({"office_head"})))
