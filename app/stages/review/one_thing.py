"""One thing (一件事) on the page of each of its applications: who is how far, and whose opinion is awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.engine.facts import NOT_ACCEPTED_YET
from app.law.states import STATE_LABELS, TERMINAL, State
from app.models.application import Application
from app.web.actor import current_actor
from app.web.branches_shown import Section

if TYPE_CHECKING:
    from app.engine.dossier import Dossier
    from app.models.examination import Opinion
    from app.models.theme import Theme

LINK = Markup('<a href="{}">{}</a>')


def group(dossier: Dossier) -> list[Section]:
    """The group; of an application out of reach no more than number, item, office and state."""
    a = dossier.application
    if a.theme is None:
        return []
    members = sorted([a, *dossier.group], key=lambda each: each.id)
    opinions = dossier.opinions_of_group
    waits = any(each.state in NOT_ACCEPTED_YET for each in members) or any(o.state == "asked" for o in opinions)
    decided = [each for each in members if each.decided_at is not None]
    state, tone = (_("Opinions awaited"), "orange") if waits else (_("To be decided"), "blue")
    if len(decided) == len(members):
        state, tone = _("Decided"), "green"
    facts = [
        (_("Leading office"), a.theme.lead_item.office.name),
        (_("Applications of it"), len(members)),
    ]
    lines = [_line(each, a, opinions) for each in members]
    title = _("One thing: %(theme)s", theme=a.theme.name)
    return [Section(title, state, tone, facts, [*lines, *_missing(members, a.theme)])]


def _line(each: Application, here: Application, opinions: list[Opinion]) -> str:
    named = f"{each.short_no} {each.item_version.snapshot['name']}"
    if each is not here and current_actor().sees(each.centre_id, each.office_id):
        named = LINK.format(url_for("ApplicationPage.show", application_id=each.id), named)
    said = [each.office.name, _(STATE_LABELS[State(each.state)])]
    if each.parent_id is None:
        said.append(_("leads"))
    awaited = [o.office.name for o in opinions if o.application_id == each.id and o.state == "asked"]
    if awaited:
        said.append(_("awaits %(offices)s", offices=_(", ").join(awaited)))
    return Markup("{} · {}").format(named, " · ".join(said))


def _missing(members: list[Application], theme: Theme) -> list[str]:
    """The parts nobody filed yet, for whoever may file them while nothing is decided."""
    lead = members[0]
    may = any(lead.centre_id in grant.centres for grant in current_actor().grants_of("register"))
    if not may or lead.state in TERMINAL or any(each.decided_at is not None for each in members):
        return []
    filed = {each.item_id for each in members if each.state not in TERMINAL}
    return [
        LINK.format(
            url_for("ApplicationPage.new", item=item.code, theme_id=theme.id, parent_id=lead.id),
            _("Register «%(item)s» too", item=item.name),
        )
        for item in theme.items
        if item.id not in filed and item.is_active
    ]
