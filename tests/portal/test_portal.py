"""Chapter three, article nine, from outside: what anybody may read without login, and what stays in."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from app.engine import scope
from app.engine.now import now
from app.law.clock import ZONE
from app.models.catalogue import Item
from app.models.organisation import Staff, Window
from app.stages.intake.duties import lapse_drafts
from app.web.passwords import hash_password
from tests.factories import FILES, Line
from tests.web.at_work import at_work
from tests.web.logins import PASSWORD, grant_everything, send, token_of_form

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import County

NUMBER = "469099198506151239"


@pytest.fixture(autouse=True)
def passwords(app: Flask, county: County) -> None:
    """Everybody may log in, and see the pages of their role."""
    county.session.execute(update(User).values(password=hash_password(PASSWORD)))
    county.session.commit()
    grant_everything(app)


def text(client: FlaskClient, address: str, status: int = 200) -> str:
    client.get("/lang/en")
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def change(county: County, code: str, **values: object) -> None:
    item = county.session.scalars(select(Item).where(Item.code == code)).one()
    for name, value in values.items():
        setattr(item, name, value)
    county.session.commit()


@pytest.mark.req(23)
def test_anybody_reads_the_guide_and_the_material_list_as_they_are_in_force(client: FlaskClient, county: County) -> None:
    assert "示例事项I12" in text(client, "/guide/")
    page = text(client, "/guide/I12")
    for said in ("《森林法》第五十七条", "符合条件", "无限制", "收件、受理、审查、决定、出件", "申请表", "身份证明", "电子证照库"):
        assert said in page
    change(county, "I12", legal_basis="《森林法》第五十六条")
    county.session.scalars(select(Item).where(Item.code == "I12")).one().materials[0].name = "新申请表"
    county.session.commit()
    page = text(client, "/guide/I12")
    assert "《森林法》第五十六条" in page
    assert "新申请表" in page


@pytest.mark.req(24)
def test_what_is_not_published_or_is_secret_is_nowhere_in_the_guide(client: FlaskClient, county: County) -> None:
    assert Item.__table__.c.is_public.default.arg is False
    change(county, "I12", is_public=False)
    change(county, "I13", is_public=False, is_secret=True)
    change(county, "I04", is_active=False)
    listed = text(client, "/guide/") + text(client, "/guide/?q=I13") + text(client, "/guide/?fronted=1&office=NL")
    for code in ("I12", "I13", "I04"):
        assert f"示例事项{code}" not in listed
        assert "示例事项" not in text(client, f"/guide/{code}", 404)


def test_the_guide_is_searched_and_takes_no_nonsense(client: FlaskClient, county: County) -> None:
    assert "示例事项I04" not in text(client, "/guide/?q=I12")
    assert "No item is called so." in text(client, "/guide/?q=%25_%27")
    text(client, "/guide/%00%27", 404)
    text(client, "/board/nowhere", 404)
    text(client, "/decisions/?before=abc&q=%00")


@pytest.mark.req(22)
def test_the_board_shows_window_phone_name_and_photo_and_the_manager_hears_of_a_missing_one(
    app: Flask, client: FlaskClient, county: County
) -> None:
    staff = county.session.scalars(select(Staff).where(Staff.name == "示clerk.hall")).one()
    board = text(client, "/board/hall")
    for said in ("A01窗口", "0898-1", "示clerk.hall", "no photo yet"):
        assert said in board
    assert "示clerk.town" not in board
    text(client, f"/board/photo/{staff.id}", 404)

    manager = at_work(app, "manager.hall")
    assert "missing" in text(manager, "/staff-photos/")
    name, picture = FILES["image/png"]
    assert put(manager, staff, (name, picture)) == 303
    shown = client.get(f"/board/photo/{staff.id}")
    assert (shown.status_code, shown.mimetype, shown.get_data()) == (200, "image/png", picture)


def test_a_photo_is_put_in_by_the_own_place_alone_and_is_a_picture(app: Flask, county: County) -> None:
    town, hall = (
        county.session.scalars(select(Staff).where(Staff.name == name)).one() for name in ("示clerk.town", "示clerk.hall")
    )
    for who, staff, status in (("manager.hall", town, 404), ("clerk.hall", hall, 403), ("supervisor", hall, 403)):
        assert put(at_work(app, who), staff, FILES["image/png"]) == status, who
    assert put(at_work(app, "manager.hall"), hall, FILES["application/pdf"]) == 415
    assert put(at_work(app, "manager.hall"), hall, ("", b"")) == 422
    with scope.unscoped(county.session):
        assert county.session.scalars(select(Staff.photo_id).where(Staff.photo_id.is_not(None))).all() == []


def test_somebody_no_longer_at_a_window_is_no_longer_shown(client: FlaskClient, county: County) -> None:
    window = county.session.scalars(select(Window).where(Window.code == "A01")).one()
    window.is_active = False
    county.session.commit()
    assert "示clerk.hall" not in text(client, "/board/hall")


@pytest.mark.parametrize("gone", ["window", "account"])
def test_a_photo_leaves_the_board_with_the_person(app: Flask, client: FlaskClient, county: County, gone: str) -> None:
    staff = county.session.scalars(select(Staff).where(Staff.name == "示clerk.hall")).one()
    assert put(at_work(app, "manager.hall"), staff, FILES["image/png"]) == 303
    assert client.get(f"/board/photo/{staff.id}").status_code == 200
    county.session.rollback()
    if gone == "window":
        county.session.scalars(select(Window).where(Window.code == "A01")).one().is_active = False
    else:
        county.session.get_one(User, staff.user_id).active = False
    county.session.commit()
    assert client.get(f"/board/photo/{staff.id}").status_code == 404


def put(visitor: FlaskClient, staff: Staff, file: tuple[str, bytes]) -> int:
    """Send a photo from the page, or past it where the page does not open."""
    page = visitor.get("/staff-photos/")
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    token = found[1] if found else token_of_form(visitor, "/progress/")
    given = {"photo": (io.BytesIO(file[1]), file[0]), "csrf_token": token}
    return visitor.post(f"/staff-photos/{staff.id}", data=given).status_code


def ask(client: FlaskClient, number: str, last_four: str) -> tuple[int, str]:
    client.get("/lang/en")
    answer = send(client, "/progress/", number=number, last_four=last_four)
    return answer.status_code, re.sub(r'name="csrf_token" value="[^"]+"|"csrf-token" content="[^"]+"', "", answer.text)


def test_progress_is_told_to_whoever_knows_number_and_code_and_says_nothing_personal(
    client: FlaskClient, county: County
) -> None:
    line = Line(county).until("accepted")
    number = county.application(line.id).short_no
    status, page = ask(client, number, NUMBER[-4:].lower())
    assert status == 200
    for said in ("示例事项I12", "Accepted, under review", "枫木镇便民服务中心"):
        assert said in page
    for kept in ("示例甲", NUMBER, "19900000001", "示approver", "示例村"):
        assert kept not in page


def test_a_wrong_number_and_a_wrong_code_are_answered_alike(client: FlaskClient, county: County) -> None:
    number = county.application(Line(county).until("draft").id).short_no
    absent = f"{number[:-4]}9999"
    answers = [ask(client, number, "0000"), ask(client, absent, NUMBER[-4:]), ask(client, number, "")]
    assert {status for status, _ in answers} == {404}
    assert len({page.replace(absent, number) for _, page in answers}) == 1


def test_codes_are_not_guessed(client: FlaskClient, county: County) -> None:
    number = county.application(Line(county).until("draft").id).short_no
    found = [ask(client, number, f"{guess:04}")[0] for guess in range(11)]
    assert found == [404] * 10 + [429]
    assert ask(client, number, NUMBER[-4:])[0] == 429


def test_thirty_wrong_guesses_a_day_at_one_application_are_all_by_whichever_number_and_from_wherever(
    client: FlaskClient, county: County
) -> None:
    application = county.application(Line(county).until("filed").id)
    numbers = [application.short_no, application.number]
    county.session.rollback()
    assert None not in numbers

    def guess(n: int, code: str) -> int:
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{n}"
        return ask(client, numbers[n % 2], code)[0]

    assert [guess(n, NUMBER[-4:]) for n in range(40)] == [200] * 40, "whoever knows the code guesses at nothing"
    assert [guess(n, "0000") for n in range(31)] == [404] * 30 + [429]
    assert guess(99, NUMBER[-4:]) == 429


def test_granted_licences_are_public_with_the_person_masked(client: FlaskClient, county: County) -> None:
    Line(county).until("reviewed")
    assert "No decision is found." in text(client, "/decisions/")
    Line(county).until("approved")
    page = text(client, "/decisions/")
    assert "示*甲" in page
    assert "示例甲" not in page
    assert NUMBER not in page
    change(county, "I12", is_public=False, is_secret=True)
    assert "No decision is found." in text(client, "/decisions/")


@pytest.mark.req(96)
def test_the_rule_and_its_version_stand_on_the_page_and_on_the_papers(client: FlaskClient, county: County) -> None:
    page = text(client, "/about/")
    for said in ("2023-05-09", "县行政审批服务局", "屯昌县政务服务中心", "第十七条", "本制度自印发之日起开始实行"):
        assert said in page
    from app.models.trail import Document

    line = Line(county).until("received")
    voucher = next(d for d in county.rows(Document, line.id) if d.kind == "receipt_voucher")
    assert any("2023" in str(paragraph) for paragraph in voucher.paragraphs.values())


def test_an_anonymous_session_still_sees_no_row_of_an_application(app: Flask, client: FlaskClient, county: County) -> None:
    line = Line(county).until("accepted")
    text(client, "/decisions/")
    for address in (f"/application/{line.id}", f"/object/opinion/{line.id}", "/staff-photos/"):
        assert client.get(address).status_code in {302, 404}
    assert client.get("/api/v1/application/").status_code == 401


def test_the_day_that_was_promised_is_told_while_the_clock_runs_and_after_the_end(
    client: FlaskClient, county: County
) -> None:
    for state in ("accepted", "delivered"):
        line = Line(county).until(state)
        page = ask(client, county.application(line.id).short_no, NUMBER[-4:])[1]
        assert "2026-03-09" in page[page.index("Promised by") :][:200], state


def told(page: str) -> dict[str, str]:
    """The facts of the page: label -> words."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    return {label: re.sub(r"<[^>]+>", "", words) for label, words in found}


def test_of_a_matter_that_ended_undecided_the_page_says_when_and_promises_nothing_any_longer(
    client: FlaskClient, county: County, clock: time_machine.Traveller
) -> None:
    running, withdrawn, lapsed, delivered = Line(county), Line(county), Line(county), Line(county)
    running.until("accepted")
    withdrawn.until("accepted")
    lapsed.until("draft")
    delivered.until("delivered")
    clock.move_to(datetime(2026, 3, 4, 10, 30, tzinfo=ZONE))
    withdrawn.do("clerk.town", "withdraw", request=county.file("clerk.town"))
    clock.move_to(datetime(2026, 4, 20, 9, 0, tzinfo=ZONE))
    assert lapse_drafts(county.session, now()).raised == 1

    seen = {each: told(ask(client, county.application(each.id).short_no, NUMBER[-4:])[1])
            for each in (running, withdrawn, lapsed, delivered)}  # fmt: skip
    assert (seen[running]["Promised by"][:10], seen[running]["Closed at"]) == ("2026-03-09", "—")
    assert seen[withdrawn]["Closed at"] == "2026-03-04 10:30"
    assert seen[lapsed]["Ended at"] == "2026-04-20 09:00"
    assert seen[delivered]["Delivered at"][:10] == "2026-03-02"
    assert seen[delivered]["Promised by"][:10] == "2026-03-09"
    for ended in (withdrawn, lapsed):
        assert "Promised by" not in seen[ended]
        assert "—" not in seen[ended].values()


def test_the_end_of_a_number_is_not_found_out_by_trying_from_many_addresses(app: Flask, county: County) -> None:
    line = Line(county).until("accepted")
    number, right = county.application(line.id).short_no, county.application(line.id).id_no[-4:]
    answers = []
    for i in range(35):
        visitor = app.test_client()
        visitor.environ_base["REMOTE_ADDR"] = f"10.0.0.{i}"
        answers.append(ask(visitor, number, "0000" if right != "0000" else "1111")[0])
    assert answers == [404] * 30 + [429] * 5
    visitor = app.test_client()
    assert ask(visitor, number, right)[0] == 429  # and it is not told that this one was right
    other = county.application(Line(county).until("accepted").id)
    assert ask(visitor, other.short_no, other.id_no[-4:])[0] == 200
