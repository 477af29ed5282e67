"""Five tries, then a limit that all workers share, for the form and the API."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.web.login_limits import PER_ADDRESS
from tests.web.logins import PASSWORD, add_account, ask_token, log_in

if TYPE_CHECKING:
    from collections.abc import Callable

    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

WRONG = "three green pans"


def by_form(client: FlaskClient, password: str = WRONG, username: str = "wang") -> int:
    return log_in(client, username, password).status_code


def by_api(client: FlaskClient, password: str = WRONG, username: str = "wang") -> int:
    return ask_token(client, username, password).status_code


@pytest.mark.parametrize("way", [by_form, by_api])
def test_the_sixth_try_is_refused_even_with_the_right_password(app: Flask, way: Callable[..., int]) -> None:
    add_account(app, "wang")
    client = app.test_client()
    assert [way(client) for _ in range(5)] == [401] * 5
    assert way(client) == 429
    assert way(client, PASSWORD) == 429


def test_form_and_api_count_together_and_say_how_long(app: Flask, clock: time_machine.Traveller) -> None:
    add_account(app, "wang")
    client = app.test_client()
    for way in (by_form, by_api, by_form, by_api, by_form):
        assert way(client) == 401
    clock.shift(timedelta(minutes=5))
    page = log_in(client, "wang", WRONG)
    refused = ask_token(client, "wang", WRONG)
    assert page.status_code == refused.status_code == 429
    assert page.headers["Retry-After"] == refused.headers["Retry-After"] == "600"
    assert 'value="wang"' in page.text
    assert refused.json["error"]["code"] == "too_many"
    assert "10" in refused.json["error"]["message"]
    clock.shift(timedelta(minutes=10))
    assert by_form(client, PASSWORD) == 302


@pytest.mark.database
def test_of_fifty_tries_at_once_on_two_workers_five_are_looked_at(make_app: Callable[..., Flask]) -> None:
    workers = [make_app(), make_app()]
    add_account(workers[0], "wang")

    def attempt(number: int) -> int:
        return (by_form if number % 3 else by_api)(workers[number % 2].test_client())

    with ThreadPoolExecutor(50) as crowd:
        answers = Counter(crowd.map(attempt, range(50)))
    assert answers == {401: 5, 429: 45}


def test_another_name_and_another_address_are_not_locked_with_it(app: Flask) -> None:
    add_account(app, "wang")
    add_account(app, "li")
    client = app.test_client()
    for _ in range(6):
        by_api(client)
    assert by_api(client, PASSWORD, "li") == 200
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert by_api(elsewhere, PASSWORD) == 200


def test_upper_case_and_blanks_make_no_new_name(app: Flask) -> None:
    add_account(app, "wang")
    client = app.test_client()
    for name in ("wang", "WANG", " wang", "Wang ", "wAng"):
        by_api(client, username=name)
    assert by_api(client) == 429


def test_the_right_password_starts_the_count_anew(app: Flask) -> None:
    add_account(app, "wang")
    client = app.test_client()
    for _ in range(3):
        assert [by_api(client) for _ in range(4)] == [401] * 4
        assert by_api(client, PASSWORD) == 200


def test_a_hall_that_logs_in_all_day_is_never_limited_but_one_that_guesses_names_is(app: Flask) -> None:
    add_account(app, "wang")
    client = app.test_client()
    storage = app.appbuilder.sm.login_limits.storage
    assert by_api(client, PASSWORD) == 200
    key = PER_ADDRESS.key_for("127.0.0.1")
    assert storage.get(key) == 0
    storage.incr(key, PER_ADDRESS.get_expiry(), PER_ADDRESS.amount)
    assert by_api(client, PASSWORD) == 429


def test_windows_that_are_over_are_swept(app: Flask, clock: time_machine.Traveller) -> None:
    storage = app.appbuilder.sm.login_limits.storage
    assert by_api(app.test_client()) == 401
    assert storage.sweep() == 0
    clock.shift(timedelta(minutes=15))
    assert storage.sweep() == 2
    assert storage.check()


def test_behind_the_proxy_of_this_machine_everybody_is_counted_by_their_own_address(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(DEMO=False)
    add_account(app, "wang")

    def tried(said: str, password: str = WRONG, peer: str = "127.0.0.1") -> int:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = peer
        given = {"username": "wang", "password": password, "provider": "db"}
        return client.post("/api/v1/security/login", json=given, headers={"X-Forwarded-For": said}).status_code

    assert [tried("10.9.9.9") for _ in range(6)] == [401] * 5 + [429]
    assert tried("10.0.0.5", PASSWORD) == 200
    # what a visitor wrote stands before what the proxy saw, and nobody else's word is taken
    assert tried("10.1.2.3, 10.9.9.9") == 429
    assert [tried(f"10.2.0.{i}", peer="10.7.7.7") for i in range(6)] == [401] * 5 + [429]
    assert [tried("rubbish") for _ in range(6)] == [401] * 5 + [429]
