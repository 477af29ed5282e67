"""A county moves the lamps of a clock within bounds, and sees first how many turn at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.configuration import seed_reference
from app.engine import duties, scope, settings
from app.engine.duties import Duty, Every
from app.engine.lamps import thresholds
from app.engine.now import now
from app.extensions import db
from app.law.clock import CLOCKS, ZONE, Clock
from app.models.calendar import Alert, Setting
from app.models.publishing import LampRule
from app.supervision import checker
from app.supervision.verify import violations
from tests.factories import County, Line, made
from tests.generated import client_of
from tests.web.forms import fill_in, send_again

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def lamps(house: Flask) -> Flask:
    """The small county with its lamp rules, and an application that waits for acceptance until the ninth."""
    with house.app_context():
        seed_reference._lamps(db.session())
        db.session.commit()
        Line(County(db.session())).until("confirmed")
    return house


def look(house: Flask) -> set[tuple[str, str]]:
    """What the checker has raised once it has looked."""
    with house.app_context():
        duties.run(db.session(), Duty(checker.NAME, Every(60), checker.check), now())
        with scope.unscoped(db.session()):
            return set(map(tuple, db.session.execute(select(Alert.clock, Alert.level))))


@pytest.mark.database
def test_a_moved_lamp_turns_on_page_desk_and_checker_alike(
    lamps: Flask, admin: FlaskClient, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    path = "/lamps/edit/correction"
    asked = fill_in(admin, path, last_days="6")
    assert "1 lamp turns from green to yellow at once." in asked.text
    assert "whoever took the papers" in asked.text
    assert look(lamps) == set()
    assert send_again(admin, path, asked).status_code == 302
    clock.shift(61)
    assert look(lamps) == {("correction", "yellow")}
    approver = lamps.test_client()
    with lamps.app_context():
        given = thresholds(db.session(), settings.load(db.session()))
        assert (given[Clock.CORRECTION].last_days, given[Clock.STATUTORY].last_days) == (6, 1)
        assert [line for line in violations(db.session(), tmp_path) if not line.startswith("32:")] == []
    assert approver.get("/").status_code == 302


def test_red_waits_as_long_as_the_county_says_and_never_beyond_the_next_level(
    lamps: Flask, admin: FlaskClient, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    with lamps.app_context():
        Line(County(db.session())).until("accepted")  # promised until the ninth
    clock.move_to(datetime(2026, 3, 10, 9, tzinfo=ZONE))
    admin = client_of(lamps, "root")
    asked = fill_in(admin, "/lamps/edit/promised", red_after="2")
    assert "1 lamp turns from red to yellow at once." in asked.text
    send_again(admin, "/lamps/edit/promised", asked)
    assert ("promised", "red") not in look(lamps)
    clock.move_to(datetime(2026, 3, 11, 18, tzinfo=ZONE))
    assert ("promised", "red") in look(lamps)
    with lamps.app_context():
        assert [line for line in violations(db.session(), tmp_path) if not line.startswith("32:")] == []


BEYOND = (
    ("promised", {"red_after": "6"}, "Please give a whole number from 0 to 5."),
    ("promised", {"red_after": "3"}, "The next level is told 2 working days past due"),
    ("promised", {"last_days": "11"}, "Please give a whole number from 0 to 10."),
    ("promised", {"long_percent": "4"}, "Please give a whole number from 5 to 50."),
    ("promised", {"long_limit": ""}, "This field is required."),
    ("promised", {"red_after": "-1"}, "Number must be between 0 and"),
    ("statutory", {"red_after": "1"}, "its lamp is red as soon as it is past due."),
    ("statutory", {"last_days": "0"}, "may turn yellow earlier than usual, never later."),
    ("statutory", {"long_percent": "10"}, "may turn yellow earlier than usual, never later."),
    ("delivery", {"long_limit": "20"}, "may turn yellow earlier than usual, never later."),
    ("filing", {"last_days": "2"}, "This lamp turns yellow at noon of the last day"),
    ("handling", {"long_limit": "20"}, "This lamp turns yellow once it is past due"),
)


def test_no_county_moves_a_lamp_beyond_its_bounds(lamps: Flask, admin: FlaskClient) -> None:
    for clock, typed, sentence in BEYOND:
        answer = fill_in(admin, f"/lamps/edit/{clock}", **typed)
        assert (answer.status_code, sentence in answer.text) == (422, True), (clock, typed)
    with lamps.app_context():
        given = thresholds(db.session(), settings.load(db.session()))
    assert {clock: each.red_after for clock, each in given.items()} == {c: r.red_after for c, r in CLOCKS.items()}


def test_a_county_that_had_set_all_lamps_at_once_keeps_what_it_may(house: Flask) -> None:
    with house.app_context():
        db.session.add_all([
            Setting(**made(key="lamp_yellow_days_left", value=3)), Setting(**made(key="lamp_long_limit_days", value=30)),
        ])  # fmt: skip
        seed_reference._lamps(db.session())
        db.session.flush()
        rules = {row.clock: row for row in db.session.scalars(select(LampRule))}
        assert set(rules) == {clock.value for clock in Clock}
        assert (rules["promised"].last_days, rules["promised"].long_limit) == (3, 30)
        assert (rules["statutory"].last_days, rules["statutory"].long_limit) == (1, 10)  # the law's is not softened
        seed_reference._lamps(db.session())
        db.session.flush()
