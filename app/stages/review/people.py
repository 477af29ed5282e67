"""The people an examination names: active staff, with the offices they are posted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, or_, select

from app.engine import ties
from app.law import N_
from app.law.roles import FRONT_ACTS
from app.models.accounts import User
from app.models.organisation import Office, Posting, Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from app.engine.dossier import Dossier
    from app.engine.turn import Turn


def people(t: Turn, staff_ids: Sequence[int], where: str) -> list[Staff]:
    """The active staff the input names; a complaint for each who is not."""
    active = select(Staff).join(User, User.id == Staff.user_id).where(User.active.is_(True))
    found = {staff.id: staff for staff in t.session.scalars(active.where(Staff.id.in_(staff_ids)))}
    for i, staff_id in enumerate(staff_ids):
        t.require(staff_id in found, f"{where}.{i}", N_("Nobody who works here has this number."))
    return [found[staff_id] for staff_id in staff_ids if staff_id in found]


def offices(t: Turn, office_ids: Sequence[int], where: str) -> list[Office]:
    """The offices the input names; a complaint for each that does not exist."""
    found = {office.id: office for office in t.session.scalars(select(Office).where(Office.id.in_(office_ids)))}
    for i, office_id in enumerate(office_ids):
        t.require(office_id in found, f"{where}.{i}", N_("There is no such office."))
    return [found[office_id] for office_id in office_ids if office_id in found]


def as_rows(named: Sequence[Staff | Office]) -> list[dict[str, Any]]:
    """People or offices as a record keeps them: by their number, and by the name they had."""
    return [{"id": each.id, "name": each.name} for each in named]


def recused(dossier: Dossier, staff: Iterable[Staff]) -> frozenset[int]:
    """Who of these people is the applicant or the agent, or declared one of them as a relative."""
    numbers = (dossier.application.id_no_index, dossier.application.agent_id_index)
    kin = ties.recused(dossier.session, *numbers)
    return frozenset(
        s.id for s in staff if s.user_id in kin or (s.id_no_index is not None and s.id_no_index in numbers)
    )


def is_receiver(dossier: Dossier, user_id: int) -> bool:
    """Whether this person took papers of the application at the front."""
    return any(event.actor_id == user_id and event.act in FRONT_ACTS for event in dossier.all_events)


def posted_to_offices(today: date) -> Select[Any]:
    """Who works in which office today: rows of staff and office."""
    return (
        select(Staff, Office)
        .join(User, User.id == Staff.user_id)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Office, Office.id == Posting.office_id)
        .where(User.active.is_(True), Posting.since <= today, or_(Posting.until.is_(None), Posting.until >= today))
        .order_by(Office.id, Staff.name, Staff.id)
    )


def offices_of(session: Session, staff_ids: Sequence[int], today: date) -> set[int]:
    """The offices these people are posted to."""
    return {office.id for _, office in session.execute(posted_to_offices(today).where(Staff.id.in_(staff_ids)))}
