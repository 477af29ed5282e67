"""A question as its page shows it: the four tiers, everything that was said, what was handed out."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.engine.now import now
from app.law import N_
from app.law.clock import Lamp
from app.law.identity import mask_phone
from app.law.roles import ROLE_LABELS, Role
from app.models.consultation import Consultation, ConsultationEntry, HelpService
from app.stages.consultation.inputs import HELP_KINDS, REASONS, TOLD
from app.web.actor import current_actor

TIERS = {
    1: N_("1 Guided answer"),
    2: N_("2 Standard answer"),
    3: N_("3 Backed-up answer"),
    4: N_("4 Precise answer"),
}
"""导引式, 标准化, 后援式, 精准化答疑."""
STATES = {
    "tier1": N_("With the guide"),
    "tier2": N_("With the window"),
    "tier3": N_("With the window manager"),
    "tier4": N_("With the office"),
    "answered": N_("Answered: tell the asker"),
    "closed": N_("Closed"),
}
SAID = {
    "answer": N_("Answer"),
    "guided": N_("Guided to %(window)s"),
    "asked_manager": N_("The window manager was called"),
    "passed_to_office": N_("Passed to the office"),
    "passed_up": N_("Passed one level up"),
}
OUTPUTS = {"form": N_("Blank form"), "sample": N_("Sample text"), "notice": N_("One-time notice")}
GUIDED, AT_OFFICE = 1, 4


def facts(c: Consultation) -> list[tuple[Any, ...]]:
    """One question in words; the phone masked."""
    found: list[tuple[Any, ...]] = [
        (_("Number"), c.number),
        (_("State"), _(STATES[c.state])),
        (_("What the asker wants to know"), c.question, True),
        (_("Who asks"), c.asker_name or ""),
        (_("Phone"), mask_phone(c.asker_phone) if c.asker_phone else ""),
        (_("Place of the question"), f"{c.centre.name} · {c.created_at:%Y-%m-%d %H:%M}"),
        (_("Asked first"), c.first_responder_name),
    ]
    if c.item is not None and c.ticket is not None:
        found += [(_("Item"), str(c.item)), (_("Ticket"), c.ticket.number)]
    if c.manager_name:
        found.append((_("Window manager"), c.manager_name))
    if c.tier == AT_OFFICE and c.office is not None and c.level and c.reason_code:
        found += [
            (_("Office"), c.office.name),
            (_("Level"), _(ROLE_LABELS[Role(c.level)])),
            (_("Why the office"), _(REASONS[c.reason_code])),
            (_("What it is about"), c.description, True),
        ]
    if c.told_at is not None and c.told_how is not None:
        found.append((_("Asker told at"), f"{c.told_at:%Y-%m-%d %H:%M} · {_(TOLD[c.told_how])} · {c.told_by_name}"))
        found += [(_("Note"), c.told_note, True)] if c.told_note else []
    return found


def more(c: Consultation) -> str:
    """The tiers with their answers, what was handed out, what the window needs for this item."""
    part = render_template(
        "consultation.html", c=c, stages=_stages(c), said=[_said(each) for each in c.entries], outputs=OUTPUTS,
        lamp=lamp(c), may_help=bool(current_actor().grants_of("give_help")),
    )  # fmt: skip
    return Markup(part)  # noqa: S704  (the template escapes what people wrote)


def lamp(c: Consultation) -> tuple[str, str] | None:
    """Until when something is waited for: the colour and the words; None where no day is set."""
    if c.due_at is None or c.state == "closed":
        return None
    words = _("Due %(moment)s", moment=f"{c.due_at:%m-%d %H:%M}")
    return (late_lamp(c).value if c.due_at < now() else Lamp.GREEN.value), words


def late_lamp(c: Consultation) -> Lamp:
    """The colour once the time has passed: the office's day is a limit, telling the asker a duty of the hall."""
    return Lamp.RED if c.state == "tier4" else Lamp.YELLOW


def _stages(c: Consultation) -> list[dict[str, str]]:
    """The four tiers: passed, asked now, ahead; whoever comes straight to the window skips the guide's."""
    last = {each.tier: each for each in c.entries}
    stages = []
    for tier, label in TIERS.items():
        said = last.get(tier)
        is_skipped = tier == GUIDED and said is None and c.tier > GUIDED
        state = "ahead" if tier > c.tier else "skipped" if is_skipped else "done"
        if tier == c.tier and c.state.startswith("tier"):
            state = "now"
        note = f"{said.by_name} · {said.at:%m-%d %H:%M}" if said is not None and state == "done" else ""
        stages.append({"name": _(label), "state": state, "note": note})
    return stages


def _said(entry: ConsultationEntry) -> dict[str, str]:
    title = _(SAID[entry.kind], window=entry.window.name) if entry.window else _(SAID[entry.kind])
    who = f"{entry.by_name} ({_(ROLE_LABELS[Role(entry.level)])})"
    note = f"{_(TIERS[entry.tier])} · {entry.at:%Y-%m-%d %H:%M} · {who}"
    return {"title": title, "note": note, "text": entry.text}


def help_facts(given: HelpService) -> list[tuple[Any, ...]]:
    """A help given, in words."""
    found: list[tuple[Any, ...]] = [
        (_("Kind of help"), _(HELP_KINDS[given.kind])),
        (_("Consent"), _("Wanted by the person, free of charge")),
        (_("Centre"), given.centre.name),
        (_("Helped by"), f"{given.helper_name} · {given.given_at:%Y-%m-%d %H:%M}"),
        (_("Item"), str(given.item) if given.item else ""),
        (_("A question"), given.consultation.number if given.consultation else ""),
    ]
    return [*found, (_("Note"), given.note, True)] if given.note else found


def help_more(given: HelpService) -> str:
    """The way to the question, where there is one."""
    if given.consultation is None:
        return ""
    href = url_for("ObjectPage.show", kind="consultation", subject_id=given.consultation.id)
    part = render_template("help_service.html", href=href, number=given.consultation.number)
    return Markup(part)  # noqa: S704  (as above)
