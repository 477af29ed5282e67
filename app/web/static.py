"""Static files, ours and Flask-AppBuilder's, answered before Flask wakes."""

from pathlib import Path

import flask_appbuilder
from flask import Flask
from whitenoise import WhiteNoise

# A file whose name holds the digest of its content never changes.
DIGESTED = r"^.+\.[0-9a-f]{12}\.\w+$"


def serve(app: Flask) -> None:
    """Put WhiteNoise in front of the application; it sends the .br and .gz that lie beside a file."""
    front = WhiteNoise(app.wsgi_app, immutable_file_test=DIGESTED, allow_all_origins=False)
    for folder in (Path(flask_appbuilder.__file__).parent / "static", Path(app.root_path) / "static"):
        front.add_files(str(folder), prefix="static/")
    app.wsgi_app = front  # type: ignore[method-assign]  # Flask's documented place for a middleware
