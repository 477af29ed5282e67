"""The county's wording on its papers: titles, and paragraphs with placeholders.

A placeholder names a fact (`{centre.phone}`) or a setting (`{county.review_organ}`). Paragraphs are resolved at the act
and fixed with the document, so a later change of wording touches no paper that was issued.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.code_sets import first_setting, word
from app.engine.settings import Settings
from app.models.wording import Paragraph

SEED = Path(__file__).resolve().parents[2] / "seed" / "paragraphs.json"
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_0-9]+)*)\}")
CASES = ("_owed", "_other", "_deemed")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d).*)?")
EVERY = "every"
"""Where the texts of every paper stand."""
WORDING_VERSION = "wording_version"
COUNTY_SETTINGS = ("organisation_name", "supervision_phone", "review_organ", "lawsuit_court")
"""The settings that a paragraph may name as `county.…`."""

Texts = Mapping[str, Mapping[str, str]]
"""Kind of paper -> key -> text."""
_changed: dict[tuple[str, object], Texts] = {}


@cache
def originals() -> Texts:
    """The texts an installation begins with.

    A text whose key ends in a case (`basis_deemed`) stands in for the plain one when the case holds.
    """
    found: Texts = json.loads(SEED.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Wording:
    """The county's words of this moment: what it changed of the originals, and the settings that paragraphs name."""

    changed: Texts = field(default_factory=dict)
    county: Mapping[str, str] = field(default_factory=lambda: {key: str(first_setting(key)) for key in COUNTY_SETTINGS})

    def text(self, kind: str, key: str) -> str:
        """One text as it holds now."""
        return self.changed.get(kind, {}).get(key) or originals()[kind][key]

    def texts(self, kind: str) -> dict[str, str]:
        """The texts of a kind of paper by key, those of every paper among them."""
        return {
            **originals()[EVERY], **self.changed.get(EVERY, {}), **originals()[kind], **self.changed.get(kind, {}),
        }  # fmt: skip


def load(session: Session, settings: Settings) -> Wording:
    """The wording of this moment; what the county changed is kept by this process until its version moves."""
    key = (str(session.get_bind().engine.url), settings.get(WORDING_VERSION))
    if key not in _changed:
        for stale in [k for k in _changed if k[0] == key[0]]:
            del _changed[stale]
        _changed[key] = _read(session)
    county = {name: str(settings.get(name) or first_setting(name)) for name in COUNTY_SETTINGS}
    return Wording(_changed[key], county)


def _read(session: Session) -> Texts:
    """What the county wrote last under each key; nothing where it went back to the original."""
    found: dict[str, dict[str, str]] = {}
    rows = session.execute(select(Paragraph.kind, Paragraph.key, Paragraph.text).order_by(Paragraph.id))
    for kind, key, text in rows:
        if key in originals().get(kind, {}):
            found.setdefault(kind, {}).pop(key, None)
            if text:
                found[kind][key] = text
    return found


def resolve(kind: str, facts: Mapping[str, Any], wording: Wording | None = None) -> dict[str, str]:
    """The texts of a paper, its title among them, with every placeholder filled from the facts and the settings.

    Raises KeyError where a placeholder names a fact this paper doesn't have.
    """
    wording = wording or Wording()
    texts = wording.texts(kind)
    chosen = {key: text for key, text in texts.items() if not key.endswith(CASES)}
    for case in _cases(facts):
        chosen |= {key: texts[key + case] for key in chosen if key + case in texts}
    named = {**facts, "county": wording.county}
    return {key: PLACEHOLDER.sub(lambda found: _fact(named, found[1]), text) for key, text in chosen.items()}


def _cases(facts: Mapping[str, Any]) -> list[str]:
    """Which cases hold, the strongest last: material still owed, no licence, accepted by silence."""
    holds = (bool(facts.get("owed")), not facts["application"]["licence"], facts.get("deemed", False))
    return [case for case, held in zip(CASES, holds, strict=True) if held]


def _fact(facts: Mapping[str, Any], path: str) -> str:
    """The fact a placeholder names."""
    value: Any = facts
    for key in path.split("."):
        value = value[key]
    return _spoken(str(value))


def _spoken(value: str) -> str:
    """A day or a moment as papers write it, anything else as it is."""
    if not (found := DAY.fullmatch(value)):
        return value
    year, month, day, time = found.groups()
    said = word("format", "day").format(year=year, month=int(month), day=int(day))
    return f"{said} {time}" if time else said
