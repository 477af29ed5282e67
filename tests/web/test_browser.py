"""The first page, in a real browser."""

from playwright.sync_api import Page, expect


def test_a_visitor_is_asked_to_log_in_and_told_when_the_password_is_wrong(page: Page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/login/")
    page.locator("input[name=username]").fill("nobody")
    page.locator("input[name=password]").fill("not the password")
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("input[name=username]")).to_have_value("nobody")
    assert complaints == []
