"""The catalogue: what an item must say, what contradicts itself, and who may write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.models.archive import Retention
from app.models.catalogue import Item, ItemMaterial
from app.models.organisation import IndustryDepartment, Office
from tests.configuration.test_drafts import draft_of, publish
from tests.generated import client_of, id_of, one, value
from tests.web.forms import fields_of, fill_in
from tests.web.logins import add_account

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def new_item(house: Flask, **typed: Any) -> dict[str, Any]:
    """A whole form of a new item, but for what is told to every applicant."""
    return {
        "code": "I99", "name": "示例事项I99", "basic_code": "000164213099", "impl_code": "11469022MB0A12342B4000164213099",
        "item_type": "01", "exercise_level": "4", "handling": "commitment", "promised_days": "5",
        "statutory_amount": "20", "statutory_unit": "working_day", "clock_start": "accepted", "result_name": "许可证",
        **{name: str(value(house, select(model.id).limit(1)))
           for name, model in (("office", Office), ("department", IndustryDepartment), ("retention", Retention))},
        **typed,
    }  # fmt: skip


@pytest.mark.req(14)
@pytest.mark.database
def test_an_item_is_not_active_before_basis_limits_procedure_and_materials_are_there(
    house: Flask, admin: FlaskClient
) -> None:
    typed = new_item(house, statutory_amount="0", is_active="y")
    draft = draft_of(fill_in(admin, "/items/add", **typed))
    refused = publish(admin, draft)
    assert refused.status_code == 422
    assert refused.text.count("it is told to every applicant at once") == 3
    assert "An active item needs its statutory limit." in refused.text
    assert "List the materials of this item before it is made active." in refused.text
    assert value(house, select(func.count()).where(Item.code == "I99")) == 0
    material = {"name": "申请表", "requirement": "required", "form": "original", "is_core": "y"}
    draft_of(fill_in(admin, f"{draft}/materials/new", **material))
    told = {"legal_basis": "《森林法》第五十七条", "conditions": "符合条件", "procedure": "收件、受理、决定"}
    draft_of(fill_in(admin, f"{draft}/fields", statutory_amount="20", **told | {"procedure": " "}))
    assert publish(admin, draft).status_code == 422
    draft_of(fill_in(admin, f"{draft}/fields", **told))
    assert publish(admin, draft).status_code == 303
    assert one(house, select(Item).where(Item.code == "I99")).is_active


@pytest.mark.req(14)
def test_an_active_item_loses_neither_its_basis_nor_its_materials(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    draft = draft_of(fill_in(admin, f"/items/edit/{pk}", legal_basis=""))
    for _line in range(3):
        page = admin.get(draft).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        remove = re.search(r'data-post="([^"]+/materials/0/remove/[^"]+)"', page)[1]
        assert admin.post(remove, data={"csrf_token": token}).status_code == 303
    assert admin.post(remove, data={"csrf_token": token}).status_code == 409
    refused = publish(admin, draft)
    assert refused.status_code == 422
    assert "List the materials of this item" in refused.text
    assert "Legal basis" in refused.text
    assert value(house, select(func.count()).where(ItemMaterial.item_id == pk)) == 3


@pytest.mark.req(100)
@pytest.mark.database
def test_an_item_that_is_not_on_application_is_refused(house: Flask, admin: FlaskClient) -> None:
    for kind in ("02", "03", "04", "06", "11", ""):
        assert fill_in(admin, "/items/add", **new_item(house, item_type=kind)).status_code == 422, kind
    for kind in ("01", "05", "07", "08", "09", "10", "20"):
        typed = new_item(house, item_type=kind, code=f"T{kind}", impl_code=f"T{kind}")
        assert publish(admin, draft_of(fill_in(admin, "/items/add", **typed))).status_code == 303, kind


def test_a_draft_that_contradicts_itself_says_so_where_it_is_put_right(house: Flask, admin: FlaskClient) -> None:
    changes = {"promised_days": "21", "is_secret": "y", "code": "I13"}
    draft = draft_of(fill_in(admin, f"/items/edit/{id_of(house, 'I12')}", **changes))
    wrong = {"name": "申请表", "requirement": "conditional", "form": "copy", "copy_count": "1", "supplement_days": "3"}
    draft_of(fill_in(admin, f"{draft}/materials/new", **wrong))
    answer = publish(admin, draft)
    assert answer.status_code == 422
    for sentence in (
        "The promised limit may not exceed the statutory one.", "A secret item is never public.", "taken already",
        "Another material has this name.", "Say when this material is needed.", "Days to supply are given exactly",
    ):
        assert sentence in answer.text
    assert f'href="{draft}/materials/3"' in answer.text
    assert one(house, select(Item).where(Item.code == "I12")).promised_days == 5


def test_an_item_shows_its_materials_and_its_codes_in_words(house: Flask, admin: FlaskClient) -> None:
    page = admin.get(f"/items/show/{id_of(house, 'I12')}").text
    for words in ("身份证明", "Administrative licence", "Within the promised limit", "in service", "fronted"):
        assert words in page


def test_fronting_and_taking_out_of_service_are_one_step_each(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I13")
    token = fields_of(admin.get("/offices/add").text)["csrf_token"]
    for field, to in (("is_fronted", "on"), ("is_active", "off")):
        assert admin.post(f"/items/switch/{pk}/{field}/{to}", data={"csrf_token": token}).status_code == 303
    item = one(house, select(Item).where(Item.id == pk))
    assert (item.is_fronted, item.is_active, item.revision) == (True, False, 3)
    assert admin.post(f"/items/switch/{pk}/is_secret/on", data={"csrf_token": token}).status_code == 404
    assert admin.get(f"/items/switch/{pk}/is_fronted/off").status_code == 405


def test_the_archivist_edits_retention_and_nobody_else(house: Flask, admin: FlaskClient, clerk: FlaskClient) -> None:
    add_account(house, "arch", "archivist")
    archivist = client_of(house, "arch")
    pk = value(house, select(Retention.id))
    assert fill_in(archivist, f"/retention/edit/{pk}", years="40").status_code == 302
    assert one(house, select(Retention)).years == 40
    assert fill_in(archivist, f"/retention/edit/{pk}", years="").status_code == 302
    assert one(house, select(Retention)).years is None
    for client in (admin, clerk):
        assert client.get(f"/retention/edit/{pk}").status_code == 403
        assert client.get("/retention/list/").status_code == 403
