"""A visit in a browser: a number from the machine, called on the screen, served and registered at the window."""

from __future__ import annotations

import pytest

from app.engine.now import now
from tests.factories import APPLICANT
from tests.stages.ticketing.hall import events, tickets, wrong
from tests.web.logins import PASSWORD
from tests.web.staffed import staffed


@pytest.fixture
def county(session):
    """A county whose people may log in."""
    return staffed(session)


def begins_work(page, username: str) -> None:
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("h1:has-text('我的工作台')")


def says_who_applies(page) -> None:
    page.select_option("[name=applicant_type]", "1")
    page.select_option("[name=id_type]", "resident_id")
    page.fill("[name=applicant_name]", APPLICANT["name"])
    page.fill("[name=id_no]", APPLICANT["id_no"])
    page.fill("[name=phone]", "19900000001")


def test_a_visit_from_the_machine_to_the_registered_application(new_page, county):
    complaints: list[str] = []

    def open_page():
        page = new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    machine, screen, window = open_page(), open_page(), open_page()
    machine.goto("/kiosk/town")
    machine.dblclick(".kiosk-item:has-text('示例事项I12')")  # a double click is one number
    machine.wait_for_url("**/slip/*")
    said = machine.inner_text(".slip")
    for words in ("枫木镇便民服务中心", "A001", "A 区", "T01", "前面等候人数", "10:00", "过号"):
        assert words in said, words
    machine.emulate_media(media="print")
    assert machine.is_hidden(".public-bar")
    assert machine.is_hidden("text=再次打印")

    screen.goto("/queue/town")
    assert "A001" not in screen.inner_text(".queue-waits + *, .queue-none")

    begins_work(window, "clerk.town")
    window.click("a:has-text('您的窗口空闲')")
    assert "A001" in window.inner_text("[aria-labelledby=waiting]")
    window.keyboard.press("c")  # without the mouse
    window.wait_for_selector(".counter-number:has-text('A001')")
    screen.wait_for_selector(".queue-now:has-text('A001')", timeout=15_000)  # by itself
    assert "T01" in screen.inner_text(".queue-now")
    window.keyboard.press("r")
    window.wait_for_selector(".counter-number:has-text('A001')")
    window.keyboard.press("s")
    window.wait_for_selector(".counter-number:has-text('办理中')")

    window.click("a[data-key=G]")
    window.wait_for_selector("h1:has-text('登记')")
    assert window.eval_on_selector("[name=ticket_id]", "e => e.selectedOptions[0].text") == "A001"
    assert window.input_value("[name=item]") == "I12"
    says_who_applies(window)
    window.click("form.card [type=submit]")
    window.wait_for_url("**/application/*")
    window.goto("/counter/")
    assert "示例事项I12" in window.inner_text("[aria-labelledby=now] .documents")
    window.keyboard.press("f")
    window.wait_for_selector(".counter-number:has-text('空闲')")
    [ticket] = tickets(county)
    assert (ticket.number, ticket.state, ticket.calls, ticket.finished_at) == ("A001", "finished", 2, now())
    assert [event.act for event in events(county, ticket.id)] == [
        "take_ticket", "call_ticket", "call_ticket_again", "serve_ticket", "finish_ticket",
    ]  # fmt: skip
    assert wrong(county) == []
    assert complaints == []
