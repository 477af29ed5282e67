"""The demo's one thing: to open a restaurant."""

from sqlalchemy.orm import Session

from app.configuration.seed_files import absent, ids, read, stamp
from app.models.catalogue import Item
from app.models.theme import Theme, ThemeItem


def load(session: Session) -> None:
    """Add the themes of the demo that are missing."""
    items = ids(session, Item.code, Item.id)
    for row in absent(session, Theme.code, read("demo/themes.json"), "code"):
        parts = [ThemeItem(item_id=items[code], position=i, **stamp()) for i, code in enumerate(row["parts"], 1)]
        told = {"code": row["code"], "name": row["name"], "lead_item_id": items[row["lead"]], "is_active": True}
        session.add(Theme(**told, parts=parts, **stamp()))
