"""Handbooks per item, version by version; who answers where; no item left out (一)."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.models.catalogue import Item
from app.models.consultation import AnswerOwner
from app.models.handbook import Handbook
from app.models.organisation import Centre
from tests import samples
from tests.factories import made
from tests.stages.consultation.asking import Question, change, send_small
from tests.web.at_work import at_work
from tests.web.forms import fill_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.factories import County


def item(county: County, code: str = "I12") -> Item:
    county.session.rollback()
    return county.session.scalars(select(Item).where(Item.code == code)).one()


def versions(county: County, code: str = "I12") -> list[tuple[int | None, str, str]]:
    rows = select(Handbook).where(Handbook.item_id == item(county, code).id).order_by(Handbook.id)
    return [(each.number, each.state, each.intake_points) for each in county.session.scalars(rows)]


def written(client: FlaskClient, county: County, points: str, code: str = "I12") -> str:
    """A draft with these points; the address of its page."""
    begun = send_small(client, f"/handbooks/begin/{item(county, code).id}")
    assert begun.status_code == 303
    answer = fill_in(client, begun.location, intake_points=points)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def publish(client: FlaskClient, page: str) -> TestResponse:
    return send_small(client, page.replace("/show/", "/publish/"))


@pytest.mark.req(41)
@pytest.mark.database
def test_a_handbook_is_published_version_by_version_and_a_hall_without_an_answer_owner_is_listed(app: Flask, county: County) -> None:
    head, admin = at_work(app, "head"), at_work(app, "admin")
    publish(head, written(head, county, "第一版：核对林权证。"))
    publish(admin, written(admin, county, "第二版：核对林权证和采伐方案。"))
    assert versions(county) == [(1, "published", "第一版：核对林权证。"), (2, "published", "第二版：核对林权证和采伐方案。")]
    clerk = at_work(app, "clerk.hall")
    now = clerk.get("/handbooks/item/I12", follow_redirects=True).text
    assert "第二版：核对林权证和采伐方案。" in now
    assert "Version 1" in now  # history is kept
    question = Question(app, county).up_to(2)
    for page in (f"/object/consultation/{question.id}", f"/items/show/{item(county).id}"):
        assert 'href="/handbooks/item/I12"' in clerk.get(page).text

    gaps = clerk.get("/consultation-coverage/").text
    assert {"县政务服务大厅", "枫木镇便民服务中心", "南吕镇便民服务中心"} <= set(re.findall(r"[^>]+(?=</span></li>)", gaps))
    hall = county.session.scalars(select(Centre).where(Centre.code == "hall")).one()
    owner = {"centre": hall.id, "staff": county.staff("manager.hall"), "since": "2026-03-01"}
    assert fill_in(admin, "/answer-owners/add", **owner).status_code == 302
    gaps = clerk.get("/consultation-coverage/").text
    assert "县政务服务大厅</span>" not in gaps
    assert "枫木镇便民服务中心</span>" in gaps
    assert "示manager.hall" in clerk.get("/answer-owners/list/").text


@pytest.mark.database
def test_what_was_published_is_never_changed(app: Flask, county: County) -> None:
    head = at_work(app, "head")
    page = written(head, county, "核对林权证。")
    publish(head, page)
    for move in ("publish", "discard"):
        send_small(head, page.replace("/show/", f"/{move}/"))
    led = head.get(page.replace("/show/", "/edit/"), follow_redirects=True)
    assert led.request.path == page  # where a new version is drafted, instead of a page that leads nowhere
    assert "This version is settled; draft a new one." in led.text
    assert f'/handbooks/begin/{item(county).id}"' in led.text
    assert head.post(page.replace("/show/", "/edit/"), data={"intake_points": "改写"}).status_code in {400, 409}
    attached = send_small(head, page.replace("/show/", "/attach/"), file=(io.BytesIO(samples.pdf()), "手册.pdf"))
    assert attached.status_code == 409
    assert versions(county) == [(1, "published", "核对林权证。")]
    for statement in ("UPDATE handbook SET intake_points = '改写'", "DELETE FROM handbook"):
        with pytest.raises(DBAPIError):
            county.session.execute(text(statement))
        county.session.rollback()


def test_another_office_and_the_windows_write_no_handbook(app: Flask, county: County) -> None:
    pk = item(county).id
    other = at_work(app, "head.other")
    assert send_small(other, f"/handbooks/begin/{pk}").status_code == 403
    assert fill_in(other, "/handbooks/add", item=pk, intake_points="别室所写").status_code == 422
    head = at_work(app, "head")
    page = written(head, county, "核对林权证。")
    assert publish(other, page).status_code == 403
    assert other.get(page.replace("/show/", "/edit/")).status_code == 403
    for who in ("clerk.hall", "approver", "leader", "supervisor"):
        assert send_small(at_work(app, who), f"/handbooks/begin/{pk}").status_code in {302, 403}
        assert publish(at_work(app, who), page).status_code in {302, 403}
    assert versions(county) == [(None, "draft", "核对林权证。")]


def test_an_empty_handbook_is_not_published_and_a_draft_may_go(app: Flask, county: County) -> None:
    head = at_work(app, "head")
    page = written(head, county, " ")
    publish(head, page)
    assert [state for _, state, _ in versions(county)] == ["draft"]
    send_small(head, page.replace("/show/", "/discard/"))
    assert [state for _, state, _ in versions(county)] == ["discarded"]
    assert written(head, county, "重新起草。") != page


def test_a_handbook_s_file_is_read_by_staff_and_stays_with_its_version(app: Flask, county: County) -> None:
    head = at_work(app, "head")
    page = written(head, county, "见附件。")
    send_small(head, page.replace("/show/", "/attach/"), file=(io.BytesIO(samples.pdf()), "手册.pdf"))
    publish(head, page)
    fetched = at_work(app, "clerk.town").get(page.replace("/show/", "/file/"))
    assert (fetched.status_code, fetched.data) == (200, samples.pdf())
    assert app.test_client().get(page.replace("/show/", "/file/")).status_code == 302
    second = written(head, county, "附件未变。")  # goes on with the file of the version before
    assert at_work(app, "clerk.town").get(second.replace("/show/", "/file/")).status_code == 200


@pytest.mark.parametrize(
    ("who", "since", "until", "field"),
    [
        ("clerk.town", "2026-03-01", "", "no post at the centre"),
        ("clerk.hall", "2026-03-05", "2026-03-01", "lies before the first"),
        ("clerk.hall", "2026-06-01", "", "Somebody else answers"),
    ],
)
def test_one_person_at_a_time_answers_who_works_there(app: Flask, county: County, who: str, since: str, until: str, field: str) -> None:
    hall = county.session.scalars(select(Centre).where(Centre.code == "hall")).one()
    county.session.add(AnswerOwner(**made(centre_id=hall.id, staff_id=county.staff("clerk2.hall"), since=date(2026, 5, 1))))
    pk, staff_id = hall.id, county.staff(who)
    county.session.commit()
    answer = fill_in(at_work(app, "admin"), "/answer-owners/add", centre=pk, staff=staff_id, since=since, until=until)
    assert answer.status_code == 422
    assert field in answer.text
    for other in ("clerk.hall", "head"):
        assert at_work(app, other).get("/answer-owners/add").status_code in {302, 403}


def test_an_assignment_that_ended_leaves_the_centre_without_an_owner(app: Flask, county: County) -> None:
    hall = county.session.scalars(select(Centre).where(Centre.code == "hall")).one()
    past = {"since": date(2026, 1, 1), "until": date(2026, 3, 1)}
    county.session.add(AnswerOwner(**made(centre_id=hall.id, staff_id=county.staff("clerk.hall"), **past)))
    county.session.commit()
    assert "县政务服务大厅</span>" in at_work(app, "supervisor").get("/consultation-coverage/").text


@pytest.mark.req(102)
def test_an_active_item_without_handbook_or_guide_is_listed_until_it_has_both(app: Flask, county: County) -> None:
    head, other = at_work(app, "head"), at_work(app, "head.other")
    clerk = at_work(app, "clerk.hall")

    def listed() -> list[str]:
        return re.findall(r'href="/handbooks/item/(I\d+)"', clerk.get("/consultation-coverage/").text)

    assert listed() == ["I04", "I05", "I12", "I13"]
    for code, writer in (("I12", head), ("I13", head), ("I04", other), ("I05", other)):
        page = written(writer, county, "受理要点。", code)
        assert code in listed()  # a draft is no handbook
        publish(writer, page)
    assert listed() == []
    assert "0 / 4" in clerk.get("/consultation-coverage/").text
    change(county, "I12", procedure=" ")
    assert listed() == ["I12"]
    change(county, "I12", is_active=False)
    assert listed() == []
