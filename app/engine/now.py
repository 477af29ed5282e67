"""The server's clock: the only place that asks for the time (第十一条: no date of event comes from outside)."""

from datetime import datetime

from app.law.clock import ZONE


def now() -> datetime:
    """This moment, aware, in county time."""
    return datetime.now(ZONE)
