"""The county's words for codes, and what its settings say until the county says otherwise."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SEED = Path(__file__).resolve().parents[2] / "seed"


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    """The words of every code set, by set and code."""
    sets = _read("codes.json")
    return {name: {row["code"]: row["zh"] for row in rows} for name, rows in sets.items()}


@cache
def _settings() -> Mapping[str, Any]:
    """The values a county begins with, by key."""
    return {row["key"]: row["value"] for row in _read("settings.json")}


def _read(name: str) -> Any:
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def word(code_set: str, code: str) -> str:
    """The word of a code as papers print it; KeyError for a code the set doesn't have."""
    return _words()[code_set][code]


def first_setting(key: str) -> Any:
    """What a setting is where the county never set it; KeyError for an unknown key."""
    return _settings()[key]
