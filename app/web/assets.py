"""The built front end: where its files lie, and what every template may call."""

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, request, url_for
from werkzeug.routing import BuildError

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"


def register(app: Flask) -> None:
    """Give every template `asset(name)`, and the layout `search_url`, the list its search box asks.

    Widgets render outside the request's context, so `asset` is a global. The search box appears only where
    `SEARCH_ENDPOINT` in the configuration names an endpoint that exists; it sends what was typed as `q`.
    """
    manifest: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))

    @lru_cache
    def address(name: str, _root: str) -> str:
        return url_for("static", filename=f"dist/{manifest[name]}")

    def asset(name: str) -> str:
        return address(name, request.script_root)

    def search_url() -> dict[str, str | None]:
        try:
            return {"search_url": url_for(app.config["SEARCH_ENDPOINT"])}
        except (KeyError, BuildError):
            return {"search_url": None}

    app.jinja_env.globals["asset"] = asset
    app.context_processor(search_url)
