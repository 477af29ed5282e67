"""What an office records while it examines: suspensions, verifications, joint reviews, opinions (第十五条（五）)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import JsonColumn, Key, Model, Moment, OfApplication, Ref, Row, label
from app.models.organisation import Office

_SUSPENSIONS = (
    "'site_survey', 'expert_review', 'hearing', 'bidding', 'auction', 'inspection', 'testing', 'quarantine', "
    "'appraisal'"
)
_OPEN = "state in ('requested', 'running')"


class Suspension(OfApplication, Model):
    """挂起 (特别程序): asked for by the approver, decided by the head, ended with a result (req. 75)."""

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint(f"kind in ({_SUSPENSIONS})", name="suspension_kind"),
        CheckConstraint("state in ('requested', 'returned', 'running', 'ended', 'ceased')", name="suspension_state"),
        CheckConstraint("planned_days between 1 and 60", name="suspension_plan"),
        CheckConstraint(
            "state = 'returned' or decided_by_id is null or decided_by_id <> requester_id",
            name="suspension_two_people",
        ),
        CheckConstraint("state <> 'ended' or result_text <> ''", name="suspension_result"),
        Index(
            "one_open_suspension",
            "application_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20), info=label(N_("Special procedure")))
    basis: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(500))
    planned_days: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    requester_id: Mapped[int] = Ref("ab_user.id", index=False)
    requester_name: Mapped[str] = mapped_column(String(100))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    opinion: Mapped[str] = mapped_column(String(500), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str | None] = mapped_column(String(10))
    result_text: Mapped[str] = mapped_column(Text, default="")
    participants: Mapped[list[Row]] = mapped_column(JsonColumn, default=list)
    attachments: Mapped[list[int]] = mapped_column(JsonColumn, default=list)
    created_by: Mapped[str] = mapped_column(String(64))


class Verification(OfApplication, Model):
    """核查: what two or more people found when they checked the substance (行政许可法34)."""

    __tablename__ = "verification"
    __table_args__ = (
        CheckConstraint("method in ('document', 'online', 'onsite')", name="verification_method"),
        CheckConstraint("conclusion in ('conform', 'not_conform', 'unclear')", name="verification_conclusion"),
    )
    id: Mapped[Key]
    verifiers: Mapped[list[Row]] = mapped_column(JsonColumn)
    method: Mapped[str] = mapped_column(String(10))
    findings: Mapped[str] = mapped_column(Text)
    conclusion: Mapped[str] = mapped_column(String(20))
    attachments: Mapped[list[int]] = mapped_column(JsonColumn, default=list)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))


class JointReview(OfApplication, Model):
    """联审会议: offices meet within the promised limit; no clock stops (第十五条（五）)."""

    __tablename__ = "joint_review"
    __table_args__ = (
        CheckConstraint("state in ('open', 'concluded', 'ceased')", name="joint_review_state"),
        CheckConstraint("state <> 'concluded' or conclusion <> ''", name="joint_review_conclusion"),
        Index(
            "one_open_joint_review",
            "application_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: Mapped[Key]
    offices: Mapped[list[Row]] = mapped_column(JsonColumn)
    meeting_on: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))
    convened_at: Mapped[datetime] = mapped_column(Moment)
    attendees: Mapped[list[Row]] = mapped_column(JsonColumn, default=list)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    minutes_id: Mapped[int | None] = Ref("stored_file.id", index=False)
    concluded_at: Mapped[datetime | None] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))


class Opinion(OfApplication, Model):
    """部门意见: what another office is asked, and says; that office sees the opinion, not the application.

    `shown` is what it is told of the application: number, item, centre and the masked name.
    """

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint("state in ('asked', 'given', 'ceased')", name="opinion_state"),
        CheckConstraint("stance is null or stance in ('agree', 'conditional', 'disagree')", name="opinion_stance"),
        CheckConstraint("(state = 'given') = (given_at is not null)", name="opinion_given"),
        CheckConstraint("due_days between 1 and 5", name="opinion_due"),
        Index("opinion_desk", "office_id", "state"),
    )
    id: Mapped[Key]
    office_id: Mapped[int] = Ref("office.id", index=False, info=label(N_("Office asked")))
    asking_office_id: Mapped[int] = Ref("office.id", index=False)
    question: Mapped[str] = mapped_column(String(500), info=label(N_("What is asked")))
    due_days: Mapped[int] = mapped_column(Integer)
    shown: Mapped[Row] = mapped_column(JsonColumn, default=dict)
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    version: Mapped[int] = mapped_column(Integer, default=1)
    asked_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Asked at")))
    stance: Mapped[str | None] = mapped_column(String(12), info=label(N_("Stance")))
    text: Mapped[str] = mapped_column(Text, default="", info=label(N_("Opinion")))
    attachments: Mapped[list[int]] = mapped_column(JsonColumn, default=list)
    given_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    given_by_name: Mapped[str] = mapped_column(String(100), default="")
    given_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Given at")))
    created_by: Mapped[str] = mapped_column(String(64))
    office: Mapped[Office] = relationship(foreign_keys=[office_id])
    asking_office: Mapped[Office] = relationship(foreign_keys=[asking_office_id])
