"""The one-time notice before any application exists: the item's guide and its whole list (第六条, 一（2）)."""

from collections.abc import Mapping
from typing import Any

from app.engine import wording
from app.engine.code_sets import word
from app.engine.paper_common import fee, limits, said, setting
from app.engine.rendering import render
from app.engine.turn import Step
from app.engine.versions import snapshot
from app.law import N_
from app.models.catalogue import Item
from app.models.consultation import Consultation, ConsultationOutput
from app.models.organisation import Centre, Window

KIND, LIKE = "consultation_notice", "one_time_notice"
SHARED = ("title", "rule", "supervision")
"""The county's words that it shares with the notice on an application."""
NOBODY = "—"
LICENCE = "01"


def lacking(item: Item) -> tuple[str, ...]:
    """Which of the four parts the item's guide lacks: basis, limits, procedure, materials."""
    parts = {
        N_("Legal basis"): item.legal_basis.strip(),
        N_("Limits"): item.instant or (item.statutory_amount and item.promised_days),
        N_("Procedure"): item.procedure.strip(),
        N_("Materials"): item.materials,
    }
    return tuple(label for label, said_of_it in parts.items() if not said_of_it)


def facts(step: Step, consultation: Consultation, item: Item) -> dict[str, Any]:
    """What the notice says; the question stands where an application's number would."""
    filed = snapshot(item)
    centre = step.session.get_one(Centre, consultation.centre_id)
    window = step.session.get(Window, step.actor.window_id) if step.actor.window_id else None
    asker = consultation.asker_name or NOBODY
    return limits(filed) | said(
        organisation=setting(step, "organisation_name"),
        centre={"name": centre.name, "address": centre.address, "phone": centre.phone},
        office={"name": item.office.name},
        window=window.name if window else centre.name,
        actor_name=step.actor.name,
        application={
            "number": consultation.number, "short_no": consultation.number, "item_name": item.name,
            "item_code": item.impl_code, "licence": item.item_type == LICENCE, "applicant_name": asker,
            "applicant_name_masked": asker, "id_type": NOBODY, "id_no_masked": NOBODY,
        },
        basis=item.legal_basis,
        conditions=item.conditions,
        procedure=item.procedure,
        fee=fee(filed),
        online=item.online.strip() or word("online", "none"),
        lines=[
            said(
                name=m.name, required=m.requirement, condition=m.condition, originals=m.original_count,
                copies=m.copy_count, electronic=m.form == "electronic", issuer=m.issuer, shared=m.shared_source,
            )
            for m in item.materials
        ],
        supervision_phone=setting(step, "supervision_phone"),
        demo=True if step.session.info.get("demo") else None,
    )  # fmt: skip


def paragraphs(facts: Mapping[str, Any], words: wording.Wording) -> dict[str, str]:
    """The county's words, filled in."""
    found = wording.resolve(LIKE, {**facts, "round": 1}, words)
    return {key: found[key] for key in SHARED}


def sheet(consultation: Consultation, output: ConsultationOutput) -> bytes:
    """The notice as PDF, the same each time."""
    assert output.facts is not None
    assert output.paragraphs is not None
    assert output.token is not None
    return render(
        KIND, output.facts, consultation.number, output.at, token=output.token, paragraphs=output.paragraphs
    )
