"""Whether somebody is at a window: whoever left it said where to (第八条), and calls nobody meanwhile."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.base import Model


def window_is_away(session: Session, window_id: int) -> bool:
    """Whether the window is marked as left; asked of the table, since that room's model is none of ours to import."""
    whereabouts = Model.metadata.tables.get("whereabouts")
    if whereabouts is None:
        return False
    c = whereabouts.c
    left = select(c.id).where(c.window_id == window_id, c.state == "away").limit(1)
    return session.connection().execute(left).first() is not None
