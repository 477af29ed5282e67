"""Personal data at rest: encrypted, found by a blind index, and readable after the keys are rotated."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Integer, MetaData, Table, select, text

from app.models.encrypted import (
    Encrypted,
    EncryptedJSON,
    blind_index,
    configure_keys,
    decrypt,
    encrypt,
)
from app.models.keyring import KeysUnreadable, add_data_key, make_keys, read_keys, rotate_master

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

NUMBER = "460022199001012345"
METADATA = MetaData()
PERSON = Table(
    "person",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("id_no", Encrypted("person.id_no")),
    Column("facts", EncryptedJSON("person.facts")),
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Keys of an installation, in the hands of this process; afterwards it has those of before again."""
    from app.models import encrypted

    before = encrypted._ring
    make_keys(tmp_path)
    configure_keys(read_keys(tmp_path))
    yield tmp_path
    encrypted._ring = before


@pytest.mark.database
def test_the_database_never_sees_the_value_and_the_reader_always_does(engine: Engine, folder: Path) -> None:
    METADATA.create_all(engine)
    with engine.begin() as connection:
        rows = [{"id_no": NUMBER, "facts": {"申请人": "王三"}}, {"id_no": None, "facts": None}]
        connection.execute(PERSON.insert(), rows)
    with engine.connect() as connection:
        stored = connection.execute(text("select id_no, facts from person order by id")).all()
        read = connection.execute(select(PERSON.c.id_no, PERSON.c.facts).order_by(PERSON.c.id)).all()
    assert read == [(NUMBER, {"申请人": "王三"}), (None, None)]
    assert stored[1] == (None, None)
    assert stored[0].id_no.startswith("k1.")
    assert NUMBER not in stored[0].id_no
    METADATA.drop_all(engine)


def test_equal_values_look_different(folder: Path) -> None:
    assert encrypt("person.id_no", NUMBER) != encrypt("person.id_no", NUMBER)


def test_a_value_moved_to_another_column_is_not_read(folder: Path) -> None:
    with pytest.raises(InvalidTag):
        decrypt("person.phone", encrypt("person.id_no", NUMBER))


def test_a_value_that_was_touched_is_not_read(folder: Path) -> None:
    stored = encrypt("person.id_no", NUMBER)
    with pytest.raises(InvalidTag):
        decrypt("person.id_no", stored[:-6] + ("A" if stored[-6] != "A" else "B") + stored[-5:])


def test_the_blind_index_finds_equal_values_of_one_purpose_only(folder: Path) -> None:
    assert blind_index("person.id_no", "46002219900101234x") == blind_index("person.id_no", " 46002219900101234Ｘ ")
    assert blind_index("person.id_no", NUMBER) != blind_index("person.id_no.last4", NUMBER)
    assert len(blind_index("person.id_no", NUMBER)) == 64


def test_rotation_wraps_the_same_keys_anew_and_rewrites_no_row(folder: Path) -> None:
    stored, index = encrypt("person.id_no", NUMBER), blind_index("person.id_no", NUMBER)
    files = {path.name: path.read_text() for path in folder.iterdir()}
    rotate_master(folder)
    assert all(path.read_text() != files[path.name] for path in folder.iterdir())
    configure_keys(read_keys(folder))
    assert decrypt("person.id_no", stored) == NUMBER
    assert blind_index("person.id_no", NUMBER) == index


def test_a_rotation_that_was_cut_short_leaves_readable_keys(folder: Path) -> None:
    wrapped, old = (folder / "data_keys.json").read_text(), (folder / "master_key").read_text()
    ring = read_keys(folder)
    rotate_master(folder)
    new = (folder / "master_key").read_text()
    (folder / "master_key").write_text(f"{old}\n{new}")
    assert read_keys(folder) == ring
    (folder / "data_keys.json").write_text(wrapped)
    assert read_keys(folder) == ring


def test_a_new_data_key_serves_new_values_and_the_old_one_old_values(folder: Path) -> None:
    old = encrypt("person.id_no", NUMBER)
    add_data_key(folder)
    configure_keys(read_keys(folder))
    new = encrypt("person.id_no", NUMBER)
    assert new.startswith("k2.")
    assert decrypt("person.id_no", old) == decrypt("person.id_no", new) == NUMBER


def test_keys_are_readable_by_their_owner_alone_and_never_replaced(folder: Path) -> None:
    files = {path.name: path.read_text() for path in folder.iterdir()}
    make_keys(folder)
    assert {path.name: path.read_text() for path in folder.iterdir()} == files
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())


def test_workers_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(make_keys, [tmp_path / "new"] * 8))
    assert read_keys(tmp_path / "new").current == "k1"
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_missing_and_foreign_keys_are_named_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    (folder / "master_key").write_text("00" * 32)
    with pytest.raises(KeysUnreadable, match="No master key"):
        read_keys(folder)
    with pytest.raises(KeysUnreadable, match="is missing"):
        read_keys(tmp_path / "elsewhere")
