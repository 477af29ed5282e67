"""容缺补件 (第十五条（三）, （六）2): what was owed comes in, at any desk, and finds its way to whoever examines it."""

from collections.abc import Mapping
from typing import Any

from app.custody.inputs import CollectSupplementInput
from app.engine import transfer
from app.engine.acts import Data, act
from app.engine.clocks import limit_of
from app.engine.dossier import Dossier
from app.engine.taking import judge, take
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock
from app.law.states import State
from app.models.correction import OwedMaterial
from app.models.custody import Piece

WITH_THE_OFFICE = frozenset({State.RECEIVED, State.ACCEPTED, State.SUSPENDED})
"""While the office examines it, what comes in goes to it on a slip."""


@act("collect_supplement", CollectSupplementInput)
def collect_supplement(t: Turn, data: Data) -> None:
    """Take in what was owed; its clock stops, and with the last of it a finished matter is closed (req. 63, 86)."""
    owed = _open(t, data["owed_id"])
    material, unit = owed.material, t.unit
    _judge(t, owed, data)
    t.settle()
    piece = None
    if data["how"] == "shared":
        material.status = "shared"
    else:
        piece = take(t, material, data, "", unit)
        t.settle()
    owed.state, owed.settled_at, owed.settled_how, owed.settled_by = "collected", t.now, data["how"], t.by
    _meet_the_notice(t, owed)
    t.timing.stops[Clock.OWED] = owed.id
    t.issue("correction_receipt", occasion="supplement", owed=owed)
    if data["how"] != "shared":
        _pass_on(t, owed, piece, unit)


def _open(t: Turn, owed_id: int) -> OwedMaterial:
    found = next((each for each in t.dossier.owed_open if each.id == owed_id), None)
    t.not_now_unless(found, N_("This is not owed, or not any more."))
    assert found is not None
    return found


def _judge(t: Turn, owed: OwedMaterial, data: Data) -> None:
    name = owed.material.name
    if data["how"] == "shared":
        shared = filed(t.dossier, owed)["shared_source"]
        t.require(shared, "how", N_("«%(name)s» is not obtained by sharing."), name=name)
        return
    judge(t, data, "", name)


def filed(dossier: Dossier, owed: OwedMaterial) -> Mapping[str, Any]:
    """What the item's list says of the material, as it was filed."""
    return next(each for each in dossier.item["materials"] if each["position"] == owed.material.position)


def _meet_the_notice(t: Turn, owed: OwedMaterial) -> None:
    """A correction notice that shows the material reads that it came."""
    notice = t.dossier.open_correction
    for line in notice.lines if notice else ():
        if line.kind == "owed" and line.material_id == owed.material_id:
            line.answered_at, line.answered_by = t.now, t.by


def _pass_on(t: Turn, owed: OwedMaterial, piece: Piece | None, unit: str) -> None:
    """Send it to the office that examines the matter; while a file is on its way it waits here for the next one."""
    if t.dossier.state not in WITH_THE_OFFICE:
        return
    if t.dossier.open_slip("file") is not None:
        t.payload["waits_for_the_next_file"] = True
        return
    load = transfer.Load(owed.material.name, owed.material.pieces, piece, owed.material)
    slip = transfer.send(t, "file", "paper" if piece else "scans", unit, t.application.office.unit, [load])
    limit = limit_of(Clock.HANDLING, t.dossier.item, t.settings, t.transition.name)
    t.dossier.clocks.start(Clock.HANDLING, limit, t.now, t.by)
    if piece is not None:
        t.issue("transfer_slip", occasion="collect_supplement", slip=slip)
