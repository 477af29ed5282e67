"""Hearings in words: on the page of the application, and on their own, where the next step is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.engine.now import now
from app.extensions import db
from app.law import N_
from app.models.hearing import Hearing
from app.stages.review.people import posted_to_offices
from app.web import branches_shown, forms, object_page
from app.web.branches_shown import Section

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.engine.actors import Actor
    from app.engine.dossier import Dossier

STATES = {
    "offered": (N_("May be asked for"), "blue"),
    "requested": (N_("Asked for"), "orange"),
    "set": (N_("Announced"), "orange"),
    "held": (N_("Held"), "green"),
    "waived": (N_("Not wanted"), "grey"),
    "ceased": (N_("Fell away"), "grey"),
}
AWAITED = {"offered": N_("To be asked for until"), "requested": N_("To be held until"), "set": N_("To be held until")}


def shown(hearing: Hearing) -> list[tuple[str, Any]]:
    """One hearing in words, with what it waits for."""
    found = [
        (_("Number"), hearing.number),
        (_("State"), state_of(hearing)[0]),
        (_("What it is about"), hearing.matter),
        (_("Told of the right"), f"{hearing.told} · {_moment(hearing.offered_at)}"),
    ]
    if hearing.state in AWAITED:
        late = f" · {_('overdue')}" if hearing.state != "offered" and hearing.due_at < now() else ""
        found.append((_(AWAITED[hearing.state]), _moment(hearing.due_at) + late))
    if hearing.requested_at is not None:
        found.append((_("Asked for by"), f"{hearing.requester} · {_moment(hearing.requested_at)}"))
    if hearing.held_on is not None and hearing.announced_at is not None:
        found.append((_("Day of the hearing"), f"{hearing.held_on.isoformat()} · {hearing.place}"))
        found.append((_("Announced at"), _moment(hearing.announced_at)))
    if hearing.held_at is not None:
        found += [
            (_("Presider"), hearing.presider_name),
            (_("Who took part"), hearing.parties),
            (_("What was said"), hearing.summary),
            (_("Recorded at"), _moment(hearing.held_at)),
        ]
    if hearing.waived_at is not None:
        found.append((_("Done without"), f"{hearing.waiver} · {_moment(hearing.waived_at)}"))
    return found


def state_of(hearing: Hearing) -> tuple[str, str]:
    """Where it stands, in words and colour; after its days nobody may ask for it any more."""
    if hearing.state == "offered" and hearing.due_at < now():
        return _("Nobody asked for it in time"), "grey"
    words, tone = STATES[hearing.state]
    return _(words), tone


def sections(dossier: Dossier) -> list[Section]:
    """The hearings of an application, each with its own page."""
    found = []
    for each in dossier.hearings:
        state, tone = state_of(each)
        facts = [pair for pair in shown(each) if pair[0] != _("State")]
        href = url_for("ObjectPage.show", kind="hearing", subject_id=each.id)
        found.append(Section(_("Hearing"), state, tone, facts, href=href))
    return found


def presiders(_hearing: object) -> Mapping[int, str]:
    """Everybody who works in an office; the act refuses whoever examined the application."""
    rows = db.session.execute(posted_to_offices(now().date())).all()
    return {staff.id: f"{staff.name} · {office.name}" for staff, office in rows}


def told(dossier: Dossier | None, _actor: Actor) -> Mapping[str, str]:
    """The applicant at least."""
    return {"told": dossier.application.applicant_name} if dossier else {}


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def register() -> None:
    """Show them, and their forms."""
    object_page.SHOWN["hearing"] = object_page.Kind(N_("Hearing"), shown)
    branches_shown.register(sections)
    forms.SHAPES["offer_hearing"] = forms.Shape(begins=told)
    forms.SHAPES["hold_hearing"] = forms.Shape(choices={"presider": presiders})
    forms.SHAPES["waive_hearing"] = forms.Shape(is_grave=True)
