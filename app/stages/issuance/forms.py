"""The forms of issuance."""

from collections.abc import Collection, Mapping

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.law import N_
from app.law.states import DeliveryMode
from app.web.delivery import ways_out
from app.web.forms import Shape


def pieces(dossier: Dossier | None, actor: Actor) -> Mapping[str, int]:
    """As many as there are."""
    return {"pieces": sum(each.copies for each in dossier.result_pieces) or 1} if dossier else {}


def _only_by_ems(dossier: Dossier) -> Collection[str]:
    return () if dossier.application.delivery_mode == DeliveryMode.EMS else ("ems_receipt",)


SHAPES = {
    "make_certificate": Shape(begins=lambda _dossier, _actor: {"physical_pieces": 1}),
    "replace_certificate": Shape(is_grave=True, ask=N_("The old certificate is void for good. Go on?")),
    "change_delivery": Shape(choices={"delivery_mode": ways_out}, show_if={"ems_address": "delivery_mode=ems"}),
    "dispatch": Shape(begins=pieces),
    "return_dispatch": Shape(is_grave=True),
    "issue": Shape(show_if={"witness": "relation=left_in_place"}, irrelevant=_only_by_ems),
}
