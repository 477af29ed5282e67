"""What every answer says to the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.logins import add_account, log_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def assert_guarded(answer: TestResponse) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_every_address_answers_with_the_headers_and_is_not_stored(app: Flask, client: FlaskClient) -> None:
    paths = {rule.rule.replace("<", "").replace(">", "") for rule in app.url_map.iter_rules()}
    for path in sorted(path for path in paths if not path.startswith("/static")):
        for answer in (client.get(path), client.post(path)):
            assert_guarded(answer)
            assert answer.headers.getlist("Cache-Control") == ["no-store"], path


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/static/nowhere.css", "/users/list/?psize_X=abc"])
def test_errors_carry_the_headers(client: FlaskClient, path: str) -> None:
    assert_guarded(client.get(path))


def test_what_nobody_foresaw_carries_the_headers(make_app: Callable[..., Flask]) -> None:
    app = make_app(PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/mishap", view_func=lambda: 1 / 0)
    answer = app.test_client().get("/mishap")
    assert answer.status_code == 500
    assert_guarded(answer)


def test_static_files_may_be_kept(client: FlaskClient) -> None:
    answer = client.get("/static/appbuilder/css/bootstrap.min.css")
    assert answer.status_code == 200
    assert_guarded(answer)
    assert "no-store" not in answer.headers.get("Cache-Control", "")
    answer.close()


def test_a_page_about_a_missing_static_file_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/nowhere.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_only_https_promises_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/login/").headers
    assert "max-age" in client.get("/login/", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app: Flask, make_app: Callable[..., Flask]) -> None:
    add_account(app, "wang")
    cookie = log_in(app.test_client(), "wang").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secure = make_app(SESSION_COOKIE_SECURE=True).test_client()
    assert "Secure" in secure.get("/login/", base_url="https://localhost").headers["Set-Cookie"]
