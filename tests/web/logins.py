"""People who log in, as the tests of the web need them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from app.extensions import db
from app.web.roles_sync import sync_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PASSWORD = "three green pots"
ADMIN, CLERK = "county_admin", "window_clerk"


def add_account(app: Flask, username: str, *roles: str) -> int:
    """An active account with these roles and PASSWORD."""
    with app.app_context():
        manager = app.appbuilder.sm
        held = [manager.add_role(role) for role in roles or (CLERK,)]
        user = manager.add_user(username, username, "Test", f"{username}@example.cn", held, PASSWORD)
        return user.id


def grant_everything(app: Flask) -> None:
    """The permissions of every page, as `sync-roles` gives them to the administrator."""
    with app.app_context():
        sync_roles(app.appbuilder)


def token_of_form(client: FlaskClient, path: str) -> str:
    """The token against forgery of the form at `path`."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found, f"{path} shows no form"
    return found[1]


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Fill in the form at `path` and send it."""
    return client.post(path, data={**fields, "csrf_token": token_of_form(client, path)})


def log_in(client: FlaskClient, username: str, password: str = PASSWORD, path: str = "/login/") -> TestResponse:
    """Log in by the form."""
    return send(client, path, username=username, password=password)


def ask_token(client: FlaskClient, username: str, password: str = PASSWORD, **more: Any) -> TestResponse:
    """Log in by the API."""
    given = {"username": username, "password": password, "provider": "db", **more}
    return client.post("/api/v1/security/login", json=given)


def bearer(answer: TestResponse, kind: str = "access_token") -> dict[str, str]:
    """The header that carries the token of `answer`."""
    return {"Authorization": f"Bearer {answer.json[kind]}"}


@contextmanager
def statements_of(app: Flask) -> Iterator[list[str]]:
    """The SQL that `app` sends meanwhile."""
    sent: list[str] = []

    def note(*args: Any) -> None:
        sent.append(args[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def change_account(app: Flask, username: str, **values: Any) -> None:
    """Change an account as the list of accounts or a command does."""
    with app.app_context():
        manager = app.appbuilder.sm
        user = manager.find_user(username)
        for name, value in values.items():
            setattr(user, name, [manager.add_role(role) for role in value] if name == "roles" else value)
        db.session.commit()
