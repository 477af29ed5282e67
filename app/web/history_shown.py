"""What happened to an application: its stages, and every act with who did it, in which role and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from marshmallow import fields

from app.engine.acts import ACTS
from app.law import N_
from app.law.lifecycle import TRANSITIONS
from app.law.roles import ROLE_LABELS, Role
from app.law.states import NEGATIVE, DeliveryMode, State

if TYPE_CHECKING:
    from marshmallow import Schema

    from app.engine.dossier import Dossier
    from app.models.trail import Event

STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Registration"), ("register",)),
    (N_("Receipt of papers"), ("receive",)),
    (N_("Acceptance"), ("accept", "deem_accepted", "approve_rejection")),
    (N_("Examination"), ("review",)),
    (N_("Decision"), ("grant", "approve_refusal")),
    (N_("Certificate"), ("make_certificate",)),
    (N_("Handover"), ("confirm_handover",)),
    (N_("Issue"), ("issue",)),
    (N_("Archive"), ("confirm_archive",)),
)
"""A stage, and the acts that end it."""

REFUSED = {"approve_rejection": N_("Not accepted"), "approve_refusal": N_("Licence refused")}
"""What a stage is called where it ended so."""
ENDED_EARLY = NEGATIVE | {State.WITHDRAWN, State.LAPSED}


@dataclass(frozen=True)
class Stage:
    """One stage of the way: done, refused, now, ahead or skipped."""

    name: str
    state: str
    note: str


@dataclass(frozen=True)
class Happened:
    """One act as the history tells it."""

    title: str
    note: str
    text: str


def stages(dossier: Dossier) -> list[Stage]:
    """The way of the application, and where it stands."""
    at = {each.act: each for each in dossier.events}
    done = [next((at[act] for act in reversed(acts) if act in at), None) for _label, acts in STAGES]
    last = max(i for i, event in enumerate(done) if event is not None)
    found, is_next = [], True
    for i, ((label, acts), event) in enumerate(zip(STAGES, done, strict=True)):
        if event is not None:
            state = "refused" if event.act in REFUSED else "done"
            note = f"{event.at.strftime('%m-%d %H:%M')} {_who(event)}"
            found.append(Stage(_(REFUSED.get(event.act, label)), state, note))
        elif _falls_away(acts, dossier, is_past=i < last):
            found.append(Stage(_(label), "skipped", ""))
        else:
            found.append(Stage(_(label), "now" if is_next else "ahead", ""))
            is_next = False
    return found


def _falls_away(acts: tuple[str, ...], dossier: Dossier, *, is_past: bool) -> bool:
    """Whether the stage will not come any more; the file may be archived before the result is handed out."""
    state = dossier.state
    if "issue" in acts:
        return state in (State.WITHDRAWN, State.LAPSED)
    if "confirm_archive" in acts:
        return state is State.LAPSED
    if is_past or any(event.to_state in ENDED_EARLY for event in dossier.events):
        return True
    mode = dossier.application.delivery_mode
    return "confirm_handover" in acts and mode is not None and mode != DeliveryMode.WINDOW


def history(dossier: Dossier) -> list[Happened]:
    """Every act, the latest first."""
    return [_happened(event) for event in reversed(dossier.events)]


def _who(event: Event) -> str:
    return _("System") if event.role == Role.SYSTEM else event.actor_name


def _happened(event: Event) -> Happened:
    row, act = TRANSITIONS.get(event.act), ACTS.get(event.act)
    role = _(ROLE_LABELS[Role(event.role)]) if event.role in set(Role) else event.role
    by = dict.fromkeys((_who(event), role))  # the system's name is its role
    note = " · ".join((event.at.strftime("%Y-%m-%d %H:%M"), *by))
    said = " · ".join(_said(event.payload, act.schema())) if act else ""
    return Happened(_(row.label) if row else event.act, note, said)


def _said(payload: Mapping[str, Any], schema: Schema) -> Iterator[str]:
    """The words of the input, as they were kept: personal values are masked there already."""
    for name, each in schema.fields.items():
        value = payload.get(name)
        if value in (None, "", False) or each.metadata.get("hidden") or each.metadata.get("file"):
            continue
        label = _(each.metadata["label"])
        if isinstance(each, fields.List) and each.inner.metadata.get("file"):
            yield _("%(label)s: %(count)s files", label=label, count=len(value))
        elif isinstance(each, fields.List) and all(isinstance(one, dict) and "name" in one for one in value):
            yield _("%(label)s: %(value)s", label=label, value=", ".join(one["name"] for one in value))
        elif isinstance(each, fields.List):
            yield _("%(label)s: %(count)s lines", label=label, count=len(value))
        elif isinstance(each, fields.Nested):
            said = value.get("name") or ", ".join(str(one) for one in value.values())
            yield _("%(label)s: %(value)s", label=label, value=said)
        elif value is True:
            yield label
        else:
            options = each.metadata.get("options", {})
            yield _("%(label)s: %(value)s", label=label, value=_(options[value]) if value in options else value)
    if replaced := payload.get("before"):
        yield _("Before: %(said)s", said=", ".join(_said(replaced, schema)))
    if numbers := payload.get("documents"):
        yield _("Papers: %(numbers)s", numbers=", ".join(numbers))
