"""`flask verify` finds what was changed behind the house's back, and names it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from app.engine import duties, files
from app.engine.duties import Duty, Every
from app.engine.now import now
from app.supervision import checker
from app.supervision.verify import violations
from tests.factories import County, Line, county
from tests.supervision.tampering import tamper

CONTENT = {"application/pdf": b"%PDF-1.4 scan", "image/png": b"\x89PNG\r\n\x1a\n signature"}
ENDING = {"application/pdf": "pdf", "image/png": "png"}


class House(County):
    """A county whose files are kept, and where a minute passes with each act."""

    clock: time_machine.Traveller

    def file(self, username: str, media_type: str = "application/pdf") -> int:
        name = f"扫描件.{ENDING[media_type]}"
        return files.store(self.session, self.actor(username), name, CONTENT[media_type]).id

    def do(self, username: str, act: str, application: int | None, data: dict[str, Any], **more: Any) -> dict[str, Any]:
        self.clock.shift(timedelta(minutes=1))
        return super().do(username, act, application, data, **{"request_id": "r", "key": f"{act}{now()}", **more})


def build(session: Session, clock: time_machine.Traveller) -> None:
    """One application filed, one not accepted, one whose papers are overdue at the office; the checker has looked."""
    county(session)
    house = House(session)
    house.clock = clock
    Line(house).until("filed")
    refused = Line(house, clerk="clerk.hall", item="I13", mode="pickup").until("confirmed")
    because = "申请事项依法不属于本机关职权范围"
    refused.do("approver", "reject", reason_code="barred", facts=because, reasons=because, legal_basis="《行政许可法》")
    refused.do("leader", "approve_rejection", opinion="同意")
    waiting = Line(house).register()
    waiting.receive(sent_as="paper")
    waiting.confirm_file("approver2")
    clock.shift(timedelta(days=11))
    duties.run(session, Duty(checker.NAME, Every(60), checker.check), now())


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the county is kept once it is built."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def house(
    engine: Engine, session: Session, tmp_path: Path, shelf: Path, clock: time_machine.Traveller
) -> Iterator[Session]:
    """A session on the county, built by the first test."""
    files.configure(tmp_path / "uploads")
    kept = shelf / "county.db"
    if not kept.exists():
        build(session, clock)
        with closing(sqlite3.connect(engine.url.database)) as here, closing(sqlite3.connect(kept)) as there:
            here.backup(there)
        shutil.copytree(tmp_path / "uploads", shelf / "uploads")
        (shelf / "now").write_text(now().isoformat())
    clock.move_to((shelf / "now").read_text())
    session.close()
    engine.dispose()
    shutil.copyfile(kept, engine.url.database)
    for tail in ("-wal", "-shm"):
        Path(engine.url.database + tail).unlink(missing_ok=True)
    shutil.copytree(shelf / "uploads", tmp_path / "uploads", dirs_exist_ok=True)
    return session


def found(session: Session, data_dir: Path) -> list[str]:
    return list(violations(session, data_dir))


def test_a_county_at_work_violates_nothing(house: Session, tmp_path: Path):
    assert found(house, tmp_path) == []


def test_the_applications_looked_at_are_counted(house: Session, tmp_path: Path):
    heard: list[tuple[int, int]] = []
    list(violations(house, tmp_path, lambda done, whole: heard.append((done, whole))))
    assert heard == [(1, 3), (2, 3), (3, 3)]


FILED, WAITING = 1, 3
SECOND_ROLE = (
    "INSERT INTO ab_user_role (user_id, role_id) SELECT u.id, r.id FROM ab_user u, ab_role r "
    "WHERE u.username = 'clerk.hall' AND r.name = 'approver'"
)

REVEAL = (
    "INSERT INTO audit_row (at, actor_id, what, application_id, detail, reason, request_id, created_by) "
    "VALUES ('2026-03-02 02:00:00.000000', 1, 'reveal', 1, '', '{reason}', 'r', 'clerk.town')"
)
VIEW = (
    "INSERT INTO archive_view (archive_id, application_id, reason, viewed_at, created_by) "
    "SELECT id, application_id, '', opened_at, 'clerk.town' FROM archive_file WHERE application_id = 1"
)

BROKEN: list[tuple[int, str, str]] = [
    (1, f"UPDATE application SET state = 'accepted' WHERE id = {WAITING}", "0003: its state is accepted"),
    (1, f"DELETE FROM event WHERE application_id = {WAITING}", "0003: it has no event"),
    (2, f"DELETE FROM event WHERE application_id = {FILED} AND seq = 3", "0001: event 3 is missing"),
    (3, f"UPDATE event SET from_state = 'draft' WHERE application_id = {FILED} AND seq = 4", "event 4 «accept»"),
    (3, f"UPDATE event SET act = 'suspend' WHERE application_id = {FILED} AND seq = 4", "event 4 «suspend»"),
    (4, """UPDATE event SET payload = '{"opinion": "改"}' WHERE act = 'accept'""", "broken at event 4, now «accept»"),
    (4, f"UPDATE application SET number = number || '1' WHERE id = {FILED}", "broken at event 1"),
    (7, "UPDATE event SET role = 'supervisor' WHERE act = 'accept'", "done as supervisor"),
    (7, "UPDATE event SET actor_id = NULL WHERE act = 'accept'", "does not say who did it"),
    (7, "UPDATE event SET request_id = '' WHERE act = 'accept'", "by which request"),
    (8, "UPDATE slip SET number = 'JJ-1' WHERE id = 1", "JJ-1 (row 1)"),
    (8, "UPDATE counter SET value = 1 WHERE name LIKE 'short:%'", "the counter short:20260302 stands at 1"),
    (8, "UPDATE application SET short_no = 'TC-20260302-0009' WHERE id = 1", "drawn after a higher number"),
    (8, "DELETE FROM document WHERE kind = 'acceptance_notice'", "was issued and is gone"),
    (8, "UPDATE document SET number = '屯审(受)〔2026〕9号' WHERE kind = 'acceptance_notice'", "by no act"),
    (9, "UPDATE clock_run SET due_on = '2026-03-10', due_at = '2026-03-10 09:30:00.000000' WHERE clock = 'promised'",
     "is due on 2026-03-10, counted again on 2026-03-09"),
    (9, "UPDATE clock_run SET due_at = '2026-03-09 10:30:00.000000' WHERE clock = 'promised'", "not at closing time"),
    (9, "UPDATE clock_run SET amount = 6 WHERE clock = 'promised'", "which is not its limit"),
    (9, "UPDATE clock_run SET due_on = '2026-03-31' WHERE clock = 'handover'", "clock handover (row"),
    (9, "UPDATE clock_run SET started_at = '2026-03-01 00:00:00.000000' WHERE clock = 'promised'", "no act starts it"),
    (9, "UPDATE clock_run SET stopped_at = '2026-03-03 00:00:00.000000' WHERE clock = 'promised'", "nothing happened"),
    (9, "UPDATE clock_run SET outcome = 'late' WHERE clock = 'promised'", "is marked late"),
    (9, "UPDATE clock_run SET clock = 'tea' WHERE clock = 'promised'", "is no clock of the county"),
    (11, "UPDATE event SET at = '2026-03-02 01:00:00.000000' WHERE act = 'accept'", "later than what follows"),
    (11, "UPDATE event SET at = '2026-05-02 01:00:00.000000' WHERE act = 'confirm_archive'", "event 12"),
    (12, f"UPDATE application SET accepted_at = '2026-03-01 01:00:00.000000' WHERE id = {FILED}", "accepted_at is 2026-03-01"),
    (12, f"UPDATE application SET closed_at = '2026-03-01 01:00:00.000000' WHERE id = {FILED}", "closed_at is 2026-03-01"),
    (13, "UPDATE alert SET clock = 'promised'", "is of no promised clock"),
    (13, f"UPDATE application SET closed_at = registered_at WHERE id = {WAITING}", "was raised after closing"),
    (14, "DELETE FROM alert WHERE level = 'red'", "was overdue at the check of 2026-03-13"),
    (15, "DROP INDEX window_serves_one; UPDATE ticket SET state = 'serving', window_id = 1", "window 1 serves 3 tickets"),
    (15, "UPDATE ticket SET state = 'called', window_id = NULL WHERE id = 1", "is served at no window"),
    (16, "UPDATE slip SET settled_by_id = 1 WHERE id = 1", "no act says so"),
    (16, "UPDATE slip SET issued_at = '2026-04-01 00:00:00.000000' WHERE id = 1", "before it was sent"),
    (16, "DELETE FROM posting WHERE office_id IS NOT NULL", "who is not of office:1"),
    (16, "UPDATE slip_line SET received = 0, missing = listed WHERE slip_id = 1", "was accepted while"),
    (16, "UPDATE slip_line SET received = NULL WHERE slip_id = 1", "does not add up"),
    (17, f"UPDATE piece SET holder = 'centre:2' WHERE application_id = {WAITING}", "is held by centre:2"),
    (17, f"UPDATE piece SET first_holder = 'centre:9' WHERE application_id = {WAITING}", "while centre:9 held it"),
    (18, "UPDATE decision SET content = '改' WHERE kind = 'grant'", "is not what event 6 «grant» decided"),
    (18, "DELETE FROM decision WHERE kind = 'grant'", "was decided 1 times and has 0 decisions"),
    (19, "UPDATE event SET actor_id = (SELECT actor_id FROM event WHERE act = 'receive' LIMIT 1) WHERE act = 'accept'",
     "«receive» (event 2) and «accept» (event 4)"),
    (20, "UPDATE decision SET kind = 'refusal' WHERE kind = 'grant'", "was made without a grant"),
    (20, "UPDATE certificate SET scan_id = 99", "has no scan of this application"),
    (22, "UPDATE archive_file SET opened_at = '2026-03-01 01:00:00.000000' WHERE state = 'filed'", "was opened at"),
    (22, "DELETE FROM archive_file WHERE state = 'open'", "it is closed and has no archive file"),
    (22, "DELETE FROM archive_page WHERE document_id IS NOT NULL", "was confirmed without paper"),
    (22, "DELETE FROM archive_page WHERE material_id IS NOT NULL", "was confirmed without «申请表»"),
    (24, f"UPDATE application SET version = 9 WHERE id = {WAITING}", "its version is 9, and 3 events touched it"),
    (26, "DELETE FROM outbox WHERE id = 4", "event 4 «accept» has no outbox row"),
    (26, "UPDATE outbox SET event_id = 5 + 1000 WHERE id = 4", "outbox row 4 has no event here"),
    (26, """UPDATE outbox SET payload = '{"hash": "0"}' WHERE id = 4""", "outbox row 4 is not of event 4"),
    (26, "UPDATE outbox SET state = 'delivered' WHERE id = 4", "outbox row 4 is delivered, sent 0 times"),
    (26, "UPDATE outbox SET delivered_at = created_at WHERE id = 4", "outbox row 4 is pending, sent 0 times"),
    (26, "UPDATE outbox SET state = 'delivered', attempts = 1, delivered_at = '2026-04-01 00:00:00.000000' WHERE id = 4",
     "outbox row 4 was delivered before outbox row 3"),
    (26, "UPDATE outbox SET state = 'delivered', attempts = 1, delivered_at = '2026-03-01 00:00:00.000000' WHERE id = 1",
     "outbox row 1 was delivered before it was written"),
    (27, "UPDATE centre SET created_by = '' WHERE id = 1", "centre 1 does not say who made it"),
    (28, REVEAL.format(reason=" "), "a reveal does not say of what, or why"),
    (28, VIEW, "archive_view 1 does not say why"),
    (30, SECOND_ROLE, "the account clerk.hall holds approver and window_clerk"),
    (33, "UPDATE clock_run SET due_on = '2030-01-02' WHERE clock = 'delivery'", "which is not published"),
    (34, f"UPDATE application SET window_id = 999 WHERE id = {WAITING}", "application (row 3) points to a window"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "statement", "line"), BROKEN, ids=[f"{n}-{line}" for n, _, line in BROKEN])
def test_what_breaks_an_invariant_is_named(house: Session, tmp_path: Path, number: int, statement: str, line: str):
    tamper(house, *statement.split("; "))
    lines = found(house, tmp_path)
    assert any(said.startswith(f"{number}: ") and line in said for said in lines), "\n".join(lines)


@pytest.mark.parametrize(
    ("number", "table", "line"),
    [
        (13, "alert", "was raised more than once"),
        (25, "act_result", "has more than one result"),
        (26, "outbox", "outbox row 1 reports what outbox row 1 reports"),
    ],
)
def test_a_row_that_was_there_before_is_named_though_the_constraint_is_gone(
    house: Session, tmp_path: Path, number: int, table: str, line: str
):
    tamper(
        house, f"CREATE TABLE doubled AS SELECT * FROM {table}", f"DROP TABLE {table}",
        f"ALTER TABLE doubled RENAME TO {table}", f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1",
    )  # fmt: skip
    assert any(said.startswith(f"{number}: ") and line in said for said in found(house, tmp_path))


def test_a_row_that_makes_no_sense_hides_no_other(house: Session, tmp_path: Path):
    tamper(house, "UPDATE clock_run SET unit = 'moon' WHERE application_id = 1", "UPDATE application SET version = 9")
    lines = found(house, tmp_path)
    assert any("makes no sense" in line for line in lines)
    assert sum(line.startswith("24: ") for line in lines) == 3


def test_a_trigger_that_is_gone_is_named(house: Session, tmp_path: Path):
    house.execute(text("DROP TRIGGER event_no_update"))
    house.commit()
    assert found(house, tmp_path) == ["6: the trigger event_no_update is missing"]


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(b"x"), "was changed"),
        (lambda path: path.write_bytes(path.read_bytes()[::-1]), "was changed"),
    ],
)
def test_a_file_that_is_gone_or_changed_is_named(house: Session, tmp_path: Path, spoil: Spoil, line: str):
    for path in sorted((tmp_path / "uploads").glob("??/*"))[:1]:
        spoil(path)
    assert any(said.startswith("23: stored_file ") and line in said for said in found(house, tmp_path))


def test_a_file_without_a_row_is_named_once_the_sweep_should_have_taken_it(
    house: Session, tmp_path: Path, clock: time_machine.Traveller
):
    stray = tmp_path / "uploads" / "ab" / ("ab" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    os.utime(stray, (now().timestamp(), now().timestamp()))
    assert found(house, tmp_path) == []
    clock.shift(timedelta(days=3))
    assert f"23: the file {stray.name} has no row" in found(house, tmp_path)


def test_a_connection_that_would_lose_an_act_is_named(house: Session, engine: Engine, tmp_path: Path):
    house.close()
    engine.dispose()

    def hurry(connection: Any, _entry: Any) -> None:
        connection.execute("PRAGMA synchronous=normal")

    event.listen(engine, "connect", hurry)
    try:
        assert found(house, tmp_path) == ["32: the database setting synchronous is 1, and 2 is promised"]
    finally:
        event.remove(engine, "connect", hurry)


@pytest.mark.database
def test_both_databases_are_looked_through(session: Session, tmp_path: Path, clock: time_machine.Traveller):
    files.configure(tmp_path / "uploads")
    build(session, clock)
    # the cluster of a test need not outlive a power cut, and verify says so
    lines = [line for line in found(session, tmp_path) if not line.startswith("32: ")]
    assert lines == []
