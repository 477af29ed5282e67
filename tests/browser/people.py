"""People at work in a browser, and what each of them does in the course of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import APPLICANT
from tests.web.logins import PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

Papers = dict[str, "Path"]


def log_in(page, username: str) -> None:
    """By the form, until the menu is there."""
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector(".shell")


class Person:
    """Somebody at work at an own browser, who goes on from what lies on the desk."""

    def __init__(self, page, username: str) -> None:
        self.page = page
        self.complaints = heard(page)
        log_in(page, username)
        page.wait_for_selector("h1:has-text('我的工作台')")

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


def heard(page) -> list[str]:
    """What the browser complains about from now on, a refused form aside."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "422" not in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def says_who_applies(clerk: Person) -> None:
    """An adult with the identity card, at the form of registration."""
    clerk.chooses(applicant_type="1", id_type="resident_id")
    clerk.types(applicant_name=APPLICANT["name"], id_no=APPLICANT["id_no"], phone="19900000001")


def receives(clerk: Person, papers: Papers) -> None:
    """All papers taken and scanned; the result is to be had at this window."""
    clerk.opens("收件")
    clerk.chooses(materials__0__status="taken", materials__1__status="taken", materials__2__status="not_applicable")
    clerk.chooses(materials__1__form="copy", identity_checked="reader", delivery_mode="window", sent_as="scans")
    clerk.page.check("[name='materials.1.copy_verified']")
    clerk.uploads("materials.0.file", papers["scan"])
    clerk.uploads("materials.1.file", papers["scan"]).sends("收件", "已收件")


def examines(approver: Person) -> None:
    """From the file that came to the proposal to grant."""
    approver.takes_up("files", "确认收到材料").sends("确认收到材料", "已收件")
    approver.takes_up("acceptance", "受理").types(opinion="材料齐全，符合法定形式").sends("受理", "已受理")
    approver.takes_up("review", "审查").chooses(materials__0__result="pass", materials__1__result="pass", conclusion="grant")
    approver.types(opinion="经审查符合条件，建议准予").sends("审查", "已受理")


def grants(head: Person, content: str) -> None:
    head.takes_up("decision", "准予许可").types(content=content)
    head.page.check("[name=long_term]")
    head.sends("准予许可", "准予", asked=True)


def makes_the_certificate(maker: Person, number: str, papers: Papers) -> None:
    maker.takes_up("certificates", "制证并扫描").types(cert_no=number).uploads("scan", papers["certificate"])
    maker.sends("制证并扫描", "已制证扫描").opens("移交").sends("移交", "已制证扫描")


def hands_out(issuer: Person, papers: Papers) -> None:
    """From the confirmed slip to the signature of whoever applied."""
    issuer.takes_up("results-to-confirm", "接收").sends("接收", "已交接窗口")
    issuer.takes_up("issuing", "出件送达").chooses(relation="self").types(signer=APPLICANT["name"], id_last4="1239")
    issuer.uploads("signature", papers["signature"]).sends("出件送达", "已送达签收")
