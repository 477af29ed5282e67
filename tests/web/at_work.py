"""People at work, for the tests of the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.logins import log_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def at_work(app: Flask, username: str) -> FlaskClient:
    """Somebody logged in, who reads English."""
    client = app.test_client()
    assert log_in(client, username).status_code == 302
    client.get("/lang/en")
    return client


def fields_of(page: TestResponse, form: str = "main") -> dict[str, str]:
    """What the form in the page would send as it stands: hidden fields and values that were filled in."""
    html = page.text[page.text.index(f"<{form}") :]
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" not in told or told.get("type") in {"file", "submit"}:
            continue
        if told.get("type") in {"radio", "checkbox"} and not re.search(r"\bchecked\b", tag):
            continue
        found.setdefault(told["name"], told.get("value", ""))
    for name, body in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        found |= {name: body}
    return found


def send_act(client: FlaskClient, path: str, **typed: object) -> TestResponse:
    """Open the form at `path`, type into it, send it."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return client.post(path, data={**fields_of(page), **typed}, content_type="multipart/form-data")
