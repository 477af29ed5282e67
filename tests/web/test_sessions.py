"""Sessions and tokens: how they begin, and everything that ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from app.extensions import db
from app.models.trail import AuditRow
from app.web import passwords
from tests.web.forms import fill_in, send_again
from tests.web.logins import (
    ADMIN,
    CLERK,
    PASSWORD,
    add_account,
    ask_token,
    bearer,
    change_account,
    grant_everything,
    log_in,
    send,
    statements_of,
    token_of_form,
)

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

# Flask-AppBuilder's choice fields still speak WTForms' old way.
pytestmark = pytest.mark.filterwarnings("ignore:Yielding raw tuples:DeprecationWarning")

MINE = "/users/userinfo/"
OF_PROGRAMS = "/api/v1/menu/"
FRESH = "another three green pots"


@pytest.fixture(autouse=True)
def clerk(app: Flask) -> int:
    """A clerk who may log in."""
    return add_account(app, "wang")


def is_in(client: FlaskClient) -> bool:
    return client.get(MINE).status_code == 200


def works(client: FlaskClient, header: dict[str, str]) -> bool:
    # Whether granted or not: whoever is known there gets no 401.
    return client.get(OF_PROGRAMS, headers=header).status_code in {200, 403}


@pytest.mark.database
def test_a_login_by_form_opens_the_pages_and_a_login_by_api_gives_a_token(app: Flask) -> None:
    browser, program = app.test_client(), app.test_client()
    assert not is_in(browser)
    assert log_in(browser, "wang").headers["Location"] == "/"
    assert is_in(browser)
    assert works(program, bearer(ask_token(program, "wang")))


def test_a_wrong_password_keeps_what_was_typed_and_opens_nothing(app: Flask) -> None:
    browser = app.test_client()
    answer = log_in(browser, "wang", "three green pans")
    assert answer.status_code == 401
    assert 'value="wang"' in answer.text
    assert "three green pans" not in answer.text
    assert not is_in(browser)
    refused = ask_token(browser, "wang", "three green pans")
    assert (refused.status_code, refused.json["error"]["code"]) == (401, "unauthenticated")


def test_an_inactive_account_is_refused_like_an_unknown_one(app: Flask) -> None:
    change_account(app, "wang", active=False)
    client = app.test_client()
    inactive, unknown = ask_token(client, "wang"), ask_token(client, "nobody")
    assert inactive.status_code == unknown.status_code == 401
    assert inactive.json == unknown.json


@pytest.mark.database
def test_a_request_reads_its_login_its_person_and_the_roles_in_one_query(app: Flask) -> None:
    browser = app.test_client()
    log_in(browser, "wang")
    with statements_of(app) as statements:
        assert browser.get("/nowhere").status_code == 404
    [of_login] = [each for each in statements if "login_session" in each]
    assert "ab_user" in of_login
    assert "ab_role" in of_login


def test_all_permissions_of_a_page_are_one_query(app: Flask) -> None:
    grant_everything(app)
    add_account(app, "admin", ADMIN)
    browser = app.test_client()
    log_in(browser, "admin")
    with statements_of(app) as statements:
        assert browser.get("/users/list/").status_code == 200
    of_pages = [each for each in statements if "ab_view_menu.name" in each.partition("FROM")[0]]
    assert len(of_pages) == 1


@pytest.mark.database
def test_logout_ends_the_login_even_for_a_kept_cookie(app: Flask) -> None:
    browser, thief = app.test_client(), app.test_client()
    log_in(browser, "wang")
    thief.set_cookie("session", browser.get_cookie("session").value)
    assert is_in(thief)
    browser.get("/logout/")
    assert not is_in(browser)
    assert not is_in(thief)


def test_logout_of_one_window_leaves_the_other_open(app: Flask) -> None:
    here, there = app.test_client(), app.test_client()
    log_in(here, "wang")
    log_in(there, "wang")
    here.get("/logout/")
    assert is_in(there)


def test_a_token_and_its_refresh_token_end_with_the_logout_of_the_program(app: Flask) -> None:
    program = app.test_client()
    login = ask_token(program, "wang", refresh=True)
    refreshed = program.post("/api/v1/security/refresh", headers=bearer(login, "refresh_token"))
    assert works(program, bearer(refreshed))
    assert program.post("/api/v1/security/logout", headers=bearer(login)).status_code == 200
    assert not works(program, bearer(login))
    assert not works(program, bearer(refreshed))
    assert program.post("/api/v1/security/refresh", headers=bearer(login, "refresh_token")).status_code == 401


def test_a_token_shown_at_the_logout_page_ends_too(app: Flask) -> None:
    program = app.test_client()
    login = ask_token(program, "wang")
    program.get("/logout/", headers=bearer(login))
    assert not works(program, bearer(login))


def test_a_refresh_token_is_no_access_token(app: Flask) -> None:
    program = app.test_client()
    assert not works(program, bearer(ask_token(program, "wang", refresh=True), "refresh_token"))


@pytest.mark.database
@pytest.mark.parametrize(
    "loss",
    [{"active": False}, {"roles": ["cert_clerk"]}, {"roles": []}, {"password": "$argon2id$another"}],
    ids=["deactivation", "another role", "no role", "another password"],
)
def test_deactivation_a_lost_role_and_a_new_password_end_every_login(app: Flask, loss: dict[str, object]) -> None:
    browser, program = app.test_client(), app.test_client()
    log_in(browser, "wang")
    header = bearer(ask_token(program, "wang"))
    change_account(app, "wang", **loss)
    assert not is_in(browser)
    assert not works(program, header)


def test_a_login_that_ended_does_not_come_back_with_the_account(app: Flask) -> None:
    browser = app.test_client()
    log_in(browser, "wang")
    change_account(app, "wang", active=False)
    change_account(app, "wang", active=True)
    assert not is_in(browser)


def test_a_new_role_ends_nothing(app: Flask) -> None:
    browser = app.test_client()
    log_in(browser, "wang")
    change_account(app, "wang", roles=[CLERK, "cert_clerk"], first_name="Wang")
    assert is_in(browser)


def test_changing_the_own_password_ends_all_other_logins_and_keeps_this_one(app: Flask) -> None:
    here, there, program = app.test_client(), app.test_client(), app.test_client()
    log_in(here, "wang")
    log_in(there, "wang")
    header = bearer(ask_token(program, "wang"))
    assert send(here, "/resetmypassword/form", present=PASSWORD, password=FRESH, conf_password=FRESH).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert not works(program, header)
    assert log_in(there, "wang").status_code == 401
    assert log_in(there, "wang", FRESH).status_code == 302


def test_an_administrator_who_gives_a_new_password_ends_all_logins_of_that_person(app: Flask, clerk: int) -> None:
    grant_everything(app)
    add_account(app, "admin", ADMIN)
    browser, admin = app.test_client(), app.test_client()
    log_in(browser, "wang")
    log_in(admin, "admin")
    assert send(admin, f"/resetpassword/form?pk={clerk}", password=FRESH, conf_password=FRESH).status_code == 302
    assert not is_in(browser)
    assert is_in(admin)


def test_an_unlocked_screen_of_an_administrator_does_not_give_the_account_away(app: Flask) -> None:
    grant_everything(app)
    own = add_account(app, "admin", ADMIN)
    admin = app.test_client()
    log_in(admin, "admin")
    form = {"password": FRESH, "conf_password": FRESH, "csrf_token": token_of_form(admin, "/resetmypassword/form")}
    assert admin.get(f"/resetpassword/form?pk={own}").status_code == 403
    assert admin.post(f"/resetpassword/form?pk={own}", data=form).status_code == 403
    assert log_in(app.test_client(), "admin", FRESH).status_code == 401


def test_who_gave_somebody_a_new_password_is_kept(app: Flask, clerk: int) -> None:
    grant_everything(app)
    add_account(app, "admin", ADMIN)
    admin = app.test_client()
    log_in(admin, "admin")
    send(admin, f"/resetpassword/form?pk={clerk}", password=FRESH, conf_password=FRESH)
    with app.app_context():
        row = db.session.scalars(select(AuditRow)).one()
        assert (row.created_by, row.what, row.detail) == ("admin", "changed user", f"{clerk} wang Test: password")


def test_an_administrator_who_takes_a_role_away_on_the_page_ends_the_logins(app: Flask, clerk: int) -> None:
    grant_everything(app)
    add_account(app, "admin", ADMIN)
    with app.app_context():
        other = app.appbuilder.sm.add_role("cert_clerk").id
    browser, admin = app.test_client(), app.test_client()
    log_in(browser, "wang")
    log_in(admin, "admin")
    path = f"/users/edit/{clerk}"
    asked = fill_in(admin, path, roles=[str(other)])  # what the change does to the work is told first
    assert send_again(admin, path, asked).status_code == 302
    assert not is_in(browser)


def test_a_login_ends_after_a_working_day(app: Flask, clock: time_machine.Traveller) -> None:
    browser, program = app.test_client(), app.test_client()
    log_in(browser, "wang")
    header = bearer(ask_token(program, "wang"))
    clock.shift(timedelta(hours=11, minutes=59))
    assert is_in(browser)
    assert works(program, header)
    clock.shift(timedelta(minutes=2))
    assert not is_in(browser)
    assert not works(program, header)


def test_the_api_looks_at_no_cookie(app: Flask) -> None:
    browser = app.test_client()
    log_in(browser, "wang")
    assert browser.get(OF_PROGRAMS).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
def test_an_unusable_token_is_a_401(client: FlaskClient, token: str) -> None:
    answer = client.get(OF_PROGRAMS, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "unauthenticated")


def test_a_token_without_its_login_is_worth_nothing(app: Flask, clerk: int) -> None:
    from flask_jwt_extended import create_access_token

    with app.app_context():
        forged = create_access_token(str(clerk))
    assert not works(app.test_client(), {"Authorization": f"Bearer {forged}"})


def test_the_database_keeps_no_key_that_opens_a_session(app: Flask) -> None:
    from app.models.security import LoginSession

    browser = app.test_client()
    log_in(browser, "wang")
    with browser.session_transaction() as cookie, app.app_context():
        row = db.session.scalars(select(LoginSession)).one()
        assert cookie["login_key"] not in {row.digest, str(row.id)}


def test_passwords_are_kept_as_argon2(app: Flask) -> None:
    with app.app_context():
        assert app.appbuilder.sm.find_user("wang").password.startswith("$argon2id$")


def test_a_password_costs_whoever_guesses_at_it_what_owasp_asks_for(
    office_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", office_hasher)
    for kept in (passwords.hash_password(PASSWORD), passwords._NOBODY):
        found = extract_parameters(kept)
        assert found.memory_cost >= 19 * 1024
        assert found.time_cost >= 2


def test_the_own_password_changes_only_for_whoever_knows_the_present_one(app: Flask) -> None:
    browser = app.test_client()
    log_in(browser, "wang")
    answer = send(browser, "/resetmypassword/form", present="not this one", password=FRESH, conf_password=FRESH)
    assert "当前密码不正确。" in answer.text
    assert log_in(app.test_client(), "wang").status_code == 302


@pytest.mark.parametrize("weak", ["short", "qwerty123456", "1111111111111", "Longname.Wang"])
def test_a_weak_password_is_refused_with_a_sentence(app: Flask, weak: str) -> None:
    add_account(app, "longname.wang")
    browser = app.test_client()
    log_in(browser, "longname.wang")
    answer = send(browser, "/resetmypassword/form", present=PASSWORD, password=weak, conf_password=weak)
    assert answer.status_code == 200
    again = app.test_client()
    assert log_in(again, "longname.wang").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "/%09/evil.example/"],
)
def test_a_login_never_leads_away_from_this_site(app: Flask, target: str) -> None:
    answer = log_in(app.test_client(), "wang", path=f"/login/?next={target}")
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/users/list/", "/figures/", "/applications/list/?_flt_0_state=draft"])
def test_whoever_is_not_logged_in_is_asked_to_log_in_and_not_told_to_have_no_right(client: FlaskClient, path: str) -> None:
    page = client.get(path, follow_redirects=True)
    assert page.request.path == "/login/"
    assert "请先登录。" in page.text
    assert "您无权" not in page.text


def test_a_claimed_host_is_not_reflected(client: FlaskClient) -> None:
    answer = client.get("/users/list/?a=b", headers={"Host": "evil.example"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login/?next=/users/list/?a%3Db"


def test_a_claimed_host_is_not_reflected_where_a_slash_is_missing(client: FlaskClient) -> None:
    answer = client.get("/users/list", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, "/users/list/")


def test_a_form_from_elsewhere_is_refused(app: Flask) -> None:
    browser = app.test_client()
    log_in(browser, "wang")
    forged = browser.post("/resetmypassword/form", data={"password": FRESH, "conf_password": FRESH})
    assert forged.status_code == 400
    assert log_in(app.test_client(), "wang", PASSWORD).status_code == 302


def test_a_login_starts_a_new_cookie(app: Flask) -> None:
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["locale"] = "en"
    token_of_form(browser, "/login/")
    log_in(browser, "wang")
    with browser.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["locale"] == "en"


def test_nobody_registers_and_nobody_is_deleted(app: Flask, clerk: int) -> None:
    grant_everything(app)
    add_account(app, "admin", ADMIN)
    admin = app.test_client()
    log_in(admin, "admin")
    token = token_of_form(admin, "/resetmypassword/form")
    assert admin.post(f"/users/delete/{clerk}", data={"csrf_token": token}).status_code == 404
    for closed in ("/register/form", "/userstatschartview/chart/", "/groups/list/", "/userinfoeditview/form"):
        assert admin.get(closed).status_code == 404
    assert admin.get("/api/v1/security/users/").status_code == 404


def test_two_roles_that_defeat_the_separation_are_refused(app: Flask, clerk: int) -> None:
    grant_everything(app)
    add_account(app, "admin", ADMIN)
    with app.app_context():
        both = [str(app.appbuilder.sm.add_role(role).id) for role in (CLERK, "approver")]
    admin = app.test_client()
    log_in(admin, "admin")
    refused = fill_in(admin, f"/users/edit/{clerk}", roles=both)
    assert refused.status_code == 422
    with app.app_context():
        assert [role.name for role in app.appbuilder.sm.find_user("wang").roles] == [CLERK]


def test_a_form_sent_after_its_login_ended_leads_to_the_login_that_says_nothing_was_done(app: Flask) -> None:
    for cookie_is_gone in (False, True):
        browser = app.test_client()
        log_in(browser, "wang")
        token = token_of_form(browser, "/resetmypassword/form")
        if cookie_is_gone:
            browser.delete_cookie("session")
        change_account(app, "wang", active=False)
        change_account(app, "wang", active=True)
        answer = browser.post("/application/new", data={"csrf_token": token})
        assert answer.location.startswith("/login/?next=/application/new")
        assert "本次操作未办理" in browser.get(answer.location).text


def test_the_language_is_changed_on_the_page_one_is_on(app: Flask) -> None:
    browser = app.test_client()
    log_in(browser, "wang")
    assert browser.get("/lang/en", headers={"Referer": f"http://localhost{MINE}?a=1"}).location == f"{MINE}?a=1"
    assert 'lang="en"' in browser.get(MINE).text
    for elsewhere in ("", "http://localhost/not-a-page", "http://other.example//evil"):
        assert browser.get("/lang/zh", headers={"Referer": elsewhere}).location == "/"
