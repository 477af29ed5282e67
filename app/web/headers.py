"""What every answer says to the browser, static files and errors included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

ALWAYS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not stricter: over https, the check of forms against forgery asks where a form came from.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def register(app: Flask) -> None:
    """Stand before everything that answers; called last."""
    app.wsgi_app = _Headers(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented place for a middleware


class _Headers:
    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_static = environ.get("PATH_INFO", "").startswith("/static/")
        always = ALWAYS | HTTPS_ONLY if environ["wsgi.url_scheme"] == "https" else ALWAYS

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            # A page that says which static file is missing brings a cookie, and no word on how long it may be kept.
            may_be_kept = is_static and any(name.lower() == "cache-control" for name, _value in headers)
            ours = always if may_be_kept else always | {"Cache-Control": "no-store"}
            replaced = {name.lower() for name in ours}
            theirs = [(name, value) for name, value in headers if name.lower() not in replaced]
            return start_response(status, [*theirs, *ours.items()], *rest)

        return self._inner(environ, start)
