"""Programs that ask the API: each logged in as somebody of the county, with a bearer token of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import samples
from tests.web.logins import ask_token, bearer

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.factories import County


class Program:
    """One person's program."""

    def __init__(self, app: Flask, county: County, username: str) -> None:
        county.session.rollback()
        self.username, self._session = username, county.session
        self._client = app.test_client()
        self.headers = bearer(ask_token(self._client, username))

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **given: Any) -> TestResponse:
        """Ask for an address below /api/v1/; the test's own session then sees what it did."""
        answer = self._client.open(f"/api/v1/{path}", method=method, headers=self.headers | (headers or {}), **given)
        self._session.rollback()
        return answer

    def get(self, path: str, **given: Any) -> TestResponse:
        """Read an address."""
        return self.ask("GET", path, **given)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Send JSON; `key` becomes the header Idempotency-Key."""
        named = {"Idempotency-Key": headers.pop("key")} if "key" in headers else {}
        return self.ask("POST", path, headers=named | headers, json=body)

    def do(self, act: str, application: int, **data: Any) -> TestResponse:
        """Do an act from the version that the API shows now."""
        if "version" not in data:
            data["version"] = self.shown(application)["version"]
        return self.post(f"application/{application}/transitions/{act}", data)

    def do_on(self, kind: str, pk: int, move: str, **data: Any) -> TestResponse:
        """Do an act on a small object from the version that the API shows now."""
        if "version" not in data:
            data["version"] = self.get(f"{kind}/{pk}").json["result"]["version"]
        return self.post(f"{kind}/{pk}/transitions/{move}", data)

    def shown(self, application: int) -> dict[str, Any]:
        """The application as the API shows it."""
        return self.get(f"application/{application}").json["result"]

    def upload(self, name: str = "扫描件.pdf", data: bytes | None = None) -> TestResponse:
        """Upload a file."""
        content = samples.pdf() if data is None else data
        head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--b--\r\n"
        return self.ask("POST", "file/", data=body, content_type="multipart/form-data; boundary=b")


def error(answer: TestResponse) -> tuple[int, str]:
    """The status and the code of a refusal, whose form is looked at on the way."""
    found = answer.json["error"]
    assert set(found) == {"code", "message", "complaints"}
    assert found["message"]
    return answer.status_code, found["code"]


def fields(answer: TestResponse) -> set[str]:
    """The fields that a refusal complains about."""
    return {each["field"] for each in answer.json["error"]["complaints"]}
