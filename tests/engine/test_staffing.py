"""What a change of roles, grants or posts does to the work is said before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.engine import actors
from app.engine.now import now
from app.engine.staffing import rehearse
from app.models.organisation import Office, Posting, Staff
from tests.factories import County, Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session


def _tried(session: Session, change: Callable[[], Any]) -> list[str]:
    """What the change would do, in words; nothing of it stays."""
    found = rehearse(session, change, now().date())
    return [each.sentence % each.params for each in found]


def _post(session: Session, username: str) -> Posting:
    query = select(Posting).join(Staff).join(User, User.id == Staff.user_id).where(User.username == username)
    return session.scalars(query).one()


def test_everybody_is_read_as_one_by_one(county: County) -> None:
    session = county.session
    people = actors.everybody(session, now().date())
    assert len(people) > 15
    assert all(actors.load(session, pk, now().date()) == actor for pk, actor in people.items())


def test_a_post_that_ends_hides_the_applications_of_that_place(county: County) -> None:
    session = county.session
    Line(county).register()
    Line(county).until("delivered")
    post = _post(session, "clerk.town")

    def end_it() -> None:
        post.since, post.until = post.since.replace(year=2020), post.since.replace(year=2021)

    assert [each for each in _tried(session, end_it) if "Hides" in each] == [
        f"Hides 2 applications, 1 of them under way, from 1 people: {('示clerk.town',)}."
    ]


def test_the_last_head_of_an_office_is_missed_there_and_nowhere_else(county: County) -> None:
    session = county.session
    head = session.scalars(select(User).where(User.username == "head")).one()
    other = session.scalars(select(Office.name).where(Office.code == "SC")).one()
    told = _tried(session, lambda: setattr(head, "active", False))
    missed = [each for each in told if each.startswith("Nobody")]
    assert len(missed) == 1
    assert "Refuse" in missed[0] or "Grant" in missed[0]
    assert other not in missed[0]
    assert "can_accept" not in missed[0]


def test_an_act_taken_from_a_role_is_lost_to_its_people(county: County) -> None:
    session = county.session
    roles = {row.name: row for row in session.scalars(select(RoleRow))}

    def take_grant_from_heads() -> None:
        for name in ("office_head", "approver"):
            roles[name].permissions = [each for each in roles[name].permissions if each.permission.name != "can_grant"]

    told = _tried(session, take_grant_from_heads)
    assert told[0] == f"Nobody in the county can do {('Grant licence',)} any more."
    assert any("people can no longer do" in each for each in told)


def test_a_leader_of_the_bureau_who_takes_no_part_changes_nothing_for_others(county: County) -> None:
    session = county.session
    leader = session.scalars(select(User).where(User.username == "leader")).one()
    roles = {row.name: row for row in session.scalars(select(RoleRow))}
    told = _tried(session, lambda: setattr(leader, "roles", [roles["bureau_leader"]]))
    assert told == []
