"""What an archive file must list (卷内目录): the result, what was handed in, the other papers by date."""

from app.engine.dossier import Dossier
from app.engine.paper_common import title_of
from app.law.guards import APPLICANT
from app.law.states import State
from app.models.application import ApplicationMaterial
from app.models.trail import Document

RESULTS_FIRST = ("grant_decision", "refusal_decision", "non_acceptance", "termination", "certificate")

Sheet = Document | ApplicationMaterial
Key = tuple[str, int]
"""(document or material, id)."""


def wanted(dossier: Dossier) -> dict[Key, Sheet]:
    """Every sheet to list now, in its order; of a filed file only what came since."""
    papers = [d for d in dossier.documents if d.state == "valid" and d.kind != "file_catalogue"]
    results = sorted((d for d in papers if d.kind in RESULTS_FIRST), key=lambda d: RESULTS_FIRST.index(d.kind))
    others = sorted((d for d in papers if d.kind not in RESULTS_FIRST), key=lambda d: d.issued_at)
    taken = [m for m in dossier.application.materials if m.status == "taken" and not _went_back(dossier, m)]
    found: dict[Key, Sheet] = {("document", d.id): d for d in results}
    found |= {("material", m.id): m for m in taken}
    found |= {("document", d.id): d for d in others}
    file = dossier.archive
    if file is None or file.state != "filed":
        return found
    listed = {("document", p.document_id) if p.document_id else ("material", p.material_id) for p in file.current_pages}
    return {key: sheet for key, sheet in found.items() if key not in listed}


def _went_back(dossier: Dossier, material: ApplicationMaterial) -> bool:
    """Whether nothing of it is left: its papers went back to the applicant who withdrew, and no scan was kept."""
    if dossier.state is not State.WITHDRAWN or material.file_id is not None:
        return False
    holders = {piece.holder for piece in dossier.pieces if piece.material_id == material.id}
    return holders == {APPLICANT}


def name_of(sheet: Sheet) -> str:
    """What a sheet calls itself."""
    return title_of(sheet) if isinstance(sheet, Document) else sheet.name
