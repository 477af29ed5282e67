"""一窗: the one-window service of a county.

Nothing is imported above the functions: whoever imports `app.law` loads no Flask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from flask_appbuilder import AppBuilder

ROOMS: tuple[str, ...] = ()
"""The rooms above the web, in the order of the menu; each `views` module has `register(appbuilder)`."""


def create_app(given: Mapping[str, Any] | None = None) -> Flask:
    """Build one application, by the `given` settings or by those of the environment and the data folder."""
    from flask import Flask

    from config import settings

    app = Flask(__name__)
    app.config.update(settings() if given is None else given)
    _connect(app)
    with app.app_context():
        _open_rooms(_start_appbuilder(app))
    return app


def _connect(app: Flask) -> None:
    """Bind the database and its keys, the guards, and what the operator needs: logs, health, commands."""
    from app.cli import register_commands
    from app.engine.connection import configure
    from app.extensions import compress, csrf, db, migrate
    from app.models.encrypted import configure_keys
    from app.models.keyring import read_keys
    from app.web import health, logging, static
    from config import ROOT

    configure_keys(read_keys(app.config["SECRETS_DIR"]))
    db.init_app(app)
    with app.app_context():
        configure(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    compress.init_app(app)
    logging.register(app)
    health.register(app)
    static.serve(app)
    register_commands(app)


def _start_appbuilder(app: Flask) -> AppBuilder:
    """One builder for each application: a shared one collects the views of all of them."""
    from flask_appbuilder import AppBuilder

    from app.extensions import db

    appbuilder = AppBuilder()
    appbuilder.init_app(app, db.session)
    return appbuilder


def _open_rooms(appbuilder: AppBuilder) -> None:
    from importlib import import_module

    for room in ROOMS:
        import_module(f"app.{room}.views").register(appbuilder)
