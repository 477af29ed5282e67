"""Who works where: the place somebody acts for, and the colleagues an act names."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.engine.actors import Grant
from app.engine.turn import Step
from app.law import N_
from app.models.accounts import User
from app.models.organisation import Centre, Office, Posting, Staff


def active() -> Select[tuple[Staff]]:
    """Everybody who works here and may log in."""
    return select(Staff).join(User, User.id == Staff.user_id).where(User.active.is_(True))


def on(day: date) -> ColumnElement[bool]:
    """A post that lasts on that day."""
    return (Posting.since <= day) & or_(Posting.until.is_(None), Posting.until >= day)


def posted(grants: Iterable[Grant], day: date) -> Select[tuple[Staff]]:
    """The active staff at the centres and offices of these grants, by name."""
    own = list(grants)
    centres, offices = {pk for each in own for pk in each.centres}, {pk for each in own for pk in each.offices}
    here = or_(Posting.centre_id.in_(sorted(centres)), Posting.office_id.in_(sorted(offices)))
    ids = select(Posting.staff_id).where(here, on(day))
    return active().where(Staff.id.in_(ids)).order_by(Staff.name, Staff.id)


def myself(step: Step) -> Staff:
    """Whoever acts, as one of the staff; held, so that nobody does the same for them meanwhile."""
    found = step.session.scalar(select(Staff).where(Staff.user_id == step.actor.user_id).with_for_update())
    step.not_now_unless(found is not None, N_("You are not on the list of staff; tell the county administrator."))
    assert found is not None
    return found


def named(step: Step, staff_ids: Sequence[int], where: str) -> list[Staff]:
    """The active staff the input names; a complaint for each who is not."""
    found = {each.id: each for each in step.session.scalars(active().where(Staff.id.in_(staff_ids)))}
    for i, staff_id in enumerate(staff_ids):
        step.require(staff_id in found, f"{where}.{i}", N_("Nobody who works here has this number."))
    return [found[staff_id] for staff_id in staff_ids if staff_id in found]


def one(step: Step, staff_id: int, where: str) -> Staff | None:
    """The person the input names, held until the act is over; a complaint where nobody active is that person."""
    wanted = active().where(Staff.id == staff_id).with_for_update(of=Staff)
    found: Staff | None = step.session.scalar(wanted)
    step.require(found is not None, where, N_("Nobody who works here has this number."))
    return found


def place(step: Step, unit: str | None) -> tuple[int | None, int | None]:
    """The centre or the office that somebody acts for: the only one they have, or the one the input names."""
    own = units(step.grant)
    if unit is None and len(own) == 1:
        [unit] = own
    step.require(unit in own, "unit", N_("Name one of your own places."))
    step.settle()
    kind, _, pk = str(unit).partition(":")
    return (int(pk), None) if kind == "centre" else (None, int(pk))


def units(grant: Grant) -> list[str]:
    """The places of one role, as the input names them."""
    return [*(f"centre:{pk}" for pk in sorted(grant.centres)), *(f"office:{pk}" for pk in sorted(grant.offices))]


def post_of(session: Session, staff: Staff, day: date) -> Posting | None:
    """Where somebody works that day; the latest post where there are several."""
    own = select(Posting).where(Posting.staff_id == staff.id, on(day))
    found: Posting | None = session.scalar(own.order_by(Posting.since.desc(), Posting.id.desc()).limit(1))
    return found


def names_of(session: Session) -> dict[str, str]:
    """Every centre and office, as `units` names them, by what it is called."""
    centres = session.execute(select(Centre.id, Centre.name).order_by(Centre.id))
    offices = session.execute(select(Office.id, Office.name).order_by(Office.id))
    return {f"centre:{pk}": name for pk, name in centres} | {f"office:{pk}": name for pk, name in offices}


def as_rows(people: Sequence[Any]) -> list[dict[str, Any]]:
    """People as a record keeps them: by their number, and by the name they had."""
    return [{"id": each.id, "name": each.name} for each in people]
