"""The wording of papers: the county's own words from the next paper on, placeholders that exist, nothing old touched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.engine.wording import originals
from app.models.calendar import Setting
from app.models.trail import Document
from tests.factories import Line, made
from tests.web.at_work import at_work
from tests.web.logins import grant_everything
from tests.web.programs import Program

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.factories import County

STATEMENT = "/wording/edit/receipt_voucher/statement"
OWN = "本凭证只证明{centre.name}已收到上列材料（{application.short_no}），不代表受理。"


@pytest.fixture
def people(app: Flask, county: County) -> County:
    """A county whose people may log in."""
    grant_everything(app)
    return county


def write(client: FlaskClient, text: str, path: str = STATEMENT, do: str = "save") -> TestResponse:
    """Open the form of a paragraph and send it with another text."""
    fields = hidden(client.get(path).text)
    return client.post(path, data={**fields, "text": text, "do": do})


def hidden(page: str) -> dict[str, str]:
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("csrf_token", "seen")}


@pytest.mark.database
def test_a_changed_paragraph_stands_on_the_next_paper_and_no_old_paper_changes(app: Flask, people: County) -> None:
    old = Line(people).register().receive()
    program, office = Program(app, people, "clerk.town"), at_work(app, "admin")
    paper = next(d for d in people.rows(Document, old.id) if d.kind == "receipt_voucher")
    path = f"application/{old.id}/documents/{paper.number}.pdf"
    before = program.get(path).data
    assert before.startswith(b"%PDF")
    assert write(office, OWN).headers["Location"].endswith("/wording/list/#receipt_voucher")
    assert "changed by the county" in office.get("/wording/list/").text
    new = Line(people).register().receive()
    said = {d.kind: d.paragraphs for d in people.rows(Document, new.id)}["receipt_voucher"]["statement"]
    short_no = people.application(new.id).short_no
    assert said == f"本凭证只证明枫木镇便民服务中心已收到上列材料（{short_no}），不代表受理。"
    assert program.get(path).data == before
    assert write(office, "", do="original").status_code == 302
    again = Line(people).register().receive()
    said = {d.kind: d.paragraphs for d in people.rows(Document, again.id)}["receipt_voucher"]["statement"]
    assert said == originals()["receipt_voucher"]["statement"]
    assert "back to the original" in office.get(STATEMENT).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("致电{centre.fax}", "«{centre.fax}» does not exist on this paper"), ("致电{centre phone}", "is no placeholder"),
     ("致电{centre.phone", "is no placeholder"), ("  ", "never empty"), ("长" * 2001, "At most 2000 characters."),
     ("证件{application.id_no}", "does not exist on this paper")],
)  # fmt: skip
def test_a_text_that_could_not_be_printed_is_refused_and_kept_for_the_writer(
    app: Flask, people: County, text: str, sentence: str
) -> None:
    answer = write(at_work(app, "admin"), text)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert text.strip() in answer.text


def test_the_paper_can_be_looked_at_before_anything_is_saved(app: Flask, people: County) -> None:
    office = at_work(app, "admin")
    shown = write(office, OWN, do="preview")
    assert shown.status_code == 200
    assert "data:image/png;base64," in shown.text
    assert "{centre.phone}" in shown.text
    assert OWN in shown.text
    assert "changed by the county" not in office.get("/wording/list/").text


def test_nobody_overwrites_a_paragraph_unseen_and_only_the_administrator_writes(app: Flask, people: County) -> None:
    office = at_work(app, "admin")
    stale = hidden(office.get(STATEMENT).text)
    write(office, OWN)
    answer = office.post(STATEMENT, data={**stale, "text": "别的文字", "do": "save"})
    assert answer.status_code == 409
    assert "别的文字" in answer.text
    for path in ("/wording/edit/receipt_voucher/nothing", "/wording/edit/nothing/title"):
        assert office.get(path).status_code == 404
    assert at_work(app, "clerk.town").get(STATEMENT).status_code == 403


def test_remedies_name_the_organ_and_the_court_that_the_county_set(people: County) -> None:
    session = people.session
    session.add(Setting(**made(key="review_organ", value="某县人民政府")))
    session.commit()
    line = Line(people).until("confirmed")
    ground = {"reason_code": "conditions_not_met", "facts": "所交材料不属于本机关受理范围。", "reasons": "不符合规定的受理条件，予以否定。",
              "legal_basis": "行政许可法第三十二条"}  # fmt: skip
    line.do("approver", "reject", **ground)
    line.do("leader", "approve_rejection", opinion="同意不予受理")
    said = {d.kind: d.paragraphs for d in people.rows(Document, line.id)}["non_acceptance"]["remedies"]
    assert "向某县人民政府申请行政复议" in said
    assert "依法向有管辖权的人民法院提起" in said
