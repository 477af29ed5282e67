"""Facts of each kind of paper as a county would write them, to look at its wording; the people are fictional."""

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from app.engine.paper_facts import PAPERS

SEED = Path(__file__).resolve().parents[2] / "seed" / "paper_samples.json"


@cache
def _samples() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(SEED.read_text(encoding="utf-8"))
    return found


def sample(kind: str, **changes: Any) -> dict[str, Any]:
    """The facts of one paper, fresh, with the changes asked for; KeyError for a kind without a sample."""
    facts: dict[str, Any] = deepcopy({**_samples()["common"], **_samples()[kind]})
    if PAPERS[kind].full_id:
        facts["application"]["id_no"] = _samples()["id_no"]
    return facts | changes
