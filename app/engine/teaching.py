"""Whom the offices taught which items: what the counter, the leader and the reports ask (第四条)."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.catalogue import Item
from app.models.organisation import Staff
from app.models.people import Trained


def was_taught(session: Session, user_id: int | None, item_code: str) -> bool:
    """Whether somebody was ever trained on an item."""
    found = (
        select(Trained.id)
        .join(Staff, Staff.id == Trained.staff_id)
        .join(Item, Item.id == Trained.item_id)
        .where(Staff.user_id == user_id, Item.code == item_code)
    )
    return session.scalar(found.limit(1)) is not None


def untaught(session: Session, staff: Iterable[tuple[int, bool]]) -> Mapping[int, list[Item]]:
    """Person -> the active items that were never taught to them; for whoever works in a town those fronted alone."""
    people = dict(staff)
    taught: dict[int, set[int]] = {staff_id: set() for staff_id in people}
    for staff_id, item_id in session.execute(
        select(Trained.staff_id, Trained.item_id).where(Trained.staff_id.in_(sorted(people))).distinct()
    ):
        taught[staff_id].add(item_id)
    items = session.scalars(select(Item).where(Item.is_active.is_(True)).order_by(Item.code)).all()
    return {
        staff_id: [each for each in items if (each.is_fronted or not in_town) and each.id not in taught[staff_id]]
        for staff_id, in_town in people.items()
    }
