"""The county's wording on its papers: titles, and paragraphs with placeholders.

A placeholder names a fact (`{centre.phone}`). Paragraphs are resolved at the act and fixed with the document, so a
later change of wording touches no paper that was issued.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SEED = Path(__file__).resolve().parents[2] / "seed" / "paragraphs.json"
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_0-9]+)*)\}")
CASES = ("_owed", "_other", "_deemed")


@cache
def wordings() -> Mapping[str, Mapping[str, str]]:
    """The county's texts for each kind of paper, by key, those of every paper among them.

    A text whose key ends in a case (`basis_deemed`) stands in for the plain one when the case holds.
    """
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    every = seed.pop("every")
    return {kind: {**every, **texts} for kind, texts in seed.items()}


def resolve(kind: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a paper, its title among them, with every placeholder filled from the facts.

    Raises KeyError where a placeholder names a fact this paper doesn't have.
    """
    texts = wordings()[kind]
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
