"""The ground every test stands on: a fresh database, a shut network, a clock that stands still."""

from __future__ import annotations

import atexit
import gc
import ipaddress
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from app.web import passwords
from tests.databases import BACKENDS, COUNTY, EMPTY, NOW, Backend, app_for_test, settings_for_test, shared
from tests.servers import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

    from tests.factories import County

# How long a busy machine takes to draw an example, or to try it, is no finding.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

BROWSERS = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
"""Chromium as Debian packs it; the first draws pages and has no windows of its own, which takes a third less time."""
ROOT = Path(__file__).parents[1]


def _shut_network(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise ConnectionRefusedError(f"A test reached for {host}.")


sys.addaudithook(_shut_network)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before the workers start; a catalogue that fails is found by the tests of pages."""
    if hasattr(config, "workerinput"):
        atexit.register(os._exit, 0)  # what it holds is taken back at once, and not object by object for seconds
    else:
        shared()
        subprocess.run([ROOT / "scripts" / "translations"], check=False)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `database` once on each database, any other one on SQLite."""
    if "backend" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("database")
        metafunc.parametrize("backend", list(BACKENDS) if both else ["sqlite"], indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser; begin with those that wait for the demo, so that one process plays it."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: "demo_county" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """Let the collector pass by what stays to the end, and look seldom through what is old: it found next to nothing."""
    gc.freeze()
    often, young, _old = gc.get_threshold()
    gc.set_threshold(often, young, 100)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Let pytest find nothing to look through when it ends, which it does five times."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Fail what is skipped where nothing may be missing (CI=true)."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session", autouse=True)
def office_hasher() -> Iterator[PasswordHasher]:
    """Passwords cost nothing here, the demo's eighty-five among them; what they cost in an office has a test of its own."""
    kept = passwords._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield kept


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of the office: it stands at NOW until the test moves it (`move_to`, `shift`)."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """The database server of this run, its templates made once."""
    kind = BACKENDS[request.param]
    if reason := kind.missing():
        pytest.skip(reason)
    with kind.start(tmp_path_factory.mktemp(request.param)) as started:
        gc.freeze()  # it stays to the end: the collector need not walk through it again and again
        yield started


@pytest.fixture
def database(backend: Backend, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database: migrated, with its roles, else empty or with the county."""
    backend.forget()
    backend.reset(COUNTY if "county" in request.fixturenames else EMPTY)
    yield backend.url
    backend.put_away()


@pytest.fixture
def engine(backend: Backend, database: str) -> Engine:
    """An engine on the fresh database, set as the house sets it, without Flask."""
    return backend.engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the fresh database, without an actor."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def once(
    backend: Backend, session: Session, clock: time_machine.Traveller, request: pytest.FixtureRequest
) -> Callable[..., Any]:
    """Lets a file's tests start from what `build` makes of the county: made for the first one, copied for the others.

    It is then the moment at which that was done; the answer is what `build` gave, which holds no row.
    """

    def start_from(build: Callable[..., Any], *arguments: Any) -> Any:
        def whole() -> Any:
            given = build(*arguments)
            session.rollback()
            return given

        session.rollback()
        moment, given = backend.once(f"{request.module.__name__}.{build.__name__}", whole)
        clock.move_to(moment)
        return given

    return start_from


@pytest.fixture
def app(backend: Backend, database: str) -> Flask:
    """The application on the fresh database; built once for each kind of database, so leave its settings alone."""
    return backend.app


@pytest.fixture
def make_app(database: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """A builder of further applications on the fresh database, with settings of their own."""
    from app.extensions import db

    built = []

    def make(**settings: Any) -> Flask:
        built.append(app_for_test(settings_for_test(tmp_path, database) | settings))
        return built[-1]

    yield make
    for app in built:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without login, who speaks English."""
    return app.test_client()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The address of the application, served by a thread of this process under the test's clock."""
    with serve(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless chromium."""
    chromium = next((path for path in BROWSERS if os.access(path, os.X_OK)), None)
    if chromium is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """Opens pages that share nothing with each other: one for each person at work."""
    contexts = []

    def open_page(locale: str = "zh-CN") -> Page:
        contexts.append(browser.new_context(base_url=live_server, locale=locale, timezone_id="Asia/Shanghai"))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page of a visitor without login."""
    return new_page()


@pytest.fixture
def county(app: Flask, session: Session) -> County:
    """A county ready for its first application; everybody there has the PASSWORD of `tests.web.logins`."""
    from tests.factories import County

    return County(session)
