"""Static files, ours and Flask-AppBuilder's, answered before Flask wakes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import flask_appbuilder
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from wsgiref.headers import Headers

    from flask import Flask

# A file whose name holds the digest of its content never changes.
DIGESTED = r"^.+[.-][0-9A-Za-z_-]{8,}\.(css|js|woff2|svg|png)$"


def serve(app: Flask) -> None:
    """Put WhiteNoise in front of the application."""
    front = WhiteNoise(
        app.wsgi_app, add_headers_function=_headers, immutable_file_test=DIGESTED, allow_all_origins=False
    )
    for folder in (Path(flask_appbuilder.__file__).parent / "static", Path(app.root_path) / "static"):
        front.add_files(str(folder), prefix="static/")
    app.wsgi_app = front  # type: ignore[method-assign]  # Flask's documented place for a middleware


def _headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
