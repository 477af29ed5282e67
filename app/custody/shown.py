"""容缺 on the application's page: what is owed, how and by when, and what became of it."""

from flask_babel import gettext as _

from app.custody.inputs import WAYS
from app.engine.dossier import Dossier
from app.engine.now import now
from app.law import N_
from app.law.clock import Clock, is_late
from app.models.correction import OwedMaterial
from app.web.branches_shown import Section
from app.web.clock_words import left

CEASED = N_("no longer asked for")


def owed(dossier: Dossier) -> list[Section]:
    """Every material that was tolerated, in one section; nothing where none was."""
    if not dossier.owed:
        return []
    state, tone = _standing(dossier)
    return [Section(_("Materials supplied later"), state, tone, [], [_line(each, dossier) for each in dossier.owed])]


def _standing(dossier: Dossier) -> tuple[str, str]:
    waiting = len(dossier.owed_open)
    if not waiting:
        return _("Nothing is owed any more"), "grey"
    late = any(
        run.clock == Clock.OWED and run.stopped_at is None and is_late(now(), run.due_at) for run in dossier.clocks.runs
    )
    return _("%(count)s still owed", count=waiting), "red" if late else "orange"


def _line(each: OwedMaterial, dossier: Dossier) -> str:
    return _(
        "%(name)s: %(wanted)s (%(how)s, by %(day)s) · %(became)s",
        name=each.material.name, wanted=each.requirement, how=_(WAYS[each.how]), day=each.due_on.isoformat(),
        became=_became(each, dossier),
    )  # fmt: skip


def _became(each: OwedMaterial, dossier: Dossier) -> str:
    if each.state == "ceased":
        return _(CEASED)
    if each.settled_at is not None:
        at = each.settled_at.strftime("%Y-%m-%d %H:%M")
        return _("came %(at)s, %(how)s", at=at, how=_(WAYS[each.settled_how or each.how]))
    run = next(run for run in dossier.clocks.runs if run.clock == Clock.OWED and run.subject_id == each.id)
    return left(run.due_at, now(), dossier.calendar)
