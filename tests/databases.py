"""Fresh databases for tests: templates are made once, an empty county, one at work and what some files build on it.

Each test has a copy of one.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

import time_machine
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.engine import export_store, files, ledgers, outbox, seals
from app.engine.connection import set_pragmas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flask import Flask
    from sqlalchemy import Engine

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday morning in an ordinary working week."""

EMPTY, COUNTY = "empty", "county"
"""The templates: tables and roles alone, and with the factories' county, whose people may log in."""

SHARED = "ONEWINDOW_TESTS"
"""The variable that names the folder which all processes of a run share."""

VERSION_OF_TABLES = slice(40, 44)
"""Where a database file of SQLite says how often its tables were changed."""

MEMORY = Path("/dev/shm")
"""Where files are written fastest, on a system that has it."""


def app_for_test(settings: Mapping[str, Any]) -> Flask:
    """An application; a template that one of this run has compiled the others need not compile again."""
    from app import create_app

    app = create_app(settings)
    (shared() / "templates").mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(shared() / "templates"))
    return app


def settings_for_test(data_dir: Path, url: str) -> dict[str, Any]:
    """Settings of an application that lives for a test: the demo's, in a folder of its own, with the keys of all."""
    from config import settings

    shutil.copytree(_secrets(), data_dir / "secrets", dirs_exist_ok=True)
    return settings({"DATA_DIR": str(data_dir), "DATABASE_URL": url}) | {"TESTING": True}


@cache
def shared() -> Path:
    """The folder of all processes of this run; the first one makes it, and takes it away at its end."""
    if SHARED not in os.environ:
        os.environ[SHARED] = tempfile.mkdtemp(prefix="onewindow-tests")
        atexit.register(shutil.rmtree, os.environ[SHARED])
    return Path(os.environ[SHARED])


@contextmanager
def one_at_a_time(name: str) -> Iterator[Path]:
    """What processes share under this name; whoever comes first and finds nothing makes it, and the others wait."""
    with (shared() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared() / name


@cache
def _secrets() -> Path:
    """The keys of this run: it has one keyring, whatever number of applications."""
    from config import make_secrets

    with one_at_a_time("keys") as folder:
        if not folder.exists():
            make_secrets(folder)
    return folder / "secrets"


class Backend:
    """One database server: `url` is the database of the running test, `app` and `engine` are bound to it.

    Both live as long as the server: what they compiled for one test they know in the next.
    """

    url: str
    app: Flask
    engine: Engine

    def __init__(self) -> None:
        self._built: dict[str, tuple[str, datetime, Any]] = {}

    @staticmethod
    def missing() -> str:
        """What this machine lacks, in one sentence; empty if nothing."""
        return ""

    def build(self, folder: Path) -> None:
        """Build the application, the engine, and the templates."""
        from flask_migrate import upgrade

        from app.extensions import db
        from app.web.roles_sync import sync_roles
        from tests.factories import county

        self.app = app_for_test(settings_for_test(folder, self.url))
        with self.app.app_context():
            self.engine = db.engine
            upgrade()
            sync_roles(self.app.appbuilder)
        self.keep(EMPTY)
        with time_machine.travel(NOW, tick=False), Session(self.engine) as session:
            county(session)
        self.keep(COUNTY)

    def once(self, name: str, build: Callable[[], Any]) -> tuple[datetime, Any]:
        """Let the database be as `build` leaves it, and say when it was done and what it gave.

        It is built for the first test that asks under this name, and copied for each later one.
        """
        if name not in self._built:
            given = build()
            template = f"built{len(self._built)}"
            self._built[name] = template, datetime.now(ZoneInfo("Asia/Shanghai")), given
            self.keep(template)
        else:
            self.put_away()
            self.reset(self._built[name][0])
        return self._built[name][1:]

    def keep(self, name: str) -> None:
        """Make the database as it is now a template."""
        raise NotImplementedError

    def reset(self, like: str) -> None:
        """Put a copy of the template where the test expects its database."""
        raise NotImplementedError

    def forget(self) -> None:
        """Nothing that an earlier test sealed or reported to is known to the next one, nor another application's folders."""
        files.configure(self.app.config["DATA_DIR"] / "uploads")
        export_store.configure(self.app.config["DATA_DIR"] / "exports")
        folder = self.app.config["DATA_DIR"] / seals.FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        seals.configure(folder)
        outbox.configure("", self.app.config["SECRETS_DIR"] / "outbox_key")
        ledgers.configure(ledgers.Installation())

    def put_away(self) -> None:
        """End a test."""
        self.release()

    def release(self) -> None:
        """Close all connections."""
        self.engine.dispose()


class SQLite(Backend):
    """A file, and a copy of it for each test."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._file = folder / "test.db"
        self._tables = self._inode = self._room = 0
        self.url = f"sqlite:///{self._file}"

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator[SQLite]:
        backend = cls(folder)
        backend.build(folder)
        yield backend
        backend.release()

    def keep(self, name: str) -> None:
        self.release()
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("VACUUM INTO ?", (str(self._template(name)),))
        with closing(sqlite3.connect(self._template(name))) as connection:
            connection.execute("PRAGMA journal_mode=wal")

    def put_away(self) -> None:
        """Nothing: a connection that is back goes on with the next copy, for to learn the tables takes it a while."""

    def reset(self, like: str) -> None:
        template = self._template(like).read_bytes()
        if not self._written_over(template):
            # A new file: a connection that somebody forgot still writes into the old one.
            self.release()
            for tail in ("", "-wal", "-shm"):
                self._file.with_name(self._file.name + tail).unlink(missing_ok=True)
            self._file.write_bytes(template)
            self._inode, self._room = self._file.stat().st_ino, len(template)
        self._tables = int.from_bytes(template[VERSION_OF_TABLES])

    def _written_over(self, template: bytes) -> bool:
        """Put the template where the open connections look, and set them anew; they forget what they have read.

        Not where one is not back, or where the test changed a table or put another file there; nor where it is larger,
        for the log remembers how many pages there are, of which the last stay unused.
        """
        pool = self.engine.pool
        is_of_this_file = self._file.stat().st_ino == self._inode and len(template) <= self._room
        if not pool.checkedin() or pool.checkedout() or not is_of_this_file:
            return False
        with ExitStack() as held:
            idle = [held.enter_context(closing(self.engine.raw_connection())) for _ in range(pool.checkedin())]
            first, *_ = [each.cursor() for each in idle]
            if first.execute("PRAGMA schema_version").fetchone() != (self._tables,):
                return False
            if first.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return False
            with self._file.open("r+b") as file:
                file.write(template)
            for each in idle:
                each.cursor().execute("PRAGMA shrink_memory")
                set_pragmas(each.dbapi_connection)
        return True

    def _template(self, name: str) -> Path:
        return self._file.with_name(f"{name}.db")


class PostgreSQL(Backend):
    """A cluster of its own that listens on a socket file alone, run by a user who is not root."""

    BINARIES: ClassVar = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    # A test's cluster need not outlive a power cut.
    SETTINGS: ClassVar[Mapping[str, str]] = {
        "listen_addresses": "",
        "fsync": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "jit": "off",
        "max_connections": "60",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.url = self._url("test")

    @classmethod
    def missing(cls) -> str:
        return "" if cls.BINARIES else "the PostgreSQL server is not installed"

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator[PostgreSQL]:
        # pytest's own folder is closed to other users, and the server runs as one.
        place = MEMORY if os.access(MEMORY, os.W_OK) else Path("/tmp")
        with tempfile.TemporaryDirectory(prefix="pg", dir=place, ignore_cleanup_errors=True) as home:
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
                yield backend
            finally:
                backend._command("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def keep(self, name: str) -> None:
        self.release()
        self._administer(f"CREATE DATABASE {name} TEMPLATE test STRATEGY file_copy")

    def reset(self, like: str) -> None:
        self._administer("DROP DATABASE test WITH (FORCE)", f"CREATE DATABASE test TEMPLATE {like} STRATEGY file_copy")

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
