"""A page's form as a browser would send it: every field with what stands in it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


class _Fields(HTMLParser):
    """Collects the fields of the form with this id."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._form_id, self._inside, self._select, self._area = form_id, False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self._inside = given.get("id") == self._form_id
        elif not self._inside:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self._select, []).append(value)
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        elif tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.fields.setdefault(name, []).append(value or "y" * (given.get("type") == "checkbox"))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area][0] = self.fields[self._area][0].strip()
            self._area = ""
        elif tag == "form":
            self._inside = False


def fields_of(page: str, form_id: str = "model_form") -> dict[str, list[str]]:
    """The fields of a page's form."""
    parser = _Fields(form_id)
    parser.feed(page)
    return parser.fields


def fill_in(client: FlaskClient, path: str, **typed: Any) -> TestResponse:
    """Open the form at `path`, type over it (None unticks), and send it."""
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return client.post(path, data={name: value for name, value in (fields_of(page.text) | typed).items() if value is not None})


def send_again(client: FlaskClient, path: str, page: TestResponse) -> TestResponse:
    """Send the form that a page came back with, as it stands there."""
    assert page.status_code == 200, (path, page.status_code)
    return client.post(path, data=fields_of(page.text))
