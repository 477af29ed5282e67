"""An administrator hears what to mend, in sentences."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.engine import outbox
from app.engine.now import now
from app.models.calendar import CalendarDay
from app.models.organisation import IndustryDepartment, Staff
from app.supervision.doctor import ENOUGH_CALENDAR, complaints
from config import OUTBOX_KEY
from tests.databases import settings_for_test
from tests.factories import County

LEDGERS = {"LEDGER_URL": "file:///srv/ledgers", "PUBLIC_URL": "https://window.tunchang.example"}


@pytest.fixture
def office(database: str, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Sets the house as an installation with these settings is set."""
    tmp_path.chmod(0o700)

    def settle(**given: Any) -> dict[str, Any]:
        config = settings_for_test(tmp_path, database) | {"DEMO": False, **given}
        outbox.configure(config["OUTBOX_URL"], config["SECRETS_DIR"] / OUTBOX_KEY)
        return config

    return settle


@pytest.fixture
def production(office: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The settings of an office that reports and sends."""
    return office(OUTBOX_URL="file:///srv/outbox", **LEDGERS)


@pytest.fixture
def sound_county(session: Session) -> Session:
    """A county with an administrator and a published calendar."""
    role = session.query(Role).filter_by(name="county_admin").one_or_none() or Role(name="county_admin")
    session.add(User(username="chief", first_name="", last_name="", email="chief", active=True, roles=[role]))
    session.add(
        CalendarDay(
            day=now().date() + ENOUGH_CALENDAR, is_workday=True, published=True, created_at=now(), created_by="test"
        )
    )
    session.commit()
    return session


def test_a_sound_installation_gives_no_complaint(production: dict[str, Any], sound_county: Session):
    assert list(complaints(sound_county, production)) == []


def test_what_is_wrong_is_said(production: dict[str, Any], sound_county: Session):
    sound_county.execute(text("DROP TRIGGER event_no_update"))
    sound_county.execute(text("UPDATE ab_user SET active = false"))
    sound_county.execute(text("PRAGMA foreign_keys=off"))
    (production["SECRETS_DIR"] / "master_key").chmod(0o644)
    production["DEMO"] = True
    said = "\n".join(complaints(sound_county, production))
    assert "set DEMO=0" in said
    assert "master_key: run `chmod go=" in said
    assert "The trigger event_no_update is missing" in said
    assert "create-admin" in said


def test_a_calendar_that_ends_soon_is_named(production: dict[str, Any], sound_county: Session, clock: Callable):
    clock.shift(timedelta(days=1))
    assert [sentence[:30] for sentence in complaints(sound_county, production)] == [
        "The calendar is published unti"
    ]


def test_who_has_no_identity_number_on_record_is_named(production: dict[str, Any], county: County):
    county.session.get_one(Staff, county.staff("approver")).id_no_index = "known"
    county.session.commit()
    said = "\n".join(complaints(county.session, production))
    assert "示head has no identity number on record" in said
    assert "示approver has" not in said


def test_a_database_of_another_version_is_named(production: dict[str, Any], session: Session):
    session.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    assert "The database is not of this version" in "".join(complaints(session, production))


def test_a_county_that_reports_to_nobody_hears_so(office: Callable[..., dict[str, Any]], sound_county: Session):
    assert list(complaints(sound_county, office(**LEDGERS))) == [
        "The provincial platform is told nothing, and 0 messages wait: set OUTBOX_URL."
    ]


def test_a_key_that_both_sides_should_know_is_missed(office: Callable[..., dict[str, Any]], sound_county: Session):
    reporting = office(OUTBOX_URL="https://platform.example/events", **LEDGERS)
    (reporting["SECRETS_DIR"] / OUTBOX_KEY).unlink()
    said = list(complaints(sound_county, reporting))
    assert [sentence for sentence in said if "outbox_key is missing" in sentence] == said != []


def test_ledgers_that_reach_no_department_are_named(office: Callable[..., dict[str, Any]], sound_county: Session):
    row = {"created_at": now(), "created_by": "test"}
    sound_county.add(IndustryDepartment(code="LY", name="林业局", **row))
    sound_county.add(IndustryDepartment(code="SW", name="水务局", mail="sw@county.example", **row))
    sound_county.commit()
    nowhere = office(OUTBOX_URL="file:///srv/outbox")
    assert list(complaints(sound_county, nowhere)) == [
        "The industry departments are sent no weekly ledger: set LEDGER_URL."
    ]
    mail = office(OUTBOX_URL="file:///srv/outbox", LEDGER_URL="smtps://mail.example:465?from=a@b.example")
    assert list(complaints(sound_county, mail)) == [
        "The letters to the departments lead to http://127.0.0.1:8080, this machine alone: set PUBLIC_URL.",
        "«林业局» has no mail address, and its weekly ledgers wait.",
    ]
