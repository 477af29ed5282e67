"""Files over the API: uploaded by one person, claimed by an act, read by those who reach the application."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import scope
from app.engine.now import now
from app.models.organisation import Posting, Staff
from tests import samples
from tests.factories import Line
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County


@pytest.mark.database
def test_an_upload_is_its_uploaders_until_an_act_claims_it(app: Flask, county: County) -> None:
    clerk, colleague, stranger = (Program(app, county, name) for name in ("clerk.town", "clerk2.town", "clerk.other"))
    answer = clerk.upload("身份证 正面.pdf")
    assert answer.status_code == 201
    assert set(answer.json) == {"id", "sha256", "name"}
    assert answer.json["name"] == "身份证 正面.pdf"
    file = answer.json["id"]
    read = clerk.get(f"file/{file}")
    assert (read.status_code, read.mimetype, read.data) == (200, "application/pdf", samples.pdf())
    assert read.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E8%BA%AB" in read.headers["Content-Disposition"]
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    for other in (colleague, stranger):
        foreign, absent = other.get(f"file/{file}"), other.get("file/999999")
        assert error(foreign) == (404, "not_found")
        assert foreign.json == absent.json
    line = Line(county).register()
    lines = line.materials()
    lines[0]["file"] = file
    given = {"materials": lines, "identity_checked": "eyes", "delivery_mode": "window", "sent_as": "scans"}
    assert error(colleague.do("receive", line.id, **given)) == (422, "incomplete")
    assert clerk.do("receive", line.id, **given).status_code == 200
    assert colleague.get(f"file/{file}").status_code == 200
    assert Program(app, county, "approver").get(f"file/{file}").status_code == 200
    assert error(stranger.get(f"file/{file}")) == (404, "not_found")
    again = Line(county).register()
    repeated = again.materials()
    repeated[0]["file"] = file
    assert error(clerk.do("receive", again.id, **{**given, "materials": repeated})) == (422, "incomplete")


def test_a_claimed_file_leaves_its_uploaders_reach_with_the_application(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    scan, unclaimed = clerk.upload("表.pdf").json["id"], clerk.upload("稿.pdf").json["id"]
    line = Line(county).register()
    lines = line.materials()
    lines[0]["file"] = scan
    line.receive(materials=lines)
    with scope.unscoped(county.session):
        post = county.session.scalar(
            select(Posting).join(Staff).where(Staff.user_id == county.actor("clerk.town").user_id)
        )
        post.until = now().date() - timedelta(days=1)
        county.session.commit()
    assert error(clerk.get(f"file/{scan}")) == (404, "not_found")
    assert clerk.get(f"file/{unclaimed}").status_code == 200


def test_what_is_no_scan_is_refused(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    assert error(clerk.upload("证明.pdf", samples.EXECUTABLE)) == (415, "unsupported")
    assert error(clerk.upload("证明.exe", samples.pdf())) == (415, "unsupported")
    assert error(clerk.upload("证明.pdf", samples.png())) == (415, "unsupported")
    empty = clerk.upload("证明.pdf", b"")
    assert (error(empty), fields(empty)) == ((422, "incomplete"), {"file"})
    assert error(clerk.upload("证明.pdf", b"%PDF-1.7" + bytes(21 * 1024 * 1024))) == (413, "too_large")
    assert error(clerk.upload("证明.pdf", b"%PDF-1.7" + bytes(26 * 1024 * 1024))) == (413, "too_large")


def test_an_upload_without_a_file_says_so(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    for given in ({}, {"data": {"other": (io.BytesIO(b"x"), "x.pdf")}}, {"data": {"file": "text"}}, {"json": {"file": 1}},
                  {"data": b"--x--", "content_type": "multipart/form-data; boundary=x"}):  # fmt: skip
        refused = clerk.ask("POST", "file/", **given)
        assert (error(refused), fields(refused)) == ((422, "incomplete"), {"file"}), given


def test_who_reaches_no_application_uploads_nothing(app: Flask, county: County) -> None:
    for username in ("guide", "admin", "department"):
        assert error(Program(app, county, username).upload()) == (403, "not_allowed")
