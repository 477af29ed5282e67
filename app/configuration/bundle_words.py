"""What a bundle would change, as people read it: files, fields, acts, settings and rules by what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import inspect

from app.configuration import differences_told, wording_names
from app.configuration.bundle_files import HEAD
from app.configuration.bundle_items import ITEMS, REFERENCES
from app.configuration.bundle_rules import CALENDAR, LAMPS, PARAGRAPHS, ROLES, SETTINGS
from app.configuration.bundle_units import UNITS
from app.configuration.settings import known, spoken
from app.configuration.settings import label as label_of_setting
from app.engine.paper_facts import PAPERS
from app.engine.wording import EVERY
from app.law import N_
from app.law.clock import CLOCKS, Clock
from app.law.object_acts import EVERY_ACT
from app.law.roles import ROLE_LABELS, STAFF_ROLES, Role
from app.models.publishing import LampRule
from app.web.role_editor import words_of_grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.configuration.bundle import Difference, Steps

LONGEST_SHOWN = 300
TITLES = {
    ROLES: N_("Roles"), SETTINGS: N_("Settings"), LAMPS: N_("Lamps"), PARAGRAPHS: N_("Wording of papers"),
    HEAD: N_("Exchange of the configuration"),
}  # fmt: skip
GRANTS = {"acts": N_("Acts"), "pages": N_("Pages")}
DAYS = {"works": N_("Working day"), "name": N_("Name")}
FIELDS = {said: name for name, said in REFERENCES.items()}
"""What a field of an item is called in a bundle, where it holds a code -> its name."""


@dataclass(frozen=True)
class Told:
    """One file against what holds here, in words; `lines` are the first of the `count` that differ."""

    title: str
    name: str
    fate: str
    count: int
    lines: list[tuple[str, str, str]]


def told(each: Difference, most: int) -> Told:
    """A file's first differences in words."""
    lines = [(_where(each.name, steps), _value(each.name, steps, old), _value(each.name, steps, new))
             for steps, old, new in each.lines[:most]]  # fmt: skip
    return Told(_title(each.name), each.name, each.fate, len(each.lines), lines)


def _title(name: str) -> str:
    if name in UNITS:
        return str(UNITS[name][2].list_title)
    stem = name.rpartition("/")[2].removesuffix(".json")
    if name.startswith(ITEMS):
        return gettext("Item %(code)s", code=stem)
    if name.startswith(CALENDAR):
        return gettext("Working-day calendar of %(year)s", year=stem)
    return gettext(TITLES[name]) if name in TITLES else name


def _where(name: str, steps: Steps) -> str:
    """The way to a value; what this version has no word for stands as it was sent."""
    if name in UNITS:
        labels = {field: each.metadata["label"] for field, each in UNITS[name][1]().fields.items()}
        said = [*steps[:1], *(gettext(labels.get(step, step)) for step in steps[1:])]
    elif name.startswith(ITEMS):
        said = _in_an_item(steps)
    elif name.startswith(CALENDAR):
        said = [*steps[:1], *(gettext(DAYS.get(step, step)) for step in steps[1:])]
    else:
        said = _RULES.get(name, list)(steps)
    return " / ".join(said)


def _in_an_item(steps: Steps) -> list[str]:
    part, name, further = _field(steps)
    line = [gettext(differences_told.PARTS[part]), steps[1]] if part and len(steps) > 1 else []
    named = differences_told.label(part, name) if name in differences_told.SCHEMAS[part].fields else name
    return [*line, *filter(None, [named]), *further]


def _field(steps: Steps) -> tuple[str, str, Steps]:
    """The part of an item, its field, and the one line of it where the field has several."""
    if steps[0] in differences_told.SCHEMAS:
        return steps[0], steps[2] if len(steps) > 2 else "", steps[3:]  # noqa: PLR2004
    return "", FIELDS.get(steps[0], steps[0]), steps[1:]


def _in_roles(steps: Steps) -> list[str]:
    role, kind, *grants = (*steps, "", "")[: max(len(steps), 2)]
    said = [gettext(ROLE_LABELS[Role(role)]) if role in STAFF_ROLES else role, gettext(GRANTS.get(kind, kind))]
    return [*said, *(_grant(kind, each) for each in grants)]


def _grant(kind: str, said: str) -> str:
    if kind == "acts":
        return gettext(EVERY_ACT[said].label) if said in EVERY_ACT else said
    permission, _, view = said.partition(" on ")
    return words_of_grant((permission, view))


def _in_settings(steps: Steps) -> list[str]:
    return [label_of_setting(steps[0]) if steps[0] in known() else steps[0], *steps[1:]]


def _in_lamps(steps: Steps) -> list[str]:
    columns = inspect(LampRule).columns
    clock = gettext(CLOCKS[Clock(steps[0])].label) if steps[0] in set(CLOCKS) else steps[0]
    return [clock, *(gettext(columns[step].info["label"]) if step in columns else step for step in steps[1:])]


def _in_paragraphs(steps: Steps) -> list[str]:
    kind = wording_names.title_of(steps[0]) if steps[0] in {EVERY, *PAPERS} else steps[0]
    return [kind, *map(wording_names.name_of_key, steps[1:])]


_RULES: dict[str, Callable[[Steps], list[str]]] = {
    ROLES: _in_roles, SETTINGS: _in_settings, LAMPS: _in_lamps, PARAGRAPHS: _in_paragraphs,
}  # fmt: skip


def _value(name: str, steps: Steps, value: Any) -> str:
    """What stands there; nothing where nothing does."""
    if value is None:
        return ""
    options: dict[str, str] = {}
    if name in UNITS:
        options = _options(UNITS[name][1](), steps[-1])
    elif name.startswith(ITEMS):
        part, field, _further = _field(steps)
        options = _options(differences_told.SCHEMAS[part], field)
    words = gettext(options[value]) if isinstance(value, str) and value in options else spoken(value)
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"


def _options(schema: Any, name: str) -> dict[str, str]:
    return dict(schema.fields[name].metadata.get("options", {})) if name in schema.fields else {}
