"""The role matrix: every act beside every role, within the bounds, with its effect said before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.law.object_acts import may_hold
from app.law.roles import STAFF_ROLES
from app.web.roles_sync import with_a_body
from tests.generated import audit
from tests.web.forms import fields_of
from tests.web.test_role_editor import acts_of

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def ticks(page: str) -> dict[str, Any]:
    """The form of the page as a browser would send it."""
    return fields_of(page.replace('<form method="post" class="card', '<form id="model_form" class="card'))


def send(client: FlaskClient, path: str, *, add: str = "", take: str = "", step: str = "save") -> TestResponse:
    fields = ticks(client.get(path).text)
    fields["grant"] = [each for each in [*fields.get("grant", []), *filter(None, [add])] if each != take]
    return client.post(path, data=fields | {"step": step})


def test_the_matrix_says_of_every_act_and_role_what_is_granted_open_and_never(house: Flask, admin: FlaskClient) -> None:
    page = admin.get("/role-matrix/").text
    held = set(ticks(page)["grant"])
    for row in with_a_body():
        for role in STAFF_ROLES:
            tick = f"{role.value}:{row.name}"
            assert (f'value="{tick}"' in page) is may_hold(role, row.name), tick
            assert (tick in held) is (role in row.roles), tick
    assert "The front never decides: receiving and deciding are separated." in page
    assert "County administrator with Hall guide, Hall window clerk, " in page
    assert "added here" not in page


def test_what_a_county_changed_is_marked_and_recorded(house: Flask, admin: FlaskClient) -> None:
    answer = send(admin, "/role-matrix/window_manager", add="window_manager:register", take="window_manager:remind")
    assert answer.status_code == 303
    assert "register" in acts_of(house, "manager.hall")
    assert "remind" not in acts_of(house, "manager.hall")
    page = admin.get("/role-matrix/window_manager").text
    assert (page.count("added here"), page.count("taken away here")) == (1, 1)
    told = [detail.partition(": ")[2] for what, detail, _ in audit(house) if what == "changed role"]
    assert told == ["permissions: − can remind on Application", "permissions: + can register on Application"]


def test_before_it_is_saved_the_matrix_says_what_nobody_could_do_any_more(house: Flask, admin: FlaskClient) -> None:
    looked = send(admin, "/role-matrix/", take="bureau_leader:approve_rejection", step="look")
    assert looked.status_code == 200
    assert "Nobody in the county can do «Approve non-acceptance» any more." in looked.text
    assert "approve_rejection" in acts_of(house, "leader")
    saved = admin.post(
        "/role-matrix/", data=ticks(looked.text.replace(' action="/role-matrix/"', "")) | {"step": "save"}
    )
    assert saved.status_code == 303
    assert "approve_rejection" not in acts_of(house, "leader")


def test_the_bounds_hold_whatever_is_posted(house: Flask, admin: FlaskClient) -> None:
    for path in ("/role-matrix/town_clerk", "/role-matrix/"):
        for step in ("look", "save"):
            answer = send(admin, path, add="town_clerk:accept", step=step)
            assert answer.status_code == 422
            assert "Town centre window clerk may never do this, whatever a county grants: Accept." in answer.text
    assert "accept" not in acts_of(house, "tina")
    strange = send(admin, "/role-matrix/town_clerk", add="approver:accept")
    assert (strange.status_code, "There is no such role or act: approver:accept." in strange.text) == (422, True)
    assert admin.get("/role-matrix/nobody").status_code == 404


def test_whoever_is_slower_overwrites_nothing(house: Flask, admin: FlaskClient) -> None:
    fields = ticks(admin.get("/role-matrix/approver").text)
    assert send(admin, "/role-matrix/window_manager", add="window_manager:register").status_code == 303
    assert admin.post("/role-matrix/approver", data=fields | {"step": "save"}).status_code == 303
    assert send(admin, "/role-matrix/approver", take="approver:review").status_code == 303
    stale = admin.post("/role-matrix/approver", data=fields | {"step": "save"})
    assert stale.status_code == 409
    assert "Somebody changed these grants" in stale.text


def test_the_matrix_is_the_administrator_s(house: Flask, admin: FlaskClient, clerk: FlaskClient) -> None:
    assert clerk.get("/role-matrix/").status_code == 403
    assert "/role-matrix/" in admin.get("/roles/list/").text
