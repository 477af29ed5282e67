"""The warning at the counter: nobody taught whoever is asking this item (第四条); it never stops an act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from app.engine.teaching import was_taught
from app.extensions import db

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.engine.actors import Actor


def warnings(item: Mapping[str, Any], actor: Actor) -> Iterator[str]:
    """Say so where no training on the item is on record for this person."""
    if item and not was_taught(db.session(), actor.user_id, str(item["code"])):
        yield gettext("No training on «%(item)s» is on record for you: ask the office where unsure.", item=item["name"])
