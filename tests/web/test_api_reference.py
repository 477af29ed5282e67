"""Reference data over the API: everybody reads it, the county's administrator writes it, and nobody deletes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.engine.now import now
from app.models.catalogue import Item, ItemMaterial
from app.models.encrypted import blind_index
from app.models.organisation import Staff, Window
from app.models.revision import ItemRevision
from app.models.trail import AuditRow
from tests.factories import Line
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County

REFERENCE = ("item", "material", "window", "staff")


@pytest.fixture
def admin(app: Flask, county: County) -> Program:
    """The administrator's program."""
    return Program(app, county, "admin")


def row_of(county: County, model: Any) -> Any:
    county.session.rollback()
    return county.session.scalars(select(model).order_by(model.id)).first()


def item(county: County, **changes: Any) -> dict[str, Any]:
    """A new item of the first one's office, still without materials and thus inactive."""
    first = row_of(county, Item)
    return {
        "code": "I90", "name": "示例新事项", "basic_code": "000164213090", "impl_code": "11469022MB0A12342B4000164213090",
        "item_type": "01", "exercise_level": "4", "office_id": first.office_id, "department_id": first.department_id,
        "handling": "commitment", "statutory_amount": 20, "statutory_unit": "working_day", "promised_days": 5,
        "clock_start": "accepted", "correction_days": 5, "extension_max": 10, "result_name": "示例证",
        "retention_id": first.retention_id, **changes,
    }  # fmt: skip


@pytest.mark.database
def test_the_administrator_adds_an_item_with_its_materials_and_activates_it(county: County, admin: Program) -> None:
    added = admin.post("item/", item(county))
    assert added.status_code == 201
    assert added.json["result"]["code"] == "I90"
    pk = added.json["id"]
    incomplete = admin.ask("PUT", f"item/{pk}", json={"is_active": True})
    assert error(incomplete) == (422, "incomplete")
    assert fields(incomplete) == {"legal_basis", "conditions", "procedure", "is_active"}
    line = {"item_id": pk, "position": 1, "name": "申请表", "requirement": "required", "form": "original",
            "original_count": 1, "copy_count": 0, "supplement_days": 0, "is_core": True}  # fmt: skip
    assert admin.post("material/", line).status_code == 201
    guide = {"legal_basis": "《森林法》", "conditions": "符合条件", "procedure": "收件、受理", "is_active": True}
    assert admin.ask("PUT", f"item/{pk}", json=guide).json["result"]["is_active"] is True
    assert error(admin.post("material/", line)) == (422, "incomplete")
    assert error(admin.post("item/", item(county))) == (422, "incomplete")
    county.session.rollback()
    kept = county.session.scalars(select(AuditRow.what).where(AuditRow.created_by == "admin")).all()
    assert {what.partition(" ")[0] for what in kept} == {"added", "changed"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [({"promised_days": 21}, {"promised_days"}), ({"handling": "instant"}, {"promised_days"}),
     ({"is_secret": True, "is_public": True}, {"is_public"}), ({"correction_days": 6}, {"correction_days"}),
     ({"extension_max": 11, "item_type": "02", "name": ""}, {"extension_max", "item_type", "name"}),
     ({"office_id": 999}, {"office_id"}), ({"office_id": "x", "surprise": 1}, {"office_id", "surprise"}),
     ({"created_by": "me", "id": 7}, {"created_by", "id"}), ({"code": "x" * 21}, {"code"})],
)  # fmt: skip
def test_an_item_that_contradicts_the_rule_is_refused_by_field(
    county: County, admin: Program, changes: dict[str, Any], wrong: set[str]
) -> None:
    refused = admin.post("item/", item(county, **changes))
    assert (error(refused), fields(refused)) == ((422, "incomplete"), wrong)
    known = row_of(county, Item).id
    refused = admin.ask("PUT", f"item/{known}", json=changes)
    assert (error(refused), fields(refused)) == ((422, "incomplete"), wrong)
    assert len(admin.get("item/").json["ids"]) == 4


def test_only_the_administrator_writes(app: Flask, county: County) -> None:
    pks = {name: row_of(county, model).id for name, model in
           zip(REFERENCE, (Item, ItemMaterial, Window, Staff), strict=True)}  # fmt: skip
    for username in ("clerk.town", "approver", "head", "leader", "cert", "supervisor", "archivist", "guide"):
        program = Program(app, county, username)
        for name, pk in pks.items():
            assert error(program.post(f"{name}/", {"name": "x"})) == (403, "not_allowed"), (username, name)
            assert error(program.ask("PUT", f"{name}/{pk}", json={"name": "x"})) == (403, "not_allowed")
            assert error(program.ask("DELETE", f"{name}/{pk}")) == (405, "method")


@pytest.mark.database
def test_windows_and_people_are_kept(county: County, admin: Program) -> None:
    window = row_of(county, Window)
    given = {"centre_id": window.centre_id, "code": "Z9", "name": "新窗口", "kind": "comprehensive", "area": "A",
             "is_active": True}  # fmt: skip
    pk = admin.post("window/", given).json["id"]
    assert admin.ask("PUT", f"window/{pk}", json={"is_active": False}).json["result"]["is_active"] is False
    moved = admin.ask("PUT", f"window/{pk}", json={"centre_id": window.centre_id})
    assert (error(moved), fields(moved)) == ((422, "incomplete"), {"centre_id"})
    assert error(admin.ask("PUT", "window/999999", json={"name": "x"})) == (404, "not_found")
    person = row_of(county, Staff)
    number = "469099198506152004"
    answer = admin.ask("PUT", f"staff/{person.id}", json={"id_no": number, "phone": "19900000001"})
    assert answer.status_code == 200
    assert number not in answer.text
    assert "19900000001" not in answer.text
    county.session.rollback()
    assert row_of(county, Staff).id_no_index == blind_index("id_no", number)
    wrong = admin.ask("PUT", f"staff/{person.id}", json={"id_no": number[:-1] + "5"})
    assert (error(wrong), fields(wrong)) == ((422, "incomplete"), {"id_no"})
    taken = admin.post("staff/", {"user_id": person.user_id, "name": "某人", "phone": "1", "employer": "局",
                                  "manager": "局"})  # fmt: skip
    assert (error(taken), fields(taken)) == ((422, "incomplete"), {"user_id"})
    user = User(first_name="新", last_name="人", username="new", email="new@example.invalid", password="!", active=True)
    county.session.add(user)
    county.session.commit()
    fresh = {"user_id": user.id, "name": "新人", "phone": "19900000003", "employer": "局", "manager": "局"}
    assert admin.post("staff/", fresh).json["result"]["name"] == "新人"


def test_an_application_keeps_what_its_item_said_when_it_was_filed(county: County, admin: Program) -> None:
    line = Line(county).until("confirmed")
    pk = county.application(line.id).item_id
    assert admin.ask("PUT", f"item/{pk}", json={"promised_days": 9}).status_code == 200
    line.accept()
    promised = next(c for c in county.application(line.id).item_version.snapshot.items() if c[0] == "promised_days")
    assert promised[1] == 5
    county.session.rollback()
    assert county.session.scalar(select(Item.promised_days).where(Item.id == pk)) == 9


def test_what_a_program_writes_is_a_published_revision_and_waits_for_nobodys_draft(county: County, admin: Program) -> None:
    pk = row_of(county, Item).id
    asked = {"position": 1, "name": "area", "label": "面积", "type": "number"}
    answer = admin.ask("PUT", f"item/{pk}", json={"extra_fields": [asked], "promised_days": 3})
    assert (answer.status_code, answer.json["result"]["revision"]) == (200, 2)
    assert answer.json["result"]["extra_schema"]["properties"]["area"]["title"] == "面积"
    numbers = county.session.scalars(select(ItemRevision.number).where(ItemRevision.item_id == pk)).all()
    assert sorted(numbers) == [1, 2]
    wrong = admin.ask("PUT", f"item/{pk}", json={"extra_fields": [asked | {"pattern": "(a+)+", "type": "text"}]})
    assert (error(wrong), fields(wrong)) == ((422, "incomplete"), {"extra_fields.0.pattern"})
    county.session.rollback()
    county.session.add(ItemRevision(item_id=pk, state="draft", content={}, created_at=now(), created_by="someone"))
    county.session.commit()
    refused = admin.ask("PUT", f"item/{pk}", json={"promised_days": 4})
    assert error(refused) == (409, "not_now")
    line = county.session.scalars(select(ItemMaterial).where(ItemMaterial.item_id == pk)).first()
    assert error(admin.ask("PUT", f"material/{line.id}", json={"name": "新名"})) == (409, "not_now")
