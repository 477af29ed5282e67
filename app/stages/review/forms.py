"""The forms of examination and decision."""

from collections.abc import Mapping

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.now import now
from app.law import N_
from app.web.forms import Row, Shape

LONGEST_BASIS = 500


def materials_taken(dossier: Dossier, actor: Actor) -> list[Row]:
    """Every material that was taken, with what is to be looked at."""
    points = {each["position"]: each.get("review_points", "") for each in dossier.item["materials"]}
    return [
        Row(each.name, {"material_id": each.id}, (), points.get(each.position, ""))
        for each in dossier.application.materials
        if each.status == "taken"
    ]


def decision(dossier: Dossier | None, actor: Actor) -> Mapping[str, str]:
    """In effect from today, on the basis that the item names."""
    assert dossier is not None  # a decision needs an application
    return {"valid_from": now().date().isoformat(), "basis": dossier.item["legal_basis"][:LONGEST_BASIS]}


SHAPES = {
    "review": Shape(rows={"materials": materials_taken}, show_if={"materials.note": "result=fail"}),
    "grant": Shape(
        begins=decision, show_if={"valid_to": "long_term="},
        ask=N_("The decision takes effect at once and is never edited. Go on?"),
    ),
}  # fmt: skip
