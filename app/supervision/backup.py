"""One file that holds a whole installation: the database as it was at one moment, the uploads, the seals, the keys.

Who holds the file can read everything: it is written for its owner alone, and belongs in a safe.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from app.engine import seals
from app.errors import NotNow
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import URL, Engine

DATABASE = "database"
LEFT_OUT = ("metrics",)


def backup(engine: Engine, data_dir: Path, target: Path) -> None:
    """Write the installation to `target`, while it works; raises NotNow where a file of this name exists."""
    if target.exists():
        raise NotNow(N_("%(file)s exists; a backup overwrites nothing."), file=target)
    draft = target.with_name(f".{target.name}.part")
    # The copy of the database may be as large as itself: it lies beside the target, where there must be room anyway.
    with _owner_only(), tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder, draft.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            # No copy of the database may be behind a seal beside it, nor lack a file it names: seals first, files last.
            _put(archive, data_dir, (path for path in _kept(engine.url, data_dir) if _is_seal(path, data_dir)))
            archive.write(_dump(engine, Path(folder)), DATABASE)
            _put(archive, data_dir, (path for path in _kept(engine.url, data_dir) if not _is_seal(path, data_dir)))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(target)


def restore(engine: Engine, data_dir: Path, source: Path) -> None:
    """Bring back what `backup` wrote, keys included, into an installation without history; raises NotNow otherwise."""
    with engine.connect() as connection:
        if inspect(connection).has_table("event") and connection.exec_driver_sql("SELECT 1 FROM event LIMIT 1").first():
            raise NotNow(N_("This installation has a history; restore into an empty DATA_DIR and an empty database."))
    if not _is_backup(source):
        raise NotNow(N_("%(file)s is no backup of an installation."), file=source)
    engine.dispose()
    with _owner_only(), tempfile.TemporaryDirectory(dir=data_dir) as folder:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(folder)
        _load(engine.url, Path(folder) / DATABASE)
        shutil.copytree(Path(folder) / "data", data_dir, dirs_exist_ok=True)


def _is_backup(source: Path) -> bool:
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
    return DATABASE in names and any(name.startswith("data/") for name in names)


@contextmanager
def _owner_only() -> Iterator[None]:
    """Whatever is made here is read by its owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _kept(url: URL, data_dir: Path) -> Iterator[Path]:
    """All files of the installation but the database's own and those that mean nothing after a stop."""
    for path in sorted(data_dir.rglob("*")):
        is_database = url.database and str(path).startswith(url.database)
        if path.is_file() and not is_database and path.relative_to(data_dir).parts[0] not in LEFT_OUT:
            yield path


def _is_seal(path: Path, data_dir: Path) -> bool:
    return path.is_relative_to(data_dir / seals.FOLDER)


def _put(archive: zipfile.ZipFile, data_dir: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        archive.write(path, f"data/{path.relative_to(data_dir)}")


def _dump(engine: Engine, folder: Path) -> Path:
    target = folder / DATABASE
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(engine.url.database)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)
    else:
        _postgresql("pg_dump", engine.url, "--format=custom", f"--file={target}")
    return target


def _load(url: URL, dump: Path) -> None:
    if url.get_backend_name() == "sqlite":
        for tail in ("-wal", "-shm"):
            Path(url.database + tail).unlink(missing_ok=True)
        dump.replace(url.database)
    else:
        _postgresql("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))


def _postgresql(program: str, url: URL, *arguments: str) -> None:
    address = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": url.password} if url.password else {}
    subprocess.run([program, f"--dbname={address}", *arguments], check=True, env=os.environ | secret)  # noqa: S603
