"""Where an application stands now, as the API answers it: state, version, clocks with their lamps, documents."""

from datetime import datetime
from typing import Any

from app.engine.dossier import Dossier
from app.engine.lamps import lamp_at, thresholds
from app.law.clock import Lamp
from app.models.calendar import ClockRun


def lamp_of(run: ClockRun, dossier: Dossier, now: datetime) -> Lamp:
    """The colour of one clock run now; a stopped one shows none, unless it was breached."""
    if run.stopped_at is not None:
        return Lamp.RED if run.outcome == "late" else Lamp.NONE
    return lamp_at(run, now, dossier.calendar, thresholds(dossier.session, dossier.settings))


def clock_answer(run: ClockRun, dossier: Dossier, now: datetime) -> dict[str, Any]:
    """One clock run as the API shows it; while it is paused nobody knows when it ends."""
    return {
        "clock": run.clock,
        "run": run.run,
        "started_at": run.started_at.isoformat(),
        "amount": run.amount,
        "unit": run.unit,
        "extension": run.extension,
        "paused_on": run.paused_on.isoformat() if run.paused_on else None,
        "due_on": None if run.paused_on else run.due_on.isoformat(),
        "due_at": None if run.paused_on else run.due_at.isoformat(),
        "provisional": run.provisional,
        "stopped_at": run.stopped_at.isoformat() if run.stopped_at else None,
        "outcome": run.outcome,
        "lamp": lamp_of(run, dossier, now).value,
    }


def standing(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """The application with its version, state, clocks and documents; no personal data."""
    a = dossier.application
    return {
        "id": a.id,
        "number": a.number,
        "short_no": a.short_no,
        "item": dossier.item["code"],
        "state": a.state,
        "version": a.version,
        "delivery_mode": a.delivery_mode,
        "parent_id": a.parent_id,
        "closed_at": a.closed_at.isoformat() if a.closed_at else None,
        "archive": dossier.archive.state if a.closed_at and dossier.archive else None,
        "clocks": [clock_answer(run, dossier, now) for run in dossier.clocks.runs],
        "documents": [
            {"kind": d.kind, "number": d.number, "issued_at": d.issued_at.isoformat(), "state": d.state}
            for d in dossier.papers()
        ],
    }
