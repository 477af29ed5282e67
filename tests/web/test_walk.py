"""Every address of the house, walked by every role: what is out of reach does not exist, and nothing ever breaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from app.engine import scope
from app.law.roles import STAFF_ROLES, Role
from app.models.application import Application
from app.models.archive import ArchiveFile
from app.models.custody import Slip
from app.models.delivery import Certificate
from app.models.rating import Rating
from app.models.trail import Document, StoredFile
from app.web.openapi import OpenApi
from tests.factories import County, Line
from tests.web.logins import ask_token, bearer, log_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

ABSENT = 987654
PERSON = {
    Role.WINDOW_CLERK: "clerk.hall", Role.TOWN_CLERK: "clerk.town", Role.WINDOW_MANAGER: "manager.hall",
    Role.APPROVER: "approver", Role.OFFICE_HEAD: "head", Role.APPROVAL_ASSISTANT: "assistant", Role.BUREAU_LEADER: "leader",
    Role.CERT_CLERK: "cert", Role.SUPERVISOR: "supervisor", Role.ARCHIVIST: "archivist", Role.INDUSTRY_DEPT: "department",
    Role.GUIDE: "guide", Role.COUNTY_ADMIN: "admin",
}  # fmt: skip
SEES_THE_TOWN_S = {"clerk.town", "approver", "head", "assistant", "leader", "cert", "supervisor", "archivist"}
SEES_ALL = {"leader", "cert", "supervisor", "archivist"}

# address with one hole -> the table whose row it names
GOVERNED: dict[str, Any] = {
    "/application/{}": Application,
    "/application/{}/act/remind": Application,
    "/applications/show/{}": Application,
    "/slips/show/{}": Slip,
    "/archives/show/{}": ArchiveFile,
    "/api/v1/application/{}": Application,
    "/api/v1/application/{}/transitions": Application,
    "/api/v1/application/{}/events": Application,
    "/api/v1/application/{}/clocks": Application,
    "/api/v1/application/{}/documents": Application,
    "/api/v1/archive/{}?reason=核对案卷目录": ArchiveFile,
    "/api/v1/certificate/{}": Certificate,
    "/api/v1/handover_slip/{}": Slip,
    "/api/v1/file/{}": StoredFile,
    "/api/v1/rating/{}": Rating,
    "/object/rating/{}": Rating,
    "/unreminded/show/{}": Rating,
}


def _two_applications(county: County) -> tuple[int, int]:
    town = Line(county).until("filed")
    other = Line(county, clerk="clerk.other", item="I04").register().receive().confirm_file("approver.other")
    other.accept("approver.other").review("approver.other").grant("head.other").make_certificate().hand_over()
    return town.id, other.confirm_handover("clerk.other").issue("clerk.other").archive().id


class World:
    """Two applications that share nobody but the county: one of a town, one of another town and another office."""

    def __init__(self, county: County, town: int, other: int) -> None:
        self.county, self.town, self.other = county, Line(county), Line(county, clerk="clerk.other", item="I04")
        self.town.id, self.other.id = town, other

    def row(self, model: Any, line: Line) -> int:
        """The id of the last row of a table that belongs to an application."""
        if model is Application:
            return line.id
        return self.county.rows(model, line.id)[-1].id


@pytest.fixture
def world(county: County, once: Callable[..., Any]) -> World:
    return World(county, *once(_two_applications, county))


def _plain(answer: TestResponse, row: int) -> str:
    """An answer without what may differ: the number in the address, the request's id, the token of a form."""
    body = re.sub(r"[0-9a-f]{32}|[A-Za-z0-9_.\-]{60,}", "", answer.get_data(as_text=True))
    return re.sub(rf"(?<=/){row}(?![0-9])", "N", body)


class Visitor:
    """Somebody who logged in by form and by API."""

    def __init__(self, app: Flask, who: str) -> None:
        self.who, self.client = who, app.test_client()
        assert log_in(self.client, who).status_code == 302
        self.headers = bearer(ask_token(self.client, who))

    def open(self, address: str, **more: Any) -> TestResponse:
        return self.client.open(address, headers=self.headers if address.startswith("/api/") else {}, **more)


def _shown_out_of_reach(visitor: Visitor, world: World) -> list[tuple[object, ...]]:
    """Rows that are shown though out of reach, hidden though within, or that answer unlike an absent one."""
    wrong: list[tuple[object, ...]] = []
    for address, model in GOVERNED.items():
        own, foreign = world.row(model, world.town), world.row(model, world.other)
        absent = visitor.open(address.format(ABSENT))
        for row, seen in ((own, visitor.who in SEES_THE_TOWN_S), (foreign, visitor.who in SEES_ALL)):
            answer = visitor.open(address.format(row))
            if seen:
                # a role may lack the page (403), but what it reaches it is never told not to exist
                wrong += [(address, row, answer.status_code)] if answer.status_code not in {200, 302, 403, 409} else []
            elif answer.status_code not in {403, 404} or answer.status_code != absent.status_code:
                wrong.append((address, row, answer.status_code, absent.status_code))
            elif _plain(answer, row) != _plain(absent, ABSENT):
                wrong.append((address, row, "unlike an absent one"))
    for line, seen in ((world.town, visitor.who in SEES_THE_TOWN_S), (world.other, visitor.who in SEES_ALL)):
        paper = next(d for d in world.county.rows(Document, line.id) if d.kind == "receipt_voucher")
        for address in (
            f"/application/{line.id}/document/{paper.id}.pdf",
            f"/api/v1/application/{line.id}/documents/{paper.number}.pdf",
        ):
            answer = visitor.open(address)
            if answer.status_code not in ({200, 403} if seen else {403, 404}):
                wrong.append((address, answer.status_code))
    return wrong


LISTS = (
    "/",
    "/applications/list/",
    "/slips/list/",
    "/archives/list/",
    "/api/v1/application/",
    "/api/v1/archive/",
    "/api/v1/handover_slip/",
)


def _listed_out_of_reach(visitor: Visitor, world: World) -> list[str]:
    own, foreign = (world.county.application(line.id).short_no for line in (world.town, world.other))
    wrong = []
    for address in LISTS:
        body = visitor.open(address, follow_redirects=True).get_data(as_text=True)
        if (foreign in body and visitor.who not in SEES_ALL) or (own in body and visitor.who not in SEES_THE_TOWN_S):
            wrong.append(address)
    return wrong


FILLINGS = ("1", str(ABSENT), "9" * 15, "x' OR 1=1", "%00")
THOROUGH = {Role.COUNTY_ADMIN}
NONSENSE = "?_flt_0_state=%27&page_x=abc&psize_x=-1&_oc_x=nope&q=(((&_l_=zz"


def _addresses(app: Flask, fillings: tuple[str, ...] = FILLINGS) -> dict[str, dict[str, str]]:
    """Every address with its endpoint by method, its holes filled with a row that exists, one that does not, nonsense."""
    found: dict[str, dict[str, str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("static", "appbuilder.static")) or "logout" in rule.rule or "/lang/" in rule.rule:
            continue
        # What is no number never comes to what asks for one.
        fitting = [f for f in fillings if f.isdigit() or "<int:" not in rule.rule] if "<" in rule.rule else [""]
        for filling in fitting:
            there = found.setdefault(re.sub(r"<[^>]+>", filling, rule.rule), {})
            there.update(dict.fromkeys(rule.methods or (), rule.endpoint))
    found.pop("/readyz")
    return found


SENT: tuple[dict[str, Any], ...] = (
    {"json": {"state": "delivered", "version": "abc"}}, {"data": {"x": "1"}},
    {"data": b"\xff\xfe", "content_type": "application/json"},
)  # fmt: skip


def _same_for_all(app: Flask) -> set[str]:
    """The API's description, and the views of rows that whoever may open them sees alike, the administrator among them."""
    own, hanging = scope.governed()
    limited = {*own, *hanging, *scope.placed(), *scope.parts()}
    with app.app_context():
        administrator = app.appbuilder.sm.find_role(Role.COUNTY_ADMIN.value)
        opened = {each.view_menu.name for each in administrator.permissions}
    generated = [view for view in app.appbuilder.baseviews if hasattr(view, "datamodel")]
    return {OpenApi.__name__} | {
        type(view).__name__
        for view in generated
        if view.class_permission_name in opened and view.datamodel.obj not in limited and not view.base_filters
    }


def _broken(app: Flask, visitor: Visitor, *, thoroughly: bool) -> list[tuple[str, str, int]]:
    found = []
    alike = set() if thoroughly else _same_for_all(app)

    def send(method: str, address: str, **body: Any) -> int:
        status = visitor.open(address, method=method, **body).status_code
        found.extend([(method, address, status)] if status >= 500 else [])
        return status

    usual = _addresses(app, FILLINGS[:1])
    for address, ways in _addresses(app, FILLINGS if thoroughly else FILLINGS[:1]).items():
        if {endpoint.partition(".")[0] for endpoint in ways.values()} <= alike:
            continue
        whole = thoroughly and address in usual
        status = send("GET", address)
        # A question that makes no sense is refused before a page is asked, whatever row the address names.
        if whole:
            send("GET", address + NONSENSE)
        # What takes no POST says so before anything of ours is asked, and who may not open a page may not send it
        # either, which its one permission decides; one role tries all of that, too.
        takes_posts = "POST" in ways and not (status == 403 and ways["POST"] == ways.get("GET"))
        for body in SENT if whole and "POST" in ways else SENT[:1] if whole or takes_posts else ():
            send("POST", address, **body)
    return found


def test_whatever_has_a_reach_is_walked_by_every_role(app: Flask, county: County) -> None:
    alike = _same_for_all(app)
    assert {"ItemView", "WindowView"} <= alike
    assert alike.isdisjoint({"ApplicationList", "SlipList", "ArchiveList", "StaffView", "ApplicationApi", "LedgerList"})


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_walk_through_the_house_shows_nothing_out_of_reach_and_breaks_nothing(
    app: Flask, world: World, role: Role
) -> None:
    visitor = Visitor(app, PERSON[role])
    assert _shown_out_of_reach(visitor, world) == []
    assert _listed_out_of_reach(visitor, world) == []
    # the role with most pages tries all the nonsense, and the pages that are the same for everybody
    assert _broken(app, visitor, thoroughly=role in THOROUGH) == []


PUBLIC = {
    "/complain/",
    "/complain/state",
    "/login/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/_openapi",
    "/guide/",
    "/board/",
    "/progress/",
    "/decisions/",
    "/about/",
}


def test_a_visitor_without_login_sees_the_login_page_and_nothing_else(app: Flask, world: World) -> None:
    client = app.test_client()
    shown = []
    for address in _addresses(app):
        answer = client.get(address)
        if answer.status_code == 200 and address not in PUBLIC:
            shown.append(address)
        assert answer.status_code < 500, address
    assert shown == []
    assert world.town.id


def test_nothing_is_posted_without_the_token_against_forgery(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    log_in(client, "clerk.town")
    for address in (
        f"/application/{world.town.id}/act/remind",
        "/application/new",
        f"/application/{world.town.id}/reveal",
        "/applications/accept",
    ):
        assert client.post(address, data={"target": "approver", "message": "催办"}).status_code == 400, address
