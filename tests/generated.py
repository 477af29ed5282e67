"""A small county with people who may log in, for the tests of generated pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.catalogue import Item
from app.models.trail import AuditRow
from tests.web.logins import add_account, log_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import County


@pytest.fixture
def house(app: Flask, county: County) -> Flask:
    """A small county with an administrator and a town clerk who may log in."""
    add_account(app, "root", "county_admin")
    add_account(app, "tina", "town_clerk")
    return app


def client_of(house: Flask, username: str, language: str = "en") -> FlaskClient:
    """Somebody's browser, logged in."""
    client = house.test_client()
    log_in(client, username)
    client.get(f"/lang/{language}")
    return client


@pytest.fixture
def admin(house: Flask) -> FlaskClient:
    """The county administrator's browser."""
    return client_of(house, "root")


@pytest.fixture
def clerk(house: Flask) -> FlaskClient:
    """A town clerk's browser."""
    return client_of(house, "tina")


def one(house: Flask, query: Any) -> Any:
    """The one row of a query."""
    with house.app_context():
        return db.session.scalars(query).one_or_none()


def value(house: Flask, query: Any) -> Any:
    """The first value of a query."""
    with house.app_context():
        return db.session.scalar(query)


def id_of(house: Flask, code: str) -> int:
    """The key of an item."""
    return value(house, select(Item.id).where(Item.code == code))


def audit(house: Flask) -> list[tuple[str, str, str]]:
    """What was recorded about changes, the oldest first."""
    with house.app_context():
        rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
        return [(row.what, row.detail, row.created_by) for row in rows]
