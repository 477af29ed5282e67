"""The demo's window leaders: one for the hall, one for each town."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration.seed_files import ids, read, stamp
from app.models.accounts import User
from app.models.organisation import Centre, Staff
from app.models.people import Leadership


def load(session: Session) -> None:
    """Add the leaders of centres that never had one."""
    centres = ids(session, Centre.code, Centre.id)
    staff = dict(session.execute(select(User.username, Staff.id).join(Staff, Staff.user_id == User.id)).all())
    led = set(session.scalars(select(Leadership.centre_id)))
    session.add_all(
        Leadership(centre_id=centres[row["centre"]], staff_id=staff[row["username"]],
                   since=date.fromisoformat(row["since"]), **stamp())
        for row in read("demo/leaders.json")
        if centres[row["centre"]] not in led
    )  # fmt: skip
