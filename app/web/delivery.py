"""How a result leaves, as pages say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from app.law import N_

if TYPE_CHECKING:
    from app.engine.dossier import Dossier

DELIVERY_MODES = {
    "pickup": N_("Pick up at the certificate centre"),
    "ems": N_("By EMS"),
    "window": N_("At the window"),
}


def ways_out(dossier: Dossier | None) -> dict[str, str]:
    """How a result may leave: what a town took in is not picked up at the county's centre (六.1)."""
    is_town = dossier is not None and dossier.application.centre.is_town
    return {mode: gettext(label) for mode, label in DELIVERY_MODES.items() if not (is_town and mode == "pickup")}
