"""The forms of the window: the checklist of the item with what it asks for, line by line."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.models.application import ApplicationMaterial
from app.stages.intake.inputs import RELATIONS
from app.web.delivery import ways_out
from app.web.forms import Row, Shape

ORGANISATIONS = "applicant_type=2|3|4|5|6"
NOT_NEW = "relation=" + "|".join(code for code in RELATIONS if code != "new")


def _tags(material: ApplicationMaterial) -> tuple[str, ...]:
    kind = _("Always needed") if material.requirement == "required" else _("conditional")
    return (kind, _("may follow")) if material.tolerable else (kind,)


def _wanted(filed: Mapping[str, object]) -> str:
    """What the published list says about a material: when, how many, from where."""
    said = []
    if filed.get("condition"):
        said.append(_("when: %(condition)s", condition=filed["condition"]))
    if filed.get("original_count"):
        said.append(_("originals: %(count)s", count=filed["original_count"]))
    if filed.get("copy_count"):
        said.append(_("copies: %(count)s", count=filed["copy_count"]))
    if filed.get("shared_source"):
        said.append(_("shared from %(source)s", source=filed["shared_source"]))
    return " · ".join(said)


def materials_told(dossier: Dossier, actor: Actor) -> list[Row]:
    """Every material, to say of those that are missing or wrong what to put right."""
    filed = {each["position"]: each for each in dossier.item["materials"]}
    return [
        Row(each.name, {"material_id": each.id}, _tags(each), _wanted(filed[each.position]))
        for each in dossier.application.materials
    ]


def materials_received(dossier: Dossier, actor: Actor) -> list[Row]:
    """Every material, to be judged; only judgements that the list allows are offered."""
    rows = []
    filed = {each["position"]: each for each in dossier.item["materials"]}
    for each in dossier.application.materials:
        listed = filed[each.position]
        judgements = {"taken"}
        if listed["shared_source"]:
            judgements.add("shared")
        if each.requirement == "conditional":
            judgements.add("not_applicable")
        begins = {
            "material_id": each.id,
            "form": listed["form"] if listed["form"] in {"original", "copy", "electronic"} else "",
            "pieces": listed["original_count"] or listed["copy_count"] or 1,
        }
        rows.append(Row(each.name, begins, _tags(each), _wanted(listed), {"status": judgements}))
    return rows


SHAPES = {
    "register": Shape(
        begins=lambda _dossier, _actor: {"relation": "new"},
        searched={"item": "ApplicationPage.items"},
        show_if={"legal_rep": ORGANISATIONS, "original_no": NOT_NEW},
        left_out=("ticket_id",),
    ),
    "notify": Shape(
        rows={"lines": materials_told},
        show_if={"lines.requirement": "status=missing|defective|copy_differs"},
        skipped_if_blank={"lines": "status"},
        irrelevant=lambda dossier: () if any(e.act == "notify" for e in dossier.events) else ("again_reason",),
    ),
    "receive": Shape(
        rows={"materials": materials_received},
        choices={"delivery_mode": ways_out},
        show_if={
            "materials.form": "status=taken",
            "materials.pieces": "status=taken",
            "materials.copy_verified": "form=copy",
            "materials.file": "status=taken",
            "ems_address": "delivery_mode=ems",
        },
        left_out=("ticket_id",),
        blank_means={"materials.pieces": 0},
    ),
}
