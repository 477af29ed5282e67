"""Accountability: facts, person, article, statement, decision, correction (第十条)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, Integer, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.law import N_
from app.models.base import JsonColumn, Key, Model, Moment, Placed, Ref, Sight, label

OVERSEERS = frozenset({"supervisor", "bureau_leader", "system"})


class AccountabilityRecord(Placed, Model):
    """One person held to account for one matter.

    `source` says what it began with, `source_kind` and `source_id` the row it is; `evidence_application_id` the
    application concerned. Evidence that lies in no row is files of its own.
    """

    __tablename__ = "accountability_record"
    __table_args__ = (
        CheckConstraint("state in ('open', 'heard', 'decided', 'corrected', 'dropped')", name="accountability_state"),
        CheckConstraint(
            "source in ('lamp', 'complaint', 'refused_act', 'wrong_acceptance', 'other')", name="accountability_source"
        ),
        CheckConstraint(
            "source_id is not null or evidence_application_id is not null or source = 'other'",
            name="accountability_evidence",
        ),
        CheckConstraint("state = 'open' or statement is not null", name="accountability_heard"),
        CheckConstraint("state not in ('decided', 'corrected') or decision is not null", name="accountability_decided"),
        CheckConstraint("state <> 'corrected' or correction is not null", name="accountability_corrected"),
        CheckConstraint("opened_by_id <> respondent_id", name="accountability_opener"),
        CheckConstraint(
            "decided_by_id is null or (decided_by_id <> respondent_id and decided_by_id <> opened_by_id)",
            name="accountability_decider",
        ),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Number")))
    respondent_id: Mapped[int] = Ref("ab_user.id")
    respondent_name: Mapped[str] = mapped_column(String(100), info=label(N_("Person concerned")))
    article: Mapped[str] = mapped_column(String(20), info=label(N_("Article")))
    source: Mapped[str] = mapped_column(String(20), info=label(N_("What it began with")))
    source_kind: Mapped[str | None] = mapped_column(String(30))
    source_id: Mapped[int | None] = mapped_column(Integer)
    evidence_application_id: Mapped[int | None] = Ref("application.id", info=label(N_("Application")))
    evidence_files: Mapped[list[int]] = mapped_column(JsonColumn, default=list)
    facts: Mapped[str] = mapped_column(Text, info=label(N_("Facts")))
    opened_by_id: Mapped[int] = Ref("ab_user.id", index=False)
    opened_by_name: Mapped[str] = mapped_column(String(100), info=label(N_("Opened by")))
    statement: Mapped[str | None] = mapped_column(Text, info=label(N_("The respondent's statement")))
    heard_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Heard at")))
    decided_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    decided_by_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Decided by")))
    decided_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Decided at")))
    measure: Mapped[str | None] = mapped_column(String(20), info=label(N_("Measure")))
    decision: Mapped[str | None] = mapped_column(Text, info=label(N_("Decision")))
    correction: Mapped[str | None] = mapped_column(Text, info=label(N_("How it was put right")))

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """Those who oversee, and the person concerned; nobody else."""
        if sight.roles & OVERSEERS:
            return true()
        return cls.respondent_id == sight.user_id

    def __str__(self) -> str:
        return self.number
