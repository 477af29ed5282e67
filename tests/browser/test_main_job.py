"""The main job in a browser, by the people it takes: from the counter of a town to a signed receipt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import APPLICANT
from tests.web.logins import PASSWORD
from tests.web.staffed import staffed

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40


@pytest.fixture
def county(session):
    """A county whose people may log in."""
    return staffed(session)


class Person:
    """Somebody at work at an own browser, who goes on from what lies on the desk."""

    def __init__(self, page, username: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto("/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_selector("h1:has-text('我的工作台')")

    def _hear(self, message) -> None:
        """What the browser complains about, a refused form aside."""
        if message.type == "error" and "422" not in message.text:
            self.complaints.append(message.text)

    def takes_up(self, pile: str, act: str) -> Person:
        """Open the form of the first application in a pile."""
        self.page.goto("/")
        self.page.locator(f"[aria-labelledby=desk-{pile}] tbody a.btn").first.click()
        self.page.wait_for_selector(f"h1:has-text('{act}')")
        return self

    def opens(self, act: str) -> Person:
        """Go on with another act on the same application."""
        self.page.click(f".action-bar a:has-text('{act}')")
        self.page.wait_for_selector(f"h1:has-text('{act}')")
        return self

    def types(self, **values: str) -> Person:
        for name, value in values.items():
            self.page.fill(f"[name='{name}']", value)
        return self

    def chooses(self, **values: str) -> Person:
        """Choose, as `materials__0__status` for a field of a line."""
        for name, value in values.items():
            path = name.replace("__", ".")
            radio = self.page.locator(f"input[type=radio][name='{path}'][value='{value}']")
            if radio.count():
                radio.check()
            else:
                self.page.select_option(f"select[name='{path}']", value)
        return self

    def uploads(self, name: str, file: Path) -> Person:
        self.page.set_input_files(f"[name='{name}.upload']", file)
        return self

    def sends(self, act: str, state: str, *, asked: bool = False) -> Person:
        """Send the form; the page of the application says what was done and where it stands."""
        self.page.click("form.card [type=submit]")
        if asked:
            self.page.click("#ask [value=yes]")
        self.page.wait_for_selector(f"text=已办理：{act}")
        assert state in self.page.inner_text("h1")
        assert self.complaints == []
        return self


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """What is scanned at the counter."""
    found = {"scan": tmp_path / "申请表.pdf", "certificate": tmp_path / "林木采伐许可证.pdf", "signature": tmp_path / "签名.png"}
    for name, path in found.items():
        path.write_bytes(PNG if name == "signature" else PDF)
    return found


@pytest.mark.timeout(300)
@pytest.mark.req(1)
def test_the_main_job_in_a_browser(county, new_page, papers):  # noqa: PLR0915  (one journey)
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

    receiver.opens("收件")
    receiver.chooses(materials__0__status="taken", materials__1__status="taken", materials__2__status="not_applicable")
    receiver.chooses(materials__1__form="copy", identity_checked="reader", delivery_mode="window", sent_as="scans")
    page.check("[name='materials.1.copy_verified']")
    receiver.uploads("materials.0.file", papers["scan"])
    receiver.uploads("materials.1.file", papers["scan"]).sends("收件", "已收件")
    assert "收件凭证" in page.inner_text("[aria-labelledby=documents]")
    assert page.locator(".action-bar a", has_text="受理").count() == 0

    approver = Person(new_page(), "approver")
    approver.takes_up("files", "确认收到材料").sends("确认收到材料", "已收件")
    approver.takes_up("acceptance", "受理").types(opinion="材料齐全，符合法定形式").sends("受理", "已受理")
    assert "承诺时限" in approver.page.inner_text("[aria-labelledby=clocks]")
    approver.takes_up("review", "审查").chooses(materials__0__result="pass", materials__1__result="pass", conclusion="grant")
    approver.types(opinion="经审查符合条件，建议准予").sends("审查", "已受理")

    head = Person(new_page(), "head")
    head.takes_up("decision", "准予许可").types(content="准予采伐相思树十立方米")
    head.page.check("[name=long_term]")
    assert head.page.is_hidden("[name=valid_to]")
    head.sends("准予许可", "准予", asked=True)

    maker = Person(new_page(), "cert")
    maker.takes_up("certificates", "制证并扫描").types(cert_no="TCLY2026001").uploads("scan", papers["certificate"])
    maker.sends("制证并扫描", "已制证扫描").opens("移交").sends("移交", "已制证扫描")
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
