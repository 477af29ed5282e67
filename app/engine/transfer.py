"""Handing papers from one unit to another: a slip is sent by one person and settled by another, line by line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.engine.turn import Turn
from app.law import N_, numbering
from app.law.clock import Limit, deadline, due_at
from app.models.application import ApplicationMaterial
from app.models.custody import Piece, Slip, SlipLine

TRANSIT_DAYS = 2
"""Working days papers may be on their way, where the county set nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one line of a slip carries: a physical piece, or the scan of a material."""

    name: str
    count: int
    piece: Piece | None = None
    material: ApplicationMaterial | None = None


def send(t: Turn, kind: str, medium: str, from_unit: str, to_unit: str, loads: Iterable[Load]) -> Slip:
    """Make a slip; the holder of each piece stays the sender until the slip is accepted."""
    slip = Slip(
        application_id=t.application.id,
        kind=kind,
        medium=medium,
        state="issued",
        from_unit=from_unit,
        to_unit=to_unit,
        sender_id=t.actor.user_id,
        sender_name=t.actor.name,
        issued_at=t.now,
        due_at=_to_arrive_by(t),
        created_by=t.by,
        lines=[
            SlipLine(
                application_id=t.application.id,
                name=load.name,
                listed=load.count,
                piece=load.piece,
                material_id=load.material.id if load.material else None,
            )
            for load in loads
        ],
    )
    t.draw(numbering.counter_for_slip(t.today), lambda n: setattr(slip, "number", numbering.slip_no(t.today, n)))
    t.dossier.slips.append(slip)
    t.session.add(slip)
    return slip


def _to_arrive_by(t: Turn) -> datetime:
    """Closing time of the last day papers may be on their way, at the centre that took the application."""
    days = int(t.settings.get("transit_days", TRANSIT_DAYS))
    closing = t.application.centre.closes_at
    return due_at(deadline(Limit(days), t.now, closing, t.calendar), closing)


def count(t: Turn, slip: Slip, lines: Sequence[Mapping[str, int]]) -> bool:
    """Judge every line of the slip as counted; complains about lines not judged, foreign, or that do not add up."""
    given = {line["line_id"]: line for line in lines}
    own = {line.id: line for line in slip.lines}
    t.forbid_unless(set(given) <= set(own), N_("A line named does not stand on this slip."))
    t.require(len(given) == len(lines), "lines", N_("Each line once."))
    if not t.require(set(given) == set(own), "lines", N_("Count every line of the slip.")):
        return False
    for i, counted in enumerate(lines):
        line = own[counted["line_id"]]
        missing = counted.get("missing", line.listed - counted["received"])
        sentence = N_("Received and missing must add up to the %(listed)s listed.")
        if "missing" not in counted:
            sentence = N_("No more than the %(listed)s listed.")
        adds_up = counted["received"] + missing == line.listed and missing >= 0
        t.require(adds_up, f"lines.{i}.received", sentence, listed=line.listed)
    t.settle()
    for line in slip.lines:
        line.received = given[line.id]["received"]
        line.missing = line.listed - line.received
    return True


def accept(t: Turn, slip: Slip) -> None:
    """The receiving unit holds the pieces from now on."""
    t.require(
        all(line.missing == 0 for line in slip.lines),
        "lines",
        N_("Pieces are missing: do not confirm, but leave this form and send it back with the reason."),
    )
    t.settle()
    _settle(t, slip, "accepted")
    for line in slip.lines:
        if line.piece is not None and slip.medium == "paper":
            line.piece.holder = slip.to_unit


def give_back(t: Turn, slip: Slip, reason: str) -> None:
    """The slip is returned: the sender still holds the pieces."""
    _settle(t, slip, "returned")
    slip.reason = reason


def _settle(t: Turn, slip: Slip, state: str) -> None:
    slip.state = state
    slip.settled_by_id = t.actor.user_id
    slip.settled_by_name = t.actor.name
    slip.settled_at = t.now
