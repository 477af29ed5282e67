"""What an item charges, and the public channels: the administrator's, on pages, by program, workbook and bundle."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from app.engine import publication
from app.extensions import db
from app.models.catalogue import Item
from app.models.fees import ItemFee, PaymentChannel
from app.models.revision import ItemRevision
from tests.configuration.test_bundle import propose, seeded, settle, taken_out  # noqa: F401  (a fixture among them)
from tests.configuration.test_drafts import draft_of, publish
from tests.configuration.test_workbook import bring_in, send, sheets_of, told, workbook
from tests.factories import charged
from tests.generated import audit, client_of, id_of, one, value
from tests.web.forms import fields_of, fill_in
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import County

FEE = {
    "name": "城市道路占用费", "kind": "fee", "unit_price": "0.50", "unit_name": "平方米·日",
    "legal_basis": "《城市道路管理条例》第三十七条", "is_active": "y",
}  # fmt: skip
CHANNEL = {"code": "FS01", "name": "海南省非税收入统一缴款平台", "kind": "non_tax_platform", "account": "treasury"}


def prices(house: Flask, code: str = "I12") -> list[tuple[str, Decimal]]:
    with house.app_context():
        found = select(ItemFee.name, ItemFee.unit_price).join(Item).where(Item.code == code).order_by(ItemFee.position)
        return [(name, price) for name, price in db.session.execute(found)]


@pytest.mark.database
def test_a_fee_is_drafted_like_a_material_and_published_with_the_item(
    house: Flask, admin: FlaskClient, clerk: FlaskClient
) -> None:
    pk = id_of(house, "I12")
    draft = draft_of(fill_in(admin, f"/items/edit/{pk}", has_fee="y"))
    assert "Add the fee or deposit with its legal basis" in admin.get(draft).text
    for wrong in ({"unit_price": "0"}, {"unit_price": "-1"}, {"unit_price": "viel"}, {"legal_basis": " "}, {"kind": "tip"}):
        assert fill_in(admin, f"{draft}/fees/new", **FEE | wrong).status_code == 422, wrong
    draft_of(fill_in(admin, f"{draft}/fees/new", **FEE))
    page = admin.get(draft).text
    assert "0.50 yuan for each 平方米·日" in page
    assert "error-summary" not in page
    draft_of(fill_in(admin, f"{draft}/fees/new", **FEE | {"name": "押金", "kind": "deposit", "unit_price": "10"}))
    assert fields_of(admin.get(f"{draft}/fees/1").text)["unit_price"] == ["10.00"]
    draft_of(fill_in(admin, f"{draft}/fees/1", unit_price="12.5"))
    assert clerk.get(f"{draft}/fees/new").status_code == 403
    publish(admin, draft)
    assert prices(house) == [("城市道路占用费", Decimal("0.50")), ("押金", Decimal("12.50"))]
    assert "《城市道路管理条例》第三十七条" in clerk.get(f"/items/show/{pk}").text
    changed = draft_of(fill_in(admin, f"/items/edit/{pk}", has_fee="y"))
    draft_of(fill_in(admin, f"{changed}/fees/0", unit_price="0.80"))
    assert "<ins>8" in admin.get(changed).text
    publish(admin, changed)
    assert prices(house)[0] == ("城市道路占用费", Decimal("0.80"))
    assert any("fees 城市道路占用费: unit_price: 0.50 → 0.80" in detail for _what, detail, _by in audit(house))
    [content] = [value(house, select(ItemRevision.content).where(ItemRevision.item_id == pk, ItemRevision.number == 2))]
    assert [each["unit_price"] for each in content["fees"]] == ["0.50", "12.50"]


def test_a_price_of_more_than_two_decimals_is_refused_wherever_it_is_written_and_never_rounded(
    house: Flask, admin: FlaskClient
) -> None:
    pk = id_of(house, "I12")
    draft = draft_of(fill_in(admin, f"/items/edit/{pk}", has_fee="y"))
    for wrong in ("1.234", "0.001", f"1.{'0' * 40}1"):
        answer = fill_in(admin, f"{draft}/fees/new", **FEE | {"unit_price": wrong})
        assert (answer.status_code, "At most two decimals." in answer.text) == (422, True), wrong
        assert fields_of(answer.text)["unit_price"] == [wrong]
    draft_of(fill_in(admin, f"{draft}/fees/new", **FEE | {"unit_price": "1.230"}))
    publish(admin, draft)
    assert prices(house) == [("城市道路占用费", Decimal("1.23"))]
    sheets = sheets_of(admin)
    head, row = sheets["Fees and deposits"]
    row[head.index("Unit price (yuan)")] = 1.234
    assert "At most two decimals." in told(send(admin, workbook(sheets)))
    with house.app_context():
        db.session.scalars(select(ItemFee)).one().unit_price = Decimal("1.234")
        with pytest.raises(StatementError, match="more than two decimals"):
            db.session.flush()


def test_a_draft_of_an_earlier_version_charges_nothing_and_is_carried_on(house: Flask, admin: FlaskClient) -> None:
    pk = id_of(house, "I12")
    draft = draft_of(fill_in(admin, f"/items/edit/{pk}", has_fee="y"))
    with house.app_context():
        row = db.session.get(ItemRevision, int(draft.rpartition("/")[2]))
        row.content = {name: part for name, part in row.content.items() if name != "fees"}
        db.session.commit()
    assert "Nothing is charged." in admin.get(draft).text
    assert admin.get(f"{draft}/fees/0").status_code == 404
    draft_of(fill_in(admin, f"{draft}/fees/new", **FEE))
    publish(admin, draft)
    assert prices(house) == [("城市道路占用费", Decimal("0.50"))]


def test_a_program_writes_fees_with_the_item_and_nothing_without_a_basis(app: Flask, county: County) -> None:
    admin = Program(app, county, "admin")
    [row] = admin.get("item/?q=(filters:!((col:code,opr:eq,value:I12)))").json["result"]
    line: dict[str, Any] = FEE | {"position": 1, "is_active": True, "unit_price": 0.5}
    put = f"item/{row['id']}"
    for wrong, where in (
        ({"legal_basis": ""}, "fees.0.legal_basis"), ({"unit_price": "0.001"}, "fees.0.unit_price"),
        ({"unit_price": 0}, "fees.0.unit_price"), ({"payee": "某人"}, "fees.0.payee"),
    ):  # fmt: skip
        answer = admin.ask("PUT", put, json={"has_fee": True, "fees": [line | wrong]})
        assert (error(answer)[0], fields(answer)) == (422, {where})
    assert fields(admin.ask("PUT", put, json={"has_fee": True})) == {"has_fee"}
    assert fields(admin.ask("PUT", put, json={"fees": [line]})) == {"has_fee"}
    answer = admin.ask("PUT", put, json={"has_fee": True, "fees": [line]})
    assert (answer.status_code, answer.json["result"]["fees"][0]["unit_price"]) == (200, "0.50")
    clerk = Program(app, county, "clerk.town")
    assert clerk.get(put).json["result"]["fees"][0]["legal_basis"] == FEE["legal_basis"]
    assert error(clerk.ask("PUT", put, json={"fees": []})) == (403, "not_allowed")


def test_a_workbook_takes_fees_out_and_brings_them_back(house: Flask, admin: FlaskClient) -> None:
    fill = draft_of(fill_in(admin, f"/items/edit/{id_of(house, 'I12')}", has_fee="y"))
    draft_of(fill_in(admin, f"{fill}/fees/new", **FEE))
    publish(admin, fill)
    sheets = sheets_of(admin)
    head, row = sheets["Fees and deposits"]
    assert dict(zip(head, row, strict=True))["Unit price (yuan)"] == "0.50"
    assert "unchanged" in told(send(admin, workbook(sheets)))
    row[head.index("Unit price (yuan)")] = 0.8  # a number, as people type it
    looked = send(admin, workbook(sheets))
    assert bring_in(admin, looked).status_code == 303
    assert prices(house) == [("城市道路占用费", Decimal("0.80"))]
    row[head.index("Legal basis")] = ""
    assert "Legal basis" in told(send(admin, workbook(sheets)))
    del sheets["Fees and deposits"][1]
    assert "Has a fee" in told(send(admin, workbook(sheets)))
    assert prices(house) == [("城市道路占用费", Decimal("0.80"))]


def test_a_bundle_carries_standards_and_channels(seeded: Flask, admin: FlaskClient) -> None:  # noqa: F811
    with seeded.app_context():
        from tests.factories import County

        charged(County(db.session()))
    files = taken_out(admin)
    channels = files["organisation/payment_channels.json"]
    assert channels["FS"] == {
        "name": "海南省非税收入统一缴款平台", "kind": "non_tax_platform", "account": "treasury", "is_active": True,
    }  # fmt: skip
    assert [each["unit_price"] for each in files["items/I20.json"]["fees"]] == ["0.50", "10.00"]
    files["items/I20.json"]["fees"][0]["unit_price"] = "0.60"
    channels["QR"] = CHANNEL | {"name": "缴款平台聚合码", "kind": "qr", "is_active": True}
    del channels["QR"]["code"]
    from app.configuration.bundle_files import pack

    address = propose(admin, pack(files)).headers["Location"]
    second = client_of(seeded, "second")
    assert settle(second, address, "apply").status_code in (302, 303)
    assert prices(seeded, "I20")[0] == ("城市道路占用费", Decimal("0.60"))
    assert value(seeded, select(PaymentChannel.name).where(PaymentChannel.code == "QR")) == "缴款平台聚合码"


@pytest.mark.database
def test_channels_are_the_administrators_and_lead_to_nobodys_own_account(
    house: Flask, admin: FlaskClient, clerk: FlaskClient
) -> None:
    assert fill_in(admin, "/channels/add", **CHANNEL, is_active="y").status_code == 302
    page = admin.get("/channels/add").text
    assert 'name="payee' not in page
    assert 'value="private' not in page
    for wrong, where in (
        ({"account": "private"}, "account"), ({"account": ""}, "account"), ({"kind": "cash"}, "kind"),
        ({"name": "陈某 6222 0212 3456 7890"}, "name"), ({"name": CHANNEL["name"]}, "name"),
    ):  # fmt: skip
        answer = fill_in(admin, "/channels/add", **CHANNEL | {"code": "X", "name": "另一渠道"} | wrong)
        assert answer.status_code == 422, (wrong, where)
    with house.app_context():
        assert [row.code for row in db.session.scalars(select(PaymentChannel))] == ["FS01"]
    assert clerk.get("/channels/list/").status_code == 200
    assert clerk.get("/channels/add").status_code == 403
    pk = value(house, select(PaymentChannel.id))
    asked = fill_in(admin, f"/channels/edit/{pk}", is_active=None)
    assert (asked.status_code, "Without a channel no payment notice" in asked.text) == (200, True)
    assert one(house, select(PaymentChannel)).is_active


def test_channels_by_program(app: Flask, county: County) -> None:
    admin, clerk = Program(app, county, "admin"), Program(app, county, "clerk.town")
    added = admin.post("payment_channel/", CHANNEL | {"is_active": True})
    assert added.status_code == 201, added.text
    for wrong, where in (
        ({"payee": "某人"}, "payee"), ({"account": "6222021234567890"}, "account"), ({"name": "1380013800013"}, "name"),
    ):  # fmt: skip
        answer = admin.post("payment_channel/", CHANNEL | {"code": "X"} | wrong)
        assert (answer.status_code, fields(answer)) == (422, {where})
    assert [each["code"] for each in clerk.get("payment_channel/").json["result"]] == ["FS01"]
    assert error(clerk.post("payment_channel/", CHANNEL)) == (403, "not_allowed")
    assert error(clerk.ask("PUT", f"payment_channel/{added.json['id']}", json={"account": "office"})) == (403, "not_allowed")


def test_what_an_item_charges_is_part_of_its_revision(county: County) -> None:
    item = charged(county)
    content = publication.content_of(item)
    assert [(each["name"], each["unit_price"]) for each in content["fees"]] == [
        ("城市道路占用费", "0.50"), ("占用道路恢复押金", "10.00"),
    ]  # fmt: skip
    assert publication.check(county.session, content, item) == []
    without = publication.check(county.session, content | {"fees": []}, item)
    assert [each.field for each in without] == ["has_fee"]
