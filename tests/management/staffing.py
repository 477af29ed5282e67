"""Acts on the people at the windows, done by whoever is named, as the tests of this room need them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.engine import scope
from app.engine.now import now
from app.engine.object_acts import SUBJECTS
from app.engine.perform_object import perform_object
from app.law.object_acts import OBJECT_ACTS

if TYPE_CHECKING:
    from tests.factories import County


def do(county: County, who: str, act: str, subject: int | None = None, /, **data: Any) -> dict[str, Any]:
    """Do an act on a placed object, from its version as it stands."""
    row = OBJECT_ACTS[act]
    version = the(county, row.kind, subject).version if subject is not None else None
    actor = county.actor(who)
    return perform_object(county.session, row.kind, row.move, subject, actor, data, version)


def the(county: County, kind: str, subject: int) -> Any:
    """The object as it is, whoever looks."""
    county.session.rollback()
    with scope.unscoped(county.session):
        return county.session.get_one(SUBJECTS[kind], subject, populate_existing=True)


def plan(county: County, who: str, away: str, stands_in: str, days: int = 1, **changes: Any) -> int:
    """Plan a substitution from today on; its id."""
    today = now().date()
    told = {
        "absent": county.staff(away), "substitute": county.staff(stands_in), "since": today.isoformat(),
        "until": (today + timedelta(days=days - 1)).isoformat(), "reason": "年休假", **changes,
    }  # fmt: skip
    return do(county, who, "plan_substitute", **told)["id"]


def everything(county: County, model: Any) -> list[Any]:
    """All rows of a table, whoever looks."""
    county.session.rollback()
    with scope.unscoped(county.session):
        return list(county.session.scalars(select(model).order_by(model.id)))
