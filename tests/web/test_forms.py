"""The forms of acts: made from their schemas, kept when refused, and done by the one engine."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select

from app.errors import Busy
from app.models.application import ApplicationMaterial
from app.models.trail import Event, RefusedAct, StoredFile
from app.web import act_page
from tests.factories import APPLICANT, Line
from tests.web.at_work import at_work, fields_of, send_act

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
PERSON = {
    "item": "I12", "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id",
    "id_no": APPLICANT["id_no"], "phone": "19900000001", "relation": "new",
}  # fmt: skip
RECEIPT = {
    "materials.0.status": "taken", "materials.1.status": "shared", "materials.2.status": "not_applicable",
    "identity_checked": "reader", "delivery_mode": "window", "sent_as": "paper",
}  # fmt: skip


def sentences(page) -> list[str]:
    """The complaints beside the fields."""
    return [unescape(each) for each in re.findall(r'<p class="field-error">(.*?)</p>', page.text)]


def summary(page) -> list[str]:
    """The complaints on top."""
    box = re.search(r'<div class="error-summary".*?</div>', page.text, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", each)) for each in re.findall(r"<li>(.*?)</li>", box[0], re.DOTALL)] if box else []


def test_a_clerk_registers_and_comes_to_the_page_of_the_application(app, county):
    client = at_work(app, "clerk.town")

    answer = send_act(client, "/application/new", **PERSON)

    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "Done: Register." in page.text
    assert "示例事项I12" in page.text


def test_a_wrong_check_digit_is_said_at_its_field_and_on_top_and_nothing_typed_is_lost(app, county):
    wrong = APPLICANT["id_no"][:-1] + "0"

    page = send_act(at_work(app, "clerk.town"), "/application/new", **PERSON | {"id_no": wrong})

    assert page.status_code == 422
    assert len(sentences(page)) == len(summary(page)) == 1
    assert "last character does not fit" in sentences(page)[0]
    assert summary(page)[0].startswith("ID number: ")
    assert '<a href="#field-id_no">' in page.text
    kept = fields_of(page)
    assert (kept["id_no"], kept["applicant_name"], kept["item"]) == (wrong, APPLICANT["name"], "I12")


def test_every_complaint_is_made_at_once(app, county):
    page = send_act(at_work(app, "clerk.town"), "/application/new", **PERSON | {"applicant_name": "", "phone": "12"})

    assert [each.partition(":")[0] for each in summary(page)] == ["Applicant", "Mobile phone"]


def test_an_agent_is_folded_away_until_something_is_typed_there(app, county):
    client = at_work(app, "clerk.town")
    assert '<details class="fold field-wide" id="field-agent">' in client.get("/application/new").text

    page = send_act(client, "/application/new", **PERSON | {"agent.name": "示例乙"})

    assert '<details class="fold field-wide" id="field-agent" open>' in page.text
    assert "Agent's ID number: This is needed." in summary(page)


def test_items_are_searched_among_the_active_ones_and_in_towns_the_fronted_ones(app, county):
    codes = {
        who: {each["id"] for each in at_work(app, who).get("/application/items/-?q=事项").json}
        for who in ("clerk.hall", "clerk.town")
    }

    assert codes["clerk.hall"] == {"I04", "I05", "I12", "I13"}
    assert codes["clerk.town"] == {"I04", "I05", "I12"}


def test_a_form_for_an_item_that_is_not_taken_here_says_so_and_asks_for_nothing(app, county):
    refusal = "This item is not fronted to the town centres; it is taken at the county hall."
    town = at_work(app, "clerk.town")

    page = town.get("/application/new?item=I13")
    assert (page.status_code, refusal in page.text) == (403, True)
    assert 'data-draft="register"' not in page.text
    assert fields_of(town.get("/application/new?item=I12"))["item"] == "I12"
    assert fields_of(at_work(app, "clerk.hall").get("/application/new?item=I13"))["item"] == "I13"

    # whoever chose it in the form chooses another there
    sent = send_act(town, "/application/new", **PERSON | {"item": "I13"})
    assert (sent.status_code, refusal in sent.text) == (403, True)
    assert 'data-draft="register"' in sent.text


def test_the_item_chosen_is_always_among_the_answers(app, county):
    found = at_work(app, "clerk.town").get("/application/items/I12?q=I04").json

    assert [each["id"] for each in found] == ["I12", "I04"]


def test_no_item_is_chosen_beforehand(app, county):
    assert fields_of(at_work(app, "clerk.town").get("/application/new"))["item"] == ""


def test_the_checklist_has_a_row_for_each_material_with_the_judgements_its_list_allows(app, county):
    line = Line(county).register()

    page = at_work(app, "clerk.town").get(f"/application/{line.id}/act/receive").text

    offered = [re.findall(rf'name="materials.{i}.status" value="(\w+)"', page) for i in range(3)]
    assert offered == [["taken"], ["taken", "shared"], ["taken", "not_applicable"]]
    assert "pickup" not in page


def test_papers_are_received_by_the_form(app, county):
    line = Line(county).register()

    answer = send_act(at_work(app, "clerk.town"), f"/application/{line.id}/act/receive", **RECEIPT)

    assert answer.status_code == 303
    assert county.application(line.id).state == "received"
    assert [m.status for m in county.rows(ApplicationMaterial, line.id)] == ["taken", "shared", "not_applicable"]


def test_a_complaint_about_a_row_stands_in_that_row(app, county):
    line = Line(county).register()
    typed = RECEIPT | {"materials.1.status": "taken", "materials.1.form": "copy", "materials.1.pieces": "0"}

    page = send_act(at_work(app, "clerk.town"), f"/application/{line.id}/act/receive", **typed)

    assert summary(page) == [
        "身份证明, Pieces: Count the pieces of «身份证明».",
        "身份证明, Copy compared with the original: Compare the copy of «身份证明» with its original.",
    ]
    assert '<a href="#field-materials.1.copy_verified">' in page.text


def test_an_upload_survives_a_refused_form_by_its_name(app, county):
    line = Line(county).register()
    client, address = at_work(app, "clerk.town"), f"/application/{line.id}/act/receive"
    typed = RECEIPT | {"identity_checked": "", "materials.0.file.upload": (BytesIO(PNG), "申请表.png")}

    page = send_act(client, address, **typed)

    assert page.status_code == 422
    assert "申请表.png" in page.text
    again = client.post(address, data={**fields_of(page), **RECEIPT})
    assert again.status_code == 303
    stored = next(each for each in county.rows(StoredFile, line.id) if each.name == "申请表.png")
    assert county.rows(ApplicationMaterial, line.id)[0].file_id == stored.id


def test_a_file_that_is_not_taken_in_is_a_complaint_like_another(app, county):
    line = Line(county).register()
    typed = RECEIPT | {"materials.0.file.upload": (BytesIO(b"<html>"), "申请表.png")}

    page = send_act(at_work(app, "clerk.town"), f"/application/{line.id}/act/receive", **typed)

    assert page.status_code == 422
    assert summary(page)[0].startswith("申请表, Scan: Only PDF, JPG and PNG files are taken in")
    assert county.application(line.id).state == "draft"


def test_a_notice_tells_only_of_the_rows_that_were_marked(app, county):
    line = Line(county).register()
    typed = {"lines.1.status": "missing", "lines.1.requirement": "请补交身份证复印件"}

    answer = send_act(at_work(app, "clerk.town"), f"/application/{line.id}/act/notify", **typed)

    assert answer.status_code == 303
    told = next(each for each in county.rows(Event, line.id) if each.act == "notify").payload["lines"]
    assert [each["requirement"] for each in told] == ["请补交身份证复印件"]


def test_a_complaint_finds_its_row_though_others_were_not_sent(app, county):
    line = Line(county).register()

    page = send_act(at_work(app, "clerk.town"), f"/application/{line.id}/act/notify", **{"lines.1.status": "missing"})

    assert summary(page) == ["身份证明, What to bring or put right: This is needed."]


def test_a_slip_is_counted_as_complete_until_somebody_says_otherwise(app, county):
    line = Line(county).until("received")

    answer = send_act(at_work(app, "approver"), f"/application/{line.id}/act/confirm_file")

    assert answer.status_code == 303
    assert line.county.rows(Event, line.id)[-1].act == "confirm_file"


def test_the_whole_way_is_done_by_forms(app, county):
    line = Line(county).register()
    people = {who: at_work(app, who) for who in ("clerk.town", "clerk2.town", "approver", "head", "cert", "assistant")}

    def do(who: str, act: str, **typed: object) -> None:
        answer = send_act(people[who], f"/application/{line.id}/act/{act}", **typed)
        assert answer.status_code == 303, (act, summary(answer), sentences(answer))

    do("clerk.town", "receive", **RECEIPT)
    do("approver", "confirm_file")
    do("approver", "accept", opinion="材料齐全")
    do("approver", "review", **{"materials.0.result": "pass", "conclusion": "grant", "opinion": "经审查符合条件"})
    do("head", "grant", content="准予采伐", long_term="true")
    do("cert", "make_certificate", cert_no="TC-1", **{"scan.upload": (BytesIO(b"%PDF-1.7\n%%EOF"), "证照.pdf")})
    do("cert", "hand_over")
    do("clerk2.town", "confirm_handover")
    do("clerk2.town", "issue", signer=APPLICANT["name"], relation="self", id_last4="1239",
       **{"signature.upload": (BytesIO(PNG), "签名.png")})  # fmt: skip
    do("clerk.town", "archive")
    do("assistant", "confirm_archive", checked="true")

    assert county.application(line.id).state == "delivered"
    assert county.application(line.id).next_due_at is None


def test_a_stale_form_is_refused_with_who_and_when_and_keeps_what_was_typed(app, county):
    line = Line(county).until("confirmed")
    client, address = at_work(app, "approver"), f"/application/{line.id}/act/reject"
    page = client.get(address)
    line.do("clerk2.town", "change_delivery", delivery_mode="window", asked="phone")

    typed = {"reason_code": "barred", "facts": "已经写了很长的一段事实说明", "reasons": "已经写了理由", "legal_basis": "第五条"}
    stale = client.post(address, data={**fields_of(page), **typed})

    assert stale.status_code == 409
    assert "示clerk2.town did «Change delivery» at 03-02 10:00 in the meantime." in unescape(stale.text)
    assert fields_of(stale)["facts"] == "已经写了很长的一段事实说明"
    assert fields_of(stale)["version"] == str(county.application(line.id).version)


def test_an_act_somebody_else_did_meanwhile_is_not_offered_again(app, county):
    line = Line(county).until("confirmed")
    client, address = at_work(app, "approver"), f"/application/{line.id}/act/accept"
    page = client.get(address)
    line.accept("approver2")

    late = client.post(address, data={**fields_of(page), "opinion": "材料齐全"})

    assert late.status_code == 409
    assert "示approver2 did «Accept»" in unescape(late.text)
    assert 'name="opinion"' not in late.text


def test_the_same_form_sent_twice_does_one_act(app, county):
    line = Line(county).until("confirmed")
    client, address = at_work(app, "approver"), f"/application/{line.id}/act/accept"
    sent = {**fields_of(client.get(address)), "opinion": "材料齐全"}

    answers = [client.post(address, data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [each.act for each in county.rows(Event, line.id)].count("accept") == 1


def test_a_busy_database_loses_nothing_that_was_typed(app, county, monkeypatch):
    line = Line(county).until("confirmed")
    client, address = at_work(app, "approver"), f"/application/{line.id}/act/accept"
    sent = {**fields_of(client.get(address)), "opinion": "材料齐全"}

    def busy(*args: object) -> None:
        raise Busy

    monkeypatch.setattr(act_page, "conduct", busy)
    page = client.post(address, data=sent)

    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert fields_of(page) == sent


@pytest.mark.parametrize(
    ("who", "act", "status", "sentence"),
    [
        ("approver", "accept", 409, "Confirm first that the file arrived complete."),
        ("approver", "grant", 409, "This application is Papers received now; «Grant licence» cannot be done in this state."),
        ("clerk2.town", "receive", 409, "This application is Papers received now"),
        ("supervisor", "accept", 403, "Your role does not include «Accept»."),
    ],
)
def test_a_form_that_would_be_refused_says_why_instead(app, county, who, act, status, sentence):
    line = Line(county).until("received")

    page = at_work(app, who).get(f"/application/{line.id}/act/{act}")

    assert page.status_code == status
    assert sentence in unescape(page.text)
    assert "idempotency_key" not in page.text


def test_a_forbidden_act_sent_all_the_same_is_refused_and_recorded(app, county, session):
    line = Line(county).until("received")
    client = at_work(app, "supervisor")
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get(f"/application/{line.id}").text)[1]

    answer = client.post(
        f"/application/{line.id}/act/accept", data={"csrf_token": token, "version": "2", "opinion": "材料齐全"}
    )

    assert answer.status_code == 403
    session.rollback()
    assert [row.act for row in session.scalars(select(RefusedAct))] == ["accept"]


def test_a_form_from_elsewhere_is_refused(app, county):
    line = Line(county).until("confirmed")

    answer = at_work(app, "approver").post(f"/application/{line.id}/act/accept", data={"version": "2", "opinion": "好的"})

    assert answer.status_code == 400
    assert county.application(line.id).state == "received"


def test_an_act_that_does_not_exist_is_not_found(app, county):
    line = Line(county).until("received")

    for act in ("nothing", "register", "take_ticket"):
        assert at_work(app, "approver").get(f"/application/{line.id}/act/{act}").status_code == 404
