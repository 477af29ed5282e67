"""Who is asking, where a TLS proxy on the same machine stands in between.

Everybody would share the proxy's address otherwise, and with it one count of failed logins and public requests: five
wrong passwords from anywhere would shut the bureau leader out.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

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
    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # The last address is the one the proxy saw; what stands before it, the visitor may have written.
        said = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if said and is_loopback(environ.get("REMOTE_ADDR", "")) and _is_address(said):
            environ["REMOTE_ADDR"] = said
        return self._inner(environ, start_response)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
