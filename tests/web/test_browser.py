"""The first page and the menu, in a real browser."""

from playwright.sync_api import Page, expect

from tests.browser.people import log_in
from tests.factories import County


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


def test_of_a_long_menu_one_sees_where_one_is(page: Page, county: County):
    page.set_viewport_size({"width": 1440, "height": 500})
    log_in(page, "clerk.hall")
    last = page.locator("a.nav-link").last
    last.click()
    here = page.locator("a.nav-link[aria-current]")
    expect(here).to_have_text(last.inner_text())
    expect(here).to_be_in_viewport()


def test_a_touch_beside_the_open_menu_of_a_phone_closes_it_and_does_nothing_else(page: Page, county: County):
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, "clerk.hall")
    page.goto("/applications/list/")
    page.click("[data-switch=sidebar]")
    expect(page.locator("#sidebar")).to_be_in_viewport()
    page.mouse.click(380, 30)  # upon what else would open a menu of its own
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    expect(page.locator("[data-switch=sidebar]")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("details.menu[open]")).to_have_count(0)
