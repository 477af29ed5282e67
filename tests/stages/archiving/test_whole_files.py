"""Only what is closed and whole is archived, with its printed catalogue (第十五条（九）, req. 93)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.models.archive import Retention
from tests.factories import Line
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County


@pytest.mark.req(93)
def test_a_file_without_its_result_is_refused_and_a_whole_one_prints_its_catalogue(app: Flask, county: County) -> None:
    line = Line(county).until("delivered")
    clerk, assistant = Program(app, county, "clerk.town"), Program(app, county, "assistant")
    said = {"medium": "both", "retention_id": county.session.scalar(select(Retention.id))}
    papers = {d["id"]: d["kind"] for d in clerk.get(f"application/{line.id}/documents").json}
    sheets = line.sheets()
    for kind in ("grant_decision", "certificate"):
        lacking = [each for each in sheets if papers.get(each.get("document_id")) != kind]
        assert len(lacking) == len(sheets) - 1
        refused = clerk.do("archive", line.id, **said, pages=lacking)
        assert (error(refused), fields(refused)) == ((422, "incomplete"), {"pages"}), kind
    without_materials = [each for each in sheets if "document_id" in each]
    assert fields(clerk.do("archive", line.id, **said, pages=without_materials)) == {"pages"}
    assert clerk.do("archive", line.id, **said, pages=[]).status_code == 422
    foreign = Line(county).until("received")
    stranger = [*sheets, {"material_id": foreign.materials()[0]["material_id"], "pages": 1}]
    assert error(clerk.do("archive", line.id, **said, pages=stranger)) == (403, "not_allowed")
    assert error(assistant.do("confirm_archive", line.id, checked=True)) == (409, "not_now")

    assert clerk.do("archive", line.id, **said, pages=sheets).json["archive"] == "listed"
    assert assistant.do("confirm_archive", line.id, checked=True).json["archive"] == "filed"
    catalogues = [d for d in clerk.get(f"application/{line.id}/documents").json if d["kind"] == "file_catalogue"]
    assert len(catalogues) == 2  # the clerk's list, and the assistant's with the note of both
    for each in catalogues:
        assert clerk.get(f"application/{line.id}/documents/{each['number']}.pdf").data.startswith(b"%PDF")
    [file] = assistant.get("archive/").json["result"]
    rows = assistant.get(f"archive/{file['id']}?reason=核对案卷目录").json["result"]["pages"]
    assert [row["position"] for row in rows] == [*range(1, len(sheets) + 1)]


@pytest.mark.req(93)
def test_what_has_no_result_yet_is_not_archived_by_anybody(app: Flask, county: County) -> None:
    line = Line(county).until("approved")
    said = {"medium": "both", "retention_id": county.session.scalar(select(Retention.id)), "pages": line.sheets()}
    clerk = Program(app, county, "clerk.town")
    assert error(clerk.do("archive", line.id, **said)) == (409, "not_now")
    line.make_certificate()
    assert error(Program(app, county, "approver").do("archive", line.id, **said)) == (403, "not_allowed")
    assert error(Program(app, county, "assistant").do("archive", line.id, **said)) == (403, "not_allowed")
