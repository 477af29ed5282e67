"""One file brings a whole installation back."""

import stat
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from app.engine.now import now
from app.errors import NotNow
from app.models.trail import Event
from app.supervision.backup import backup, restore
from tests.databases import settings_for_test

AN_EVENT = {
    "subject_kind": "application", "subject_id": 1, "seq": 1, "act": "register", "kind": "M", "to_state": "draft",
    "actor_name": "", "role": "", "request_id": "", "payload": {}, "previous_hash": "", "hash": "",
    "application_id": 1,
}  # fmt: skip


@pytest.fixture
def installation(database: str, tmp_path: Path, session: Session) -> Path:
    """The data folder of an installation with a role, an upload and keys."""
    settings_for_test(tmp_path, database)
    data_dir = tmp_path
    (data_dir / "uploads").mkdir()
    (data_dir / "uploads" / "身份证.pdf").write_bytes(b"scan")
    (data_dir / "metrics").mkdir()
    (data_dir / "metrics" / "counter_1.db").write_bytes(b"passing")
    session.execute(text("INSERT INTO ab_role (id, name) VALUES (901, 'kept')"))
    session.commit()
    return data_dir


@pytest.mark.database
def test_what_was_there_at_the_backup_is_there_after_the_restore(
    installation: Path, engine: Engine, session: Session, tmp_path_factory: pytest.TempPathFactory
):
    target = tmp_path_factory.mktemp("safe") / "county.zip"
    backup(engine, installation, target)
    session.execute(text("DELETE FROM ab_role WHERE id = 901"))
    session.commit()
    session.close()

    empty = tmp_path_factory.mktemp("empty")
    restore(engine, empty, target)

    assert session.execute(text("SELECT name FROM ab_role WHERE id = 901")).scalar_one() == "kept"
    assert (empty / "uploads" / "身份证.pdf").read_bytes() == b"scan"
    assert (empty / "secrets" / "master_key").read_text() == (installation / "secrets" / "master_key").read_text()
    assert not (empty / "metrics").exists()
    assert stat.S_IMODE((empty / "secrets" / "master_key").stat().st_mode) == 0o600


def test_a_backup_is_read_by_its_owner_alone_and_overwrites_nothing(
    installation: Path, engine: Engine, tmp_path_factory: pytest.TempPathFactory
):
    target = tmp_path_factory.mktemp("safe") / "county.zip"
    backup(engine, installation, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(target.parent.iterdir()) == [target]
    with pytest.raises(NotNow, match="overwrites nothing"):
        backup(engine, installation, target)


def test_an_installation_with_a_history_is_not_overwritten(
    installation: Path, engine: Engine, tmp_path_factory: pytest.TempPathFactory
):
    target = tmp_path_factory.mktemp("safe") / "county.zip"
    backup(engine, installation, target)
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=off")
        connection.execute(insert(Event).values(AN_EVENT | {"at": now()}))
        connection.commit()
        connection.invalidate()
    with pytest.raises(NotNow, match="has a history"):
        restore(engine, installation, target)


def test_what_is_no_backup_is_said_to_be_none_and_changes_nothing(
    installation: Path, engine: Engine, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("safe")
    (folder / "letter.txt").write_text("no archive")
    with zipfile.ZipFile(folder / "photos.zip", "w") as archive:
        archive.writestr("holiday.jpg", b"")
    before = sorted(installation.rglob("*"))
    for name in ("letter.txt", "photos.zip"):
        with pytest.raises(NotNow, match="is no backup of an installation"):
            restore(engine, installation, folder / name)
    assert sorted(installation.rglob("*")) == before
