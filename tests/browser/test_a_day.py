"""A day at a town and at the hall in a browser: from a number of the machine to the grade that whoever applied gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import scope
from app.engine.now import now
from app.models.application import Application
from app.models.rating import Rating
from app.supervision.verify import violations
from tests.browser.people import (
    Person,
    examines,
    grants,
    hands_out,
    heard,
    makes_the_certificate,
    receives,
    says_who_applies,
)
from tests.factories import Line
from tests.stages.ticketing.hall import events, tickets

if TYPE_CHECKING:
    from tests.browser.people import Papers
    from tests.factories import County


def takes_a_number(machine, hall: str, item: str) -> str:
    """Touch an item at the ticket machine, twice in a hurry; the text of the slip."""
    machine.goto(f"/kiosk/{hall}")
    machine.dblclick(f".kiosk-item:has-text('示例事项{item}')")  # a double click is one number
    machine.wait_for_url("**/slip/*")
    return machine.inner_text(".queue-slip")


def calls(clerk: Person, number: str) -> None:
    """Call whoever is next, without the mouse."""
    clerk.page.wait_for_selector("h1:has-text('我的窗口')")
    assert number in clerk.page.inner_text("[aria-labelledby=waiting]")
    clerk.page.keyboard.press("c")
    clerk.page.wait_for_selector(f".counter-number:has-text('{number}')")


def serves(clerk: Person, number: str, item: str, papers: Papers) -> None:
    """Register what the number is for, receive its papers and finish."""
    page = clerk.page
    page.keyboard.press("s")
    page.wait_for_selector(".counter-number:has-text('办理中')")
    page.click("a[data-key=G]")
    page.wait_for_selector("h1:has-text('登记')")
    assert page.eval_on_selector("[name=ticket_id]", "e => e.selectedOptions[0].text") == number
    assert page.input_value("[name=item]") == item
    says_who_applies(clerk)
    receives(clerk.sends("登记", "登记"), papers)
    page.goto("/counter/")
    assert f"示例事项{item}" in page.inner_text("[aria-labelledby=now] .documents")
    page.keyboard.press("f")
    page.wait_for_selector(".counter-number:has-text('空闲')")


def rates(phone, invitation: str, grade: str, comment: str = "") -> str:
    """Open what the invitation leads to and give a grade; what the page says then."""
    phone.goto(invitation)
    phone.check(f"label:has-text('{grade}') >> input")
    phone.fill("[name=comment]", comment)
    phone.click("[type=submit]")
    phone.wait_for_selector("text=感谢您")
    return phone.inner_text("main")


def invitation(clerk: Person) -> str:
    """What the reminder shows to whoever applied, once it is given."""
    clerk.opens("评价提醒").chooses(channel="qr").sends("评价提醒", "已送达签收")
    clerk.page.click("a[href^='/object/rating/']")
    clerk.page.wait_for_selector("[aria-labelledby=invitation]")
    return clerk.page.get_attribute("[aria-labelledby=invitation] a.btn", "href")


def _decided_without_a_browser(county: County) -> None:
    """The back offices do for the second application what they did for the first one in a browser."""
    second = Line(county, clerk="clerk.hall", item="I13")
    with scope.unscoped(county.session):
        [second.id] = county.session.scalars(select(Application.id).where(Application.state == "received"))
    second.confirm_file().accept().review().grant().make_certificate().hand_over()


@pytest.mark.timeout(300)
@pytest.mark.req(52)
def test_a_day_at_a_town_and_at_the_hall_from_the_machine_to_the_grade(app, new_page, county, papers: Papers):
    machine, screen, phone = new_page(), new_page(), new_page()
    phone.set_viewport_size({"width": 390, "height": 844})
    complaints = [heard(each) for each in (machine, screen, phone)]

    said = takes_a_number(machine, "town", "I12")
    for words in ("枫木镇便民服务中心", "A001", "A 区", "T01", "前面等候人数", "10:00", "过号"):
        assert words in said, words
    machine.emulate_media(media="print")
    assert machine.is_hidden(".public-bar")
    assert machine.is_hidden("text=再次打印")
    screen.goto("/queue/town")
    assert "A001" not in screen.inner_text(".queue-waits + *, .queue-none")

    town = Person(new_page(), "clerk.town")
    town.page.click("a:has-text('您的窗口空闲')")
    calls(town, "A001")
    screen.wait_for_selector(".queue-now:has-text('A001')", timeout=15_000)  # by itself
    assert "T01" in screen.inner_text(".queue-now")
    town.page.keyboard.press("r")
    town.page.wait_for_selector(".counter-number:has-text('A001')")
    serves(town, "A001", "I12", papers)

    assert "A001" in takes_a_number(machine, "hall", "I13")
    hall = Person(new_page(), "clerk.hall")
    hall.page.goto("/counter/")
    calls(hall, "A001")
    serves(hall, "A001", "I13", papers)

    approver, head, maker = (Person(new_page(), who) for who in ("approver", "head", "cert"))
    examines(approver)
    grants(head, "准予")
    makes_the_certificate(maker, "TC2026001", papers)
    _decided_without_a_browser(county)

    other = Person(new_page(), "clerk2.town")
    hands_out(other, papers)
    assert "GD-" not in rates(phone, invitation(other), "非常满意", "办得很快")
    colleague = Person(new_page(), "clerk2.hall")
    hands_out(colleague, papers)
    assert "GD-20260302-0001" in rates(phone, invitation(colleague), "非常不满意", "等了很久")

    manager = Person(new_page(), "manager.hall")
    assert "GD-20260302-0001" in manager.page.inner_text("main")
    with scope.unscoped(county.session):
        given = county.session.execute(select(Rating.grade, Rating.state, Rating.channel).order_by(Rating.id)).all()
    assert given == [(1, "rated", "device"), (5, "contact", "device")]
    [first, second] = tickets(county)
    for ticket, times in ((first, 2), (second, 1)):
        assert (ticket.number, ticket.state, ticket.calls, ticket.finished_at) == ("A001", "finished", times, now())
    assert [event.act for event in events(county, first.id)] == [
        "take_ticket", "call_ticket", "call_ticket_again", "serve_ticket", "finish_ticket",
    ]  # fmt: skip
    assert list(violations(county.session, app.config["DATA_DIR"])) == []
    assert complaints == [[], [], []]
