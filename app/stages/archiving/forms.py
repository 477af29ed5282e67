"""The forms of archiving: every sheet of the file, in its order, with its pages."""

from collections.abc import Mapping
from typing import Any

from app.engine import sheets
from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.models.archive import Retention
from app.models.trail import Document
from app.web.forms import Row, Shape


def rows(dossier: Dossier, actor: Actor) -> list[Row]:
    """Every sheet to list, with the pages it usually has."""
    return [_row(kind, row_id, sheet) for (kind, row_id), sheet in sheets.wanted(dossier).items()]


def _row(kind: str, row_id: int, sheet: sheets.Sheet) -> Row:
    if isinstance(sheet, Document):
        return Row(sheets.name_of(sheet), {f"{kind}_id": row_id, "pages": 1}, (), sheet.number)
    return Row(sheet.name, {f"{kind}_id": row_id, "pages": sheet.pieces or 1})


def periods(dossier: Dossier | None) -> dict[int, str]:
    """How long a file may be kept."""
    assert dossier is not None  # a file belongs to an application
    return {each.id: each.name for each in dossier.session.query(Retention).order_by(Retention.id)}


def begins(dossier: Dossier | None, actor: Actor) -> Mapping[str, Any]:
    """Kept as long as the item says."""
    assert dossier is not None  # as above
    return {"retention_id": dossier.application.item.retention_id, "medium": "both"}


SHAPES = {
    "archive": Shape(rows={"pages": rows}, choices={"retention_id": periods}, begins=begins),
    "return_archive": Shape(is_grave=True),
}
