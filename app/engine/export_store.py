"""Files made to be taken out once: written by the act, given out once, gone with the download or soon after.

They lie outside the uploads, under the number of their request, readable by the owner alone.
"""

import csv
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from app.engine.now import now as server_now

KEPT = timedelta(minutes=30)
"""How long a file waits for its download."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would read as the beginning of a formula, in both widths."""

_folder: Path | None = None


def configure(folder: Path) -> None:
    """Say where this process keeps the files; the folder is made with the first of them."""
    global _folder  # noqa: PLW0603  (one process keeps its files in one place)
    _folder = folder


def harmless(value: object) -> str:
    """The words of a cell, so that a spreadsheet takes none of them for a formula."""
    words = "" if value is None else str(value).replace("\0", "")
    return f"'{words}" if words.lstrip(" ").startswith(FORMULA) else words


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows that were written where nobody finds them, and how many there are."""

    file: BinaryIO
    count: int


@contextmanager
def aside(rows: Iterable[Iterable[object]]) -> Iterator[Aside]:
    """Write rows one by one, for `write` to take; they are gone at the end."""
    _whole().mkdir(mode=0o700, parents=True, exist_ok=True)
    # The sweep takes what a killed process left.
    with NamedTemporaryFile("w+", encoding="utf-8", newline="", dir=_whole(), suffix=".csv") as file:
        writer, count = csv.writer(file), 0
        for row in rows:
            writer.writerow([harmless(cell) for cell in row])
            count += 1
        file.flush()
        yield Aside(file.buffer, count)


def write(request_id: int, head: Iterable[Iterable[object]], below: Aside) -> str:
    """Write the file of a request, the head and the rows below it; answers its digest."""
    path = _path(request_id)
    words = StringIO(newline="")
    csv.writer(words).writerows([harmless(cell) for cell in row] for row in head)
    with open(path, "wb", opener=_for_the_owner) as file:
        file.write(words.getvalue().encode("utf-8-sig"))
        below.file.seek(0)
        shutil.copyfileobj(below.file, file)
    moment = server_now().timestamp()
    os.utime(path, (moment, moment))  # the sweep compares it with the server's clock
    with path.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def take(request_id: int) -> BinaryIO | None:
    """The file, which is gone from its place with this; None where it was taken or has gone already."""
    try:
        file = _path(request_id).open("rb")
    except FileNotFoundError:
        return None
    try:
        _path(request_id).unlink()
    except FileNotFoundError:  # somebody else was faster
        file.close()
        return None
    return file


def waits(request_id: int) -> bool:
    """Whether the file waits for its download."""
    return _path(request_id).exists()


def sweep(now: datetime) -> int:
    """Remove what nobody came for."""
    old = [path for path in _whole().glob("*.csv") if path.stat().st_mtime < (now - KEPT).timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _whole() -> Path:
    if _folder is None:
        raise RuntimeError("export_store.configure was not called")
    return _folder


def _path(request_id: int) -> Path:
    return _whole() / f"{request_id}.csv"


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
