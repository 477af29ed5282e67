"""The forms, desks and sections of examination: who may be ticked, what is kept, what lies where for whom."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

from app.models.catalogue import Item
from app.models.examination import Verification
from app.models.trail import StoredFile
from tests.factories import OFFICE, Line
from tests.web.at_work import at_work, fields_of, send_act

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import County

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
FOUND = {"method": "onsite", "findings": "现场核查，与申报材料一致", "conclusion": "conform"}


def ticked(page: str, name: str) -> list[str]:
    """What stands ticked in a list of ticks."""
    return re.findall(rf'type="checkbox" name="{name}" value="(\d+)" checked', page)


def offered(page: str, name: str) -> list[str]:
    """The words of a list of ticks."""
    return [unescape(each) for each in re.findall(rf'name="{name}" value="\d+"[^>]*>([^<]*)</label>', page)]


def test_two_people_are_ticked_and_files_uploaded_and_neither_is_lost_when_something_is_wrong(
    app: Flask, county: County
) -> None:
    line = Line(county).until("accepted")
    client, address = at_work(app, "approver"), f"/application/{line.id}/act/record_verification"
    empty = client.get(address)
    assert offered(empty.text, "verifiers") == [
        "示approver · 农林水务审批室", "示approver2 · 农林水务审批室", "示assistant · 农林水务审批室", "示head · 农林水务审批室",
        "示approver.other · 市场准入审批室", "示head.other · 市场准入审批室",
    ]  # fmt: skip
    one, two = (str(county.staff(each)) for each in OFFICE)
    sent = {**fields_of(empty), **FOUND}
    uploads = [(BytesIO(PNG), "现场一.png"), (BytesIO(PNG + b"2"), "现场二.png")]

    alone = client.post(address, data={**sent, "verifiers": [one], "attachments.upload": uploads})

    assert alone.status_code == 422
    assert "Verified by: Choose at least 2." in unescape(alone.text)
    assert (ticked(alone.text, "verifiers"), offered(alone.text, "attachments")) == (
        [one],
        ["现场一.png", "现场二.png"],
    )
    first, second = ticked(alone.text, "attachments")
    again = {**fields_of(alone), "verifiers": [one, two], "attachments": [second]}
    assert client.post(address, data=again).status_code == 303
    county.session.rollback()
    [record] = county.rows(Verification, line.id)
    assert [v["name"] for v in record.verifiers] == ["示approver", "示approver2"]
    assert record.attachments == [int(second)]
    assert [f.name for f in county.rows(StoredFile, line.id) if f.purpose == "verification"] == ["现场二.png"]
    page = unescape(client.get(f"/application/{line.id}").text)
    assert "示approver, 示approver2" in page
    assert "Attachments: 1 files" in page
    assert first not in record.attachments


def test_a_form_offers_the_other_offices_alone_and_says_it_where_a_choice_is_wrong(app: Flask, county: County) -> None:
    line = Line(county).until("accepted")
    client, address = at_work(app, "approver"), f"/application/{line.id}/act/request_opinion"
    assert offered(client.get(address).text, "offices") == ["市场准入审批室"]
    typed = {"question": "是否属于限制经营区域", "due_days": "2"}

    wrong = send_act(client, address, **typed, offices=["999"])

    assert (wrong.status_code, fields_of(wrong)["question"]) == (422, "是否属于限制经营区域")
    assert "Offices: There is no such office." in unescape(wrong.text)
    assert send_act(client, address, **typed, offices=[str(county.office("SC").id)]).status_code == 303


def piles(client: FlaskClient, line: Line) -> set[str]:
    """The desks on which the application lies."""
    found = set()
    for name in ("verification", "review", "with-others", "suspension-requests", "suspended", "decision", "refusal",
                 "refusal-filings"):  # fmt: skip
        page = client.get(f"/desk/{name}")
        if page.status_code == 200 and f"/application/{line.id}" in page.text:
            found.add(name)
    return found


def test_an_application_lies_where_somebody_has_to_do_something(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    county.session.query(Item).filter_by(code="I12").one().needs_verification = True
    county.session.commit()
    line = Line(county).until("accepted")
    approver, head, leader = (at_work(app, who) for who in ("approver", "head", "leader"))

    def lies() -> tuple[set[str], set[str], set[str]]:
        clock.shift(timedelta(minutes=1))
        return piles(approver, line), piles(head, line), piles(leader, line)

    assert lies() == ({"verification"}, set(), set())
    line.do("approver", "record_verification", verifiers=[county.staff(each) for each in OFFICE], **FOUND)
    assert lies() == ({"review"}, set(), set())
    line.request_suspension()
    assert lies() == ({"review"}, {"suspension-requests"}, set())
    line.do("head", "suspend", opinion="同意")
    assert lies() == ({"suspended"}, set(), set())
    line.resume().review()
    assert lies() == (set(), {"decision"}, set())
    line.do("approver", "request_opinion", offices=[county.office("SC").id], question="是否属于限制区域", due_days=2)
    assert lies() == ({"with-others"}, {"with-others"}, set())
    other = Line(county).until("accepted")
    other.do("approver", "record_verification", verifiers=[county.staff(each) for each in OFFICE], **FOUND)
    clock.shift(timedelta(minutes=1))
    line = other.review(conclusion="refuse")
    assert lies() == (set(), {"refusal"}, set())
    line.refuse()
    assert lies() == (set(), set(), {"refusal-filings"})


def test_the_page_says_what_was_suspended_extended_met_and_proposed(app: Flask, county: County) -> None:
    line = Line(county).until("accepted").suspend("site_survey")
    line.resume()
    line.do("leader", "extend", days=2, reason="案情复杂，需要进一步核实")
    offices = [county.office(code).id for code in ("NL", "SC")]
    line.do("head", "convene_joint_review", offices=offices, meeting_on="2026-03-04", topic="林地与经营场所的联合审查")
    people = [county.staff(each) for each in ("approver", "head.other")]
    line.do("head", "conclude_joint_review", attendees=people, conclusion="各室一致认为权属有争议")
    line.review(conclusion="refuse").refuse()

    page = unescape(at_work(app, "head").get(f"/application/{line.id}").text)

    for said in (
        "Suspension: Site survey", "Promised limit 2026-03-09 · Statutory limit 2026-03-30", "程序已经结束，结果符合要求", "2 working days more", "案情复杂，需要进一步核实",
        "农林水务审批室, 市场准入审批室", "示approver, 示head.other", "各室一致认为权属有争议", "Refusal proposed",
        "Waits for the bureau leader", "权属有争议的林木不予核发采伐许可",
    ):  # fmt: skip
        assert said in page, said
    told = unescape(at_work(app, "head.other").get("/").text)
    assert "林地与经营场所的联合审查" in told
    assert f"/application/{line.id}" not in told  # it is told of the meeting, it does not reach the application
    assert "林地与经营场所的联合审查" not in at_work(app, "clerk.hall").get("/").text
