"""The page of an application: what one may see of it, what one may do, and what looking leaves behind."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from app import jobs
from app.engine import files
from app.models.archive import ArchiveFile, ArchiveView
from app.models.escalation import Escalation
from app.models.trail import AuditRow, Document, StoredFile
from tests.factories import APPLICANT, Line
from tests.web.at_work import at_work, send_act
from tests.web.logins import send, statements_of, token_of_form

WAY = ("register", "receive", "confirm_file", "accept", "review", "grant", "make_certificate", "hand_over",
       "confirm_handover", "issue", "archive", "confirm_archive")  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40


def offered(page) -> list[str]:
    """The acts whose buttons stand on the page."""
    return re.findall(r'class="btn btn-[\w-]+" href="/application/\d+/act/(\w+)"', page.text)


def without_its_number(page) -> str:
    return re.sub(r'<p class="muted small">Request number.*?</p>|content="[^"]*"', "", page.text, flags=re.DOTALL)


def test_what_is_out_of_reach_does_not_exist(app, county):
    foreign = Line(county, clerk="clerk.other").until("received")
    client = at_work(app, "clerk.town")

    for address in ("", "/act/receive", "/act/accept", "/document/1.pdf", "/file/1"):
        of_others, absent = (client.get(f"/application/{pk}{address}") for pk in (foreign.id, 999))

        assert of_others.status_code == absent.status_code == 404
        assert without_its_number(of_others) == without_its_number(absent)


def test_only_what_is_lawful_now_is_offered(app, county):
    line = Line(county).until("received")

    now = ["confirm_file", "escalate", "record_provincial", "return_file"]
    assert offered(at_work(app, "approver").get(f"/application/{line.id}")) == now
    assert offered(at_work(app, "head.other").get("/applications/list/")) == []
    assert "accept" not in offered(at_work(app, "head").get(f"/application/{line.id}"))


def test_whoever_received_is_not_offered_to_decide(app, county):
    line = Line(county).until("confirmed")

    assert "accept" in offered(at_work(app, "approver").get(f"/application/{line.id}"))
    assert "accept" not in offered(at_work(app, "clerk.town").get(f"/application/{line.id}"))


def test_personal_data_is_masked(app, county):
    line = Line(county).register()

    page = at_work(app, "clerk.town").get(f"/application/{line.id}")

    assert APPLICANT["id_no"] not in page.text
    assert "19900000001" not in page.text
    assert "469***********1239" in page.text


def test_personal_data_is_shown_once_for_a_reason_that_is_kept(app, county, session):
    line = Line(county).register()
    client, address = at_work(app, "clerk.town"), f"/application/{line.id}"
    token = token_of_form(client, address)

    page = client.post(f"{address}/reveal", data={"csrf_token": token, "reason": "电话核对申请人信息"})

    assert APPLICANT["id_no"] in page.text
    assert APPLICANT["id_no"] not in client.get(address).text
    row = session.scalars(select(AuditRow)).one()
    assert (row.what, row.application_id, row.reason, row.created_by) == ("reveal", line.id, "电话核对申请人信息", "clerk.town")


def test_without_a_reason_nothing_is_revealed(app, county, session):
    line = Line(county).register()
    client, address = at_work(app, "clerk.town"), f"/application/{line.id}"

    page = client.post(f"{address}/reveal", data={"csrf_token": token_of_form(client, address), "reason": "想看"})

    assert page.status_code == 422
    assert APPLICANT["id_no"] not in page.text
    assert "Give the reason in 5 to 200 characters." in page.text
    assert session.scalars(select(AuditRow)).all() == []


def test_the_promised_and_the_statutory_limit_are_counted_day_by_day(app, county):
    line = Line(county).until("accepted")

    page = at_work(app, "approver").get(f"/application/{line.id}")

    assert page.text.count('<div class="clock">') >= 2
    assert "Promised limit" in page.text
    assert "Statutory limit" in page.text
    strip = re.search(r'<ol class="day-strip">(.*?)</ol>', page.text, re.DOTALL)[1]
    assert [int(mark) for mark in re.findall(r'<span class="day-mark">(\d+)<', strip)] == [0, 1, 2, 3, 4, 5]


def test_the_history_says_who_did_what_in_which_role_and_what_was_said(app, county):
    line = Line(county).until("accepted")

    page = at_work(app, "approver").get(f"/application/{line.id}").text
    history = page[page.index('id="history"') :]

    assert "Accept</strong>" in history
    assert "示approver · Approver" in history
    assert "Opinion: 材料齐全，符合法定形式" in history
    assert "469***********1239" in history


def test_a_paper_opens_as_a_sheet_and_the_print_is_kept(app, county, session):
    line = Line(county).until("accepted")
    document = next(d for d in county.rows(Document, line.id) if d.kind == "acceptance_notice")

    answer = at_work(app, "approver").get(f"/application/{line.id}/document/{document.id}.pdf")

    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "no-store"
    session.rollback()
    row = session.scalars(select(AuditRow)).one()
    assert (row.what, row.detail) == ("print", document.number)


def test_a_paper_of_another_application_does_not_open_here(app, county):
    one, other = Line(county).until("accepted"), Line(county).until("accepted")
    document = county.rows(Document, other.id)[0]

    assert at_work(app, "approver").get(f"/application/{one.id}/document/{document.id}.pdf").status_code == 404


def test_a_file_leaves_under_its_chinese_name(app, county):
    line = Line(county).register()
    form, identity, third = line.materials()
    with app.app_context():
        from app.extensions import db

        form["file"] = files.store(db.session(), county.actor("clerk.town"), "申请表（正本）.png", PNG).id
    line.receive(materials=[form, identity, third])
    file = next(each for each in county.rows(StoredFile, line.id) if each.name == "申请表（正本）.png")

    answer = at_work(app, "approver").get(f"/application/{line.id}/file/{file.id}")

    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E7%94%B3%E8%AF%B7%E8%A1%A8" in answer.headers["Content-Disposition"]


def test_a_page_asks_the_database_at_most_fourteen_times(app, county):
    line, people = Line(county), {who: at_work(app, who) for who in ("clerk2.town", "approver", "cert")}
    for step in WAY:
        getattr(line, step)()
        for who, client in people.items():
            client.get(f"/application/{line.id}")
            with statements_of(app) as sent:
                assert client.get(f"/application/{line.id}").status_code == 200
            assert len([each for each in sent if each != "BEGIN"]) <= 14, (step, who)


def test_a_number_leads_to_its_application_and_a_name_to_the_list(app, county):
    line = Line(county).register()
    found = county.application(line.id)
    client = at_work(app, "clerk.town")

    for number in (found.short_no, found.number):
        assert client.get("/application/search", query_string={"q": number}).location == f"/application/{line.id}"
    by_name = client.get("/application/search", query_string={"q": "示例甲"}, follow_redirects=True)
    assert found.short_no in by_name.text


def test_the_list_shows_what_is_within_reach_alone(app, county):
    own, foreign = Line(county).register(), Line(county, clerk="clerk.other").register()

    page = at_work(app, "clerk.town").get("/applications/list/")

    assert county.application(own.id).short_no in page.text
    assert county.application(foreign.id).short_no not in page.text


def test_actions_of_the_list_follow_the_grants(app, county):
    Line(county).until("received")

    for who, actions in (("approver", {"accept", "reject"}), ("clerk.town", {"issue"}), ("supervisor", set())):
        page = at_work(app, who).get("/applications/list/")
        assert set(re.findall(r'data-batch="(\w+)"', page.text)) == actions


def test_an_action_that_is_not_granted_is_refused(app, county):
    line = Line(county).until("confirmed")
    client = at_work(app, "clerk.town")
    token = token_of_form(client, f"/application/{line.id}")

    answer = client.post("/applications/action_post", data={"csrf_token": token, "action": "accept", "rowid": line.id})

    assert answer.status_code == 403
    assert county.application(line.id).state == "received"


def test_several_are_accepted_at_once_each_with_its_own_result(app, county):
    ready, unconfirmed = Line(county).until("confirmed"), Line(county).until("received")
    client = at_work(app, "approver")
    token = token_of_form(client, f"/application/{ready.id}")
    asked = client.post(
        "/applications/action_post",
        data={"csrf_token": token, "action": "accept", "rowid": [ready.id, unconfirmed.id, 999]},
    )
    assert asked.text.count('name="application"') == 2

    sent = {
        "csrf_token": token, "idempotency_key": "k" * 20, "opinion": "材料齐全",
        "application": re.findall(r'name="application" value="([^"]+)"', asked.text),
    }  # fmt: skip
    page = client.post("/applications/accept", data=sent)

    assert county.application(ready.id).state == "accepted"
    assert county.application(unconfirmed.id).state == "received"
    assert page.text.count('<li class="done">') == 1
    assert "Confirm first that the file arrived complete." in page.text


def test_rejecting_and_issuing_open_the_form_of_one_application(app, county):
    line, other = Line(county).until("confirmed"), Line(county).until("confirmed")
    client = at_work(app, "approver")
    token = token_of_form(client, f"/application/{line.id}")

    one = client.post("/applications/action_post", data={"csrf_token": token, "action": "reject", "rowid": line.id})
    two = client.post(
        "/applications/action_post", data={"csrf_token": token, "action": "reject", "rowid": [line.id, other.id]}
    )

    assert one.location == f"/application/{line.id}/act/reject"
    assert two.location == "/applications/list/"


def test_whoever_looks_into_an_archive_file_says_why(app, county):
    line = Line(county).until("filed")
    file = county.rows(ArchiveFile, line.id)[0]
    client, address = at_work(app, "archivist"), f"/archives/show/{file.id}"
    assert "准予" not in client.get(address).text

    assert send(client, address, reason="看").status_code == 422
    page = send(client, address, reason="配合检查调阅")

    assert page.status_code == 200
    assert file.number in page.text
    county.session.rollback()
    view = county.rows(ArchiveView, line.id)
    assert [(each.reason, each.created_by) for each in view] == [("配合检查调阅", "archivist")]


def test_the_lists_of_slips_and_archive_files_lead_to_the_application(app, county):
    line = Line(county).until("filed")
    client = at_work(app, "cert")

    slips = client.get("/slips/list/")
    number = re.search(r'href="(/slips/show/\d+)"', slips.text)[1]

    assert client.get(number).location == f"/application/{line.id}"
    assert client.get("/archives/list/").status_code == 200


def test_senseless_addresses_are_not_found(app, county):
    client = at_work(app, "cert")

    for address in ("/application/99999999999999999999", "/application/x", "/archives/show/x", "/slips/show/9"):
        assert client.get(address).status_code == 404, address


def test_what_the_machinery_did_is_said_of_the_system_in_the_readers_language(app, county, clock):
    line = Line(county).register().receive()
    clock.shift(timedelta(days=9))
    jobs.tick(county.session)
    client = at_work(app, "approver")
    client.get("/lang/zh")
    escalation = county.rows(Escalation, line.id)[0]

    for address in (f"/application/{line.id}", f"/object/escalation/{escalation.id}"):
        page = client.get(address)
        assert page.status_code == 200
        assert not re.search(r"\bsystem\b", re.sub(r"<[^>]+>", " ", page.text)), address


def _main_button(client, line):
    """The words of the blue button, if one of the acts has it."""
    bar = client.get(f"/application/{line.id}").text.partition('class="action-bar"')[2].partition("</nav>")[0]
    return re.findall(r'class="btn btn-primary"[^>]*>([^<]+)<', bar)


def test_the_main_button_is_what_comes_next_and_nothing_else(app, county):
    line = Line(county).until("confirmed")
    assert _main_button(at_work(app, "approver"), line) == ["Accept"]
    maker = at_work(app, "cert")
    line.accept().review().grant().make_certificate()
    assert _main_button(maker, line) == ["Hand over"]
    line.hand_over()
    assert "Replace certificate" in maker.get(f"/application/{line.id}").text
    assert _main_button(maker, line) == []


def test_a_stage_that_ended_in_non_acceptance_says_so(app, county):
    line = Line(county).until("confirmed")
    said = {"reason_code": "conditions_not_met", "facts": "经核实该林地权属存在争议。", "reasons": "权属争议未解决，不符合申请条件。"}
    line.do("approver", "reject", **said, legal_basis="《森林法》第五十七条")
    line.do("leader", "approve_rejection", opinion="同意不予受理。")
    page = at_work(app, "approver").get(f"/application/{line.id}").text
    assert re.findall(r'<li class="refused">\s*<strong>([^<]+)</strong>', page) == ["Not accepted"]
    assert "<strong>Acceptance</strong>" not in page


def test_a_field_for_a_pdf_says_so_whatever_came(app, county):
    line = Line(county).until("approved")
    maker = at_work(app, "cert")
    for name, content in (("证照.png", PNG), ("证照.pdf", b"MZ this is a program")):
        page = send_act(maker, f"/application/{line.id}/act/make_certificate", **{"scan.upload": (BytesIO(content), name)})
        assert page.status_code == 422
        assert "This must be a PDF file." in page.text
        assert "Only PDF, JPG and PNG" not in page.text
    assert county.session.scalars(select(StoredFile).where(StoredFile.name.like("证照%"))).all() == []


def test_who_counts_hears_only_of_what_the_form_has(app, county):
    line = Line(county).until("received")
    path = f"/application/{line.id}/act/confirm_file"
    client = at_work(app, "approver")
    few = send_act(client, path, **{"lines.0.received": "0"})
    assert "do not confirm, but leave this form and send it back" in few.text
    many = send_act(client, path, **{"lines.0.received": "9"})
    assert "No more than the" in many.text
    assert "Received and missing" not in few.text + many.text
