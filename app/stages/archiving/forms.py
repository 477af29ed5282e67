"""The forms of archiving: every sheet of the file, in its order, with its pages."""

from collections.abc import Mapping
from typing import Any

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.paper_common import title_of
from app.models.archive import Retention
from app.stages.archiving.actions import ORDER
from app.web.forms import Row, Shape


def sheets(dossier: Dossier, actor: Actor) -> list[Row]:
    """The result, what was handed in, the other papers by date; of a filed file only what came since."""
    file = dossier.archive
    papers = [each for each in dossier.documents if each.state == "valid" and each.kind != "file_catalogue"]
    results = sorted((each for each in papers if each.kind in ORDER), key=lambda each: ORDER.index(each.kind))
    others = sorted((each for each in papers if each.kind not in ORDER), key=lambda each: each.issued_at)
    taken = [
        Row(each.name, {"material_id": each.id, "pages": each.pieces or 1})
        for each in dossier.application.materials
        if each.status == "taken"
    ]
    found = [*map(_paper, results), *taken, *map(_paper, others)]
    if file is None or file.state != "filed":
        return found
    listed = {(page.document_id, page.material_id) for page in file.current_pages}
    return [row for row in found if (row.values.get("document_id"), row.values.get("material_id")) not in listed]


def _paper(document: Any) -> Row:
    return Row(title_of(document), {"document_id": document.id, "pages": 1}, (), document.number)


def periods(dossier: Dossier | None) -> dict[int, str]:
    """How long a file may be kept."""
    assert dossier is not None  # a file belongs to an application
    return {each.id: each.name for each in dossier.session.query(Retention).order_by(Retention.id)}


def begins(dossier: Dossier | None, actor: Actor) -> Mapping[str, Any]:
    """Kept as long as the item says."""
    assert dossier is not None  # as above
    return {"retention_id": dossier.application.item.retention_id, "medium": "both"}


SHAPES = {
    "archive": Shape(rows={"pages": sheets}, choices={"retention_id": periods}, begins=begins),
    "return_archive": Shape(is_grave=True),
}
