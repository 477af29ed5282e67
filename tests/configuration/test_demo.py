"""The demo's applications stand, on the morning they were written for, where their titles say."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from tests.databases import one_at_a_time, settings_for_test

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import time_machine
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.models.application import Application

SCENARIOS = json.loads((Path(__file__).parents[2] / "seed" / "demo" / "applications.json").read_text(encoding="utf-8"))


OFFICES_OF_THE_DEMO = 6
MORNING = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
"""When the scenarios are looked at."""


@pytest.fixture(scope="module")
def demo_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demo installation as its first start leaves it, played by one of the processes of this run."""
    from app.extensions import db

    folder = tmp_path_factory.mktemp("demo")
    with one_at_a_time("demo") as kept:
        if kept.exists():
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            app = installation(folder)
        else:
            app = installation(folder)
            first_start(app)
            shutil.copytree(folder, kept)
    with app.app_context():
        yield app
        db.engine.dispose()


def installation(folder: Path) -> Flask:
    from app import create_app

    return create_app(settings_for_test(folder, f"sqlite:///{folder / 'demo.db'}"))


def first_start(app: Flask) -> None:
    from flask_migrate import upgrade

    from app.configuration.seeding import seed
    from app.extensions import db
    from app.web.roles_sync import sync_roles

    with app.app_context():
        upgrade()
        sync_roles(app.appbuilder)
        seed(db.session(), demo=True)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(demo_county: Flask) -> Iterator[Session]:
    """A session that sees the whole county."""
    from app.engine import scope
    from app.engine.actors import SYSTEM
    from app.extensions import db

    found = db.session()
    scope.bind(found, SYSTEM)
    yield found
    found.rollback()


def application_of(session: Session, scenario: dict[str, Any]) -> Application:
    from app.models.application import Application
    from app.models.trail import Event

    first = (
        select(Event.application_id)
        .where(Event.request_id == f"demo:{scenario['ref']}:1", Event.application_id.is_not(None))
        .order_by(Event.id)
    )
    return session.get_one(Application, session.scalars(first.limit(1)).one())


def test_every_step_of_every_scenario_is_on_record_and_none_was_refused(session: Session) -> None:
    from app.models.trail import Event, RefusedAct

    for scenario in SCENARIOS:
        application = application_of(session, scenario)
        events = session.scalars(select(Event).where(Event.application_id == application.id).order_by(Event.id)).all()
        played = [(event.act, event.at.strftime("%Y-%m-%d %H:%M")) for event in events]
        assert played == [(step["act"], step["at"]) for step in scenario["steps"]], scenario["ref"]
        assert application.is_demo
        assert application.state == [e for e in events if e.subject_kind == "application"][-1].to_state
    assert session.scalar(select(func.count()).select_from(RefusedAct)) == 0


def test_a_title_that_names_a_lamp_tells_the_truth_on_the_morning_of_the_demo(session: Session) -> None:
    from app.engine import settings
    from app.engine.dossier import Dossier
    from app.engine.standing import standing

    known = settings.load(session)
    days = settings.calendar(session, known)
    for scenario in SCENARIOS:
        now = standing(Dossier(session, application_of(session, scenario), days, known), MORNING)
        lamps = {clock["lamp"] for clock in now["clocks"]}
        for word, lamp in (("红灯", "red"), ("黄灯", "yellow")):
            if word in scenario["title"]:
                assert lamp in lamps, (scenario["ref"], scenario["title"], now["clocks"])


def test_what_was_uploaded_is_a_made_up_scan_that_some_application_claims(session: Session) -> None:
    from app.engine import files
    from app.models.trail import StoredFile

    uploads = session.scalars(select(StoredFile)).all()
    purposes = {
        "authorisation", "material", "certificate", "signature", "ems_receipt", "commitment", "withdrawal_request", "payment",
        "hearing_request", "hearing_record", "training",
    }
    assert {file.purpose for file in uploads} == purposes
    assert [file.purpose for file in uploads if not file.application_id] == ["training"]
    assert files.open_bytes(uploads[0].sha256).startswith(b"%PDF")


def test_what_was_played_violates_no_invariant(
    demo_county: Flask, session: Session, clock: time_machine.Traveller
) -> None:
    from app.supervision import verify

    clock.move_to(MORNING)
    assert list(verify.violations(session, demo_county.config["DATA_DIR"])) == []


def test_no_window_is_left_with_a_ticket_and_each_ended_with_its_day(session: Session) -> None:
    from app.models.counter import AT_A_WINDOW, Ticket
    from app.models.trail import Event

    assert session.scalars(select(Ticket.number).where(Ticket.state.in_(AT_A_WINDOW))).all() == []
    ended = select(Ticket.day, Event.at).join(Event, Event.subject_id == Ticket.id).where(Event.act == "end_ticket")
    days = session.execute(ended).all()
    assert days
    assert {(at.date() - day).days for day, at in days} == {1}


def history(session: Session) -> list[tuple[str, datetime]]:
    from app.engine import scope
    from app.engine.actors import SYSTEM
    from app.models.trail import Event

    scope.bind(session, SYSTEM)
    acts = select(Event.act, Event.at).where(Event.act.not_in(("walk_in_ticket", "finish_ticket", "end_ticket")))
    return [tuple(row) for row in session.execute(acts.order_by(Event.id))]


def test_a_second_start_plays_nothing_again(session: Session) -> None:
    from app.configuration import seeding

    before = history(session)

    seeding.seed(session, demo=True)

    assert history(session) == before


def test_where_the_history_is_not_the_scripts_nothing_is_played(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.configuration import demo_player

    before, others = history(session), demo_player.script()[1:]
    monkeypatch.setattr(demo_player, "script", lambda: others)

    demo_player.play(session)

    assert history(session) == before


def test_a_step_that_the_rules_refuse_stops_the_start_with_its_name_and_the_reason(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from app.configuration import demo_player

    steps = demo_player.script()
    wrong = replace(steps[0], story={**steps[0].story, "ref": "S99", "item": "I99"})
    monkeypatch.setattr(demo_player, "script", lambda: [*steps, wrong])

    with pytest.raises(demo_player.BrokenStoryError, match=r"S99 register by [\w.]+ at .*item: Choose an item"):
        demo_player.play(session)


def test_the_bench_measures_pages_acts_tickets_and_ledgers_of_many_copies_of_it(
    demo_county: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    from app import create_app
    from app.supervision import bench, bench_act, bench_tickets, multiplied

    shutil.copytree(demo_county.config["DATA_DIR"], tmp_path, dirs_exist_ok=True)
    given = settings_for_test(tmp_path, f"sqlite:///{tmp_path / 'demo.db'}")
    monkeypatch.setattr(multiplied, "UNDER_WAY_EVERY", 1)
    monkeypatch.setattr(multiplied, "OFFICES", 8)
    monkeypatch.setattr(bench_tickets, "TICKETS", 2_000)
    for module in (bench, bench_act, bench_tickets):
        monkeypatch.setattr(module, "TIMES", 1)
        monkeypatch.setattr(module, "WARM_UPS", 0)

    clock.move_to(MORNING)  # before it the demo closed nothing, and no ledger had a line
    lines = []
    for line in bench.measure(lambda: create_app(given), rows=400):
        lines.append(line)
        if "ledgers" in line:
            break  # what comes after it does not ask for the copies

    for what in ("the desk of a supervisor", "an application, seen by", "next of", "accept", "lines in"):
        assert any(what in line for line in lines), (what, lines)
    told, offices = re.match(r"(\d+) lines in \d+ ledgers of (\d+) offices", lines[-1]).groups()
    assert int(told) > 0, lines[-1]
    assert int(offices) > OFFICES_OF_THE_DEMO, lines[-1]


@pytest.mark.database
def test_a_start_that_was_cut_short_is_played_to_its_end(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.configuration import demo_player, seeding
    from app.extensions import db
    from app.web.roles_sync import sync_roles

    app = make_app()
    with app.app_context():
        sync_roles(app.appbuilder)
        whole = demo_player.script()[:12]
        monkeypatch.setattr(demo_player, "script", lambda: whole[:7])
        seeding.seed(db.session(), demo=True)
        monkeypatch.setattr(demo_player, "script", lambda: whole)
        seeding.seed(db.session(), demo=True)

        assert history(db.session()) == [(step.act, step.at) for step in whole]
