"""`flask bench`: how fast the house is with many applications, and how much of that is its own doing."""

from __future__ import annotations

import csv
import re
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event, func, select

from app.errors import NotNow
from app.extensions import db
from app.law import N_
from app.models.application import Application
from app.supervision.bench_act import accepting
from app.supervision.bench_calendar import publishing
from app.supervision.bench_items import importing
from app.supervision.bench_ledger import sealing
from app.supervision.bench_outbox import reporting
from app.supervision.bench_tickets import calling
from app.supervision.measuring import HEADING, TIMES, WARM_UPS, Figure, Sent, milliseconds
from app.supervision.multiplied import multiply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

ROLES = ("window_clerk", "approver", "supervisor")
OK = 200


def measure(build: Callable[[], Flask], rows: int) -> Iterator[str]:
    """The lines of the table, as they are measured.

    `build` makes the application on a scratch database that holds the demo; its rows are multiplied to about `rows`.
    Raises NotNow where there are applications of a county's own.
    """
    app = build()
    with app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        table = Application.__table__
        if connection.execute(select(table.c.id).where(table.c.is_demo.is_(False)).limit(1)).first():
            raise NotNow(N_("This database holds a county's own applications; measure on an empty one."))
    for number in multiply(engine, rows):
        yield f"{number} applications …"
    with engine.connect() as connection:
        number = connection.scalar(select(func.count()).select_from(table))
        open_ones = connection.scalar(select(func.count()).where(table.c.next_due_at.is_not(None)))
    yield f"{number} applications on {engine.dialect.name}, {open_ones} of them under way"
    yield HEADING
    yield str(_worker_start(build))
    for role in ROLES:
        client = _client(app, app.config["DATA_DIR"], role)
        yield str(_page(engine, client, f"the desk of a {role}", "/"))
        yield str(_page(engine, client, f"an application, seen by a {role}", _an_address(client)))
    with app.app_context():
        yield from map(str, accepting(db.session(), engine))
        yield from map(str, calling(db.session(), engine))
        yield str(sealing(db.session(), engine))
        yield str(reporting(db.session(), engine))
        yield from map(str, publishing(db.session(), engine))
    yield from map(str, importing(_client(app, app.config["DATA_DIR"], "county_admin"), engine))


def _worker_start(build: Callable[[], Flask]) -> Figure:
    """How long a worker takes to start, and what it asks: nothing, not even its permissions."""
    asked: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        begun = perf_counter()
        build()
        return Figure("the start of a worker (once)", milliseconds(begun), len(asked))
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _page(engine: Engine, client: FlaskClient, what: str, address: str) -> Figure:
    """A page asked for again and again, and its questions in plain SQL."""
    took, plain, statements = [], [], 0
    for attempt in range(WARM_UPS + TIMES):
        with Sent(engine) as sent:
            begun = perf_counter()
            answer = client.get(address)
            spent = milliseconds(begun)
        assert answer.status_code == OK, f"{address} answers {answer.status_code}"
        if attempt >= WARM_UPS:
            took.append(spent)
            plain.append(sent.again())
            statements = len(sent.statements)
    return Figure(what, median(took), statements, median(plain))


def _client(app: Flask, data_dir: Path, role: str) -> FlaskClient:
    """Somebody of the demo with this role, logged in."""
    with (data_dir / "accounts.csv").open(encoding="utf-8", newline="") as file:
        person = next(row for row in csv.DictReader(file) if row["role"] == role)
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login/").text)
    assert token is not None
    given = {"username": person["username"], "password": person["password"], "csrf_token": token[1]}
    client.post("/login/", data=given)
    return client


def _an_address(client: FlaskClient) -> str:
    """The application the person's list leads to first."""
    found = re.search(r"/applications/show/(\d+)", client.get("/applications/list/").text)
    assert found is not None
    return f"/application/{found[1]}"
