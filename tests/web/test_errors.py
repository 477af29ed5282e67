"""Bad input gets a sentence: never a 500, never SQL."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from flask import abort
from flask_appbuilder import ModelRestApi
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import Permission
from marshmallow import ValidationError
from sqlalchemy import event, insert

from app import create_app
from app.errors import Busy, Complaint, Incomplete, NotAllowed, NotFound, NotNow, TooMany
from app.extensions import db
from app.law.roles import Role
from app.web.errors import SpokenErrors
from tests.databases import settings_for_test
from tests.web.logins import ADMIN, add_account, ask_token, bearer, grant_everything, log_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.databases import Backend


class NounApi(SpokenErrors, ModelRestApi):
    """Flask-AppBuilder's own API on a table of its own."""

    resource_name = "noun"
    editors = frozenset({Role.COUNTY_ADMIN})
    datamodel = SQLAInterface(Permission)
    list_columns = add_columns = edit_columns = show_columns = ["name"]


def raises(error: Exception) -> Callable[[], None]:
    def view() -> None:
        raise error

    return view


REFUSALS: dict[str, tuple[Exception, int, str]] = {
    "absent": (NotFound(), 404, "not_found"),
    "foreign": (NotAllowed("Only %(who)s may do this.", who="the receiver"), 403, "not_allowed"),
    "late": (NotNow("%(who)s was faster.", who="Li"), 409, "not_now"),
    "lacking": (Incomplete([Complaint("phone", "%(n)s digits.", {"n": 11})]), 422, "incomplete"),
    "locked": (Busy(), 503, "busy"),
    "eager": (TooMany(retry_after=61), 429, "too_many"),
    "schema": (ValidationError({"extra": {"area": ["Not a number."]}}), 422, "incomplete"),
    "huge": (OverflowError("Python int too large"), 400, "invalid"),
}


@pytest.fixture(scope="module")
def faulty(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with addresses that go wrong; built once."""
    given = settings_for_test(tmp_path_factory.mktemp("faulty"), backend.url)
    app = create_app(given | {"PROPAGATE_EXCEPTIONS": False})
    for prefix in ("/", "/api/v1/"):
        for name, (error, _, _) in REFUSALS.items():
            app.add_url_rule(f"{prefix}{name}", f"{prefix}{name}", raises(error))
        app.add_url_rule(f"{prefix}broken", f"{prefix}broken", lambda: 1 / 0)
        app.add_url_rule(f"{prefix}teapot", f"{prefix}teapot", lambda: abort(418))
        app.add_url_rule(f"{prefix}write", f"{prefix}write", write)
    with app.app_context():
        app.appbuilder.add_api(NounApi)
    return app


@pytest.fixture
def crafted(faulty: Flask, database: str) -> Iterator[Flask]:
    """That application on the fresh database."""
    grant_everything(faulty)
    add_account(faulty, "admin", ADMIN)
    yield faulty
    with faulty.app_context():
        db.engine.dispose()


def write() -> str:
    db.session.execute(insert(Permission).values(name="x" * 1_000_000))
    return "written"


@pytest.fixture
def program(crafted: Flask) -> Callable[..., Any]:
    """Asks the API as the administrator."""
    client = crafted.test_client()
    header = bearer(ask_token(client, "admin"))
    return lambda method, path, **given: client.open(path, method=method, headers=header, **given)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_json_for_programs_and_a_page_for_people(crafted: Flask, name: str) -> None:
    _, status, code = REFUSALS[name]
    client = crafted.test_client()
    for_program, for_person = client.get(f"/api/v1/{name}"), client.get(f"/{name}")
    assert for_program.status_code == for_person.status_code == status
    error = for_program.json["error"]
    assert set(error) == {"code", "message", "complaints"}
    assert error["code"] == code
    assert error["message"]
    assert for_person.mimetype == "text/html"
    assert "<h1>" in for_person.text
    assert ("Retry-After" in for_program.headers) is (status in {429, 503})
    assert for_program.headers.get("Retry-After") == for_person.headers.get("Retry-After")


def test_sentences_are_filled_in_and_complaints_name_their_field(crafted: Flask) -> None:
    client = crafted.test_client()
    assert client.get("/api/v1/late").json["error"]["message"] == "Li was faster."
    assert "Li was faster." in client.get("/late").text
    assert client.get("/api/v1/lacking").json["error"]["complaints"] == [{"field": "phone", "message": "11 digits."}]
    assert client.get("/api/v1/schema").json["error"]["complaints"] == [
        {"field": "extra.area", "message": "Not a number."}
    ]
    assert str(NotNow("%(who)s was faster.", who="Li")) == "Li was faster."


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("nowhere", 404, "not_found"), ("broken", 500, "failed"), ("teapot", 418, "im_a_teapot"),
     ("security/login", 405, "method")],
)  # fmt: skip
def test_every_other_error_has_the_same_form(crafted: Flask, path: str, status: int, code: str) -> None:
    answer = crafted.test_client().get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def test_what_nobody_foresaw_is_a_page_with_the_number_of_the_request_and_no_trace(crafted: Flask) -> None:
    answer = crafted.test_client().get("/broken")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "ZeroDivision" not in answer.text


def test_a_body_that_is_no_json_is_a_400_or_415(crafted: Flask) -> None:
    client = crafted.test_client()
    assert client.post("/api/v1/security/login", data="{", content_type="application/json").status_code == 400
    assert client.post("/api/v1/security/login", data="x").status_code == 415
    missing = client.post("/api/v1/security/login", json={"username": "admin"})
    assert (missing.status_code, missing.json["error"]["complaints"][0]["field"]) == (400, "password")


@pytest.mark.parametrize("text", ['{"username": "\\ud800", "password": "x", "provider": "db"}', "[" * 50_000])
def test_a_login_that_no_database_could_keep_is_a_400(crafted: Flask, text: str) -> None:
    answer = crafted.test_client().post("/api/v1/security/login", data=text, content_type="application/json")
    assert answer.status_code == 400


def test_a_browser_that_asks_what_an_address_answers_is_told(crafted: Flask) -> None:
    for path in ("/login/", "/users/list/", "/api/v1/menu/"):
        answer = crafted.test_client().options(path)
        assert (answer.status_code, "GET" in answer.headers["Allow"]) == (200, True), path


def test_too_much_is_a_413(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100)
    answer = app.test_client().post("/api/v1/security/login", json={"username": "x" * 200, "password": "x"})
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


NONSENSE_FOR_PROGRAMS = (
    "?q=((", "?q=(page:abc)", "?q=!(1)", "?q=1", "?q=(order_column:password,order_direction:asc)",
    "?q=(filters:!((col:name,opr:nonsense,value:1)))", "?q=(filters:!((col:absent,opr:eq,value:1)))",
    "?q=(filters:!((col:name)))", "?q=(filters:!(1))", "?q=(page_size:" + "9" * 30 + ",page:" + "9" * 30 + ")",
    "?q=" + "(a:" * 3000, "9" * 30,
)  # fmt: skip


@pytest.mark.database
def test_a_query_that_means_nothing_is_a_400(program: Callable[..., Any]) -> None:
    for query in NONSENSE_FOR_PROGRAMS:
        answer = program("GET", f"/api/v1/noun/{query}")
        assert (query, answer.status_code) == (query, 400)
        assert answer.json["error"]["code"] == "invalid"


@pytest.mark.database
def test_a_second_row_of_one_name_is_a_409_without_sql(program: Callable[..., Any]) -> None:
    assert program("POST", "/api/v1/noun/", json={"name": "fresh"}).status_code == 201
    answer = program("POST", "/api/v1/noun/", json={"name": "fresh"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_now")
    for word in ("INSERT", "UNIQUE", "ab_permission", "psycopg", "sqlite"):
        assert word.lower() not in answer.text.lower()


def test_a_wrong_field_through_the_generated_api_is_named(program: Callable[..., Any]) -> None:
    answer = program("POST", "/api/v1/noun/", json={"name": 5, "surprise": 1})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json["error"]["complaints"]} >= {"name"}


def test_what_is_not_there_is_a_404_in_the_generated_api(program: Callable[..., Any]) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = program(method, "/api/v1/noun/999999", json={"name": "y"})
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


NONSENSE_FOR_PEOPLE = (
    "list/?psize_UserDBModelView=abc", "list/?page_UserDBModelView=abc", "list/?page_UserDBModelView=" + "9" * 30,
    "list/?_oc_UserDBModelView=password&_od_UserDBModelView=asc", "list/?_flt_9_active=1",
)  # fmt: skip


@pytest.mark.database
def test_a_list_or_page_asked_for_in_nonsense_is_a_400(crafted: Flask) -> None:
    browser = crafted.test_client()
    log_in(browser, "admin")
    for query in NONSENSE_FOR_PEOPLE:
        answer = browser.get(f"/users/{query}")
        assert (query, answer.status_code) == (query, 400)
        assert "<h1>" in answer.text
    for pk in ("abc", "9" * 30):
        assert browser.get(f"/users/show/{pk}").status_code == browser.get(f"/users/edit/{pk}").status_code == 404
    assert browser.get("/resetpassword/form?pk=abc").status_code == 404


@pytest.mark.parametrize("prefix", ["/", "/api/v1/"])
def test_a_locked_database_is_a_503_that_heals(
    crafted: Flask, database: str, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    from app.engine.connection import SQLITE_PRAGMAS

    monkeypatch.setitem(SQLITE_PRAGMAS, "busy_timeout", 50)
    with crafted.app_context():
        db.engine.dispose()  # what is opened from here on waits no longer than that
    client: FlaskClient = crafted.test_client()
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    busy = client.get(f"{prefix}write")
    other.execute("ROLLBACK")
    other.close()
    assert busy.status_code == 503
    assert int(busy.headers["Retry-After"]) > 0
    assert "locked" not in busy.text
    assert client.get(f"{prefix}write").text == "written"


def test_a_full_disk_is_a_503(crafted: Flask) -> None:
    def fill(raw: sqlite3.Connection, _entry: object) -> None:
        raw.execute("PRAGMA max_page_count=1").close()

    with crafted.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", fill)
        try:
            answer = crafted.test_client().get("/write")
        finally:
            event.remove(db.engine, "connect", fill)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_a_page_that_fails_itself_still_says_its_sentence(crafted: Flask, tmp_path: Path) -> None:
    crafted.jinja_env.globals.pop("asset")
    crafted.jinja_env.cache.clear()
    answer = crafted.test_client().get("/late")
    assert answer.status_code == 409
    assert "Li was faster." in answer.text
