"""Drafts: the administrator changes an item on pages, sees the difference, and publishes; clerks see what is published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.models.catalogue import Item
from app.models.revision import ItemRevision
from tests.generated import audit, id_of, one, value
from tests.web.forms import fields_of, fill_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

MATERIAL = {"name": "现场照片", "requirement": "required", "form": "electronic", "tolerable": "y", "supplement_days": "5"}
QUESTION = {"label": "车牌号", "name": "plate_no", "type": "text", "required": "y", "pattern": "琼[A-Z]\\d{5}"}


def draft_of(answer: TestResponse) -> str:
    assert answer.status_code == 302, re.findall(r'field-error">([^<]*)', answer.text)
    return answer.headers["Location"].partition("#")[0]


def publish(admin: FlaskClient, draft: str, **typed: Any) -> TestResponse:
    """Send the form at the end of the draft's page."""
    page = admin.get(draft).text
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("csrf_token", "seen")}
    return admin.post(f"{draft}/publish", data=fields | {"note": "试行"} | typed)


@pytest.mark.database
def test_a_change_is_drafted_shown_and_published(house: Flask, admin: FlaskClient, clerk: FlaskClient) -> None:
    pk = id_of(house, "I12")
    draft = draft_of(fill_in(admin, f"/items/edit/{pk}", promised_days="4", quantity="无数量限制，先到先得"))
    draft_of(fill_in(admin, f"{draft}/materials/new", **MATERIAL))
    draft_of(fill_in(admin, f"{draft}/questions/new", **QUESTION))
    page = admin.get(draft).text
    assert "Promised limit" in page
    assert "<del>5</del>" in page
    assert "<ins>4</ins>" in page
    assert "现场照片" in page
    assert "error-summary" not in page
    assert "现场照片" not in clerk.get(f"/items/show/{pk}").text
    assert one(house, select(Item).where(Item.id == pk)).promised_days == 5
    assert publish(admin, draft).headers["Location"] == f"/items/show/{pk}"
    item = one(house, select(Item).where(Item.id == pk))
    assert (item.promised_days, item.revision) == (4, 2)
    for words in ("现场照片", "车牌号", "试行"):
        assert words in clerk.get(f"/items/show/{pk}").text
    revision = value(house, select(func.max(ItemRevision.id)))
    assert "<ins>4</ins>" in clerk.get(f"/revisions/show/{revision}").text
    assert ("changed item", f"{pk} I12 示例事项I12: promised_days: 5 → 4", "root") in audit(house)


def test_nobody_overwrites_or_publishes_a_draft_unseen(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    draft = draft_of(fill_in(admin, f"/items/edit/{pk}", promised_days="4"))
    assert admin.get(f"/items/edit/{pk}").headers["Location"] == draft
    stale = fields_of(admin.get(f"{draft}/fields").text)
    seen = re.search(r'name="seen" value="([^"]*)"', admin.get(draft).text)[1]
    draft_of(fill_in(admin, f"{draft}/fields", promised_days="3"))
    answer = admin.post(f"{draft}/fields", data=stale | {"result_name": "林木采伐许可证"})
    assert answer.status_code == 409
    assert fields_of(answer.text)["result_name"] == ["林木采伐许可证"]
    assert publish(admin, draft, seen=seen).status_code == 409
    assert one(house, select(Item).where(Item.id == pk)).promised_days == 5


def test_a_draft_that_is_thrown_away_or_published_is_no_draft_any_more(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    draft = draft_of(fill_in(admin, f"/items/edit/{pk}", promised_days="4"))
    token = fields_of(admin.get(f"{draft}/fields").text)["csrf_token"]
    assert admin.post(f"{draft}/discard", data={"csrf_token": token}).headers["Location"] == f"/items/show/{pk}"
    for path in (draft, f"{draft}/fields", f"{draft}/materials/new", f"{draft}/questions/0"):
        assert admin.get(path).status_code == 409, path
    assert value(house, select(ItemRevision.state).where(ItemRevision.id == int(draft.rpartition("/")[2]))) == "discarded"
    assert one(house, select(Item).where(Item.id == pk)).promised_days == 5
    assert draft_of(fill_in(admin, f"/items/edit/{pk}", promised_days="4")) != draft
    for path in ("/drafts/999", "/drafts/99999999999999999999", f"{draft[:-1]}x", "/drafts/999/fields"):
        assert admin.get(path).status_code == 404, path


def test_drafts_are_the_administrators_alone(house: Flask, admin: FlaskClient, clerk: FlaskClient) -> None:
    draft = draft_of(fill_in(admin, f"/items/edit/{id_of(house, 'I12')}", promised_days="4"))
    for path in (draft, f"{draft}/fields", f"{draft}/materials/0", f"{draft}/questions/new"):
        assert clerk.get(path).status_code == 403, path
