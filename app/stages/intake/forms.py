"""The forms of the window: the checklist of the item with what it asks for, line by line."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.now import now
from app.engine.versions import snapshot
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.identity import mask_address, mask_id, mask_phone
from app.law.states import State
from app.models.application import ApplicationMaterial
from app.models.catalogue import Item
from app.models.counter import Ticket
from app.stages.intake.amending import AFTER_RECEIPT
from app.stages.intake.commitment import tolerable, where_to_print
from app.stages.intake.inputs import FORMS, RELATIONS, AmendInput
from app.stages.intake.owing import latest, may_follow
from app.web import taught, words
from app.web.actor import current_actor
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
        judgements = {"taken", "tolerated"} if may_follow(each, listed) else {"taken"}
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


def materials_owed(dossier: Dossier, actor: Actor) -> list[Row]:
    """Every material that may follow: it appears when it is judged so, with the last day it may come."""
    filed = {each["position"]: each for each in dossier.item["materials"]}
    rows = []
    for i, each in enumerate(dossier.application.materials):
        if may_follow(each, filed[each.position]):
            day = latest(dossier, each.id, now()).isoformat()
            begins = {"material_id": each.id, "how": "window", "due": day}
            shown = f"materials.{i}.status=tolerated"
            rows.append(Row(each.name, begins, (), _("by %(day)s at the latest", day=day), show_if=shown))
    return rows


def scanned(data: Mapping[str, Any]) -> Iterator[Complaint]:
    """A window that sends scans has scanned what it took; a program may keep them elsewhere."""
    for i, line in enumerate(data.get("materials", ())):
        by_file = data.get("sent_as") == "scans" or line.get("form") == "electronic"
        if line.get("status") == "taken" and by_file and not line.get("file"):
            yield Complaint(f"materials.{i}.file", N_("Attach the file: the office gets this material no other way."))


def _nothing_may_follow(dossier: Dossier) -> tuple[str, ...]:
    return () if tolerable(dossier) else ("owed", "commitment")


READ_BY_EVERYBODY = ("applicant_type", "applicant_name", "id_type", "legal_rep", "relation")


def registered(dossier: Dossier | None, actor: Actor) -> Mapping[str, Any]:
    """What is registered and may be read by everybody who sees the application; the rest is typed anew."""
    if dossier is None or dossier.state is not State.DRAFT:
        return {}
    a = dossier.application
    known: dict[str, Any] = {name: getattr(a, name) for name in READ_BY_EVERYBODY}
    known |= {"agent.name": a.agent_name, "agent.id_type": a.agent_id_type}
    return known | {f"extra.{name}": value for name, value in (a.extra or {}).items()}


def registered_masked(dossier: Dossier | None) -> Mapping[str, str]:
    """What is registered and not shown in full; it stays where nothing is typed."""
    if dossier is None:
        return {}
    a = dossier.application
    known = {
        "id_no": mask_id(a.id_type, a.id_no), "phone": mask_phone(a.phone),
        "address": a.address and mask_address(a.address),
        "agent.id_no": a.agent_id_no and mask_id(a.agent_id_type, a.agent_id_no),
        "agent.phone": a.agent_phone and mask_phone(a.agent_phone),
    }  # fmt: skip
    return {name: _("Now %(value)s; left blank, it stays.", value=value) for name, value in known.items() if value}


def _beside_the_point(dossier: Dossier) -> tuple[str, ...]:
    """Once the papers are taken, only the phone and the address are put right."""
    if dossier.state is State.DRAFT:
        return ()
    return tuple(name for name in AmendInput().fields if name not in AFTER_RECEIPT | {"reason"})


def on_paper(dossier: Dossier | None) -> dict[int, str]:
    """The papers the applicant handed in, and who holds them."""
    if dossier is None:
        return {}
    a = dossier.application
    names = {a.centre.unit: a.centre.name, a.office.unit: a.office.name}
    return {
        each.id: _("%(name)s, %(copies)s pieces (%(unit)s)", name=each.name, copies=each.copies,
                   unit=words.unit(each.holder, names))
        for each in dossier.pieces
        if each.kind == "material"
    }  # fmt: skip


def originals(dossier: Dossier | None, actor: Actor) -> Mapping[str, Any]:
    """Originals go back, unless somebody says otherwise."""
    if dossier is None:
        return {}
    taken = {each.id for each in dossier.application.materials if each.form == "original"}
    return {"returned": [str(each.id) for each in dossier.pieces if each.material_id in taken]}


def _to_put_right(dossier: Dossier, *, is_chosen: bool) -> list[Row]:
    """What the correction notice names and nobody has brought yet, with what it asks for."""
    filed = {each["position"]: each["form"] for each in dossier.item["materials"]}
    notice = dossier.open_correction
    rows = []
    for line in notice.lines if notice else ():
        if line.is_open:
            form = filed[line.material.position]
            begins = {"form": form} if is_chosen and form in FORMS else {}
            hint = _("%(problem)s – wanted: %(wanted)s", problem=line.problem, wanted=line.requirement)
            rows.append(Row(line.material.name, {"line_id": line.id, "pieces": 1, **begins}, (), hint))
    return rows


def all_to_put_right(dossier: Dossier, actor: Actor) -> list[Row]:
    """Every line that is still open: all of them come now."""
    return _to_put_right(dossier, is_chosen=True)


def some_to_put_right(dossier: Dossier, actor: Actor) -> list[Row]:
    """Every line that is still open: those come now whose form is said."""
    return _to_put_right(dossier, is_chosen=False)


def chosen(code: str) -> Mapping[str, Any]:
    """The item that was chosen, as it is filed now; nothing before that."""
    item = db.session.scalar(select(Item).where(Item.code == code[:20], Item.is_active.is_(True)))
    return snapshot(item) if item is not None else {}


def served_here(_dossier: Dossier | None) -> Mapping[int, str]:
    """The number that is served at the window of whoever is asking: one of them takes several applications (二)."""
    actor = current_actor()
    here = select(Ticket.id, Ticket.number).where(Ticket.window_id == actor.window_id, Ticket.state == "serving")
    return dict(db.session.execute(here).all()) if actor.window_id is not None else {}


def served_now(actor: Actor) -> int | None:
    """The number a form begins with: one that was called; a visit without a number begins anew with each form."""
    if actor.window_id is None:
        return None
    called = (Ticket.window_id == actor.window_id, Ticket.state == "serving", Ticket.walk_in.is_(False))
    return db.session.scalar(select(Ticket.id).where(*called))


SHAPES = {
    "register": Shape(
        begins=lambda _dossier, actor: {"relation": "new", "ticket_id": served_now(actor)},
        choices={"ticket_id": served_here},
        searched={"item": "ApplicationPage.items"},
        asked=lambda _dossier, values: chosen(str(values.get("item", ""))),
        asked_by="item",
        warns=taught.warnings,
        show_if={"legal_rep": ORGANISATIONS, "original_no": NOT_NEW},
    ),
    "notify": Shape(
        rows={"lines": materials_told},
        show_if={"lines.requirement": "status=missing|defective|copy_differs"},
        skipped_if_blank={"lines": "status"},
        irrelevant=lambda dossier: () if any(e.act == "notify" for e in dossier.events) else ("again_reason",),
    ),
    "receive": Shape(
        rows={"materials": materials_received, "owed": materials_owed},
        warns=taught.warnings,
        irrelevant=_nothing_may_follow,
        goes_with={"commitment": "owed"},
        hints=where_to_print,
        skipped_if_blank={"owed": "requirement"},
        insists=scanned,
        instead=(N_("Is a paper missing that may not follow? Take nothing, and give the one-time notice."), "notify"),
        begins=lambda dossier, actor: {"ticket_id": served_now(actor)} if dossier is not None else {},
        choices={"delivery_mode": ways_out, "ticket_id": served_here},
        show_if={
            "materials.form": "status=taken",
            "materials.pieces": "status=taken",
            "materials.copy_verified": "form=copy",
            "materials.file": "status=taken",
            "ems_address": "delivery_mode=ems",
        },
        blank_means={"materials.pieces": 0},
    ),
    "amend": Shape(
        begins=registered,
        hints=registered_masked,
        irrelevant=_beside_the_point,
        show_if={"legal_rep": ORGANISATIONS, "original_no": NOT_NEW},
    ),
    "withdraw": Shape(
        choices={"returned": on_paper},
        begins=originals,
        irrelevant=lambda dossier: () if on_paper(dossier) else ("returned",),
        is_grave=True,
        ask=N_("The application ends at the applicant's own wish, and cannot be taken up again. Go on?"),
    ),
    "receive_correction": Shape(
        rows={"lines": all_to_put_right}, show_if={"lines.copy_verified": "form=copy"}, blank_means={"lines.pieces": 0}
    ),
    "receive_correction_part": Shape(
        rows={"lines": some_to_put_right},
        show_if={"lines.copy_verified": "form=copy"},
        skipped_if_blank={"lines": "form"},
        blank_means={"lines.pieces": 0},
    ),
}
