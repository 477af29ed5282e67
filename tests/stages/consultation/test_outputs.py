"""What the window hands out: forms, sample texts, the one-time notice before any application (一（2）, 第六条)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pypdf
import pytest
from sqlalchemy import select, update

from app.engine import scope
from app.engine.item_files import item_file
from app.models.catalogue import Item, ItemMaterial
from app.models.trail import AuditRow, StoredFile
from tests import samples
from tests.stages.consultation.asking import Question, change, send_small
from tests.web.at_work import at_work
from tests.web.programs import error, fields

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.factories import County


def materials(county: County, code: str = "I12") -> list[ItemMaterial]:
    found = select(ItemMaterial).join(Item).where(Item.code == code).order_by(ItemMaterial.position)
    return list(county.session.scalars(found))


def upload(client: FlaskClient, material: int, kind: str, name: str, data: bytes | None = None) -> TestResponse:
    content = samples.pdf() if data is None else data
    return send_small(client, f"/materials/upload/{material}/{kind}", file=(io.BytesIO(content), name))


@pytest.mark.req(47)
@pytest.mark.database
def test_form_sample_and_notice_are_recorded_downloaded_and_printed(app: Flask, county: County) -> None:
    first, second, _ = materials(county)
    admin = at_work(app, "admin")
    assert upload(admin, first.id, "form", "空白申请表.pdf").status_code == 303
    assert upload(admin, first.id, "sample", "示范文本.pdf").status_code == 303
    question = Question(app, county).up_to(2)
    assert error(question.send("clerk.hall", "hand_out")) == (422, "incomplete")
    foreign = materials(county, "I04")[0].id
    assert fields(question.send("clerk.hall", "hand_out", forms=[foreign])) == {"forms"}
    question.do("clerk.hall", "hand_out", forms=[first.id, second.id], samples=[first.id])
    question.do("clerk.hall", "hand_out", notice=True)
    given = [(each["kind"], each["name"], each["by_name"]) for each in question.shown()["outputs"]]
    assert given == [
        ("form", "申请表", "示clerk.hall"), ("form", "身份证明", "示clerk.hall"), ("sample", "申请表", "示clerk.hall"),
        ("notice", "", "示clerk.hall"),
    ]  # fmt: skip

    clerk = at_work(app, "clerk.hall")
    page = clerk.get(f"/object/consultation/{question.id}").text
    for kind, name in (("form", "空白申请表.pdf"), ("sample", "示范文本.pdf")):
        address = f"/item-files/I12/1/{kind}"
        assert f'href="{address}"' in page
        fetched = clerk.get(address)
        assert (fetched.status_code, fetched.data) == (200, samples.pdf())
        assert "attachment" in fetched.headers["Content-Disposition"]
        assert quote(name) in fetched.headers["Content-Disposition"]
    printed = re.search(r"/consultation/\d+/notice/\d+\.pdf", page)
    assert printed is not None
    sheet = clerk.get(printed[0])
    assert sheet.mimetype == "application/pdf"
    said = "".join("".join(each.extract_text().split()) for each in pypdf.PdfReader(io.BytesIO(sheet.data)).pages)
    for words in ("一次性告知单", "ZX-20260302-0001", "《森林法》第五十七条", "20个工作日", "5个工作日", "收件、受理、审查、决定、出件",
                  "申请表", "身份证明", "授权委托书", "示clerk.hall", "2026年3月2日10时00分"):  # fmt: skip
        assert words in said, words
    assert clerk.get(printed[0]).data == sheet.data
    county.session.rollback()
    prints = county.session.scalars(select(AuditRow.detail).where(AuditRow.what == "print")).all()
    assert prints == ["ZX-20260302-0001"] * 2
    assert at_work(app, "clerk.town").get(printed[0]).status_code == 404


@pytest.mark.parametrize("lacks", [{"legal_basis": " "}, {"procedure": ""}, {"statutory_amount": 0}])
def test_no_notice_is_made_of_a_guide_that_lacks_a_part(app: Flask, county: County, lacks: dict[str, object]) -> None:
    question = Question(app, county).up_to(2)
    change(county, "I12", **lacks)
    refused = question.send("clerk.hall", "hand_out", notice=True)
    assert fields(refused) == {"notice"}
    assert question.shown()["outputs"] == []


def test_a_notice_keeps_what_it_said_when_the_guide_changes(app: Flask, county: County) -> None:
    question = Question(app, county).up_to(2).do("clerk.hall", "hand_out", notice=True)
    clerk = at_work(app, "clerk.hall")
    page = clerk.get(f"/object/consultation/{question.id}").text
    address = re.search(r"/consultation/\d+/notice/\d+\.pdf", page)
    assert address is not None
    before = clerk.get(address[0]).data
    change(county, "I12", legal_basis="另一部法律")
    assert clerk.get(address[0]).data == before


def test_only_the_window_hands_out_and_only_on_the_second_tier(app: Flask, county: County) -> None:
    question = Question(app, county)
    assert error(question.send("guide", "hand_out", notice=True)) == (403, "not_allowed")
    assert error(question.send("clerk.hall", "hand_out", notice=True)) == (409, "not_now")
    question.up_to(3)
    assert error(question.send("clerk.hall", "hand_out", notice=True)) == (409, "not_now")


def test_the_administrator_alone_puts_files_to_a_material_and_the_one_before_stays(app: Flask, county: County) -> None:
    material = materials(county)[0].id
    for who in ("clerk.hall", "head", "supervisor"):
        assert upload(at_work(app, who), material, "form", "表.pdf").status_code in {302, 403}
    admin = at_work(app, "admin")
    assert upload(admin, 987654, "form", "表.pdf").status_code == 404
    for name, data in (("表.exe", b"MZ"), ("表.pdf", b""), ("表.pdf", b"no pdf")):
        upload(admin, material, "form", name, data)
    county.session.rollback()
    assert county.session.get_one(ItemMaterial, material).blank_form_id is None
    upload(admin, material, "form", "第一版.pdf")
    upload(admin, material, "form", "第二版.pdf")
    county.session.rollback()
    with scope.unscoped(county.session):
        kept = county.session.scalars(select(StoredFile).order_by(StoredFile.id)).all()
        now = county.session.get_one(ItemMaterial, material).blank_form_id
    assert [(each.name, each.subject_kind, each.subject_id) for each in kept] == [
        ("第一版.pdf", "item_material", material), ("第二版.pdf", "item_material", material),
    ]  # fmt: skip
    assert now == kept[-1].id


def test_whoever_is_not_logged_in_gets_files_of_public_items_in_service_alone(app: Flask, county: County) -> None:
    upload(at_work(app, "admin"), materials(county)[0].id, "form", "空白申请表.pdf")
    assert app.test_client().get("/item-files/I12/1/form").status_code == 302
    county.session.rollback()
    scope.bind(county.session, None)
    found = item_file(county.session, "I12", 1, "form")
    assert found is not None
    assert found.name == "空白申请表.pdf"
    for place in (("I12", 1, "sample"), ("I12", 9, "form"), ("I12", 1, "scan"), ("I99", 1, "form")):
        assert item_file(county.session, *place) is None
    for closed in ({"is_public": False}, {"is_active": False}, {"is_public": False, "is_secret": True}):
        with scope.unscoped(county.session):
            county.session.execute(update(Item).where(Item.code == "I12").values(**closed))
        assert item_file(county.session, "I12", 1, "form") is None
        county.session.rollback()


def test_a_published_change_of_the_list_keeps_the_files_of_its_lines(app: Flask, county: County) -> None:
    from app.engine.publication import content_of, publish

    material = materials(county)[0].id
    upload(at_work(app, "admin"), material, "form", "空白申请表.pdf")
    county.session.rollback()
    item = county.session.scalars(select(Item).where(Item.code == "I12")).one()
    content = content_of(item)
    content["materials"][0]["name"] = "林木采伐申请表"
    publish(county.session, content, "admin", "", item)
    county.session.commit()
    assert county.session.get_one(ItemMaterial, material).blank_form_id is not None
