"""Questions people ask (咨询), the help they are given (帮办), and who answers where (第十五条（一）)."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Created, JsonColumn, Key, Model, Moment, Placed, Ref, Row, label
from app.models.catalogue import Item
from app.models.counter import Ticket
from app.models.encrypted import Encrypted
from app.models.organisation import Centre, Office, Staff, Window


class Consultation(Placed, Model):
    """A question, from the guide desk up to the leader; its tier only rises, and who was asked first keeps it.

    The office sees it from tier 4 on: until then it has none.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(
            "state in ('tier1', 'tier2', 'tier3', 'tier4', 'answered', 'closed')", name="consultation_state"
        ),
        CheckConstraint("tier between 1 and 4", name="consultation_tier"),
        CheckConstraint(
            "state = 'tier' || tier or state in ('answered', 'closed')", name="consultation_state_is_its_tier"
        ),
        CheckConstraint("tier < 2 or (ticket_id is not null and item_id is not null)", name="consultation_at_window"),
        CheckConstraint("tier < 3 or manager_id is not null", name="consultation_with_manager"),
        CheckConstraint(
            "tier < 4 or (reason_code is not null and description is not null and level is not null"
            " and office_id is not null)",
            name="consultation_with_office",
        ),
        CheckConstraint(
            "reason_code in ('professional', 'special_review', 'cross_domain')", name="consultation_reason"
        ),
        CheckConstraint("level in ('approver', 'office_head', 'bureau_leader')", name="consultation_level"),
        CheckConstraint(
            "(state = 'closed') = (told_at is not null and told_how is not null)", name="consultation_closed_when_told"
        ),
        UniqueConstraint("number", name="consultation_number"),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), info=label(N_("Number")))
    tier: Mapped[int] = mapped_column(Integer, info=label(N_("Tier")))
    question: Mapped[str] = mapped_column(Text, info=label(N_("What the asker wants to know")))
    asker_name: Mapped[str | None] = mapped_column(String(100), info=label(N_("Who asks")))
    asker_phone: Mapped[str | None] = mapped_column(Encrypted("consultation.asker_phone"), info=label(N_("Phone")))
    first_responder_id: Mapped[int] = Ref("ab_user.id")
    first_responder_name: Mapped[str] = mapped_column(String(100), info=label(N_("Asked first")))
    guided_window_id: Mapped[int | None] = Ref("window.id", info=label(N_("Guided to")))
    ticket_id: Mapped[int | None] = Ref("ticket.id", info=label(N_("Ticket")))
    item_id: Mapped[int | None] = Ref("item.id", info=label(N_("Item")))
    manager_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    manager_name: Mapped[str | None] = mapped_column(String(100), info=label(N_("Window manager")))
    reason_code: Mapped[str | None] = mapped_column(String(20), info=label(N_("Why the office")))
    description: Mapped[str | None] = mapped_column(Text, info=label(N_("What it is about")))
    level: Mapped[str | None] = mapped_column(String(20), info=label(N_("Level")))
    answered_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Answered at")))
    told_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Asker told at")))
    told_how: Mapped[str | None] = mapped_column(String(12), info=label(N_("How the asker was told")))
    told_by_name: Mapped[str | None] = mapped_column(String(100))
    told_note: Mapped[str | None] = mapped_column(String(500))
    centre: Mapped[Centre] = relationship(foreign_keys="Consultation.centre_id")
    office: Mapped[Office | None] = relationship(foreign_keys="Consultation.office_id")
    item: Mapped[Item | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    guided_window: Mapped[Window | None] = relationship()
    entries: Mapped[list["ConsultationEntry"]] = relationship(
        back_populates="consultation", order_by="ConsultationEntry.id"
    )
    outputs: Mapped[list["ConsultationOutput"]] = relationship(
        back_populates="consultation", order_by="ConsultationOutput.id"
    )

    @property
    def answers(self) -> list["ConsultationEntry"]:
        """What was answered on every tier, the first one first; an earlier one is never hidden."""
        return [entry for entry in self.entries if entry.kind in {"answer", "guided"}]

    def __str__(self) -> str:
        return self.number


class ConsultationEntry(Model):
    """What was said about a question, on which tier, by whom: only ever added to."""

    __tablename__ = "consultation_entry"
    __table_args__ = (
        CheckConstraint(
            "kind in ('answer', 'guided', 'asked_manager', 'passed_to_office', 'passed_up')", name="entry_kind"
        ),
        CheckConstraint("tier between 1 and 4", name="entry_tier"),
        CheckConstraint("kind <> 'guided' or window_id is not null", name="entry_guided_to_window"),
        CheckConstraint("kind = 'guided' or text <> ''", name="entry_says_something"),
    )
    id: Mapped[Key]
    consultation_id: Mapped[int] = Ref("consultation.id")
    kind: Mapped[str] = mapped_column(String(20))
    tier: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(20))
    """The role in which it was said."""
    text: Mapped[str] = mapped_column(Text, default="")
    window_id: Mapped[int | None] = Ref("window.id", index=False)
    by_id: Mapped[int] = Ref("ab_user.id", index=False)
    by_name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    consultation: Mapped[Consultation] = relationship(back_populates="entries")
    window: Mapped[Window | None] = relationship()


class ConsultationOutput(Model):
    """What the window handed out (发放表单、制作一次性告知单、提供示范文本); a notice keeps the facts it said."""

    __tablename__ = "consultation_output"
    __table_args__ = (
        CheckConstraint("kind in ('form', 'notice', 'sample')", name="output_kind"),
        CheckConstraint("(kind = 'notice') = (facts is not null)", name="output_notice_has_facts"),
        UniqueConstraint("token", name="output_token"),
    )
    id: Mapped[Key]
    consultation_id: Mapped[int] = Ref("consultation.id")
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200), default="")
    """The material whose form or sample it was."""
    file_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    """The file that was handed out, where the catalogue had one; else the sheet lay at the window."""
    facts: Mapped[Row | None] = mapped_column(JsonColumn(none_as_null=True))
    paragraphs: Mapped[Row | None] = mapped_column(JsonColumn(none_as_null=True))
    token: Mapped[str | None] = mapped_column(String(32))
    by_name: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
    consultation: Mapped[Consultation] = relationship(back_populates="outputs")


class HelpService(Placed, Model):
    """A help given (帮办): wanted by whoever got it, and free: there is no place here for an amount."""

    __tablename__ = "help_service"
    __table_args__ = (
        CheckConstraint("state = 'given'", name="help_state"),
        CheckConstraint("kind in ('guiding', 'materials', 'online', 'filling', 'printing')", name="help_kind"),
        CheckConstraint("consent", name="help_is_voluntary"),
    )
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(12), info=label(N_("Kind of help")))
    consent: Mapped[bool] = mapped_column(Boolean, info=label(N_("Wanted by the person, at no charge")))
    item_id: Mapped[int | None] = Ref("item.id", info=label(N_("Item")))
    consultation_id: Mapped[int | None] = Ref("consultation.id", info=label(N_("A question")))
    note: Mapped[str | None] = mapped_column(String(300), info=label(N_("Note")))
    helper_id: Mapped[int] = Ref("ab_user.id", index=False)
    helper_name: Mapped[str] = mapped_column(String(100), info=label(N_("Helped by")))
    given_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Given at")))
    centre: Mapped[Centre] = relationship(foreign_keys="HelpService.centre_id")
    item: Mapped[Item | None] = relationship()
    consultation: Mapped[Consultation | None] = relationship()


class AnswerOwner(Created, Model):
    """Who answers for the questions asked in a hall or town centre (答疑责任人), from a day on."""

    __tablename__ = "answer_owner"
    __table_args__ = (
        CheckConstraint("until is null or until >= since", name="owner_dates"),
        UniqueConstraint("centre_id", "since", name="owner_once_a_day"),
    )
    id: Mapped[Key]
    centre_id: Mapped[int] = Ref("centre.id", info=label(N_("Centre")))
    staff_id: Mapped[int] = Ref("staff.id", info=label(N_("Answers for its questions")))
    since: Mapped[date] = mapped_column(Date, info=label(N_("Since")))
    until: Mapped[date | None] = mapped_column(Date, info=label(N_("Until"), N_("Empty while it lasts.")))
    centre: Mapped[Centre] = relationship()
    staff: Mapped[Staff] = relationship()

    def __str__(self) -> str:
        return f"{self.centre} · {self.staff}"
