"""Next year's calendar in a browser: the draft is ticked, what it moves is read, it is published, and the list stays."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.law.workdays import ZONE
from tests.factories import Line
from tests.web.logins import PASSWORD


@pytest.fixture
def county(county, clock):
    """A county in December, with an application whose statutory limit ends in the next year."""
    clock.move_to(datetime(2026, 12, 21, 10, tzinfo=ZONE))
    Line(county).until("accepted")
    return county


def log_in(page, username):
    """Somebody at work at an own browser."""
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("h1:has-text('我的工作台')")
    return page


@pytest.mark.usefixtures("county")
def test_next_years_calendar_is_published_and_the_moved_dates_are_listed(new_page):
    complaints = []
    page, office = log_in(new_page(), "admin"), log_in(new_page(), "approver")
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/calendar-year/")
    page.click("[aria-labelledby=year-2027] button:has-text('开始编制')")
    page.wait_for_selector("h1:has-text('2027 年日历')")
    page.uncheck("[name=works-2027-01-04]")
    page.click("button:has-text('保存草稿')")
    page.wait_for_selector("text=草稿已保存")
    page.fill("[name=name-2027-01-04]", "元旦")
    page.click("button:has-text('查看将变动的到期日')")
    page.wait_for_selector("text=1 个到期日将变动。")
    moved = page.locator("[aria-labelledby=moves] tbody tr")
    assert moved.count() == 1
    assert [word in moved.inner_text() for word in ("法定时限", "2027-01-19", "2027-01-20")] == [True] * 3
    page.click("button:has-text('公布')")
    page.click("#ask [value=yes]")
    page.wait_for_selector("text=2027 年日历已公布。")
    page.click("main [role=tab]:has-text('变动的到期日')")
    assert "2027-01-20" in page.locator("main").inner_text()
    page.goto("/calendar-year/")
    assert "已公布" in page.locator("[aria-labelledby=year-2027]").inner_text()
    office.reload()
    office.wait_for_selector("text=法定时限：按已公布日历改为 2027-01-20 到期")
    assert complaints == []
