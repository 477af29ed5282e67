"""Wrong input costs nobody their typing, is explained in Chinese, and is counted for training (第十二条, req. 31)."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.models.misstep import Misstep
from tests.factories import APPLICANT, Line
from tests.web.at_work import at_work, fields_of, send_act
from tests.web.programs import Program

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from tests.factories import County

TYPED = {
    "item": "I12", "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id",
    "id_no": "469099198506151230", "phone": "12", "relation": "new", "address": "海南省屯昌县枫木镇示例村1号",
}  # fmt: skip
LIST = "/missteps/list/"


def counted(session: Session) -> list[tuple[str, str, str, int]]:
    session.rollback()
    return [(m.name, m.act, m.field, m.times) for m in session.scalars(select(Misstep).order_by(Misstep.id))]


def rows(page: TestResponse) -> str:
    """The text of a list."""
    return unescape(re.sub(r"<[^>]+>", " ", page.text))


@pytest.mark.req(31)
def test_a_form_sent_back_speaks_chinese_keeps_the_typing_and_is_counted(
    app: Flask, county: County, session: Session
) -> None:
    """31: errors in Chinese, input kept; a log of misoperations, by person and field, with nothing that was typed."""
    clerk = at_work(app, "clerk.town")
    clerk.get("/lang/zh")
    for _ in range(2):
        page = send_act(clerk, "/application/new", **TYPED)
        assert page.status_code == 422
        summary = re.search(r'<div class="error-summary".*?</div>', page.text, re.DOTALL)
        assert summary is not None
        said = [unescape(re.sub("<[^>]+>", "", each)) for each in re.findall(r"<li>(.*?)</li>", summary[0], re.DOTALL)]
        assert len(said) == 2
        assert [each for each in said if not re.search("[一-鿿]{4}", each)] == []
        kept = fields_of(page)
        assert {name: kept[name] for name in ("applicant_name", "id_no", "phone", "address")} == {
            name: TYPED[name] for name in ("applicant_name", "id_no", "phone", "address")
        }
    assert counted(session) == [
        ("示clerk.town", "register", "id_no", 2), ("示clerk.town", "register", "phone", 2),
    ]  # fmt: skip

    leader = at_work(app, "leader")
    leader.get("/lang/zh")
    shown = rows(leader.get(LIST))
    assert {"示clerk.town", "登记", "证件号码", "手机号码"} <= set(shown.split())
    typed = ("469099198506151230", APPLICANT["name"], "示例村")
    with session.connection() as raw:
        stored = str(raw.execute(select(Misstep.__table__)).all())
    assert [each for each in typed if each in shown or each in stored] == []


def test_lines_of_one_kind_are_one_field_and_what_a_sentence_names_is_not_kept(
    app: Flask, county: County, session: Session
) -> None:
    line = Line(county).until("accepted")
    approver = at_work(app, "approver")
    judged = {f"materials.{i}.result": "fail" for i in range(2)}
    page = send_act(approver, f"/application/{line.id}/act/review", **judged, conclusion="refuse", opinion="材料不符合要求")
    assert page.status_code == 422
    assert counted(session) == [("示approver", "review", "materials.note", 1)]
    program = Program(app, county, "approver")
    assert program.do("review", line.id, materials=[], conclusion="grant", opinion="短").status_code == 422
    shown = rows(at_work(app, "head").get(LIST))
    assert "Too short: at least … characters." in shown
    assert "%(" not in shown


@pytest.mark.req(31)
def test_managers_see_their_own_people_and_nobody_writes_or_empties_the_log(
    app: Flask, county: County, session: Session
) -> None:
    send_act(at_work(app, "clerk.town"), "/application/new", **TYPED)
    send_act(at_work(app, "clerk.hall"), "/application/new", **TYPED)
    mine = rows(at_work(app, "manager.hall").get(LIST))
    assert ("示clerk.hall" in mine, "示clerk.town" in mine) == (True, False)
    head = at_work(app, "head")
    assert "示clerk" not in rows(head.get(LIST))
    assert at_work(app, "clerk.town").get(LIST).status_code != 200
    [first, *_] = session.scalars(select(Misstep.id))
    for address in (f"/missteps/delete/{first}", "/missteps/add", f"/missteps/edit/{first}", "/missteps/action_post"):
        assert at_work(app, "leader").post(address).status_code in (404, 405)
    assert len(counted(session)) == 4


@pytest.mark.database
def test_what_was_refused_for_other_reasons_is_no_misstep(app: Flask, county: County, session: Session) -> None:
    line = Line(county).until("confirmed")
    clerk = Program(app, county, "clerk.town")
    assert clerk.do("accept", line.id, opinion="材料齐全").status_code == 403
    assert clerk.do("remind", line.id, version=1, target="approver", message="催").status_code == 409
    assert counted(session) == []
    for _ in range(3):
        assert clerk.do("remind", line.id, target="nobody", message="催办").status_code == 422
    assert counted(session) == [("示clerk.town", "remind", "target", 3)]
