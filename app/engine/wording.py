"""The county's wording on its papers: titles, the word in the number (文种), and paragraphs with placeholders.

A placeholder names a fact (`{centre.phone}`). Paragraphs are resolved at the act and fixed with the document, so a
later change of wording touches no paper that was issued.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SEED = Path(__file__).resolve().parents[2] / "seed" / "paragraphs.json"
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_0-9]+)*)\}")
CASES = ("_owed", "_other", "_deemed")


@dataclass(frozen=True)
class Wording:
    """The words of one kind of paper: the word in its number, and its texts, the title among them.

    A text whose key ends in a case (`basis_deemed`) stands in for the plain one when the case holds.
    """

    word: str
    texts: Mapping[str, str]


@cache
def wordings() -> Mapping[str, Wording]:
    """The county's wording of every kind of paper."""
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    every = seed.pop("every")
    return {kind: Wording(entry["word"], {**every, **entry["paragraphs"]}) for kind, entry in seed.items()}


def resolve(kind: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a paper, its title among them, with every placeholder filled from the facts.

    Raises KeyError where a placeholder names a fact this paper doesn't have.
    """
    texts = wordings()[kind].texts
    chosen = {key: text for key, text in texts.items() if not key.endswith(CASES)}
    for case in _cases(facts):
        chosen |= {key: texts[key + case] for key in chosen if key + case in texts}
    return {key: PLACEHOLDER.sub(lambda found: _fact(facts, found[1]), text) for key, text in chosen.items()}


def _cases(facts: Mapping[str, Any]) -> list[str]:
    """Which cases hold, the strongest last: material still owed, no licence, accepted by silence."""
    holds = (bool(facts.get("owed")), not facts["application"]["licence"], facts.get("deemed", False))
    return [case for case, held in zip(CASES, holds, strict=True) if held]


def _fact(facts: Mapping[str, Any], path: str) -> str:
    """The fact a placeholder names."""
    value: Any = facts
    for key in path.split("."):
        value = value[key]
    return str(value)
