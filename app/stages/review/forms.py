"""The forms of examination and decision."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.now import now
from app.law import N_
from app.models.organisation import Office
from app.stages.review.people import is_receiver, posted_to_offices, recused
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


def refusal(dossier: Dossier | None, actor: Actor) -> Mapping[str, str]:
    """What was proposed the last time, if it was sent back."""
    assert dossier is not None  # a refusal needs an application
    last = next((f for f in reversed(dossier.filings) if f.kind == "refusal"), None)
    if last is None:
        return {}
    return {name: getattr(last, name) for name in ("facts", "reasons", "legal_basis", "statement")}


def planned(dossier: Dossier | None, actor: Actor) -> Mapping[str, int]:
    """As many days as were asked for."""
    suspension = dossier.open_suspension if dossier else None
    return {"planned_days": suspension.planned_days} if suspension else {}


def colleagues(dossier: Dossier | None) -> Mapping[int, str]:
    """Everybody who works in an office, those of the application's own first."""
    return _people(dossier, set())


def verifiers(dossier: Dossier | None) -> Mapping[int, str]:
    """Whoever works in an office, is no party and took nothing in at the front."""
    if dossier is None:
        return {}
    staff = [s for s, _office in dossier.session.execute(posted_to_offices(now().date()))]
    barred = recused(dossier, staff) | {s.id for s in staff if is_receiver(dossier, s.user_id)}
    return _people(dossier, barred)


def _people(dossier: Dossier | None, without: Collection[int]) -> Mapping[int, str]:
    if dossier is None:
        return {}
    own = dossier.application.office_id
    rows = [(s, o) for s, o in dossier.session.execute(posted_to_offices(now().date())) if s.id not in without]
    return {s.id: f"{s.name} · {o.name}" for s, o in sorted(rows, key=lambda row: row[1].id != own)}


def every_office(dossier: Dossier | None) -> Mapping[int, str]:
    """All offices."""
    if dossier is None:
        return {}
    return {each.id: each.name for each in dossier.session.scalars(select(Office).order_by(Office.id))}


def offices_to_ask(dossier: Dossier | None) -> Mapping[int, str]:
    """The other offices, less those that were asked."""
    if dossier is None:
        return {}
    asked = {opinion.office_id for opinion in dossier.opinions if opinion.state != "ceased"}
    out = asked | {dossier.application.office_id}
    return {pk: name for pk, name in every_office(dossier).items() if pk not in out}


SHAPES = {
    "review": Shape(rows={"materials": materials_taken}, show_if={"materials.note": "result=fail"}),
    "grant": Shape(
        begins=decision, show_if={"valid_to": "long_term="},
        ask=N_("The decision takes effect at once and is never edited. Go on?"),
    ),
    "suspend": Shape(begins=planned),
    "return_suspension": Shape(is_grave=True),
    "resume": Shape(choices={"participants": colleagues}),
    "extend": Shape(ask=N_("A limit is extended once. The applicant gets a notice with the reason. Go on?")),
    "record_verification": Shape(choices={"verifiers": verifiers}),
    "convene_joint_review": Shape(choices={"offices": every_office}),
    "conclude_joint_review": Shape(choices={"attendees": colleagues}),
    "request_opinion": Shape(choices={"offices": offices_to_ask}),
    "refuse": Shape(begins=refusal, is_grave=True, ask=N_("This refuses the licence, or proposes to. Go on?")),
    "approve_refusal": Shape(
        is_grave=True, ask=N_("The applicant gets a decision that refuses the licence, and the matter ends. Go on?")
    ),
    "return_refusal": Shape(is_grave=True),
}  # fmt: skip
