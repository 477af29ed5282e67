"""The desk: what waits for whom, nearest deadline first, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta

from app import jobs
from app.engine import scope
from app.engine.now import now
from app.models.trail import Notice
from app.web import desk
from tests.factories import Line
from tests.web.at_work import at_work
from tests.web.logins import statements_of


def names(page) -> list[str]:
    """The titles of the desks with something on them."""
    return re.findall(r'<h2 class="card-title" id="desk-[\w-]+">([^<]+?) <span', page.text)


def numbers(page) -> list[str]:
    """The applications on the page, from top to bottom."""
    return list(dict.fromkeys(re.findall(r"<small>(TC-[\d-]+)</small>", page.text)))


def test_whoever_is_not_logged_in_is_led_to_the_login(client):
    answer = client.get("/")

    assert answer.status_code == 302
    assert "/login/" in answer.location


def test_a_clerk_finds_the_drafts_of_the_own_centre_alone(app, county):
    own = Line(county).register()
    Line(county, clerk="clerk.other").register()

    page = at_work(app, "clerk2.town").get("/")

    assert names(page) == ["Registered, papers still to be taken"]
    assert numbers(page) == [county.application(own.id).short_no]
    assert f"/application/{own.id}/act/receive" in page.text


def test_a_desk_counts_nothing_out_of_reach(app, county):
    for clerk in ("clerk.town", "clerk.town", "clerk.other"):
        Line(county, clerk=clerk).register()
    Line(county).register().receive()

    for who, counted in (
        ("clerk2.town", {"drafts": 2}),
        ("clerk.other", {"drafts": 1}),
        ("approver", {"files": 1}),
        ("approver.other", {}),
    ):
        page = at_work(app, who).get("/")
        found = re.findall(r'id="desk-([\w-]+)">[^<]+ <span class="muted number">(\d+)</span>', page.text)
        assert {name: int(count) for name, count in found} == counted, who


def test_an_application_lies_on_the_desk_of_whoever_must_go_on(app, county):
    line = Line(county)
    for step, who, title in (
        ("register", "clerk.town", "Registered, papers still to be taken"),
        ("receive", "approver", "Files to confirm"),
        ("confirm_file", "approver", "Waiting for acceptance"),
        ("accept", "approver", "Waiting for review"),
        ("review", "head", "Reviewed, waiting for the decision"),
        ("grant", "cert", "Certificates to make"),
        ("make_certificate", "cert", "Results to hand over to the window"),
        ("hand_over", "clerk2.town", "Results on their way to this desk"),
        ("confirm_handover", "clerk2.town", "Results to issue"),
        ("issue", "clerk.town", "Files to list for the archive"),
        ("archive", "assistant", "Archive files to confirm"),
    ):
        getattr(line, step)()
        assert names(at_work(app, who).get("/")) == [title]


def test_what_silence_accepted_is_reviewed_once_its_file_arrived(app, county, clock):
    line = Line(county).register().receive(sent_as="paper")
    clock.shift(timedelta(days=9))
    jobs.tick(county.session)

    assert county.application(line.id).state == "accepted"
    assert names(at_work(app, "approver").get("/")) == ["Files to confirm"]
    line.confirm_file()
    assert names(at_work(app, "approver").get("/")) == ["Waiting for review"]


def test_when_all_is_done_nothing_waits(app, county):
    Line(county).until("filed")

    for who in ("clerk.town", "approver", "head", "cert", "assistant"):
        assert names(at_work(app, who).get("/")) == []


def test_a_file_that_came_back_lies_on_the_clerks_desk(app, county):
    line = Line(county).register().receive(sent_as="paper")
    slip = line.slip()
    counted = [{"line_id": each.id, "received": 0, "missing": each.listed} for each in slip.lines]
    line.do("approver", "return_file", slip_id=slip.id, lines=counted, reason="材料没有送到")

    assert names(at_work(app, "clerk2.town").get("/")) == ["Files the office returned"]
    assert names(at_work(app, "approver").get("/")) == []


def test_the_leader_finds_the_negative_filings(app, county):
    line = Line(county).register().receive().confirm_file()
    line.do("approver", "reject", reason_code="barred", facts="十个字以上的事实说明文字", reasons="十个字以上的理由说明文字", legal_basis="森林法第五条")

    assert names(at_work(app, "leader").get("/")) == ["Negative filings to decide"]


def test_an_approver_decides_instant_items_and_leaves_the_others_to_the_head(app, county):
    Line(county, item="I05").register().receive().confirm_file("approver.other").accept("approver.other").review("approver.other")

    assert names(at_work(app, "approver.other").get("/")) == ["Reviewed, waiting for the decision"]


def test_the_supervisor_sees_what_is_overdue(app, county, clock):
    Line(county).until("received")
    clock.shift(14 * 86400)

    page = at_work(app, "supervisor").get("/")

    assert names(page) == ["Papers too long on their way", "Overdue", "Stuck, and not brought up"]
    assert "Red lamp" in page.text
    assert "working days late" in page.text


def test_the_nearest_deadline_lies_on_top(app, county, clock):
    late = Line(county).until("confirmed")
    clock.shift(86400)
    soon = Line(county, item="I12").until("confirmed")
    clock.shift(-86400)

    page = at_work(app, "approver").get("/")

    assert numbers(page) == [county.application(late.id).short_no, county.application(soon.id).short_no]


def test_a_long_desk_is_turned_page_by_page(app, county, monkeypatch):
    monkeypatch.setattr(desk, "PAGE_ROWS", 1)
    monkeypatch.setattr(desk, "FIRST_ROWS", 1)
    lines = [Line(county).register() for _ in range(3)]
    client = at_work(app, "clerk.town")
    assert "All of them" in client.get("/").text

    seen, address = [], "/desk/drafts"
    while address:
        page = client.get(address)
        seen += numbers(page)
        older = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = older[1].replace("&amp;", "&") if older else ""

    assert seen == [county.application(line.id).short_no for line in lines]


def test_a_desk_that_is_not_ones_own_does_not_exist(app, county):
    client = at_work(app, "clerk.town")

    for address in ("/desk/nothing", "/desk/files", "/desk/drafts?after=x", "/desk/drafts?after=2026-03-02~1"):
        assert client.get(address).status_code == 404, address


def test_somebody_without_a_desk_finds_the_own_pages(app, county):
    page = at_work(app, "admin").get("/")

    assert "Your pages" in page.text
    assert "/items/" in page.text


def test_only_who_may_register_is_offered_it(app, county):
    assert "/application/new" in at_work(app, "clerk.hall").get("/").text
    assert "/application/new" not in at_work(app, "approver").get("/").text


def test_the_desk_says_what_happened_to_ones_own_applications(app, county):
    line = Line(county).until("accepted")
    assert county.rows(Notice, line.id)

    page = at_work(app, "clerk.town").get("/")

    assert "Accept" in page.text[page.text.index("What happened") :]
    assert county.application(line.id).short_no in page.text[page.text.index("What happened") :]


def test_what_one_was_told_of_an_application_out_of_reach_neither_shows_nor_hides_what_is_within(app, county):
    own, foreign = Line(county).register(), Line(county, clerk="clerk.other").register()
    me = county.actor("clerk.town").user_id
    told = [(own.id, "near"), *((foreign.id, "far") for _ in range(12))]
    with scope.acting_on(county.session, None):
        for application_id, words in told:
            notice = Notice(application_id=application_id, user_id=me, cause="remind", text=words,
                            params={"number": "N", "by": "乙"}, at=now(), created_by="system")  # fmt: skip
            county.session.add(notice)
        county.session.commit()

    page = at_work(app, "clerk.town").get("/")

    assert "near" in page.text
    assert "far" not in page.text


def test_a_desk_asks_the_database_at_most_ten_times(app, county):
    Line(county).until("sent")
    for who in ("clerk2.town", "approver", "head", "cert"):
        client = at_work(app, who)
        client.get("/")
        with statements_of(app) as sent:
            client.get("/")
        assert len([each for each in sent if each != "BEGIN"]) <= 10, who
