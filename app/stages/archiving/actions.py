"""Acts of archiving (第十五条（九）): a clerk lists the file, an assistant confirms it, in five working days."""

from app.engine import sheets
from app.engine.acts import Data, act
from app.engine.paper_common import setting
from app.engine.turn import Turn
from app.law import N_
from app.models.archive import ArchiveFile, ArchivePage, Retention
from app.models.trail import Document
from app.stages.archiving.inputs import ArchiveInput, ConfirmArchiveInput, ReturnArchiveInput


@act("archive", ArchiveInput)
def archive(t: Turn, data: Data) -> None:
    """List the file: materials and result, every document and piece; a filed file only gets supplementary sheets."""
    file = _file(t)
    supplement = file.state == "filed"
    t.require(
        t.session.get(Retention, data["retention_id"]) is not None, "retention_id", N_("Choose a retention period.")
    )
    wanted = sheets.wanted(t.dossier)
    named = [
        ("document", line["document_id"]) if line["document_id"] else ("material", line["material_id"])
        for line in data["pages"]
    ]
    for i, line in enumerate(data["pages"]):
        t.require(
            (line["document_id"] is None) != (line["material_id"] is None),
            f"pages.{i}",
            N_("A sheet is a document or a material."),
        )
    t.settle()
    t.forbid_unless(set(named) <= set(wanted), N_("A sheet named does not belong to this file."))
    t.require(len(named) == len(set(named)), "pages", N_("Each sheet once."))
    for missing in [key for key in wanted if key not in named]:
        t.require(False, "pages", N_("«%(name)s» is not listed."), name=sheets.name_of(wanted[missing]))
    t.settle()
    counts = dict(zip(named, (line["pages"] for line in data["pages"]), strict=True))
    if not supplement:
        file.listing += 1
    start = len(file.current_pages)
    pages = [_sheet(t, file, start + i, key, wanted[key], counts[key], supplement) for i, key in enumerate(wanted, 1)]
    file.state, file.medium, file.retention_id = "listed", data["medium"], data["retention_id"]
    file.location = data["location"] or file.location
    file.listed_by_id, file.listed_by_name, file.listed_at = t.actor.user_id, t.actor.name, t.now
    t.session.add_all(pages)
    t.issue("file_catalogue", archive=file, pages=pages, supplement=supplement, checker=False, note=None)


@act("return_archive", ReturnArchiveInput)
def return_archive(t: Turn, data: Data) -> None:
    """Return the listed file to the clerk, with the reason."""
    _file(t).state = "open"
    t.message = data["reason"]


@act("confirm_archive", ConfirmArchiveInput)
def confirm_archive(t: Turn, data: Data) -> None:
    """Confirm the file: two people archived it together (req. 92)."""
    file = _file(t)
    t.require(data["checked"], "checked", N_("Check every sheet first."))
    t.settle()
    file.state, file.note = "filed", data["note"] or ""
    file.confirmed_by_id, file.confirmed_by_name, file.confirmed_at = t.actor.user_id, t.actor.name, t.now
    t.issue("file_catalogue", archive=file, pages=file.current_pages, supplement=False, checker=True, note=data["note"])


def _file(t: Turn) -> ArchiveFile:
    file = t.dossier.archive
    assert file is not None  # it opened with the closing
    return file


def _sheet(
    t: Turn, file: ArchiveFile, position: int, key: sheets.Key, sheet: sheets.Sheet, pages: int, supplement: bool
) -> ArchivePage:
    kind, row_id = key
    return ArchivePage(
        application_id=t.application.id,
        archive_id=file.id,
        listing=file.listing,
        position=position,
        title=sheets.name_of(sheet),
        document_no=sheet.number if isinstance(sheet, Document) else "",
        responsible=setting(t, "organisation_name") if isinstance(sheet, Document) else t.application.applicant_name,
        pages=pages,
        supplementary=supplement,
        document_id=row_id if kind == "document" else None,
        material_id=row_id if kind == "material" else None,
        created_at=t.now,
        created_by=t.by,
    )
