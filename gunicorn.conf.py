"""The web server: workers that share one loaded application, each with a few threads."""

from __future__ import annotations

import gc
from typing import Any

from app.web.logging import LOGGING
from config import settings

_settings = settings()

wsgi_app = "app:create_app()"
bind = f"{_settings['HOST']}:{_settings['PORT']}"
worker_class = "gthread"
workers = _settings["WORKERS"]
threads = _settings["THREADS"]
# Loaded once and before the fork; `create_app` opens no connection that two processes could share.
preload_app = True
# A worker whose disk stalls must not be taken for dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108  # a heartbeat without content
graceful_timeout = 10
# Where the application hangs is said by nobody's header, the proxy's least of all, which passes on its visitors'.
forwarder_headers = ""
control_socket_disable = True
logconfig_dict = LOGGING


def on_starting(server: Any) -> None:
    """Bring the database to this version before the first worker starts."""
    from app.cli import prepare

    with server.app.wsgi().app_context():
        prepare()
    # What is loaded by now stays: no worker need look through it for garbage, in the middle of somebody's request.
    gc.freeze()


def when_ready(server: Any) -> None:
    """Say where the office is open."""
    address = f"http://{server.LISTENERS[0].getsockname()[0]}:{server.LISTENERS[0].getsockname()[1]}/"
    print(f"\n  一窗 OneWindow  {address}", flush=True)
    accounts = _settings["DATA_DIR"] / "accounts.csv"
    if _settings["DEMO"] and accounts.exists():
        print(f"  accounts        {accounts}", flush=True)
    print("  Ctrl-C stops it.\n", flush=True)
