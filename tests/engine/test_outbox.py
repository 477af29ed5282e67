"""What happened is told to the provincial platform: every event, once, in the order of its application."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.engine import outbox, scope
from app.engine.couriers import Courier, FolderCourier, HttpCourier, Message, Said, courier
from app.engine.duties import Tally
from app.engine.now import now
from app.engine.outbox import CLAIM, deliver, try_all_now, wait_after, waiting
from app.errors import NotNow
from app.models.trail import Outbox
from tests.factories import County, Line
from tests.receivers import KEY, Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import time_machine
    from sqlalchemy import Engine

ROOT = Path(__file__).parents[2]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def to(receiver: Receiver) -> Courier:
    """The way to the receiver."""
    return HttpCourier(urlsplit(receiver.address), KEY)


def read(session: Session, column: str, application: int = 0) -> list[Any]:
    with scope.unscoped(session):
        found = select(getattr(Outbox, column)).order_by(Outbox.id)
        values = session.scalars(found.where(Outbox.application_id == application) if application else found).all()
    session.rollback()
    return list(values)


@pytest.mark.database
@pytest.mark.req(94)
def test_every_change_of_state_is_told_once_in_the_order_of_its_application(
    county: County, receiver: Receiver, to: Courier
):
    session = county.session
    lines = [Line(county).until("received"), Line(county).until("accepted"), Line(county).until("draft")]
    events = len(read(session, "id"))
    assert deliver(session, to) == Tally(seen=events)
    assert deliver(session, to) == Tally()
    assert sorted(receiver.kept) == sorted(m["key"] for batch in receiver.heard for m in batch)
    for line in lines:
        number = county.application(line.id).number
        assert receiver.order_of(number) == list(range(1, len(read(session, "id", line.id)) + 1))
    assert set(read(session, "state")) == {"delivered"}
    assert set(read(session, "delivered_at")) == {now()}
    assert set(read(session, "attempts")) == {1}
    first = receiver.heard[0][0]
    assert first.keys() == {"key", "number", "act", "seq", "from", "to", "at", "hash"}
    assert first["key"] == f"{read(session, 'id')[0]}-{first['hash']}"
    # the next message of an application goes with a later request: no batch holds two of one
    assert all(len({m["number"] for m in batch}) == len(batch) for batch in receiver.heard)


def test_a_new_event_follows_what_was_told_before(county: County, receiver: Receiver, to: Courier):
    line = Line(county).until("draft")
    deliver(county.session, to)
    line.receive()
    assert deliver(county.session, to).seen == 1
    assert receiver.order_of(county.application(line.id).number) == [1, 2]


@pytest.mark.database
def test_a_refused_message_holds_up_its_own_application_alone(county: County, receiver: Receiver, to: Courier):
    session = county.session
    held, free = Line(county).until("received"), Line(county).until("received")
    number = county.application(held.id).number
    receiver.refuse = lambda message: "unknown item\nof the county" if message["number"] == number else ""
    assert deliver(session, to) == Tally(seen=3, failed=1)
    assert read(session, "state", held.id) == ["failed", "pending"]
    assert read(session, "state", free.id) == ["delivered", "delivered"]
    assert read(session, "last_error", held.id)[0] == "The receiver refused this message: unknown item\nof the county"
    assert read(session, "target", held.id) == [receiver.address, None]


def test_what_is_refused_is_tried_again_after_1_2_4_minutes_up_to_an_hour(
    county: County, receiver: Receiver, to: Courier, clock: time_machine.Traveller
):
    session = county.session
    line = Line(county).until("received")
    receiver.refuse = lambda _message: "not today"
    waited = []
    for _ in range(9):
        tried_at = now()
        assert deliver(session, to) == Tally(seen=1, failed=1)
        next_try = read(session, "next_try_at", line.id)[0]
        waited.append((next_try - tried_at) / timedelta(minutes=1))
        clock.move_to(next_try - timedelta(seconds=1))
        assert deliver(session, to) == Tally()
        clock.move_to(next_try)
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert read(session, "attempts", line.id) == [9, 0]
    receiver.refuse = lambda _message: ""
    assert deliver(session, to) == Tally(seen=2)
    assert receiver.order_of(county.application(line.id).number) == [1, 2]
    assert wait_after(10**6) == timedelta(hours=1)


def test_an_operator_need_not_wait_for_the_next_try(county: County, receiver: Receiver, to: Courier):
    Line(county).until("draft")
    receiver.refuse = lambda _message: "not today"
    deliver(county.session, to)
    receiver.refuse = lambda _message: ""
    assert deliver(county.session, to).seen == 0
    try_all_now(county.session)
    assert deliver(county.session, to).seen == 1


class Dying:
    """A courier whose messages arrive, and who dies on the way back."""

    def __init__(self, other: Courier) -> None:
        self.target, self._other = other.target, other

    def carry(self, messages: Sequence[Message]) -> dict[str, Said]:
        self._other.carry(messages)
        raise MemoryError

    def rest(self) -> None:
        self._other.rest()


@pytest.mark.database
def test_who_dies_after_sending_sends_again_under_the_same_key_and_it_is_delivered_once(
    county: County, receiver: Receiver, to: Courier, clock: time_machine.Traveller
):
    session = county.session
    line = Line(county).until("received")
    with pytest.raises(MemoryError):
        deliver(session, Dying(to))
    session.rollback()
    assert read(session, "state", line.id) == ["pending", "pending"]
    assert deliver(session, to).seen == 0  # it is claimed still, and the next must not overtake it
    clock.shift(CLAIM + timedelta(seconds=1))
    assert deliver(session, to) == Tally(seen=2)
    keys = [message["key"] for batch in receiver.heard for message in batch]
    assert keys[0] == keys[1]
    assert len(receiver.kept) == 2
    assert read(session, "state", line.id) == ["delivered", "delivered"]
    assert read(session, "attempts", line.id) == [2, 1]


def test_kill_9_between_sending_and_noting_it_down_delivers_once(
    county: County, receiver: Receiver, to: Courier, database: str, clock: time_machine.Traveller
):
    session = county.session
    line = Line(county).until("received")
    processes: list[subprocess.Popen[bytes]] = []
    started, died = Event(), Event()

    def kill() -> None:
        if not died.is_set():
            started.wait(60)
            os.kill(processes[0].pid, signal.SIGKILL)
            processes[0].wait()
            died.set()

    receiver.meanwhile = kill
    command = [sys.executable, "-m", "tests.engine.outbox_worker", database, receiver.address, now().isoformat()]
    processes.append(subprocess.Popen(command, cwd=ROOT))
    started.set()
    assert processes[0].wait(60) == -signal.SIGKILL
    assert died.wait(60)
    assert [message["seq"] for batch in receiver.heard for message in batch] == [1]
    assert read(session, "state", line.id) == ["pending", "pending"]
    clock.shift(CLAIM + timedelta(seconds=1))
    assert deliver(session, to) == Tally(seen=2)
    assert [message["seq"] for batch in receiver.heard for message in batch] == [1, 1, 2]
    assert receiver.order_of(county.application(line.id).number) == [1, 2]
    assert read(session, "state", line.id) == ["delivered", "delivered"]


@pytest.mark.database
def test_two_at_once_send_nothing_twice(county: County, receiver: Receiver, to: Courier, engine: Engine):
    session = county.session
    for step in ("received", "received", "accepted"):
        Line(county).until(step)
    events = len(read(session, "id"))
    one_sent, other_done = Event(), Event()

    def hold_the_first() -> None:
        if not one_sent.is_set():
            one_sent.set()
            assert other_done.wait(60)

    receiver.meanwhile = hold_the_first
    tallies: list[Tally] = []

    def one() -> None:
        with Session(engine) as own:
            tallies.append(deliver(own, HttpCourier(urlsplit(receiver.address), KEY)))

    thread = Thread(target=one)
    thread.start()
    assert one_sent.wait(60)
    tallies.append(deliver(session, to))
    other_done.set()
    thread.join()
    keys = [message["key"] for batch in receiver.heard for message in batch]
    assert len(keys) == len(set(keys)) == events == sum(tally.seen for tally in tallies)
    assert all(tally.seen and not tally.failed for tally in tallies)
    assert set(read(session, "state")) == {"delivered"}
    for number in {message["number"] for message in receiver.kept.values()}:
        assert receiver.order_of(number) == sorted(receiver.order_of(number))


def test_while_nobody_answers_one_message_waits_and_not_all(county: County, receiver: Receiver, to: Courier):
    session = county.session
    for _ in range(3):
        Line(county).until("draft")
    receiver.status = lambda _messages: 503
    assert deliver(session, to) == Tally(seen=1, failed=1)
    assert deliver(session, to) == Tally(seen=1, failed=1)
    assert read(session, "state") == ["failed", "failed", "pending"]
    assert read(session, "last_error")[0] == "The receiver answers with an error: HTTP 503"
    assert [len(batch) for batch in receiver.heard] == [1, 1]


def test_an_address_where_nobody_listens_is_said(county: County):
    Line(county).until("draft")
    with receiving() as gone:
        address = urlsplit(gone.address)
    assert deliver(county.session, HttpCourier(address, KEY)) == Tally(seen=1, failed=1)
    assert read(county.session, "last_error")[0].startswith("Nobody answers at the receiver's address: ")


def test_a_message_the_receiver_stumbles_over_stops_no_other(county: County, receiver: Receiver, to: Courier):
    session = county.session
    lines = [Line(county).until("draft") for _ in range(6)]
    poison = county.application(lines[3].id).number
    receiver.status = lambda messages: 500 if any(m["number"] == poison for m in messages) else 200
    assert deliver(session, to) == Tally(seen=6, failed=1)
    assert read(session, "state") == ["delivered"] * 3 + ["failed"] + ["delivered"] * 2
    assert [len(batch) for batch in receiver.heard] == [1, 5, 1, 1, 1, 1, 1]


def test_a_receiver_that_fails_again_and_again_is_left_alone(county: County, receiver: Receiver, to: Courier):
    for _ in range(5):
        Line(county).until("draft")
    receiver.status = lambda _messages: 500
    assert deliver(county.session, to) == Tally(seen=3, failed=3)


SENSELESS = "The receiver's answer makes no sense"
UNANSWERED = "The receiver said nothing about this message"
ANSWERS = {
    b"": SENSELESS,
    b"<html>thanks</html>": SENSELESS,
    b"[1]": SENSELESS,
    b'{"taken": 7}': SENSELESS,
    b'{"taken": []}': UNANSWERED,
    b'{"taken": ["another"]}': UNANSWERED,
    b'{"taken": [], "padding": "' + b"x" * 1_100_000 + b'"}': SENSELESS,
}


def test_only_what_the_receiver_says_it_took_is_delivered(county: County, receiver: Receiver, to: Courier):
    Line(county).until("draft")
    for answer, why in ANSWERS.items():
        receiver.answer = answer
        try_all_now(county.session)
        assert deliver(county.session, to) == Tally(seen=1, failed=1)
        assert read(county.session, "last_error") == [why]
    receiver.answer = None
    try_all_now(county.session)
    assert deliver(county.session, to) == Tally(seen=1)


def test_a_receiver_with_another_key_takes_nothing(county: County, receiver: Receiver, to: Courier):
    Line(county).until("draft")
    receiver.key = b"another"
    assert deliver(county.session, to).failed == 1
    assert read(county.session, "last_error") == ["The receiver answers with an error: HTTP 401"]
    assert receiver.heard == []


def test_a_connection_that_was_closed_while_idle_is_opened_again(county: County, receiver: Receiver, to: Courier):
    receiver.hangs_up = True
    line = Line(county).until("received")
    assert deliver(county.session, to) == Tally(seen=2)
    assert receiver.order_of(county.application(line.id).number) == [1, 2]
    assert len(receiver.heard) == 2


def test_a_folder_gets_whole_files_whose_names_sort_by_time(county: County, tmp_path: Path):
    session = county.session
    line = Line(county).until("accepted")
    Line(county).until("draft")
    assert not deliver(session, FolderCourier(tmp_path)).failed
    files = sorted(tmp_path.iterdir())
    assert {path.suffix for path in files} == {".jsonl"}
    lines = [json.loads(text) for path in files for text in path.read_text(encoding="utf-8").splitlines()]
    number = county.application(line.id).number
    assert [each["seq"] for each in lines if each["number"] == number] == [1, 2, 3, 4]
    assert len({each["key"] for each in lines}) == len(lines) == 5
    assert waiting(session) == 0


def test_a_folder_that_is_not_there_is_said(county: County, tmp_path: Path):
    Line(county).until("draft")
    assert deliver(county.session, FolderCourier(tmp_path / "none")) == Tally(seen=1, failed=1)
    assert read(county.session, "last_error")[0].startswith("The folder cannot be written: ")


def test_the_address_says_which_way(tmp_path: Path):
    key = tmp_path / "outbox_key"
    assert courier("", key) is None
    folder = courier("file:///srv/out%20box", key)
    assert folder is not None
    assert folder.target == "file:///srv/out%20box"
    with pytest.raises(NotNow, match="outbox_key is missing"):
        courier("https://platform.example/events", key)
    key.write_text("secret\n")
    post = courier("https://platform.example:8443/events?county=469022", key)
    assert post is not None
    assert post.target == "https://platform.example:8443/events"


def test_without_a_receiver_everything_waits(county: County):
    Line(county).until("draft")
    assert outbox.report(county.session, now()) == Tally()
    assert waiting(county.session) == 1


def test_the_duty_sends_to_where_the_installation_says(county: County, tmp_path: Path):
    Line(county).until("draft")
    outbox.configure(tmp_path.as_uri(), tmp_path / "outbox_key")
    assert outbox.report(county.session, now()) == Tally(seen=1)
    assert [stat.S_ISREG(path.stat().st_mode) for path in tmp_path.glob("*.jsonl")] == [True]


@pytest.mark.database
def test_what_is_delivered_stays_delivered(county: County, receiver: Receiver, to: Courier):
    for _ in range(2):
        Line(county).until("draft")
    deliver(county.session, to)
    for change in ("state = 'pending'", "delivered_at = '2026-03-03 00:00:00'", "application_id = 2"):
        with pytest.raises(IntegrityError, match="history is only added to"):
            county.session.execute(text(f"UPDATE outbox SET {change} WHERE id = 1"))
        county.session.rollback()
