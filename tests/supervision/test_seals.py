"""What was sealed once is there for ever: a cut, a deletion, a re-order, a rewrite is found and named by its number."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import jobs
from app.engine import files, scope, seals
from app.engine.connection import configure
from app.engine.duties import Tally
from app.engine.now import now
from app.engine.trail import record_of
from app.law import chain
from app.models.application import Application
from app.models.trail import Event
from app.supervision.backup import backup, restore
from app.supervision.verify import violations
from tests.factories import County, Line
from tests.supervision.tampering import tamper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import time_machine
    from flask import Flask
    from sqlalchemy import Engine

FIRST, SECOND = "application TC-20260302-0001", "application TC-20260302-0002"
SEALED = "seal 1 of 2026-03-02"


@pytest.fixture
def place(county: County, tmp_path: Path, once: Callable[..., None]) -> County:
    """A county with two applications, the first examined and urged, the second registered; nothing is sealed yet."""
    once(_two_applications, county)
    files.configure(tmp_path / "uploads")
    seals.configure(tmp_path / seals.FOLDER)
    return county


def _two_applications(county: County) -> None:
    line = Line(county).until("accepted")
    county.do("clerk.town", "remind", line.id, {"target": "approver", "message": "申请人已到窗口等候"}, key="once")
    Line(county).until("draft")


@pytest.fixture
def sealed(place: County) -> County:
    """The same county, sealed."""
    made, look = seals.seal(place.session, now())
    assert made is not None
    assert look.faults == []
    return place


def found(county: County, folder: Path) -> list[str]:
    """What `flask verify` says, but for the settings of a cluster that need not outlive a power cut."""
    lines = [line for line in violations(county.session, folder) if not line.startswith("32: ")]
    county.session.rollback()
    return lines


def _of_applications(seal: seals.Seal) -> dict[str, int]:
    """Where the applications' histories stand; the tickets they were registered on move as well."""
    return {head.name: head.seq for head in seal.heads.values() if head.name.startswith("application")}


def rewritten(session: Session, application: int) -> list[str]:
    """The statements that change an old opinion and make every digest after it anew, outbox included."""
    statements = []
    with scope.unscoped(session):
        number = session.scalars(select(Application.number).where(Application.id == application)).one()
        own = select(Event).where(Event.application_id == application, Event.subject_kind == "application")
        previous = chain.genesis("application", application, number)
        for event in session.scalars(own.order_by(Event.seq)):
            payload = {**event.payload, "opinion": "改"} if event.act == "accept" else event.payload
            digest = chain.link(previous, record_of(event) | {"payload": payload})
            said = json.dumps(payload, ensure_ascii=False)
            statements += [
                f"UPDATE event SET payload = '{said}', previous_hash = '{previous}', hash = '{digest}' WHERE id = {event.id}",
                _outbox_with(session, event.id, digest),
            ]
            previous = digest
    session.rollback()
    return statements


def _outbox_with(session: Session, event_id: int, digest: str) -> str:
    if session.get_bind().dialect.name == "postgresql":
        changed = f"jsonb_set(payload::jsonb, '{{hash}}', '\"{digest}\"')::json"
    else:
        changed = f"json_set(payload, '$.hash', '{digest}')"
    return f"UPDATE outbox SET payload = {changed} WHERE event_id = {event_id}"


@pytest.mark.database
def test_a_history_written_anew_from_end_to_end_is_found_by_its_seal_alone(sealed: County, tmp_path: Path):
    assert found(sealed, tmp_path) == []
    tamper(sealed.session, *rewritten(sealed.session, 1))
    assert found(sealed, tmp_path) == [f"5: {FIRST}: event 5 is not the one that {SEALED} holds"]


@pytest.mark.database
def test_a_tail_cut_without_a_trace_is_found_by_its_seal_alone(sealed: County, tmp_path: Path):
    tamper(sealed.session, "DELETE FROM event WHERE act = 'remind'")
    assert found(sealed, tmp_path) == [
        f"5: {FIRST}: its history ends with event 4, and {SEALED} holds 5 events of it",
        f"6: there are 8 events, and {SEALED} counted 9",
    ]


def test_before_the_first_seal_a_rewrite_leaves_no_trace_and_an_edit_does(place: County, tmp_path: Path):
    tamper(place.session, *rewritten(place.session, 1))
    assert found(place, tmp_path) == []
    tamper(place.session, "UPDATE event SET payload = json_set(payload, '$.opinion', '又改') WHERE act = 'accept'")
    assert found(place, tmp_path) == [f"4: {FIRST}: the chain is broken at event 4, now «accept» (row 5)"]


SWAP = tuple(
    f"UPDATE event SET seq = {to} WHERE application_id = 1 AND seq = {seq}" for seq, to in ((2, 99), (3, 2), (99, 3))
)
TAMPERED: list[tuple[str, tuple[str, ...], list[str]]] = [
    ("an edit", ("UPDATE event SET actor_name = '甲' WHERE application_id = 1 AND seq = 2",),
     [f"4: {FIRST}: the chain is broken at event 2"]),
    ("a deletion in the middle", ("DELETE FROM event WHERE application_id = 1 AND seq = 3",),
     [f"2: {FIRST}: event 3 is missing", f"4: {FIRST}: the chain is broken at event 3", "6: there are 8 events"]),
    ("a renumbered deletion",
     ("DELETE FROM event WHERE application_id = 1 AND seq = 3", "UPDATE event SET seq = seq - 1 WHERE application_id = 1 AND seq > 3"),
     [f"5: {FIRST}: its history ends with event 4", f"4: {FIRST}: the chain is broken at event 3"]),
    ("a re-order", SWAP, [f"4: {FIRST}: the chain is broken at event 2"]),
    ("a whole history", ("DELETE FROM event WHERE application_id = 2", "DELETE FROM outbox WHERE application_id = 2",
                         "DELETE FROM application WHERE id = 2"),
     [f"5: {SECOND}: its history is gone, and {SEALED} holds 1 events of it", "6: there are 8 events"]),
    ("a replaced row",
     ("CREATE TABLE changed AS SELECT * FROM event WHERE application_id = 1 AND seq = 5",
      "UPDATE changed SET actor_name = '乙'", "INSERT OR REPLACE INTO event SELECT * FROM changed"),
     [f"4: {FIRST}: the chain is broken at event 5"]),
    ("another application's event", ("UPDATE event SET application_id = 2 WHERE application_id = 1 AND seq = 5",),
     [f"4: {SECOND}: the chain is broken at event 2"]),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "lines"), [each[1:] for each in TAMPERED], ids=[each[0] for each in TAMPERED])
def test_whatever_is_done_to_a_history_is_found_and_named(
    sealed: County, tmp_path: Path, statements: tuple[str, ...], lines: list[str]
):
    tamper(sealed.session, *statements)
    said = found(sealed, tmp_path)
    assert [line for line in lines if not any(each.startswith(line) for each in said)] == [], said


def test_a_tail_that_was_cut_and_grew_again_is_found(sealed: County, tmp_path: Path, clock: time_machine.Traveller):
    tamper(sealed.session, "DELETE FROM event WHERE act = 'remind'")
    clock.shift(timedelta(hours=5))
    sealed.do("clerk.town", "remind", 1, {"target": "approver", "message": "再次提醒"})
    assert found(sealed, tmp_path) == [f"5: {FIRST}: event 5 is not the one that {SEALED} holds"]


def test_a_database_put_back_to_an_earlier_copy_is_found(place: County, engine: Engine, tmp_path: Path):
    copy = tmp_path / "copy"
    with closing(sqlite3.connect(engine.url.database)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)
    line = Line(place).until("draft")
    seals.seal(place.session, now())
    place.session.close()
    engine.dispose()
    shutil.copyfile(copy, engine.url.database)
    said = found(place, tmp_path)
    number = "application TC-20260302-0003"
    assert f"5: {number}: its history is gone, and {SEALED} holds 1 events of it" in said
    assert line.id


def test_what_was_tampered_with_is_not_sealed_anew(
    sealed: County, tmp_path: Path, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
):
    tamper(sealed.session, *rewritten(sealed.session, 1))
    clock.shift(timedelta(days=1))
    Line(sealed).until("draft")
    assert seals.seal_daily(sealed.session, now()) == Tally(seen=3, failed=1)
    assert f"Not sealed: {FIRST}: event 5 is not the one that {SEALED} holds" in caplog.text
    second = seals.read(tmp_path / seals.FOLDER).seals[1]
    assert _of_applications(second) == {"application TC-20260303-0001": 1}
    assert found(sealed, tmp_path) == [f"5: {FIRST}: event 5 is not the one that {SEALED} holds"]


def test_each_seal_holds_what_moved_since_the_last_and_builds_on_it(
    sealed: County, tmp_path: Path, clock: time_machine.Traveller
):
    folder = tmp_path / seals.FOLDER
    assert seals.seal(sealed.session, now())[0] is None
    clock.shift(timedelta(days=1))
    Line(sealed).until("draft")
    made, _ = seals.seal(sealed.session, now())
    assert made is not None
    first, second = seals.read(folder).seals
    assert second == made
    assert (second.number, second.events, second.previous) == (2, 12, first.digest)
    assert _of_applications(first) == {FIRST: 5, SECOND: 1}
    assert _of_applications(second) == {"application TC-20260303-0001": 1}
    files_there = sorted(path.name for path in folder.glob("*.json"))
    assert files_there == ["000001-2026-03-02.json", "000002-2026-03-03.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.json")} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def _change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


SPOILT: list[tuple[str, Callable[[Path], object], str]] = [
    ("lost", lambda path: path.unlink(), "seal 2 is missing"),
    ("edited", lambda path: _change(path, events=1), "seal 2 (000002-2026-03-03.json) was changed"),
    ("emptied", lambda path: path.write_text(""), "seal 2 (000002-2026-03-03.json) was changed"),
    ("of no form", lambda path: _change(path, heads=[1]), "seal 2 (000002-2026-03-03.json) was changed"),
    ("moved", lambda path: path.rename(path.with_name("000009-2026-03-03.json")), "seal 2 is missing"),
    (
        "doubled",
        lambda path: shutil.copy(path, path.with_name("000002-2026-03-09.json")),
        "000002-2026-03-09.json stands",
    ),
]


@pytest.mark.parametrize(("spoil", "line"), [each[1:] for each in SPOILT], ids=[each[0] for each in SPOILT])
def test_a_seal_that_is_not_what_it_was_is_named_and_sealing_goes_on(
    sealed: County, tmp_path: Path, clock: time_machine.Traveller, spoil: Callable[[Path], object], line: str
):
    for _ in range(2):
        clock.shift(timedelta(days=1))
        Line(sealed).until("draft")
        seals.seal(sealed.session, now())
    spoil(tmp_path / seals.FOLDER / "000002-2026-03-03.json")
    assert any(said.startswith(f"5: {line}") for said in found(sealed, tmp_path))
    Line(sealed).until("draft")
    made, look = seals.seal(sealed.session, now())
    assert made is not None
    assert look.faults == []
    assert seals.read(tmp_path / seals.FOLDER).last == made


def test_seals_written_anew_do_not_follow_each_other(sealed: County, tmp_path: Path, clock: time_machine.Traveller):
    clock.shift(timedelta(days=1))
    Line(sealed).until("draft")
    seals.seal(sealed.session, now())
    first = tmp_path / seals.FOLDER / "000001-2026-03-02.json"
    said = json.loads(first.read_text())
    record = {name: said[name] for name in ("number", "made_at", "events", "heads")} | {"events": 2}
    first.write_text(json.dumps({**record, "previous": "", "digest": chain.seal("", record)}))
    assert "5: seal 2 (000002-2026-03-03.json) does not follow the seal before it" in found(sealed, tmp_path)


def test_every_night_a_seal_is_made_once_and_its_digest_logged(
    place: County, tmp_path: Path, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
):
    clock.move_to(now().replace(hour=23, minute=31))
    with caplog.at_level(logging.INFO):
        assert jobs.tick(place.session)[seals.NAME] == Tally(seen=6)  # two ledgers of the week before, too
    assert jobs.tick(place.session)[seals.NAME] is None
    last = seals.read(tmp_path / seals.FOLDER).last
    assert last is not None
    assert f"{SEALED}: {last.digest}" in caplog.text


def test_the_command_prints_the_digest_to_be_kept_elsewhere(place: County, app: Flask, tmp_path: Path):
    run = app.test_cli_runner().invoke
    first, again = run(args=["seal"]), run(args=["seal"])
    last = seals.read(tmp_path / seals.FOLDER).last
    assert last is not None
    assert (first.exit_code, first.output) == (0, f"{SEALED}, 4 histories moved: {last.digest}\n")
    assert (again.exit_code, again.output) == (0, "Nothing moved since the last seal.\n")
    tamper(place.session, "DELETE FROM event WHERE act = 'remind'")
    broken = run(args=["seal"])
    assert broken.exit_code == 1
    assert f"Not sealed: {FIRST}: its history ends with event 4" in broken.output


def test_an_installation_brought_back_is_in_order_beside_its_seals(
    sealed: County, engine: Engine, app: Flask, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
):
    target, elsewhere = tmp_path_factory.mktemp("safe") / "county.zip", tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(app.config["SECRETS_DIR"], tmp_path / "secrets")
    backup(engine, tmp_path, target)
    other = create_engine(f"sqlite:///{elsewhere / 'onewindow.db'}")
    configure(other)
    restore(other, elsewhere, target)
    assert seals.read(elsewhere / seals.FOLDER).seals == seals.read(tmp_path / seals.FOLDER).seals != []
    with Session(other) as session:
        assert list(violations(session, elsewhere)) == []
        session.rollback()
        tamper(session, "DELETE FROM event WHERE act = 'remind'")
        assert any(line.startswith(f"5: {FIRST}") for line in violations(session, elsewhere))
    other.dispose()


@pytest.fixture
def stranger(place: County, engine: Engine) -> Iterator[sqlite3.Connection]:
    """A connection that somebody opened without any of our settings."""
    place.session.close()
    with closing(sqlite3.connect(engine.url.database)) as connection:
        yield connection


REPLACEMENTS = (
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE id = 2",
    "REPLACE INTO act_result SELECT * FROM act_result LIMIT 1",
    "INSERT OR REPLACE INTO application SELECT * FROM application WHERE id = 2",
    "INSERT OR REPLACE INTO outbox SELECT * FROM outbox WHERE id = 1",
    "INSERT OR REPLACE INTO document SELECT * FROM document LIMIT 1",
    "UPDATE OR REPLACE application SET id = 2 WHERE id = 1",
    "UPDATE OR REPLACE document SET id = 2 WHERE id = 1",
    "UPDATE OR REPLACE ticket SET number = (SELECT number FROM ticket WHERE id = 2) WHERE id = 1",
)


def test_nothing_takes_the_place_of_a_row_that_may_not_go(stranger: sqlite3.Connection):
    before = list(stranger.iterdump())
    for statement in REPLACEMENTS:
        with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed|history is only added to"):
            stranger.execute(statement)
    assert list(stranger.iterdump()) == before


def test_nor_under_another_id_by_any_key_that_is_unique(stranger: sqlite3.Connection):
    for table, change in (("event", "id = 900"), ("outbox", "id = 900"), ("document", "id = 900, number = 'x'")):
        stranger.execute(f"CREATE TABLE {table}_copy AS SELECT * FROM {table} WHERE id = 1")
        stranger.execute(f"UPDATE {table}_copy SET {change}")
        with pytest.raises(sqlite3.IntegrityError, match=f"UNIQUE constraint failed: {table}"):
            stranger.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}_copy")


def test_nor_under_a_condition_that_both_rows_meet(stranger: sqlite3.Connection):
    stranger.execute("UPDATE ticket SET state = 'serving', window_id = 1 WHERE id = 1")
    stranger.execute("UPDATE OR REPLACE ticket SET state = 'finished', window_id = 1 WHERE id = 2")
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: ticket\.window_id"):
        stranger.execute("UPDATE OR REPLACE ticket SET state = 'serving' WHERE id = 2")


def test_a_repeated_key_is_refused_in_the_constraints_own_words(place: County):
    with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: event\.id"):
        place.session.execute(text("INSERT INTO event SELECT * FROM event WHERE id = 1"))
