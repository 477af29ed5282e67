"""Uploaded files: judged by content and by name, kept by digest outside the web root, swept when no act claims them.

The bytes are on the disk before their row is committed, so that every row has its file; a file without a row, left by a
crash, goes with the next sweep.
"""

import fcntl
import hashlib
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import filetype
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.engine import scope, transaction
from app.engine.actors import Actor
from app.engine.now import now as server_now
from app.errors import Complaint, Incomplete, NotAllowed, NotFound, TooLarge, Unsupported
from app.law import N_
from app.models.trail import StoredFile

MOST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 255
KEPT_UNCLAIMED = timedelta(days=1)
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
"""The endings that are taken in, and what the content must then be."""
PDF_ALONE = N_("This must be a PDF file.")

_folder: Path | None = None


def configure(folder: Path) -> None:
    """Say where this process keeps the files; the folder is made when the first one comes."""
    global _folder  # noqa: PLW0603  (one process keeps its files in one place)
    _folder = folder


def folder() -> Path:
    """Where the files are kept."""
    if _folder is None:
        raise RuntimeError("files.configure was not called")
    return _folder


def store(session: Session, actor: Actor, name: str, data: bytes) -> StoredFile:
    """Take in a file of at most 20 MB under the name its uploader gave it, and commit its row; nobody claimed it yet.

    Raises TooLarge, Unsupported (neither pdf, jpg nor png, or another thing than its name says) or Incomplete (empty).
    """
    kept_name = plain_name(name)
    return lay_aside(session, actor, kept_name, data, _judge(kept_name, data))


def lay_aside(session: Session, actor: Actor, name: str, data: bytes, media_type: str) -> StoredFile:
    """Keep what was judged, or what the house itself has made, for this person and a day; commits its row."""
    if actor.user_id is None:
        raise NotAllowed
    sha256 = hashlib.sha256(data).hexdigest()
    row: list[StoredFile] = []

    def write() -> None:
        file = StoredFile(
            sha256=sha256,
            name=name,
            media_type=media_type,
            size=len(data),
            uploader_id=actor.user_id,
            uploaded_at=server_now(),
            created_by=actor.username,
        )
        session.add(file)
        session.flush()
        row[:] = [file]

    with _folder_lock(fcntl.LOCK_SH):
        _keep(sha256, data)
        transaction.run(session, write)
    return row[0]


def open_bytes(sha256: str) -> bytes:
    """The content kept under a digest; NotFound where it is gone or no longer what it was."""
    try:
        data = _path(sha256).read_bytes()
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFound(N_("The content of this file is missing or was changed; tell the administrator."))
    return data


def sweep(session: Session, now: datetime) -> int:
    """Forget the uploads no act claimed within a day, and the bytes no row names any more; answers how many uploads."""
    limit = now - KEPT_UNCLAIMED

    def forget() -> int:
        with scope.unscoped(session):
            unclaimed = (StoredFile.application_id.is_(None), StoredFile.subject_id.is_(None))
            stale = delete(StoredFile).where(*unclaimed, StoredFile.uploaded_at < limit)
            return len(session.scalars(stale.returning(StoredFile.id)).all())

    with _folder_lock(fcntl.LOCK_EX):
        swept = transaction.run(session, forget)
        for shelf in sorted(folder().glob("[0-9a-f][0-9a-f]")):
            _clear(session, shelf, limit)
    return swept


def plain_name(name: str) -> str:
    """The file's own name, without the folders of the uploader's machine or characters that cannot be seen."""
    own = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in own if unicodedata.category(c) not in UNSEEN).strip()
    stem, dot, ending = visible.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(dot + ending)]}{dot}{ending}"[-LONGEST_NAME:]


def _judge(name: str, data: bytes) -> str:
    """The media type, where content and name agree on one of the kinds taken in."""
    if not data:
        raise Incomplete([Complaint("file", N_("The file is empty."))])
    if len(data) > MOST_BYTES:
        raise TooLarge(N_("A file may have at most 20 MB."))
    kind = filetype.guess(data)
    by_name = KINDS.get(name.rpartition(".")[2].lower())
    if kind is None or by_name is None or kind.mime != by_name or not name.rpartition(".")[0]:
        raise Unsupported(N_("Only PDF, JPG and PNG files are taken in, and the content must be what the name says."))
    return by_name


def _path(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def _keep(sha256: str, data: bytes) -> None:
    """Write the bytes under their digest: whole or not at all, readable by the owner alone."""
    path = _path(sha256)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    moment = server_now().timestamp()
    os.utime(file.name, (moment, moment))  # the sweep compares it with the server's clock
    Path(file.name).replace(path)
    shelf = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(shelf)
    finally:
        os.close(shelf)


@contextmanager
def _folder_lock(kind: int) -> Iterator[None]:
    """Uploads go side by side; a sweep waits for them and they for it, so that it takes no bytes of a new row."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as file:
        fcntl.flock(file, kind)
        yield


def _clear(session: Session, shelf: Path, limit: datetime) -> None:
    """Remove from one folder the old bytes that no row names, and what a crash left half written."""
    with scope.unscoped(session):
        named = set(session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.like(f"{shelf.name}%"))))
    session.rollback()
    for path in shelf.iterdir():
        if path.name not in named and path.stat().st_mtime < limit.timestamp():
            path.unlink()
