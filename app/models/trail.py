"""What happened: chained events, answers kept for replays, refused acts, outbox, notices, documents, files."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import JsonColumn, Key, Model, Moment, OfApplication, Ref, Row, label
from app.models.encrypted import EncryptedJSON

UNDELIVERED = text("state <> 'delivered'")


class Event(OfApplication, Model):
    """One act on one subject: append-only, numbered 1..n, each carrying the hash of the one before."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "seq", name="event_sequence"),
        Index("event_act", "application_id", "act"),
    )
    id: Mapped[Key]
    application_id: Mapped[int | None] = Ref("application.id", index=False)  # type: ignore[assignment]
    """None where the subject hangs on no application; whoever sees the subject sees its events."""
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int] = mapped_column(Integer)
    seq: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(40), info=label(N_("Act")))
    kind: Mapped[str] = mapped_column(String(1))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment, index=True, info=label(N_("At")))
    actor_id: Mapped[int | None] = Ref("ab_user.id")
    actor_name: Mapped[str] = mapped_column(String(100), info=label(N_("By")))
    role: Mapped[str] = mapped_column(String(30), info=label(N_("Role")))
    request_id: Mapped[str] = mapped_column(String(64))
    payload: Mapped[Row] = mapped_column(JsonColumn)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ActResult(Model):
    """The stored answer of an act under its actor's idempotency key: a replay gets the same answer."""

    __tablename__ = "act_result"
    __table_args__ = (UniqueConstraint("actor_id", "key", name="act_result_once"),)
    id: Mapped[Key]
    actor_id: Mapped[int] = Ref("ab_user.id", index=False)
    key: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(40))
    input_digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Row] = mapped_column(JsonColumn)
    at: Mapped[datetime] = mapped_column(Moment)


class RefusedAct(Model):
    """An act the rule forbids, tried all the same: who, as what, on what, why not (第十一条, 第十三条)."""

    __tablename__ = "refused_act"
    __table_args__ = (Index("refused_act_category", "category", "at"),)
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(Moment, index=True, info=label(N_("At")))
    actor_id: Mapped[int | None] = Ref("ab_user.id")
    actor_name: Mapped[str] = mapped_column(String(100), info=label(N_("By")))
    roles: Mapped[str] = mapped_column(String(200), info=label(N_("Roles held")))
    act: Mapped[str] = mapped_column(String(40), info=label(N_("Act")))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    subject_no: Mapped[str] = mapped_column(String(60), default="", info=label(N_("Number")))
    category: Mapped[str] = mapped_column(
        String(20), default="irregular", server_default="irregular", info=label(N_("What the rule forbids"))
    )
    """Its line in the do-not list (`law.do_not`), worked out once, when it was refused."""
    code: Mapped[str] = mapped_column(String(20), info=label(N_("Code")))
    sentence: Mapped[str] = mapped_column(String(500), info=label(N_("Reason")))
    params: Mapped[Row] = mapped_column(JsonColumn)
    request_id: Mapped[str] = mapped_column(String(64))

    @property
    def why(self) -> tuple[str, Row]:
        """The sentence that was said, and what it names."""
        return self.sentence, self.params


class Outbox(OfApplication, Model):
    """A message to the provincial platform, committed with its event (第十五条（十）).

    `pending` was never refused, `failed` was and waits for its next try; what is delivered stays so.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state in ('pending', 'delivered', 'failed')", name="outbox_state"),
        Index("outbox_waiting", "id", sqlite_where=UNDELIVERED, postgresql_where=UNDELIVERED),
        Index("outbox_waiting_of", "application_id", "id", sqlite_where=UNDELIVERED, postgresql_where=UNDELIVERED),
        UniqueConstraint("event_id", name="outbox_once"),
    )
    id: Mapped[Key]
    event_id: Mapped[int] = Ref("event.id", index=False)
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    payload: Mapped[Row] = mapped_column(JsonColumn)
    created_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("At")))
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0", info=label(N_("Times sent")))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    next_try_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Next try")))
    last_error: Mapped[str | None] = mapped_column(String(500), info=label(N_("Why not delivered")))
    target: Mapped[str | None] = mapped_column(String(200), info=label(N_("Sent to")))
    delivered_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Delivered at")))
    their_number: Mapped[str | None] = mapped_column(String(64), info=label(N_("Number on the platform")))
    """Under which number the platform keeps the application, where its answer says so."""
    event: Mapped[Event] = relationship()


class Notice(OfApplication, Model):
    """A line on somebody's desk: for one person, or for a role within a unit; masked, never an act.

    It tells of an application, or of the subject that hangs on none.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("notice_person", "user_id", "id"),
        Index("notice_role", "role", "unit", "id"),
    )
    id: Mapped[Key]
    application_id: Mapped[int | None] = Ref("application.id")  # type: ignore[assignment]
    subject_kind: Mapped[str | None] = mapped_column(String(30))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    user_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    role: Mapped[str | None] = mapped_column(String(30))
    unit: Mapped[str | None] = mapped_column(String(30))
    cause: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(10), default="info")
    text: Mapped[str] = mapped_column(String(300), default="")
    params: Mapped[Row] = mapped_column(JsonColumn)
    at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))


class Document(OfApplication, Model):
    """An official paper: facts with a number, fixed in the act; rendering is a way of reading it."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("state in ('valid', 'voided')", name="document_state"),)
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(30), info=label(N_("Document")))
    number: Mapped[str] = mapped_column(String(64), unique=True, info=label(N_("Document number")))
    token: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    facts: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("document.facts"), deferred=True)
    paragraphs: Mapped[Row] = mapped_column(JsonColumn)
    act: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("At")))
    created_by: Mapped[str] = mapped_column(String(64))

    def __str__(self) -> str:
        return self.number


class StoredFile(Model):
    """An uploaded file: kept by digest outside the web root, claimed by the act that names it.

    It is its application's then, or that of the subject that hangs on none.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="file_not_empty"),
        Index(
            "file_unclaimed",
            "uploaded_at",
            sqlite_where=text("application_id is null and subject_id is null"),
            postgresql_where=text("application_id is null and subject_id is null"),
        ),
    )
    id: Mapped[Key]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    uploader_id: Mapped[int] = Ref("ab_user.id")
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    application_id: Mapped[int | None] = Ref("application.id")
    subject_kind: Mapped[str | None] = mapped_column(String(30))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(String(40), default="")
    created_by: Mapped[str] = mapped_column(String(64))


class AuditRow(Model):
    """A look at something masked or a print: who, what, why, when."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("audit_row_what", "what", "id"),)
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(Moment, index=True, info=label(N_("At")))
    actor_id: Mapped[int] = Ref("ab_user.id")
    what: Mapped[str] = mapped_column(String(40), info=label(N_("What was done")))
    application_id: Mapped[int | None] = Ref("application.id", info=label(N_("Application")))
    detail: Mapped[str] = mapped_column(String(200), default="", info=label(N_("Of what")))
    reason: Mapped[str] = mapped_column(Text, default="", info=label(N_("Reason")))
    request_id: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[str] = mapped_column(String(64), info=label(N_("Account")))
