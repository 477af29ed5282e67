"""Whoever has applied is reminded to rate, rates once and freely, and nobody of the staff rates (八, req. 89 and 90)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import public
from app.engine.perform_object import perform_object
from app.errors import NotFound, Refusal
from app.jobs import tick
from app.models.fees import Fee
from app.models.rating import Rating
from app.models.trail import Event, RefusedAct
from app.stages.rating.inputs import RateBadlyInput, RateInput, RemindInput
from tests.factories import County, Line
from tests.stages.rating.ratings import finished, on_order, rate, rating_of, visit
from tests.web.at_work import at_work, fields_of, send_act
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy import Engine


@pytest.mark.req(89)
def test_a_finished_matter_is_listed_until_its_applicant_is_reminded(app: Flask, county: County) -> None:
    line = finished(county)
    number = county.application(line.id).short_no
    clerk = at_work(app, "clerk.hall")
    reminding = f"/application/{line.id}/act/remind_rating"
    for address in ("/", "/unreminded/list/"):
        assert number in clerk.get(address).text, address
    assert reminding in clerk.get("/").text
    assert send_act(clerk, reminding, channel="device").status_code == 303
    assert number not in clerk.get("/unreminded/list/").text
    assert reminding not in clerk.get("/").text
    county.session.rollback()
    [event] = [e for e in county.rows(Event, line.id) if e.act == "remind_rating"]
    assert (event.kind, event.actor_name, event.payload["channel"]) == ("N", "示clerk.hall", "device")
    assert county.application(line.id).version == event.seq - 1  # it makes nobody's page stale


def test_everybody_is_reminded_once_and_in_the_same_words(app: Flask, county: County) -> None:
    first, second = finished(county), Line(county, clerk="clerk.hall").register()
    second.do("clerk.hall", "withdraw", request=county.file("clerk.hall"))
    clerk = Program(app, county, "clerk.hall")
    assert clerk.do("remind_rating", first.id, channel="qr").status_code == 200
    assert clerk.do("remind_rating", second.id, channel="sms").status_code == 200
    assert error(clerk.do("remind_rating", first.id, channel="sms")) == (409, "not_now")
    said = {e.payload["wording"] for line in (first, second) for e in county.rows(Event, line.id)
            if e.act == "remind_rating"}  # fmt: skip
    assert len(said) == 1


@pytest.mark.parametrize(
    ("who", "refused"),
    [("approver", (403, "not_allowed")), ("supervisor", (403, "not_allowed")), ("clerk.town", (404, "not_found"))],
)
def test_another_role_and_another_place_remind_nobody(
    app: Flask, county: County, who: str, refused: tuple[int, str]
) -> None:
    line = finished(county)
    version = county.application(line.id).version
    asked = Program(app, county, who).post(
        f"application/{line.id}/transitions/remind_rating", {"version": version, "channel": "qr"}
    )
    assert error(asked) == refused
    assert Program(app, county, "clerk.town").get(f"rating/{rating_of(county, line).id}").status_code == 404


def test_what_is_not_finished_is_neither_reminded_of_nor_rated(app: Flask, county: County) -> None:
    line = Line(county, clerk="clerk.hall").until("sent")
    assert county.rows(Rating, line.id) == []
    assert error(Program(app, county, "clerk.hall").do("remind_rating", line.id, channel="qr")) == (409, "not_now")


@pytest.mark.req(90)
def test_whoever_was_invited_rates_once_and_a_bad_grade_gets_a_number(app: Flask, county: County) -> None:
    good, bad = finished(county), finished(county)
    page = visit(app, rating_of(county, good).token, grade="1", comment="很方便")
    assert (page.status_code, "GD-" in page.text) == (200, False)
    page = visit(app, rating_of(county, bad).token, grade="4", comment="等了很久")
    assert "GD-20260302-0001" in page.text
    again = app.test_client().post(f"/rate/{rating_of(county, bad).token}", data={"grade": "1"})
    assert again.status_code in (400, 409)
    kept = rating_of(county, good), rating_of(county, bad)
    assert [(each.state, each.grade) for each in kept] == [("rated", 1), ("contact", 4)]


@pytest.mark.req(90)
def test_a_staff_account_cannot_rate_by_page_or_by_program(app: Flask, county: County) -> None:
    line = finished(county)
    rating = rating_of(county, line)
    anonymous = app.test_client()
    form = fields_of(anonymous.get(f"/rate/{rating.token}"))
    for who in ("clerk2.hall", "manager.hall", "supervisor", "admin"):
        client = at_work(app, who)
        assert client.get(f"/rate/{rating.token}").status_code == 403
        sent = {"csrf_token": fields_of(client.get("/complain/"))["csrf_token"], "grade": "1"}
        assert client.post(f"/rate/{rating.token}", data=sent).status_code == 403, who
    program = Program(app, county, "clerk2.hall")
    for move in ("rate", "bad"):
        data = {"version": rating.version, "grade": "1" if move == "rate" else "5", "channel": "device"}
        assert error(program.post(f"rating/{rating.id}/transitions/{move}", data)) == (403, "not_allowed")
    with_token = anonymous.post(f"/rate/{rating.token}", data={**form, "grade": "1"}, headers=program.headers)
    assert with_token.status_code == 403
    assert rating_of(county, line).state == "invited"
    with scope.unscoped(county.session):
        assert {row.act for row in county.session.scalars(select(RefusedAct))} == {"rate", "rate_badly"}


def test_no_grade_is_chosen_beforehand_and_none_is_invented(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = finished(county)
    token = rating_of(county, line).token
    client = app.test_client()
    page = client.get(f"/rate/{token}")
    assert "grade" not in fields_of(page)
    assert client.post(f"/rate/{token}", data=fields_of(page)).status_code == 422
    for grade in ("0", "6", "1.5", "', 1"):
        assert client.post(f"/rate/{token}", data={**fields_of(page), "grade": grade}).status_code == 422, grade
    clock.shift(31 * 24 * 3600)
    tick(county.session)
    unrated = rating_of(county, line)
    assert (unrated.state, unrated.grade, unrated.version) == ("unrated", None, 2)
    page = client.get(f"/rate/{token}")
    assert (page.status_code, "The time to rate is over" in english(client, token)) == (200, True)


def english(client: object, token: str) -> str:
    """The page in English."""
    client.get("/lang/en")  # type: ignore[attr-defined]
    return client.get(f"/rate/{token}").text  # type: ignore[attr-defined,no-any-return]


def test_the_time_to_rate_ends_though_the_duty_did_not_run(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = finished(county)
    token = rating_of(county, line).token
    client = app.test_client()
    form = fields_of(client.get(f"/rate/{token}"))
    clock.shift(30 * 24 * 3600 + 1)
    assert client.post(f"/rate/{token}", data={**form, "grade": "1"}).status_code == 409
    with pytest.raises(Refusal):
        rate(county, line, 1)


def test_the_page_names_nobody_and_a_guessed_token_opens_nothing(app: Flask, county: County) -> None:
    line = finished(county)
    application, rating = county.application(line.id), rating_of(county, line)
    page = app.test_client().get(f"/rate/{rating.token}").text
    told = (application.short_no, application.number, application.applicant_name, application.phone, "示clerk2.hall")
    assert [each for each in told if each in page] == []
    assert "示例事项I12" in page
    guessed = app.test_client().get(f"/rate/{rating.token[:-1]}x")
    assert guessed.status_code == 404
    with pytest.raises(NotFound):  # the token of one invitation opens no other
        perform_object(
            county.session, "rating", "rate", rating.id, public(("rating", rating.id + 1)),
            {"grade": "1", "channel": "qr"}, 1,
        )  # fmt: skip


def test_guessing_is_slowed_down_over_all_workers(app: Flask, county: County) -> None:
    client = app.test_client()
    answers = {client.get(f"/rate/guess-{i}").status_code for i in range(61)}
    assert answers == {404, 429}
    assert app.test_client().get("/rate/another").status_code == 429


def test_a_comment_is_shown_as_words_to_those_who_see_to_it_alone(app: Flask, county: County) -> None:
    line = finished(county)
    visit(app, rating_of(county, line).token, grade="5", comment="<script>alert(1)</script>很慢")
    rating = rating_of(county, line)
    page = at_work(app, "manager.hall").get(f"/object/rating/{rating.id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;很慢" in page
    assert "<script>alert" not in page
    for who in ("clerk2.hall", "approver"):
        colleague = at_work(app, who)
        seen = colleague.get(f"/object/rating/{rating.id}").text + colleague.get(f"/application/{line.id}").text
        assert ("很慢" in seen, "Very dissatisfied" in seen) == (False, False)
        shown = Program(app, county, who).get(f"rating/{rating.id}").json["result"]
        assert (shown["grade"], shown["comment"]) == (None, None)
    assert Program(app, county, "manager.hall").get(f"rating/{rating.id}").json["result"]["comment"].endswith("很慢")
    assert "很慢" not in str([e.payload for e in county.rows(Event, line.id)])
    asked = Program(app, county, "clerk2.hall").get('rating/?q={"filters":[{"col":"grade","opr":"eq","value":5}]}')
    assert asked.status_code == 400


def test_whoever_does_not_see_to_it_cannot_tell_a_bad_rating_from_a_good_one(app: Flask, county: County) -> None:
    good, bad = finished(county), finished(county, issuer="clerk.hall", clerk="clerk2.hall")
    rate(county, good, 1)
    rate(county, bad, 5, comment="等了很久，没人解释。")
    order = rating_of(county, bad)
    on_order(county, "manager.hall", "rating", order.id, "contact", way="phone", note="电话里说没有人指引。")
    own = ("id", "application_id", "invited_at", "rated_at", "person_name", "channel", "reminded_at")
    for who in ("clerk.hall", "clerk2.hall", "approver", "cert"):
        colleague, program = at_work(app, who), Program(app, county, who)
        one, other = (program.get(f"rating/{rating_of(county, line).id}").json["result"] for line in (good, bad))
        assert {k: v for k, v in one.items() if k not in own} == {k: v for k, v in other.items() if k not in own}, who
        for address in (f"/object/rating/{order.id}", f"/application/{bad.id}", "/unreminded/list/"):
            seen = colleague.get(address).text
            for told in (order.number, "Rate badly", "Bad rating", "To be contacted", "To be put right", "电话里说"):
                assert told not in seen, (who, address, told)
        for q in (
            '{"filters":[{"col":"state","opr":"eq","value":"rectify"}]}',
            '{"filters":[{"col":"state","opr":"neq","value":"rated"}]}',
            '{"filters":[{"col":"number","opr":"sw","value":"GD"}]}', '{"filters":[{"col":"version","opr":"gt","value":2}]}',
            '{"order_column":"due_at"}',
        ):  # fmt: skip
            asked = program.get(f"rating/?q={q}")
            assert (asked.status_code, asked.json.get("count")) in {(200, 0), (400, None)}, (who, q)
    manager = Program(app, county, "manager.hall")
    assert manager.get(f"rating/{order.id}").json["result"]["state"] == "rectify"
    assert manager.get('rating/?q={"filters":[{"col":"state","opr":"eq","value":"rectify"}]}').json["count"] == 1
    assert order.number in at_work(app, "manager.hall").get(f"/object/rating/{order.id}").text


def test_the_desk_shows_the_way_in_to_those_who_remind_and_nobody_else(app: Flask, county: County) -> None:
    line = finished(county)
    rating = rating_of(county, line)
    page = at_work(app, "clerk2.hall").get(f"/object/rating/{rating.id}").text
    assert f"/rate/{rating.token}?via=device" in page
    assert "<svg" in page
    for who in ("approver", "manager.hall", "supervisor"):
        assert rating.token not in at_work(app, who).get(f"/object/rating/{rating.id}").text, who
    answered = Program(app, county, "clerk2.hall").get(f"rating/{rating.id}").get_data(as_text=True)
    assert rating.token not in answered


def test_how_one_rates_is_never_called_a_way_to_pay(app: Flask) -> None:
    asked = {schema().fields["channel"].metadata["label"] for schema in (RemindInput, RateInput, RateBadlyInput)}
    payment = str(Fee.__table__.c.channel_id.info["label"])
    with app.test_request_context(), force_locale("zh"):
        assert gettext(payment) not in {gettext(label) for label in asked}


@pytest.mark.database
def test_of_many_who_rate_at_once_one_is_heard(county: County, engine: Engine) -> None:
    line = finished(county)
    pk = rating_of(county, line).id

    def one(grade: int) -> str:
        with Session(engine) as session:
            move = "bad" if grade > 3 else "rate"
            try:
                perform_object(
                    session, "rating", move, pk, public(("rating", pk)), {"grade": str(grade), "channel": "qr"}, 1
                )
            except Refusal as refusal:
                return refusal.code
            return "heard"

    with ThreadPoolExecutor(5) as people:
        answers = sorted(people.map(one, (1, 2, 4, 5, 5)))
    assert answers == ["heard", *["not_now"] * 4]
    rating = rating_of(county, line)
    assert rating.version == 2
    assert (rating.number is not None) is (rating.grade is not None and rating.grade > 3)
