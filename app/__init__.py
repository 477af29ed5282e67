"""一窗: the one-window service of a county.

Nothing of the house is imported above the functions: whoever imports `app.law` loads no Flask.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask
    from flask_appbuilder import AppBuilder

STAGES = (
    "stages.consultation", "stages.ticketing", "stages.intake", "custody", "stages.acceptance", "stages.review",
    "stages.issuance", "stages.fees", "stages.rating", "stages.archiving", "stages.reporting", "management",
    "supervision",
)  # fmt: skip
"""The rooms with acts; each has an `actions` module that gives transitions their bodies."""

ROOMS = (*STAGES, "configuration", "portal")
"""The rooms with pages, in the order of the menu; each has a `views` module with `register(appbuilder)`."""


def learn_acts() -> None:
    """Give every transition its body; an act whose room is not named here does not exist."""
    from importlib import import_module

    for room in STAGES:
        import_module(f"app.{room}.actions")


def create_app(given: Mapping[str, Any] | None = None) -> Flask:
    """Build one application, by the `given` settings or by those of the environment and the data folder."""
    from flask import Flask

    from config import settings

    app = Flask(__name__)
    app.config.update(settings() if given is None else given)
    with _nothing_thrown_away(), app.app_context():
        learn_acts()
        _connect(app)
        _equip(app)
        _open_rooms(_start_appbuilder(app))
    return app


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Whatever is built here stays: to look through it for garbage takes a quarter of the time of a start."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def _connect(app: Flask) -> None:
    """Bind the database, its keys, its guard, the folders of files, and whoever is sent to or heard."""
    from app.engine import export_store, files, ledgers, outbox, payments, seals
    from app.engine.connection import configure
    from app.engine.scope import install
    from app.extensions import db, migrate
    from app.models.encrypted import configure_keys
    from app.models.keyring import read_keys
    from config import OUTBOX_KEY, PAYMENT_KEY, ROOT

    configure_keys(read_keys(app.config["SECRETS_DIR"]))
    files.configure(app.config["DATA_DIR"] / "uploads")
    export_store.configure(app.config["DATA_DIR"] / "exports")
    seals.configure(app.config["DATA_DIR"] / seals.FOLDER)
    outbox.configure(app.config["OUTBOX_URL"], app.config["SECRETS_DIR"] / OUTBOX_KEY)
    payments.configure(app.config["SECRETS_DIR"] / PAYMENT_KEY)
    ledgers.configure(
        ledgers.Installation(app.config["LEDGER_URL"], app.config["PUBLIC_URL"], demo=app.config["DEMO"])
    )
    db.init_app(app)
    configure(db.engine)
    install()
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))


def _equip(app: Flask) -> None:
    """Add what every request passes, from the log to the headers, and what the operator needs."""
    from app.cli import register_commands
    from app.extensions import compress, csrf
    from app.web import actor, assets, errors, headers, health, logging, navigation, proxy, query, security, static
    from app.web.routing import LateRule

    app.url_rule_class = LateRule
    logging.register(app)
    health.register(app)
    csrf.init_app(app)
    compress.init_app(app)
    security.init_security(app)
    actor.register(app)
    query.register(app)
    errors.register(app)
    assets.register(app)
    navigation.register(app)
    static.serve(app)
    proxy.register(app)
    headers.register(app)
    register_commands(app)


def _start_appbuilder(app: Flask) -> AppBuilder:
    """One builder for each application: a shared one collects the views of all of them."""
    from flask_appbuilder import AppBuilder

    from app.extensions import db
    from app.web import widgets
    from app.web.index import DeskView

    widgets.register()
    appbuilder = AppBuilder(indexview=DeskView)
    appbuilder.init_app(app, db.session)
    return appbuilder


def _open_rooms(appbuilder: AppBuilder) -> None:
    from importlib import import_module

    from app.web import api, pages

    api.register(appbuilder)
    pages.register(appbuilder)
    for room in ROOMS:
        import_module(f"app.{room}.views").register(appbuilder)
