"""Uploaded files: judged by content and name, kept whole or not at all, swept when nobody claims them."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import files, scope
from app.engine.actors import SYSTEM
from app.engine.now import now
from app.errors import Incomplete, NotAllowed, NotFound, Refusal, TooLarge, Unsupported
from app.models.trail import StoredFile
from tests import samples
from tests.factories import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import time_machine

    from tests.factories import County


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, database: str) -> Iterator[Path]:
    """A folder of this test alone, named once the database's own is."""
    before = files._folder
    files.configure(tmp_path / "uploads")
    yield tmp_path / "uploads"
    files._folder = before


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def rows(county: County) -> list[StoredFile]:
    county.session.rollback()
    with scope.unscoped(county.session):
        return list(county.session.scalars(select(StoredFile).order_by(StoredFile.id)))


@pytest.mark.database
@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [("身份证.pdf", samples.pdf(), "application/pdf"), ("照片.JPG", samples.JPG, "image/jpeg"),
     ("照片.jpeg", samples.JPG, "image/jpeg"), ("签名.png", samples.png(), "image/png")],
)  # fmt: skip
def test_a_scan_is_kept_by_its_digest_under_the_name_its_uploader_gave_it(
    county: County, folder: Path, name: str, data: bytes, media_type: str
) -> None:
    clerk = county.actor("clerk.town")
    file = files.store(county.session, clerk, name, data)
    assert (file.name, file.media_type, file.size, file.uploader_id) == (name, media_type, len(data), clerk.user_id)
    assert (file.application_id, file.uploaded_at) == (None, now())
    assert file.sha256 == hashlib.sha256(data).hexdigest()
    assert files.open_bytes(file.sha256) == data
    (path,) = kept(folder)
    assert path.relative_to(folder).as_posix() == f"{file.sha256[:2]}/{file.sha256}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [("扫描件.pdf", samples.EXECUTABLE, Unsupported), ("setup.exe", samples.EXECUTABLE, Unsupported),
     ("setup.exe", samples.pdf(), Unsupported), ("扫描件.pdf", samples.png(), Unsupported),
     ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unsupported), ("页.pdf", b"<html>", Unsupported),
     ("pdf", samples.pdf(), Unsupported), (".pdf", samples.pdf(), Unsupported), ("", samples.pdf(), Unsupported),
     ("扫描件.pdf", b"", Incomplete), ("扫描件.pdf", b"%PDF" + bytes(files.MOST_BYTES), TooLarge)],
)  # fmt: skip
def test_what_is_no_scan_is_refused_and_leaves_nothing(
    county: County, folder: Path, name: str, data: bytes, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        files.store(county.session, county.actor("clerk.town"), name, data)
    assert rows(county) == []
    assert not folder.exists() or kept(folder) == []


@pytest.mark.parametrize(
    ("given", "kept_as"),
    [("C:\\fakepath\\身份证 正面.pdf", "身份证 正面.pdf"), ("../../etc/passwd.pdf", "passwd.pdf"),
     ("a\x00b\r\nc\u202efdp.pdf", "abcfdp.pdf"), ("长" * 300 + ".pdf", "长" * 251 + ".pdf")],
)  # fmt: skip
def test_a_name_keeps_its_chinese_and_loses_folders_and_what_cannot_be_seen(given: str, kept_as: str) -> None:
    assert files.plain_name(given) == kept_as


def test_the_same_scan_twice_is_two_rows_and_one_content(county: County, folder: Path) -> None:
    for who in ("clerk.town", "clerk.hall"):
        files.store(county.session, county.actor(who), "扫描件.pdf", samples.pdf())
    assert len(rows(county)) == 2
    assert len(kept(folder)) == 1


def test_only_a_person_uploads(county: County) -> None:
    with pytest.raises(NotAllowed):
        files.store(county.session, SYSTEM, "扫描件.pdf", samples.pdf())


def test_a_content_that_was_changed_is_not_handed_out(county: County, folder: Path) -> None:
    file = files.store(county.session, county.actor("clerk.town"), "扫描件.pdf", samples.pdf())
    kept(folder)[0].write_bytes(samples.pdf(2))
    with pytest.raises(NotFound):
        files.open_bytes(file.sha256)
    kept(folder)[0].unlink()
    with pytest.raises(NotFound):
        files.open_bytes(file.sha256)


@pytest.mark.database
def test_the_sweep_takes_unclaimed_uploads_after_a_day_and_nothing_else(
    county: County, folder: Path, clock: time_machine.Traveller
) -> None:
    clerk = county.actor("clerk.town")
    claimed = files.store(county.session, clerk, "材料.pdf", samples.pdf(1)).id
    line = Line(county).register()
    lines = line.materials()
    lines[0]["file"] = claimed
    line.receive(materials=lines)
    files.store(county.session, clerk, "忘了.pdf", samples.pdf(2))
    clock.shift(timedelta(hours=23))
    fresh = files.store(county.session, clerk, "新的.pdf", samples.pdf(3)).id
    shelf = kept(folder)[0].parent
    half_written = shelf / "new-crashed"
    half_written.write_bytes(b"half")
    assert files.sweep(county.session, now()) == 0
    clock.shift(timedelta(hours=2))
    long_ago = (now() - timedelta(days=2)).timestamp()
    os.utime(half_written, (long_ago, long_ago))
    assert files.sweep(county.session, now()) == 1
    assert [row.id for row in rows(county)] == [claimed, fresh]
    assert {path.name for path in kept(folder)} == {row.sha256 for row in rows(county)}
    assert files.sweep(county.session, now()) == 0


def test_the_sweep_keeps_a_content_that_another_row_still_names(
    county: County, folder: Path, clock: time_machine.Traveller
) -> None:
    files.store(county.session, county.actor("clerk.town"), "旧.pdf", samples.pdf())
    clock.shift(timedelta(hours=23))
    again = files.store(county.session, county.actor("clerk.hall"), "新.pdf", samples.pdf()).sha256
    clock.shift(timedelta(hours=2))
    assert files.sweep(county.session, now()) == 1
    assert files.open_bytes(again) == samples.pdf()
