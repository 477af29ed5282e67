"""容缺: which material may be supplied later, and by when at the latest (第十五条（三）, req. 58, 60)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.engine.dossier import Dossier
from app.law.clock import deadline
from app.law.limits import longest_owed
from app.models.application import ApplicationMaterial


def may_follow(material: ApplicationMaterial, filed: Mapping[str, Any]) -> bool:
    """Whether the list as it was filed lets the material come later; a core material never may (行政许可法32)."""
    return material.tolerable and not filed.get("is_core")


def latest(dossier: Dossier, material_id: int, now: datetime) -> date:
    """The last day on which a material may be supplied that is owed from now on (§7.11: as if accepted today)."""
    item = dossier.item
    filed = {each["position"]: each for each in item["materials"]}
    material = next(each for each in dossier.application.materials if each.id == material_id)
    days = filed[material.position]["supplement_days"]
    limit = longest_owed(item["promised_days"], days, instant=item["handling"] == "instant")
    return deadline(limit, now, dossier.clocks.closing, dossier.calendar).due
