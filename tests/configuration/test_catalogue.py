"""The catalogue: what an item must say, what contradicts itself, and who may write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models.archive import Retention
from app.models.catalogue import Item, ItemMaterial
from app.models.organisation import IndustryDepartment, Office
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
    assert "is_active" not in admin.get("/items/add").text
    assert fill_in(admin, "/items/add", **new_item(house, statutory_amount="0")).status_code == 302
    pk = id_of(house, "I99")
    path = f"/items/edit/{pk}"
    refused = fill_in(admin, path, is_active="y")
    assert refused.status_code == 422
    assert refused.text.count("it is told to every applicant at once") >= 3
    assert "An active item needs its statutory limit." in refused.text
    assert "List the materials of this item before it is made active." in refused.text
    material = {"position": "1", "name": "申请表", "requirement": "required", "form": "original"}
    assert fill_in(admin, f"/materials/add?_flt_0_item={pk}", **material).status_code == 302
    told = {"legal_basis": "《森林法》第五十七条", "conditions": "符合条件", "procedure": "收件、受理、决定"}
    assert fill_in(admin, path, is_active="y", statutory_amount="20", **told | {"procedure": " "}).status_code == 422
    assert fill_in(admin, path, is_active="y", statutory_amount="20", **told).status_code == 302
    assert one(house, select(Item).where(Item.id == pk)).is_active


@pytest.mark.req(14)
def test_an_active_item_loses_neither_its_basis_nor_its_last_material(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    assert fill_in(admin, f"/items/edit/{pk}", legal_basis="").status_code == 422
    token = fields_of(admin.get("/offices/add").text)["csrf_token"]
    with house.app_context():
        lines = list(db.session.scalars(select(ItemMaterial.id).where(ItemMaterial.item_id == pk)))
    answers = [admin.post(f"/materials/delete/{line}", data={"csrf_token": token}) for line in lines]
    assert [each.status_code for each in answers] == [302, 302, 409]
    assert "This is the last material of an active item." in answers[-1].text
    assert value(house, select(func.count()).where(ItemMaterial.item_id == pk)) == 1


@pytest.mark.req(100)
@pytest.mark.database
def test_an_item_that_is_not_on_application_is_refused(house: Flask, admin: FlaskClient) -> None:
    for kind in ("02", "03", "04", "06", "11", ""):
        assert fill_in(admin, "/items/add", **new_item(house, item_type=kind)).status_code == 422, kind
    assert value(house, select(func.count()).where(Item.code == "I99")) == 0
    for kind in ("01", "05", "07", "08", "09", "10", "20"):
        typed = new_item(house, item_type=kind, code=f"T{kind}", impl_code=f"T{kind}")
        assert fill_in(admin, "/items/add", **typed).status_code == 302, kind


CONTRADICTIONS = (
    ({"handling": "instant", "promised_days": "5"}, "An instant item promises no days"),
    ({"handling": "commitment", "promised_days": "0"}, "any other at least one"),
    ({"promised_days": "21"}, "The promised limit may not exceed the statutory one."),
    ({"correction_days": "6"}, "At most five working days."),
    ({"extension_max": "11"}, "At most ten working days"),
    ({"is_secret": "y", "is_public": "y"}, "A secret item is never public."),
    ({"code": "I13"}, "This is taken already; there can be only one."),
    ({"impl_code": "11469022MB0A12342B4000164200013"}, "This is taken already; there can be only one."),
)


@pytest.mark.database
def test_limits_and_marks_that_contradict_each_other_get_a_sentence_each(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    for typed, sentence in CONTRADICTIONS:
        answer = fill_in(admin, f"/items/edit/{pk}", quantity="无数量限制", **typed)
        assert (typed, answer.status_code) == (typed, 422)
        assert sentence in answer.text, typed
        assert fields_of(answer.text)["quantity"] == ["无数量限制"]


MATERIAL_CONTRADICTIONS = (
    ({"position": "1"}, "Another material stands at this position."),
    ({"copy_count": "100"}, "Originals and copies are numbers from 0 to 99."),
    ({"tolerable": "y", "supplement_days": "61"}, "At most 60 days to supply."),
    ({"tolerable": "y", "supplement_days": "0"}, "exactly where a paper may be supplied later"),
    ({"supplement_days": "3"}, "exactly where a paper may be supplied later"),
)


def test_a_material_line_that_contradicts_itself_gets_a_sentence(house: Flask, admin: FlaskClient) -> None:
    path = f"/materials/add?_flt_0_item={id_of(house, 'I12')}"
    right = {"position": "9", "name": "位置图", "requirement": "required", "form": "copy"}
    for typed, sentence in MATERIAL_CONTRADICTIONS:
        answer = fill_in(admin, path, **(right | typed))
        assert (typed, answer.status_code) == (typed, 422)
        assert sentence in answer.text, typed


def test_an_item_shows_its_materials_and_leads_to_a_new_one(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    page = admin.get(f"/items/show/{pk}").text
    for words in ("身份证明", "Administrative licence", "Within the promised limit", f"/materials/add?_flt_0_item={pk}"):
        assert words in page


def test_fronting_is_one_tick(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I13")
    assert fill_in(admin, f"/items/edit/{pk}", is_fronted="y").status_code == 302
    assert one(house, select(Item).where(Item.id == pk)).is_fronted


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
