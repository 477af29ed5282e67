"""Each act on an application is told to the platform, once, by the house as it stands (第十五条（十）)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.engine import outbox, scope
from app.jobs import tick
from app.law.lifecycle import TRANSITIONS
from app.law.states import Kind
from app.models.trail import Event, Outbox
from tests.factories import County, Line
from tests.receivers import KEY, Receiver, receiving
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import time_machine
    from flask import Flask


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Receiver]:
    """The provincial platform, to which this installation reports."""
    key = tmp_path / "outbox_key"
    key.write_bytes(KEY)
    with receiving() as receiver:
        outbox.configure(receiver.address, key)
        yield receiver


def _waiting(county: County, application: int) -> list[tuple[str, str, int]]:
    """The application's messages: state, act, tries."""
    return [(row.state, row.payload["act"], row.attempts) for row in county.rows(Outbox, application)]


@pytest.mark.database
@pytest.mark.req(94)
def test_every_act_that_moves_or_records_is_pushed_once_in_order_whatever_the_platform_does(
    app: Flask, county: County, platform: Receiver, clock: time_machine.Traveller
) -> None:
    """Acts by program: one row each, with the act or not at all; refused, retried, repeated, and taken once."""
    line = Line(county).register().receive()
    approver, clerk = Program(app, county, "approver"), Program(app, county, "clerk.town")
    accepting = {"version": approver.shown(line.id)["version"], "opinion": "材料齐全，符合法定形式"}
    address = f"application/{line.id}/transitions/accept"
    # refused: not yet in order, the wrong role, a stale page, something missing; none leaves a message
    assert error(approver.post(address, accepting)) == (409, "not_now")
    line.confirm_file()
    accepting["version"] += 1
    assert error(clerk.post(address, accepting)) == (403, "not_allowed")
    assert error(approver.post(address, accepting | {"version": 1})) == (409, "not_now")
    assert error(approver.post(address, accepting | {"opinion": ""})) == (422, "incomplete")
    first = approver.post(address, accepting, key="once")
    assert (first.status_code, approver.post(address, accepting, key="once").json) == (200, first.json)
    assert clerk.do("remind", line.id, target="approver", message="请尽快办理").status_code == 200  # a nudge
    wanted = ["register", "receive", "confirm_file", "accept"]
    assert _waiting(county, line.id) == [("pending", act, 0) for act in wanted]

    platform.status = lambda _messages: 503
    tick(county.session)
    assert _waiting(county, line.id)[0] == ("failed", "register", 1)
    clock.shift(timedelta(seconds=30))
    tick(county.session)
    assert len(platform.heard) == 1  # it waits its minute
    platform.status = lambda _messages: 200
    platform.refuse = lambda message: "busy" if message["act"] == "confirm_file" else ""
    for minutes in (1, 2, 4):
        clock.shift(timedelta(minutes=minutes))
        tick(county.session)
    platform.refuse = lambda _message: ""
    clock.shift(timedelta(minutes=8))
    tick(county.session)
    number = county.application(line.id).number
    taken = [m for m in platform.kept.values() if m["number"] == number]
    assert [message["act"] for message in taken] == wanted
    assert [(m["from"], m["to"]) for m in taken] == [
        (None, "draft"), ("draft", "received"), ("received", "received"), ("received", "accepted"),
    ]  # fmt: skip
    assert {state for state, _, _ in _waiting(county, line.id)} == {"delivered"}
    said = len(platform.heard)
    tick(county.session)
    clock.shift(timedelta(hours=2))
    tick(county.session)
    assert len(platform.heard) == said  # nothing is told twice


def test_each_event_that_counts_has_its_message_and_a_nudge_has_none(county: County) -> None:
    line = Line(county).until("filed")
    line.do("clerk.town", "remind_rating", channel="qr")
    with scope.unscoped(county.session):
        told = set(county.session.scalars(select(Outbox.event_id)))
        events = county.session.scalars(select(Event).where(Event.application_id == line.id)).all()
    assert len(events) > 12
    for event in events:
        assert (event.id in told) is (TRANSITIONS[event.act].kind is not Kind.NUDGE), event.act


@pytest.mark.database
def test_a_second_message_of_an_act_is_refused_and_none_can_be_taken_back(county: County) -> None:
    line = Line(county).register()
    statements: tuple[Any, ...] = (
        """INSERT INTO outbox (application_id, event_id, state, payload, created_at, attempts)
        SELECT application_id, event_id, 'pending', payload, created_at, 0 FROM outbox""",
        "DELETE FROM outbox",
        "UPDATE outbox SET payload = '{}'",
    )
    for statement in statements:
        with pytest.raises(IntegrityError):
            county.session.execute(text(statement))
        county.session.rollback()
    assert _waiting(county, line.id) == [("pending", "register", 0)]


def test_an_act_that_breaks_off_leaves_no_message(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(county).register()
    monkeypatch.setattr("app.engine.finish._tell", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        line.receive()
    monkeypatch.undo()
    assert county.application(line.id).state == "draft"
    assert _waiting(county, line.id) == [("pending", "register", 0)]
