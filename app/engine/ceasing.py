"""What ends with an application: whatever is still open when it is refused, not accepted, withdrawn or terminated."""

from app.engine import fees
from app.engine.turn import Turn
from app.law.clock import Clock


def cease(turn: Turn) -> None:
    """Nothing is asked of anybody any more: what is owed, notices, procedures, opinions, fees and filings fall away."""
    dossier, now = turn.dossier, turn.now
    for owed in dossier.owed_open:
        owed.state, owed.settled_at = "ceased", now
    if dossier.open_correction is not None:
        ended = "ended" if turn.transition.name == "terminate" else "ceased"
        dossier.open_correction.settled_at, dossier.open_correction.state = now, ended
    if dossier.open_suspension is not None:
        dossier.open_suspension.state = "ceased"
    if dossier.open_joint_review is not None:
        dossier.open_joint_review.state = "ceased"
    for hearing in dossier.hearings:
        if hearing.state in ("offered", "requested", "set"):
            hearing.state, hearing.version = "ceased", hearing.version + 1
    for opinion in dossier.opinions:
        if opinion.state == "asked":
            opinion.state, opinion.version = "ceased", opinion.version + 1
    fees.cease(turn)
    lapse_filing(turn)
    _recall_file(turn)
    for clock in (Clock.OWED, Clock.OPINION):
        dossier.clocks.stop(clock, now, "void")


def _recall_file(turn: Turn) -> None:
    """Papers on their way to the office go back to whoever sent them: nobody will count them there."""
    slip = turn.dossier.open_slip("file")
    if slip is not None:
        slip.state, slip.settled_at, slip.settled_by_name = "returned", turn.now, turn.actor.name


def lapse_filing(turn: Turn) -> None:
    """A proposal still before the leader lapses: the application went another way meanwhile."""
    filing = turn.dossier.open_filing
    if filing is not None:
        filing.state, filing.settled_at = "lapsed", turn.now
