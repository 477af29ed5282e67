"""Who is asking, where a TLS proxy on the same machine stands in between.

Everybody would share the proxy's address otherwise, and with it one count of failed logins and public requests: five
wrong passwords from anywhere would shut the bureau leader out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from config import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask


def register(app: Flask) -> None:
    """Believe the proxy of this machine; the demo, which speaks to this machine alone, has none."""
    if not app.config["DEMO"]:
        app.wsgi_app = _Behind(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented place for a middleware


class _Behind:
    """Nobody else's word is taken: a visitor who came past the proxy could write any address."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._direct = inner
        self._told = ProxyFix(inner, x_for=1, x_proto=0, x_host=0, x_port=0, x_prefix=0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        inner = self._told if is_loopback(environ.get("REMOTE_ADDR", "")) else self._direct
        return inner(environ, start_response)
