"""An installation gets its first rows once, keeps what the county changed, and knows its demo people's passwords."""

from __future__ import annotations

import csv
import json
import stat
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select

from tests.databases import settings_for_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

SEED = Path(__file__).parents[2] / "seed"


def rows_of(session: Session) -> dict[str, int]:
    from app.models.base import Model

    tables = Model.metadata.sorted_tables
    return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


@pytest.fixture
def house(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application with a folder of its own, whose database has its roles and nothing else."""
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    with app.app_context():
        add_roles(app)
        yield app


@pytest.fixture
def session(house: Flask) -> Session:
    from app.extensions import db

    return db.session()


@pytest.fixture(scope="module")
def demo_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo county, seeded once for the tests that only look at it."""
    from flask_migrate import upgrade

    from app import create_app
    from app.extensions import db

    folder = tmp_path_factory.mktemp("demo")
    app = create_app(settings_for_test(folder, f"sqlite:///{folder / 'demo.db'}"))
    with app.app_context():
        upgrade()
        add_roles(app)
        load(db.session(), demo=True)
        yield app
        db.engine.dispose()


@pytest.fixture
def demo(demo_county: Flask) -> Session:
    from app.extensions import db

    return db.session()


def add_roles(app: Flask) -> None:
    from app.law.roles import STAFF_ROLES

    for role in STAFF_ROLES:
        app.appbuilder.sm.add_role(role.value)


def load(session: Session, *, demo: bool) -> None:
    from app.configuration import seeding

    seeding.load(session, demo)


def accounts(app: Flask) -> list[dict[str, Any]]:
    with (app.config["DATA_DIR"] / "accounts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_installation_gets_its_places_periods_settings_and_calendar(session: Session) -> None:
    from app.engine import settings
    from app.models.archive import Retention
    from app.models.catalogue import Item
    from app.models.organisation import Centre

    load(session, demo=False)

    assert session.scalar(select(func.count()).select_from(Centre)) == 9
    hall = session.scalars(select(Centre).where(Centre.kind == "hall")).one()
    assert hall.closes_at.isoformat() == "17:30:00"
    assert session.scalar(select(Retention.years).where(Retention.code == "30y")) == 30
    known = settings.load(session)
    assert known.get("draft_keep_days") == 30
    assert known.get("refusal_needs_filing") is True
    calendar = settings.calendar(session, known)
    assert calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2026, 10, 1))
    assert session.scalar(select(func.count()).select_from(Item)) == 0
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_the_demo_adds_offices_windows_and_the_catalogue(demo: Session) -> None:
    from app.models.catalogue import Item
    from app.models.organisation import Office, Window

    assert demo.scalar(select(func.count()).select_from(Office)) == 6
    assert demo.scalar(select(func.count()).select_from(Window)) == 28
    items = demo.scalars(select(Item)).all()
    assert len(items) == 34
    assert all(item.is_active and item.is_public and item.materials for item in items)
    assert [item.code for item in items if item.has_fee] == ["I20"]
    shared = next(item for item in items if item.code == "I01").materials[1]
    assert shared.shared_source == "国家人口基础信息库"


@pytest.mark.database
def test_loading_again_changes_nothing_and_keeps_what_the_county_changed(house: Flask, session: Session) -> None:
    from app.models.calendar import Setting
    from app.models.catalogue import Item

    load(session, demo=True)
    session.get(Setting, "draft_keep_days").value = 20
    session.scalars(select(Item).where(Item.code == "I01")).one().name = "个体户登记"
    session.commit()
    before, passwords = rows_of(session), accounts(house)

    load(session, demo=True)

    assert rows_of(session) == before
    assert accounts(house) == passwords
    assert session.get(Setting, "draft_keep_days").value == 20
    assert session.scalar(select(Item.name).where(Item.code == "I01")) == "个体户登记"


def test_days_that_a_new_version_brings_move_the_calendar_on(session: Session) -> None:
    from app.engine.settings import CALENDAR_VERSION
    from app.models.calendar import CalendarDay, Setting

    load(session, demo=False)
    session.delete(session.get(CalendarDay, date(2035, 12, 31)))
    session.commit()

    load(session, demo=False)

    assert session.get(CalendarDay, date(2035, 12, 31)).is_workday
    assert session.get(Setting, CALENDAR_VERSION).value == 2


def test_everybody_is_an_active_account_with_the_roles_and_the_post_of_the_file(demo: Session) -> None:
    from app.engine import actors

    people = json.loads((SEED / "demo" / "staff.json").read_text(encoding="utf-8"))
    users = {user.username: user for user in demo.scalars(select(User))}
    assert set(users) == {person["username"] for person in people}
    for person in people:
        actor = actors.load(demo, users[person["username"]].id, date(2026, 3, 2))
        assert actor.name == person["name"]
        assert [role.value for role in actor.roles] == person["roles"]
        assert (actor.window_id is None) == (person["window"] == "")
    clerk = actors.load(demo, users["fengmu.clerk1"].id, date(2026, 3, 2))
    assert len(clerk.centres) == 1
    head = actors.load(demo, users["nl.head"].id, date(2026, 3, 2))
    assert (len(head.offices), head.centres) == (1, frozenset())


def test_people_of_an_industry_department_have_no_post_but_their_department(demo: Session) -> None:
    from app.models.organisation import Staff

    person = demo.scalars(select(Staff).where(Staff.user_id == User.id, User.username == "dept.wjw")).one()
    assert person.department.code == "WJW"
    assert person.postings == []


def test_the_list_of_accounts_is_the_owners_alone_and_its_passwords_open(demo_county: Flask, demo: Session) -> None:
    from app.web.passwords import is_password

    path = demo_county.config["DATA_DIR"] / "accounts.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = accounts(demo_county)
    assert list(lines[0]) == ["username", "password", "role", "unit", "name"]
    assert len({line["password"] for line in lines}) == len({line["username"] for line in lines}) == 85
    kept = dict(demo.execute(select(User.username, User.password)).all())
    assert all(kept[line["username"]].startswith("$argon2id$") for line in lines)
    assert is_password(lines[0]["password"], kept[lines[0]["username"]])


def test_the_list_holds_two_people_for_each_role_and_the_staff_of_each_unit(demo_county: Flask) -> None:
    from app.law.roles import STAFF_ROLES

    posts = Counter((line["unit"], line["role"]) for line in accounts(demo_county))
    roles = Counter(line["role"] for line in accounts(demo_county))
    assert set(roles) == set(STAFF_ROLES)
    assert min(roles.values()) >= 2
    assert posts["枫木镇便民服务中心", "town_clerk"] == 2
    assert posts["农林水务审批室", "approver"] == 2
    assert posts["农林水务审批室", "approval_assistant"] == 1


def test_a_start_that_was_cut_short_leaves_no_password_unknown(house: Flask, session: Session) -> None:
    from app.configuration import seed_people
    from app.web.passwords import is_password

    load(session, demo=False)
    seed_people.with_hashes(seed_people.newcomers(session), house.config["DATA_DIR"])

    load(session, demo=True)

    line = accounts(house)[0]
    kept = session.scalar(select(User.password).where(User.username == line["username"]))
    assert is_password(line["password"], kept)


def test_without_roles_nobody_is_made_and_the_command_that_makes_them_is_named(house: Flask, session: Session) -> None:
    from app.errors import NotNow

    for role in house.appbuilder.sm.get_all_roles():
        session.delete(role)
    session.commit()
    with pytest.raises(NotNow, match="sync-roles"):
        load(session, demo=True)
    assert session.scalar(select(func.count()).select_from(User)) == 0
