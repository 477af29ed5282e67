"""Commands work, and fail with one sentence."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.engine import ledgers, outbox
from app.web.passwords import is_password
from tests.factories import County, Line

ADMIN = ["create-admin", "--username=chief", "--first-name=Zhang", "--last-name=San", "--email=chief@county.example"]


@pytest.fixture
def flask(app: Flask) -> Callable[..., object]:
    """Runs a command as an operator would."""
    return lambda *arguments: app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def test_every_command_of_ours_explains_itself(app: Flask, flask: Callable):
    for name, command in app.cli.commands.items():
        if command.callback and command.callback.__module__ == "app.cli":
            assert flask(name, "--help").exit_code == 0
            assert command.help


def test_the_first_administrator_can_log_in(flask: Callable, session: Session):
    result = flask(*ADMIN, "--password=correct horse battery")
    assert result.output == "chief may log in.\n"
    chief = session.scalars(select(User).where(User.username == "chief")).one()
    assert [role.name for role in chief.roles] == ["county_admin"]
    assert is_password("correct horse battery", chief.password)


@pytest.mark.parametrize("password", ["short", "password123", "chief"])
def test_a_bad_password_is_refused_with_a_sentence(flask: Callable, session: Session, password: str):
    result = flask(*ADMIN, f"--password={password}")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
    assert session.scalars(select(User).where(User.username == "chief")).all() == []


def test_a_failing_command_speaks_one_sentence(flask: Callable, tmp_path: Path):
    for arguments in (("backup", "/no/such/folder/x.zip"), ("backup", __file__)):
        result = flask(*arguments)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert "Traceback" not in result.output


def test_roles_are_synchronised_twice_without_a_change(flask: Callable):
    assert flask("sync-roles").output == ""


def test_a_tick_does_each_duty_once(flask: Callable):
    first, again = flask("tick").output.splitlines(), flask("tick").output.splitlines()
    assert all(": seen " in line and "failed 0" in line for line in first)
    assert all(line.endswith(": done before") for line in again)
    assert len(first) == len(again) > 1


def test_a_new_county_violates_nothing_until_a_trigger_is_missing(make_app: Callable[..., Flask], session: Session):
    county = make_app(DEMO=False).test_cli_runner()
    assert county.invoke(args=["seed"]).exit_code == 0
    sound = county.invoke(args=["verify"])
    assert (sound.exit_code, sound.stdout) == (0, "Nothing is violated.\n")

    session.execute(text("DROP TRIGGER event_no_update"))
    session.commit()

    broken = county.invoke(args=["verify"])
    assert broken.exit_code == 1
    assert [line for line in broken.stdout.splitlines() if "event_no_update" in line]


def test_the_outbox_is_sent_when_somebody_asks_for_it(app: Flask, county: County, tmp_path: Path):
    Line(county).until("received")
    run = app.test_cli_runner().invoke
    silent = run(args=["outbox", "run"])
    assert (silent.exit_code, silent.stderr) == (1, "Error: OUTBOX_URL is not set: there is nobody to send to.\n")

    outbox.configure((tmp_path / "absent").as_uri(), tmp_path)
    failing = run(args=["outbox", "run"])
    assert (failing.exit_code, failing.output) == (1, "delivered 0, refused 1, waiting 2\n")

    (tmp_path / "absent").mkdir()
    waiting, again = run(args=["outbox", "run"]), run(args=["outbox", "run", "--again"])
    assert (waiting.exit_code, waiting.output) == (0, "delivered 0, refused 0, waiting 2\n")
    assert (again.exit_code, again.output) == (0, "delivered 2, refused 0, waiting 0\n")


def test_ledgers_are_built_and_sent_when_somebody_asks_for_it(
    app: Flask, county: County, tmp_path: Path, clock: time_machine.Traveller
):
    Line(county).until("certified")
    clock.shift(timedelta(days=15))
    run = app.test_cli_runner().invoke
    for wrong in ("2026-03-03", "monday"):
        refused = run(args=["ledger", "build", "--week", wrong])
        assert (refused.exit_code, refused.stderr) == (
            1, f"Error: «{wrong}» is no Monday; write it like 2026-11-16.\n",
        )  # fmt: skip
    first = run(args=["ledger", "build", "--week", "2026-03-02"])
    assert (first.exit_code, first.output) == (0, "built 2, failed 0\n")
    rest, again = run(args=["ledger", "build"]), run(args=["ledger", "build"])
    assert (rest.output, again.output) == ("built 2, failed 0\n", "built 0, failed 0\n")
    silent = run(args=["ledger", "send"])
    assert (silent.exit_code, silent.stderr) == (1, "Error: LEDGER_URL is not set: there is nowhere to send.\n")
    ledgers.configure(ledgers.Installation((tmp_path / "absent").as_uri()))
    failing = run(args=["ledger", "send"])
    assert (failing.exit_code, failing.output) == (1, "sent 0, not delivered 1\n")
    ledgers.configure(ledgers.Installation(tmp_path.as_uri()))
    sent, later = run(args=["ledger", "send"]), run(args=["ledger", "send", "--again"])
    assert (sent.output, later.output) == ("sent 3, not delivered 0\n", "sent 1, not delivered 0\n")
