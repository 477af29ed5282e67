"""Fresh databases for tests: a template is migrated once, each test works on a copy of it."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import create_engine

from app.engine import ledgers, outbox, seals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask


def settings_for_test(data_dir: Path, url: str) -> dict[str, Any]:
    """Settings of an application that lives for a test: the demo's, in a folder of its own, with the keys of all."""
    from config import settings

    shutil.copytree(_secrets(), data_dir / "secrets", dirs_exist_ok=True)
    return settings({"DATA_DIR": str(data_dir), "DATABASE_URL": url}) | {"TESTING": True}


@cache
def _secrets() -> Path:
    """The keys of this test process: it has one keyring, whatever number of applications."""
    from config import make_secrets

    folder = Path(tempfile.mkdtemp(prefix="onewindow-keys"))
    atexit.register(shutil.rmtree, folder)
    make_secrets(folder)
    return folder / "secrets"


class Backend:
    """One database server: `url` is the database of the running test, `app` the application bound to it."""

    url: str
    app: Flask

    @staticmethod
    def missing() -> str:
        """What this machine lacks, in one sentence; empty if nothing."""
        return ""

    def build(self, folder: Path) -> None:
        """Build the application and the template."""
        from flask_migrate import upgrade

        from app import create_app
        from app.web.roles_sync import sync_roles

        self.app = create_app(settings_for_test(folder, self.url))
        with self.app.app_context():
            upgrade()
            sync_roles(self.app.appbuilder)
        self.release()

    def forget(self) -> None:
        """Nothing that an earlier test sealed or reported to is known to the next one."""
        folder = self.app.config["DATA_DIR"] / seals.FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        seals.configure(folder)
        outbox.configure("", self.app.config["SECRETS_DIR"] / "outbox_key")
        ledgers.configure(ledgers.Installation())

    def release(self) -> None:
        """Close the application's connections."""
        from app.extensions import db

        with self.app.app_context():
            db.engine.dispose()


class SQLite(Backend):
    """A file, and a copy of it for each test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "test.db"
        self._template = folder / "template.db"
        self.url = f"sqlite:///{self._file}"

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator[SQLite]:
        backend = cls(folder)
        backend.build(folder)
        shutil.copyfile(backend._file, backend._template)
        yield backend

    def reset(self, like: str = "") -> None:
        """Put a copy of the template, or of what was kept under a name, where the test expects its database."""
        # A new file and not the old one overwritten: a connection that somebody forgot still writes into that.
        for tail in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + tail).unlink(missing_ok=True)
        self.forget()
        kept = self._file.with_name(f"{like}.db")
        shutil.copyfile(kept if like and kept.exists() else self._template, self._file)

    def keep(self, name: str) -> None:
        """Keep the database as it is now for the tests that begin with it."""
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("VACUUM INTO ?", (str(self._file.with_name(f"{name}.db")),))


class PostgreSQL(Backend):
    """A cluster of its own that listens on a socket file alone, run by a user who is not root."""

    BINARIES: ClassVar = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    # A test's cluster need not outlive a power cut.
    SETTINGS: ClassVar[Mapping[str, str]] = {
        "listen_addresses": "",
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": "60",
    }

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = self._url("test")

    @classmethod
    def missing(cls) -> str:
        return "" if cls.BINARIES else "the PostgreSQL server is not installed"

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator[PostgreSQL]:
        # pytest's own folder is closed to other users, and the server runs as one.
        with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as home:
            if os.geteuid() == 0:
                owner = pwd.getpwnam("postgres")
                os.chown(home, owner.pw_uid, owner.pw_gid)
            backend = cls(Path(home))
            backend._command("initdb", "--username=test", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
                             "--no-sync")  # fmt: skip
            options = " ".join(f"-c {name}='{value}'" for name, value in cls.SETTINGS.items())
            backend._command("pg_ctl", "--wait", "--silent", f"--log={home}/log", f"--options={options} -k {home}",
                             "start")  # fmt: skip
            try:
                backend._administer("CREATE DATABASE test")
                backend.build(folder)
                backend._administer("ALTER DATABASE test RENAME TO template")
                backend.reset()
                yield backend
            finally:
                backend._command("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def reset(self, like: str = "") -> None:
        """Drop the last test's database and copy the template; nothing is kept here under a name."""
        self.forget()
        self._administer("DROP DATABASE IF EXISTS test WITH (FORCE)", "CREATE DATABASE test TEMPLATE template")

    def keep(self, name: str) -> None:
        """Nothing: PostgreSQL copies no database that somebody is connected to."""

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://test@/{name}?host={self._folder}"

    def _command(self, name: str, *arguments: str) -> None:
        as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        binary = self.BINARIES[-1].with_name(name)
        command = [*as_owner, binary, f"--pgdata={self._folder}/data", *arguments]
        subprocess.run(command, check=True, cwd=self._folder, stdout=subprocess.DEVNULL)

    def _administer(self, *statements: str) -> None:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


BACKENDS: Mapping[str, type[SQLite | PostgreSQL]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
