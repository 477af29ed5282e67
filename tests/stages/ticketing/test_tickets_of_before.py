"""A database of before the queue keeps its walk-in tickets: each begins its history as it stood, and nothing is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.connection import configure
from app.extensions import db
from app.models.counter import Ticket
from app.models.trail import Event
from app.supervision.invariants_placed import placed_objects_are_where_their_events_left_them
from tests.factories import County, Line
from tests.stages.ticketing.hall import wrong

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

BEFORE = "0003"
AT = "'2026-02-27 02:00:00+00:00'"
ROWS = (
    ("INSERT INTO centre (id, code, kind, name, division_code, address, phone, ticket_letter, opens_at, lunch_from, lunch_to,"
    f" closes_at, created_at, created_by) VALUES (1, 'hall', 'hall', '大厅', '469022', '', '', 'A', '08:30:00',"
    f" '12:00:00', '14:30:00', '17:30:00', {AT}, 'test')"),
    ('INSERT INTO "window" (id, centre_id, code, name, kind, area, phone, is_active, created_at, created_by)'
    f" VALUES (1, 1, 'A01', '一号', 'comprehensive', 'A', '', true, {AT}, 'test')"),
    *(
        "INSERT INTO ticket (id, centre_id, day, number, area, state, walk_in, window_id, issued_at, created_by)"
        f" VALUES ({i}, 1, '2026-02-27', 'A00{i}', 'A', '{state}', true, 1, {AT}, 'clerk')"
        for i, state in ((1, "finished"), (2, "serving"))
    ),
)


@pytest.fixture
def before(make_app: Callable[..., Flask], database: str, tmp_path: Path) -> Flask:
    """The application on a database of the version before, with a visit that is over and one that is not."""
    url = database if database.startswith("postgresql") else f"sqlite:///{tmp_path / 'before.db'}"
    app = make_app(SQLALCHEMY_DATABASE_URI=url)
    engine = create_engine(url)
    configure(engine)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    with app.app_context():
        upgrade(revision=BEFORE)
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row if connection.dialect.name == "postgresql" else row.replace("+00:00'", ".0'")))
    engine.dispose()
    return app


@pytest.mark.database
def test_tickets_of_before_are_taken_over_as_they_stood(before: Flask) -> None:
    with before.app_context():
        upgrade()
        session: Session = db.session()
        with scope.unscoped(session):
            tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
            told = [(t.number, t.state, t.version, t.created_at == t.issued_at, t.due_at) for t in tickets]
            assert told == [("A001", "finished", 1, True, None), ("A002", "serving", 1, True, None)]
            first = session.scalars(select(Event).order_by(Event.id)).all()
            assert [(e.subject_id, e.act, e.to_state, e.role) for e in first] == [
                (1, "adopt_ticket", "finished", "system"), (2, "adopt_ticket", "serving", "system"),
            ]  # fmt: skip
            assert all(e.at.date() > t.issued_at.date() for e, t in zip(first, tickets, strict=True))
            assert list(placed_objects_are_where_their_events_left_them(session)) == []


def test_a_ticket_without_a_history_is_named(county: County) -> None:
    Line(county, clerk="clerk.hall").register()
    county.session.execute(text("DROP TRIGGER event_no_delete"))
    county.session.execute(text("DELETE FROM event WHERE subject_kind = 'ticket'"))
    county.session.commit()
    assert "1: ticket A001 has no event" in wrong(county)
