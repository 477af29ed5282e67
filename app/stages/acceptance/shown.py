"""What acceptance shows on the application's page: the correction notices line by line, and why limits were missed."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app.engine.dossier import Dossier
from app.law import N_
from app.law.clock import CLOCKS, Clock
from app.models.correction import CorrectionLine, CorrectionNotice
from app.web.branches_shown import Section

STATES = {
    "open": (N_("Waits for the applicant"), "orange"),
    "met": (N_("Put right"), "green"),
    "ended": (N_("Not put right in time"), "red"),
    "ceased": (N_("No longer asked for"), "grey"),
}


def corrections(dossier: Dossier) -> list[Section]:
    """Each correction notice: what was wrong, what is wanted, what came."""
    return [
        Section(_("Correction notice %(number)s", number=each.round), _(state), tone, _facts(each, dossier),
                [_line(line, dossier) for line in each.lines])
        for each in dossier.corrections
        for state, tone in (STATES[each.state],)
    ]  # fmt: skip


def _facts(notice: CorrectionNotice, dossier: Dossier) -> list[tuple[str, Any]]:
    replies = (run for run in dossier.clocks.runs if run.clock == Clock.REPLY)
    due = [run.due_at.strftime("%Y-%m-%d %H:%M") for run in replies if run.run == notice.round]
    found = [
        (_("Told at"), notice.requested_at.strftime("%Y-%m-%d %H:%M")),
        (_("Reply due"), " ".join(due)),
        (_("Working days to reply"), notice.reply_days),
    ]
    return [*found, (_("Why the applicant is asked again"), notice.leader_reason)] if notice.leader_reason else found


def _line(line: CorrectionLine, dossier: Dossier) -> str:
    if line.kind == "owed":
        dates = [owed.due_on for owed in dossier.owed if owed.material_id == line.material_id]
        return _(
            "%(name)s: owed – %(wanted)s (by %(day)s)",
            name=line.material.name, wanted=line.requirement, day=", ".join(map(str, dates)),
        )  # fmt: skip
    came = _("came %(at)s", at=line.answered_at.strftime("%Y-%m-%d %H:%M")) if line.answered_at else _("still to come")
    return _(
        "%(name)s: %(problem)s – wanted: %(wanted)s (%(basis)s) · %(came)s",
        name=line.material.name, problem=line.problem, wanted=line.requirement, basis=line.basis, came=came,
    )  # fmt: skip


def reasons(dossier: Dossier) -> list[Section]:
    """Why limits were missed, as the office said."""
    return list(_reasons(dossier))


def _reasons(dossier: Dossier) -> Iterator[Section]:
    missed = {run.id: _(CLOCKS[Clock(run.clock)].label) for run in dossier.clocks.runs}
    for event in dossier.events:
        if event.act == "explain_overdue":
            limits = ", ".join(dict.fromkeys(missed[run_id] for run_id in event.payload["clock_runs"]))
            said = f"{event.actor_name} · {event.at:%Y-%m-%d %H:%M}"
            facts = [(_("Reason"), event.payload["reason"]), (_("Said by"), said)]
            yield Section(_("Limit missed"), limits, "red", facts)
