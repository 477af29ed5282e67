"""Static files come fast, compressed, and stay in the browser as long as their name holds."""

import json
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient


def test_a_file_named_by_its_digest_is_kept_for_ever(app: Flask, client: FlaskClient):
    manifest = json.loads((Path(app.root_path) / "static/dist/manifest.json").read_text())
    with client.get(f"/static/dist/{manifest['app.css']}", headers={"Accept-Encoding": "gzip, br"}) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_whose_name_may_get_another_content_is_asked_for_again(client: FlaskClient):
    with client.get("/static/appbuilder/css/ab.css") as answer:
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]


def test_pages_are_compressed(client: FlaskClient):
    assert client.get("/login/", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
