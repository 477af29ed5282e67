"""Whoever looked at personal data, an archive file, a paper or a scan, or took statistics out, is on one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.models.archive import ArchiveFile, ArchiveView
from app.models.trail import AuditRow, Document, StoredFile
from tests.factories import County, Line
from tests.web.at_work import at_work
from tests.web.logins import token_of_form
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

WHY = "办理行政复议需要核对"


@pytest.mark.req(11)
def test_each_look_into_an_archive_file_is_kept_with_its_reason_by_page_and_by_program(
    app: Flask, county: County
) -> None:
    line = Line(county).until("filed")
    [file] = county.rows(ArchiveFile, line.id)
    client = at_work(app, "archivist")
    address = f"/archives/show/{file.id}"
    assert "Sheets" not in client.get(address).text
    token = token_of_form(client, address)
    assert client.post(address, data={"reason": "看", "csrf_token": token}).status_code == 422
    assert county.rows(ArchiveView, line.id) == []
    assert "Sheets" in client.post(address, data={"reason": WHY, "csrf_token": token}).text
    program = Program(app, county, "archivist")
    for silent in ("", "?reason=", "?reason=看"):
        answer = program.get(f"archive/{file.id}{silent}")
        assert (error(answer), fields(answer)) == ((422, "incomplete"), {"reason"})
    assert "pages" not in program.get("archive/").json["result"][0]
    assert len(program.get(f"archive/{file.id}?reason={WHY}").json["result"]["pages"]) > 3
    views = county.rows(ArchiveView, line.id)
    assert [(view.reason, view.created_by) for view in views] == [(WHY, "archivist")] * 2
    page = at_work(app, "supervisor").get("/looks/list/").text
    assert page.count("Archive file looked into") >= 2
    assert WHY in page
    assert "示archivist" in page
    outside = Program(app, county, "head.other")
    assert outside.get(f"archive/{file.id}?reason={WHY}").status_code == 404
    assert len(county.rows(ArchiveView, line.id)) == 2


@pytest.mark.req(13)
def test_a_reveal_a_print_and_a_scan_are_on_the_list_and_masked_without(app: Flask, session: Session, county: County) -> None:
    line = Line(county).until("approved")
    client = at_work(app, "head")
    address = f"/application/{line.id}"
    whole = county.application(line.id).id_no
    for page in ("/applications/list/", address, "/"):
        assert whole not in client.get(page).text
    token = token_of_form(client, address)
    assert client.post(f"{address}/reveal", data={"reason": "短", "csrf_token": token}).status_code == 422
    shown = client.post(f"{address}/reveal", data={"reason": WHY, "csrf_token": token})
    assert whole in shown.text
    assert whole not in client.get(address).text
    paper = county.rows(Document, line.id)[0]
    assert client.get(f"{address}/document/{paper.id}.pdf").status_code == 200
    made = line.make_certificate()
    scan = county.rows(StoredFile, made.id)[-1]
    assert client.get(f"{address}/file/{scan.id}").status_code == 200
    session.rollback()
    rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [(row.what, row.application_id, row.created_by) for row in rows] == [
        (what, line.id, "head") for what in ("reveal", "print", "file")
    ]
    assert rows[0].reason == WHY
    supervisor = at_work(app, "supervisor")
    page = supervisor.get("/looks/list/").text
    number = county.application(line.id).short_no
    assert all(words in page for words in ("Personal data shown in full", "Paper printed", "Scan or file opened", number))
    only = supervisor.get("/looks/list/?_flt_3_what=reveal").text
    assert only.count('data-label="What was done"') == 1
    assert whole not in page
    for who in ("head", "clerk.town", "admin"):
        assert at_work(app, who).get("/looks/list/").status_code != 200


def test_nothing_is_shown_in_full_out_of_reach(app: Flask, county: County) -> None:
    line = Line(county).until("received")
    session = county.session
    session.commit()
    other = Program(app, county, "approver.other")
    assert other.get(f"application/{line.id}").status_code == 404
    assert session.scalars(select(AuditRow)).all() == []
