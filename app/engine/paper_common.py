"""What several papers say alike: whose they are, limits and due dates, who holds what, the results that leave."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, TypeVar

from app.engine.code_sets import first_setting, word
from app.engine.dossier import Dossier
from app.engine.turn import Turn
from app.law.clock import ZONE, Clock
from app.law.guards import APPLICANT, CERTIFICATE_CENTRE
from app.law.identity import mask_id, mask_name
from app.law.roles import Role
from app.models.application import Application, ApplicationMaterial
from app.models.custody import Piece, Slip
from app.models.organisation import Window
from app.models.trail import Document

Facts = dict[str, Any]
Found = TypeVar("Found")

NATURAL_PERSON = "1"
LICENCE = "01"
RESULTS = frozenset({"grant_decision", "refusal_decision", "non_acceptance", "termination", "certificate"})
"""The documents an application is decided by: they are handed over, posted and served."""


def said(**facts: Any) -> Facts:
    """The facts that say something: an optional one that is absent or blank is left out."""
    return {key: value for key, value in facts.items() if value is not None and str(value).strip()}


def common(turn: Turn, *, full_id: bool) -> Facts:
    """Whose paper it is, about which application, by whom; the whole ID number only where `full_id` asks for it."""
    return of_dossier(turn.dossier, turn.actor.name, full_id=full_id)


def of_dossier(dossier: Dossier, actor_name: str, *, full_id: bool) -> Facts:
    """The same, for a form that is printed before the act."""
    a = dossier.application
    return said(
        organisation=str(dossier.settings.get("organisation_name") or first_setting("organisation_name")),
        centre={"name": a.centre.name, "address": a.centre.address, "phone": a.centre.phone},
        office={"name": a.office.name},
        actor_name=actor_name,
        application=_application(dossier, full_id=full_id),
        demo=True if a.is_demo else None,
    )


def _application(dossier: Dossier, *, full_id: bool) -> Facts:
    a, item = dossier.application, dossier.item
    return said(
        number=a.number,
        short_no=a.short_no,
        item_name=item["name"],
        item_code=item["impl_code"],
        licence=item["item_type"] == LICENCE,
        applicant_name=a.applicant_name,
        applicant_name_masked=masked_name(a),
        id_type=word("id_type", a.id_type),
        id_no_masked=mask_id(a.id_type, a.id_no),
        id_no=a.id_no if full_id else None,
        agent_name=a.agent_name,
    )


def masked_name(a: Application) -> str:
    """The applicant's name, masked where the applicant is a natural person; an organisation's is public."""
    return mask_name(a.applicant_name) if a.applicant_type == NATURAL_PERSON else a.applicant_name


def setting(turn: Turn, key: str) -> str:
    """A setting that is printed, as the county set it or as it began."""
    return str(turn.settings.get(key) or first_setting(key))


def limits(item: dict[str, Any]) -> Facts:
    """The statutory and the promised limit of an item; 0 is the same day (即办)."""
    return {
        "statutory_limit": _limit(item["statutory_amount"], item["statutory_unit"]),
        "promised_limit": _limit(item["promised_days"], "working_day"),
    }


def _limit(amount: int, unit: str) -> Facts:
    return {"amount": amount, "unit": unit if amount else "same_day"}


def fee(item: dict[str, Any]) -> str:
    """What it costs: the item's basis and standard, or that nothing is charged."""
    return str(item["fee_text"]).strip() or word("fee", "charged" if item["has_fee"] else "free")


def due(turn: Turn, *clocks: Clock) -> Facts:
    """The due date of the first of these clocks that ever ran; LookupError where none did."""
    run = next((run for run in map(turn.dossier.clocks.latest, clocks) if run is not None), None)
    if run is None:
        raise LookupError(f"none of {', '.join(clocks)} ever ran")
    return {"date": run.due_on.isoformat(), "provisional": run.provisional}


def day(at: datetime | date | None) -> str:
    """The day of a moment in county time, or a day itself."""
    assert at is not None  # the state says that it happened
    return (at.astimezone(ZONE).date() if isinstance(at, datetime) else at).isoformat()


def moment(at: datetime | None) -> str:
    """A moment in county time."""
    assert at is not None  # the act sets it
    return at.astimezone(ZONE).isoformat()


def window_name(turn: Turn) -> str:
    """The window where the act is done: the clerk's own, or the one that took the application down."""
    a = turn.application
    if turn.role is Role.CERT_CLERK:
        return certificate_centre()
    window = linked(turn, Window, a.window, turn.actor.window_id or a.window_id)
    return window.name if window is not None else a.centre.name


def linked(turn: Turn, model: type[Found], loaded: Found | None, row_id: int | None) -> Found | None:
    """The row of this id: the one at hand, unless the act has just named another."""
    if row_id is None or getattr(loaded, "id", None) == row_id:
        return loaded
    return turn.session.get(model, row_id)


def unit_name(turn: Turn, unit: str) -> str:
    """The name of a unit that holds papers of this application."""
    a = turn.application
    names = {a.centre.unit: a.centre.name, a.office.unit: a.office.name}
    return names.get(unit) or word("unit", unit)


def certificate_centre() -> str:
    """The county's certificate centre, which makes certificates and posts results."""
    return word("unit", CERTIFICATE_CENTRE)


def piece_lines(turn: Turn, slip: Slip) -> list[Facts]:
    """The papers on a slip from the window."""
    materials = {m.id: m for m in turn.application.materials}
    return [
        {"name": line.name, "form": _form(materials, line.material_id), "pieces": line.listed} for line in slip.lines
    ]


def held_lines(turn: Turn, only: Collection[Piece] | None = None) -> list[Facts]:
    """The applicant's papers that the house holds, or these of them."""
    materials = {m.id: m for m in turn.application.materials}
    held = [p for p in turn.dossier.pieces if p.kind == "material" and p.holder != APPLICANT]
    return [
        {"name": piece.name, "form": _form(materials, piece.material_id), "pieces": piece.copies}
        for piece in (held if only is None else only)
    ]


def _form(materials: dict[int, ApplicationMaterial], material_id: int | None) -> str:
    assert material_id is not None  # a material's paper names its material
    form = materials[material_id].form
    assert form is not None  # it was taken
    return form


def owed_lines(turn: Turn) -> list[Facts]:
    """What is still owed: what must come, how, and by which written date."""
    published = turn.calendar.is_published
    return [
        {
            "name": owed.material.name,
            "requirement": owed.requirement,
            "how": owed.how,
            "due": {"date": day(owed.due_on), "provisional": not published(owed.due_on)},
        }
        for owed in turn.dossier.owed_open
    ]


def number_of(dossier: Dossier, kind: str) -> str | None:
    """The number of the last valid paper of a kind."""
    return next((d.number for d in reversed(dossier.papers()) if d.kind == kind and d.state == "valid"), None)


def title_of(document: Document) -> str:
    """What a document calls itself."""
    return str(document.paragraphs.get("title") or document.number)


def result_lines(dossier: Dossier, *, on_paper: bool = False) -> list[Facts]:
    """The decision and the certificate; `on_paper` leaves out a certificate that is electronic alone."""
    held = {piece.document_id: piece.copies for piece in dossier.result_pieces}
    return [
        {"name": title_of(d), "number": d.number, "copies": held.get(d.id, 1)}
        for d in dossier.papers()
        if d.kind in RESULTS and d.state == "valid" and not (on_paper and d.kind == "certificate" and d.id not in held)
    ]
