"""The window's forms: what may follow is asked where it is judged so, what is registered is shown masked."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from app.models.correction import OwedMaterial
from app.models.custody import Piece
from app.models.trail import Document
from tests.factories import APPLICANT, FILES, Line, tolerant
from tests.web.at_work import at_work, fields_of, send_act

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.factories import County

JUDGED = {
    "materials.0.status": "taken", "materials.1.status": "shared", "materials.2.status": "not_applicable",
    "identity_checked": "reader", "delivery_mode": "window", "sent_as": "paper",
}  # fmt: skip


@pytest.fixture
def town(county: County) -> County:
    """A staffed county that lets a plan follow."""
    tolerant(county)
    return county


def upload() -> tuple[BytesIO, str]:
    return BytesIO(FILES["application/pdf"][1]), "扫描件.pdf"


def summary(page: TestResponse) -> list[str]:
    """The complaints on top."""
    box = re.search(r'<div class="error-summary".*?</div>', page.text, re.DOTALL)
    assert box is not None
    return [unescape(re.sub(r"<[^>]+>", "", each)) for each in re.findall(r"<li>(.*?)</li>", box[0], re.DOTALL)]


def test_a_material_that_may_follow_is_asked_for_where_it_is_judged_so(app: Flask, town: County) -> None:
    line = Line(town, item="I06").register()
    client, address = at_work(app, "clerk.town"), f"/application/{line.id}/act/receive"
    page = client.get(address)
    assert page.text.count('data-show-if="materials.3.status=tolerated"') == 3  # the table, its line, the commitment
    assert fields_of(page)["owed.0.due"] == "2026-03-09"
    assert f"/application/{line.id}/act/notify" in page.text

    bare = send_act(client, address, **JUDGED, **{"materials.3.status": "tolerated"})
    assert summary(bare)[0] == "Say what is to be supplied of «平面图», how and by when."
    assert summary(bare)[1].startswith("Signed commitment to supply: The applicant commits in writing")

    told = {"materials.3.status": "tolerated", "owed.0.requirement": "按比例绘制", "commitment.upload": upload()}
    done = send_act(client, address, **JUDGED, **told)
    assert done.status_code == 303, summary(done)
    [owed] = town.rows(OwedMaterial, line.id)
    assert (owed.how, owed.due_on.isoformat()) == ("window", "2026-03-09")
    shown = client.get(f"/application/{line.id}").text
    assert "1 still owed" in shown
    assert "Owed material: 平面图" in shown
    assert f"/application/{line.id}/act/collect_supplement" in shown
    assert "示例事项I06" in client.get("/desk/owed").text


def test_the_commitment_to_be_signed_is_printed_before_the_papers_are_taken(app: Flask, town: County) -> None:
    line = Line(town, item="I06").register()
    client, address = at_work(app, "clerk.town"), f"/commitment-form/{line.id}.pdf"
    assert f'href="{address}"' in client.get(f"/application/{line.id}/act/receive").text
    sheet = client.get(address)
    assert sheet.status_code == 200, sheet.text
    said = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(sheet.data)).pages).split())
    for words in ("容缺受理承诺书", "示例事项I06", "□平面图", "□窗口提交", "不迟于2026年3月9日", "承诺人（签名）", "请求先行收件办理"):
        assert words in said, words
    assert "申请表" not in said  # a core material never follows
    assert "盖章" not in said  # a form to be signed is no paper of the county
    assert town.rows(Document, line.id) == []
    for who in ("clerk.hall", "approver", "supervisor"):
        assert at_work(app, who).get(address).status_code == 404, who
    line.receive("paper")
    assert client.get(address).status_code == 404
    nothing_follows = Line(town).register()
    assert client.get(f"/commitment-form/{nothing_follows.id}.pdf").status_code == 404


def test_a_supplement_that_came_while_a_file_was_on_its_way_lies_on_the_desk_until_it_is_sent(
    app: Flask, town: County
) -> None:
    line = Line(town, item="I06").register().receive("paper").collect()
    client = at_work(app, "clerk.town")
    assert "示例事项I06" not in client.get("/desk/supplements").text
    line.confirm_file()
    assert f"/application/{line.id}/act/send_file" in client.get("/desk/supplements").text
    assert send_act(client, f"/application/{line.id}/act/send_file", sent_as="paper").status_code == 303
    assert "示例事项I06" not in client.get("/desk/supplements").text


def test_where_nothing_may_follow_nothing_is_asked_about_it(app: Flask, town: County) -> None:
    line = Line(town).register()
    page = at_work(app, "clerk.town").get(f"/application/{line.id}/act/receive").text
    assert "commitment" not in page
    assert 'value="tolerated"' not in page


def test_a_notice_of_nothing_is_sent_back_with_the_name_of_the_list_that_is_empty(app: Flask, town: County) -> None:
    line = Line(town).register()
    page = send_act(at_work(app, "clerk.town"), f"/application/{line.id}/act/notify")
    assert page.status_code == 422
    assert summary(page) == ["«Materials missing or wrong»: fill in at least 1."]


def test_a_window_that_sends_scans_has_scanned_what_it_took(app: Flask, town: County) -> None:
    line = Line(town).register()
    client, address = at_work(app, "clerk.town"), f"/application/{line.id}/act/receive"
    as_scans = JUDGED | {"sent_as": "scans"}
    page = send_act(client, address, **as_scans)
    assert page.status_code == 422
    assert summary(page) == ["申请表, Scan: Attach the file: the office gets this material no other way."]
    assert send_act(client, address, **as_scans, **{"materials.0.file.upload": upload()}).status_code == 303


def test_everything_that_is_wrong_with_a_registration_is_said_at_once(app: Flask, town: County) -> None:
    typed = {"item": "I12", "applicant_type": "2", "applicant_name": "示例", "id_type": "resident_id", "phone": "12",
             "id_no": APPLICANT["id_no"][:-1] + "0", "relation": "change"}  # fmt: skip
    page = send_act(at_work(app, "clerk.town"), "/application/new", **typed)
    assert {each.partition(":")[0] for each in summary(page)} == {
        "ID type", "ID number", "Mobile phone", "Legal representative", "Number of the earlier application",
    }  # fmt: skip


def test_the_form_of_an_amendment_begins_with_what_is_registered_and_shows_no_number_in_full(
    app: Flask, town: County
) -> None:
    line = Line(town).register()
    client, address = at_work(app, "clerk.town"), f"/application/{line.id}/act/amend"
    page = client.get(address)
    begun = fields_of(page)
    assert (begun["applicant_name"], begun["applicant_type"], begun["id_no"]) == (APPLICANT["name"], "1", "")
    assert "Now 469***********1239; left blank, it stays." in unescape(page.text)
    assert APPLICANT["id_no"] not in page.text

    nothing = send_act(client, address, reason="登记时录入有误")
    assert summary(nothing) == ["Nothing would be different."]
    assert send_act(client, address, reason="登记时录入有误", applicant_name="示例乙").status_code == 303
    shown = client.get(f"/application/{line.id}").text
    assert "示例乙" in shown
    assert f"Before: Applicant: {APPLICANT['name']}" in shown


def test_after_receipt_an_amendment_asks_for_phone_and_address_alone(app: Flask, town: County) -> None:
    line = Line(town).until("received")
    begun = fields_of(at_work(app, "clerk.town").get(f"/application/{line.id}/act/amend"))
    assert {"phone", "address", "reason"} <= begun.keys()
    assert not {"applicant_name", "id_no", "relation", "agent.name"} & begun.keys()


def test_a_withdrawal_begins_with_the_originals_ticked(app: Flask, town: County) -> None:
    line = Line(town).register().receive("paper")
    client, address = at_work(app, "clerk.town"), f"/application/{line.id}/act/withdraw"
    page = client.get(address).text
    [form, identity] = town.rows(Piece, line.id)
    ticks = {
        found[1]: "checked" in found[0]
        for found in re.finditer(r'<input[^>]*name="returned"[^>]*value="(\d+)"[^>]*>', page)
    }
    assert ticks == {str(form.id): True, str(identity.id): False}
    assert send_act(client, address, **{"request.upload": upload(), "returned": [str(form.id)]}).status_code == 303
    town.session.rollback()
    assert town.rows(Piece, line.id)[0].holder == "applicant"


def test_what_is_owed_is_collected_handed_over_and_ticked_by_forms(app: Flask, town: County) -> None:
    line = Line(town, item="I06").register().receive().confirm_file().accept().review().grant().make_certificate()
    [owed] = line.open_owed()
    cert, clerk = at_work(app, "cert"), at_work(app, "clerk2.town")
    page = cert.get(f"/application/{line.id}/act/hand_over")
    assert fields_of(page)["collect.0.requirement"] == "按比例绘制，标明各功能间"
    assert send_act(cert, f"/application/{line.id}/act/hand_over").status_code == 303
    assert send_act(clerk, f"/application/{line.id}/act/confirm_handover").status_code == 303
    refused = clerk.get(f"/application/{line.id}/act/issue")
    assert (refused.status_code, "Still owed: 平面图." in refused.text) == (409, True)

    page = clerk.get(f"/application/{line.id}/act/collect_supplement")
    assert (fields_of(page)["owed_id"], fields_of(page)["how"]) == (str(owed.id), "window")
    told = {"form": "electronic"}
    assert summary(send_act(clerk, f"/application/{line.id}/act/collect_supplement", **told))[0].startswith("Scan:")
    assert send_act(clerk, f"/application/{line.id}/act/collect_supplement", form="original").status_code == 303

    signed = {"signer": APPLICANT["name"], "relation": "self", "id_last4": "1239"}
    page = send_act(clerk, f"/application/{line.id}/act/issue", **signed, **{"signature.upload": upload()})
    assert summary(page)[0].startswith("Collected or compared, as the handover slip asks:")
    signed |= {"signature.upload": upload(), "ticks": [str(owed.id)]}
    assert send_act(clerk, f"/application/{line.id}/act/issue", **signed).status_code == 303
    town.session.rollback()
    assert town.application(line.id).state == "delivered"
