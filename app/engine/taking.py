"""Taking a paper in: what must be said of it at the desk, and what is written down of it (第十五条（三）)."""

from app.engine.acts import Data
from app.engine.turn import Turn
from app.law import N_
from app.models.application import ApplicationMaterial
from app.models.custody import Piece


def judge(t: Turn, line: Data, where: str, name: str) -> None:
    """Complain unless form and count are said, and a copy was compared with its original.

    `where` is the line's place in the input; nothing where the input says only this.
    """
    t.require(line["form"], _at(where, "form"), N_("Say in which form «%(name)s» was taken."), name=name)
    t.require(line["pieces"] > 0, _at(where, "pieces"), N_("Count the pieces of «%(name)s»."), name=name)
    t.require(
        line["form"] != "copy" or line["copy_verified"],
        _at(where, "copy_verified"),
        N_("Compare the copy of «%(name)s» with its original."),
        name=name,
    )


def take(t: Turn, material: ApplicationMaterial, line: Data, where: str, unit: str) -> Piece | None:
    """Write down how a material was taken; what is on paper becomes a piece in the unit's hands."""
    material.status, material.form, material.pieces = "taken", line["form"], line["pieces"]
    material.copy_verified, material.verified_by = line["copy_verified"], t.by if line["copy_verified"] else ""
    scan = t.claim(line["file"], _at(where, "file"), "material")
    material.file_id = scan.id if scan else None
    if line["form"] == "electronic":
        return None
    piece = Piece(
        application_id=t.application.id,
        kind="material",
        name=material.name,
        copies=line["pieces"],
        first_holder=unit,
        holder=unit,
        material_id=material.id,
        created_at=t.now,
        created_by=t.by,
    )
    t.session.add(piece)
    t.dossier.pieces.append(piece)
    return piece


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
