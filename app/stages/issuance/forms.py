"""The forms of issuance."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.paper_common import NATURAL_PERSON
from app.law import N_
from app.law.states import DeliveryMode
from app.stages.issuance.inputs import SIGNERS
from app.web.delivery import ways_out
from app.web.forms import Shape


def pieces(dossier: Dossier | None, actor: Actor) -> Mapping[str, int]:
    """As many as there are."""
    return {"pieces": sum(each.copies for each in dossier.result_pieces) or 1} if dossier else {}


def _beside_the_point(dossier: Dossier) -> Collection[str]:
    matters = {
        "ems_receipt": dossier.application.delivery_mode == DeliveryMode.EMS,
        "ticks": bool(dossier.to_collect),
    }
    return [name for name, does in matters.items() if not does]


def to_collect(dossier: Dossier | None) -> Mapping[int, str]:
    """What the handover slip asks to collect."""
    lines = dossier.to_collect if dossier else []
    return {
        owed.id: _("%(name)s: %(requirement)s", name=owed.material.name, requirement=requirement)
        for owed, requirement in lines
    }


def signers(dossier: Dossier | None) -> Mapping[str, str]:
    """Who may sign: an organisation never for itself, an agent or a representative where there is one."""
    may = dict.fromkeys(SIGNERS, True)
    if dossier is not None:
        a = dossier.application
        may |= {"self": a.applicant_type == NATURAL_PERSON, "agent": bool(a.agent_name), "legal_rep": bool(a.legal_rep)}
    return {relation: _(label) for relation, label in SIGNERS.items() if may[relation]}


SHAPES = {
    "make_certificate": Shape(begins=lambda _dossier, _actor: {"physical_pieces": 1}),
    "replace_certificate": Shape(is_grave=True, ask=N_("The old certificate is void for good. Go on?")),
    "change_delivery": Shape(choices={"delivery_mode": ways_out}, show_if={"ems_address": "delivery_mode=ems"}),
    "dispatch": Shape(begins=pieces),
    "return_dispatch": Shape(is_grave=True),
    "issue": Shape(
        show_if={"witness": "relation=left_in_place"},
        irrelevant=_beside_the_point,
        choices={"ticks": to_collect, "relation": signers},
    ),
}
