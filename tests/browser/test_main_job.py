"""The main job in a browser, by the people it takes: from the counter of a town to a signed receipt."""

from __future__ import annotations

import pytest

from tests.browser.people import Person, examines, makes_the_certificate, receives
from tests.factories import APPLICANT


@pytest.mark.timeout(300)
@pytest.mark.req(1)
def test_the_main_job_in_a_browser(county, new_page, papers):
    receiver = Person(new_page(), "clerk.town")
    page = receiver.page
    page.click("text=登记办件")
    page.click("#field-item-ts-control")
    page.keyboard.type("I12")
    page.wait_for_selector(".ts-dropdown .option:has-text('示例事项I12')")
    page.keyboard.press("Enter")
    receiver.chooses(applicant_type="1", id_type="resident_id")
    receiver.types(applicant_name=APPLICANT["name"], id_no=APPLICANT["id_no"][:-1] + "0", phone="19900000001")
    page.press("[name=phone]", "Enter")
    assert "登记" in page.inner_text("h1")  # a card reader's Enter sends nothing
    page.click("form.card [type=submit]")
    assert "校验" in page.inner_text(".error-summary")
    assert page.input_value("[name=applicant_name]") == APPLICANT["name"]
    receiver.types(id_no=APPLICANT["id_no"]).sends("登记", "登记")
    assert APPLICANT["id_no"] not in page.content()

    receives(receiver, papers)
    assert "收件凭证" in page.inner_text("[aria-labelledby=documents]")
    assert page.locator(".action-bar a", has_text="受理").count() == 0

    approver = Person(new_page(), "approver")
    examines(approver)
    assert "承诺时限" in approver.page.inner_text("[aria-labelledby=clocks]")

    head = Person(new_page(), "head")
    head.takes_up("decision", "准予许可").types(content="准予采伐相思树十立方米")
    head.page.check("[name=long_term]")
    assert head.page.is_hidden("[name=valid_to]")
    head.sends("准予许可", "准予", asked=True)

    maker = Person(new_page(), "cert")
    makes_the_certificate(maker, "TCLY2026001", papers)
    assert "林木采伐许可证.pdf" in maker.page.inner_text("[aria-labelledby=files]")

    issuer = Person(new_page(), "clerk2.town")
    issuer.takes_up("results-to-confirm", "接收").sends("接收", "已交接窗口")
    issuer.takes_up("issuing", "出件送达").chooses(relation="self").types(signer=APPLICANT["name"], id_last4="1230")
    issuer.uploads("signature", papers["signature"])
    issuer.page.click("form.card [type=submit]")
    assert "后四位" in issuer.page.inner_text(".error-summary")
    assert "签名.png" in issuer.page.inner_text("form.card")  # uploaded once, and kept
    issuer.types(id_last4="1239").sends("出件送达", "已送达签收")
    assert "送达回证" in issuer.page.inner_text("[aria-labelledby=documents]")

    receiver.takes_up("archive", "归档").sends("归档", "已送达签收")
    assistant = Person(new_page(), "assistant")
    assistant.takes_up("archive-check", "归档确认")
    assistant.page.check("[name=checked]")
    assistant.sends("归档确认", "已送达签收")
    assert "已归档" in assistant.page.inner_text("[aria-labelledby=archive]")
    for person in (receiver, approver, head, maker, issuer, assistant):
        person.page.goto("/")
        assert person.page.locator("table.desk").count() == 0
