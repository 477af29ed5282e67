"""Archive files: listed by a clerk, confirmed by an assistant within five working days (第十五条（九）)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.law import N_
from app.models.base import Created, Key, Model, Moment, OfApplication, Ref, label


class Retention(Created, Model):
    """How long a file is kept; the archivist edits it, not the code (档案法实施条例 19)."""

    __tablename__ = "retention"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Code")))
    name: Mapped[str] = mapped_column(String(50), unique=True, info=label(N_("Retention")))
    years: Mapped[int | None] = mapped_column(Integer, info=label(N_("Years"), N_("Empty for permanent.")))

    def __str__(self) -> str:
        return self.name


class ArchiveFile(OfApplication, Model):
    """The file of a closed application: open, listed, filed; sheets are only ever added."""

    __tablename__ = "archive_file"
    __table_args__ = (
        UniqueConstraint("application_id", name="archive_file_once"),
        CheckConstraint("state in ('open', 'listed', 'filed')", name="archive_state"),
        CheckConstraint("confirmed_by_id is null or confirmed_by_id <> listed_by_id", name="archive_two_people"),
        CheckConstraint("state <> 'filed' or confirmed_by_id is not null", name="archive_confirmed"),
        CheckConstraint("medium is null or medium in ('paper', 'electronic', 'both')", name="archive_medium"),
        # For the desks: nearly all files are filed.
        Index("archive_file_waits", "state",
              sqlite_where=text("state <> 'filed'"), postgresql_where=text("state <> 'filed'")),
    )
    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(40), unique=True, info=label(N_("Archive number")))
    state: Mapped[str] = mapped_column(String(10), info=label(N_("State")))
    medium: Mapped[str | None] = mapped_column(String(12), info=label(N_("Medium")))
    retention_id: Mapped[int | None] = Ref("retention.id", info=label(N_("Retention")))
    location: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Location")))
    listing: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime] = mapped_column(Moment, info=label(N_("Opened at")))
    listed_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    listed_by_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Listed by")))
    listed_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Listed at")))
    confirmed_by_id: Mapped[int | None] = Ref("ab_user.id", index=False)
    confirmed_by_name: Mapped[str] = mapped_column(String(100), default="", info=label(N_("Confirmed by")))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Confirmed at")))
    note: Mapped[str] = mapped_column(String(300), default="", info=label(N_("Note")))
    created_by: Mapped[str] = mapped_column(String(64))
    retention: Mapped[Retention | None] = relationship()
    application: Mapped["Application"] = relationship()  # type: ignore[name-defined]  # noqa: F821
    pages: Mapped[list["ArchivePage"]] = relationship(order_by="ArchivePage.position", viewonly=True)

    @property
    def current_pages(self) -> list["ArchivePage"]:
        """The sheets of the last listing; earlier listings were returned and stay on record."""
        return [page for page in self.pages if page.listing == self.listing]

    def __str__(self) -> str:
        return self.number


class ArchivePage(OfApplication, Model):
    """One sheet of the file catalogue (卷内目录)."""

    __tablename__ = "archive_page"
    __table_args__ = (
        UniqueConstraint("archive_id", "listing", "position", name="archive_page_position"),
        CheckConstraint("pages between 1 and 999", name="archive_page_count"),
    )
    id: Mapped[Key]
    archive_id: Mapped[int] = Ref("archive_file.id")
    listing: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    document_no: Mapped[str] = mapped_column(String(64), default="")
    responsible: Mapped[str] = mapped_column(String(100), default="")
    pages: Mapped[int] = mapped_column(Integer)
    supplementary: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[int | None] = Ref("document.id", index=False)
    material_id: Mapped[int | None] = Ref("application_material.id", index=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))


class ArchiveView(OfApplication, Model):
    """Each look into an archive file, with its reason (第五条)."""

    __tablename__ = "archive_view"
    id: Mapped[Key]
    archive_id: Mapped[int] = Ref("archive_file.id")
    reason: Mapped[str] = mapped_column(String(200))
    viewed_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))
