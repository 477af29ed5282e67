"""Why somebody sees or does something: the answer is the engine's own, and nothing is told of the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.engine import dossiers, offers, scope
from app.engine.acts import in_order
from app.engine.now import now
from app.engine.reasons import explain
from app.extensions import db
from tests.factories import APPLICANT, PEOPLE, County, Line
from tests.generated import client_of
from tests.web.logins import add_account

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.mark.parametrize("state", ["received", "accepted"])
def test_the_answer_agrees_with_the_engine_for_everybody_and_every_act(county: County, state: str) -> None:
    session = county.session
    line = Line(county).until(state)
    number = county.application(line.id).short_no
    for username, *_ in PEOPLE:
        actor = county.actor(username)
        with scope.unscoped(session):
            dossier = dossiers.find(session, line.id)
            lawful = {each.name for each in offers.lawful(dossier, actor, now())}
            seen = actor.sees(dossier.application.centre_id, dossier.application.office_id)
        for act in in_order():
            answer = explain(session, actor, number, act, now())
            name = act.transition.name
            assert (answer.may, any(each.holds for each in answer.doing)) == (name in lawful, name in lawful), (
                username,
                name,
            )
            assert (answer.sees, any(each.holds for each in answer.seeing)) == (seen, seen), username


@pytest.fixture
def number(house: Flask) -> str:
    with house.app_context():
        county = County(db.session())
        return county.application(Line(county).until("received").id).short_no


def ask(client: FlaskClient, **typed: str) -> str:
    answer = client.get("/why/", query_string=typed)
    assert answer.status_code == 200, answer.status_code
    return answer.text


def test_an_administrator_hears_which_post_which_grant_which_bound_and_which_guard(
    admin: FlaskClient, number: str
) -> None:
    may = ask(admin, person="approver", number=number, act="confirm_file")
    assert "sees this application" in may
    assert "the item is decided there." in may
    assert "may do «Confirm file arrived»" in may
    assert "No condition about persons or places forbids it." in may
    bound = ask(admin, person="clerk.town", number=number, act="accept")
    assert "The front never decides: receiving and deciding are separated." in bound
    other = ask(admin, person="approver.other", number=number, act="accept")
    assert "does not see this application" in other
    assert "This role sees what is decided in 市场准入审批室" in other
    order = ask(admin, person="approver", number=number, act="review")
    assert "cannot be done in this state" in order
    general = ask(admin, person="approver", act="accept")
    assert "By the posts: 农林水务审批室." in general


def test_nothing_is_told_of_the_applicant(house: Flask, admin: FlaskClient, number: str) -> None:
    page = ask(admin, person="head", number=number, act="accept")
    assert number in page
    assert APPLICANT["name"] not in page
    assert APPLICANT["id_no"] not in page
    with house.app_context():
        county = County(db.session())
        line = Line(county).until("received")
        application = county.application(line.id)
        short_no, index = application.short_no, application.id_no_index
        staff = county.actor("approver")
        from app.models.organisation import Staff

        row = db.session.query(Staff).filter(Staff.user_id == staff.user_id).one()
        row.id_no_index = index
        db.session.commit()
    told = ask(admin, person="approver", number=short_no, act="confirm_file")
    assert "A condition about persons forbids it; whoever supervises sees which." in told
    assert "are a party" not in told
    add_account(house, "watch", "supervisor")
    assert "are a party" in ask(client_of(house, "watch"), person="approver", number=short_no, act="confirm_file")


def test_several_of_one_name_are_offered_and_nobody_is_said_to_be_missing(admin: FlaskClient, number: str) -> None:
    several = ask(admin, person="clerk", number=number)
    assert "Whom do you mean?" in several
    assert "clerk2.town" in several
    for typed, sentence in (
        ({"person": "nobody at all"}, "Nobody has this name or user name."),
        ({"person": "approver", "number": "no such"}, "No application has this number."),
    ):
        answer = admin.get("/why/", query_string=typed)
        assert (answer.status_code, sentence in answer.text) == (404, True)


def test_whoever_asks_of_a_person_alone_is_told_what_else_to_name(admin: FlaskClient) -> None:
    assert "Name an application, or choose an act." in ask(admin, person="approver")


def test_only_administrator_and_supervisor_ask(clerk: FlaskClient) -> None:
    assert clerk.get("/why/").status_code == 403
