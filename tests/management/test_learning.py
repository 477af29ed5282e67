"""Meetings, trainings and study: recorded by whoever leads, and missed by nobody who looks (第三、四、九、十二条)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.engine import scope
from app.errors import Incomplete, NotAllowed
from app.law.workdays import ZONE
from app.models.calendar import Setting
from app.models.catalogue import Item
from app.models.organisation import Centre, Posting, Staff
from app.models.people import Meeting, Study, Trained, Training
from tests.factories import County, Line, made
from tests.management.staffing import do, everything
from tests.web.at_work import at_work, send_act
from tests.web.programs import Program

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

TOLD = {"results": "受理八十件，无超期。", "problems": "容缺补件催得不够。", "next_steps": "每日下班前逐件催补。"}


def meet(county: County, who: str, **changes: object) -> int:
    told = {"held_on": "2026-03-02", "attendees": [county.staff(who)], **TOLD, **changes}
    return do(county, who, "hold_meeting", **told)["id"]


def item(county: County, code: str = "I12") -> int:
    return county.session.scalars(select(Item.id).where(Item.code == code)).one()


def teach(county: County, who: str = "approver", **changes: object) -> int:
    told = {
        "held_on": "2026-03-02", "topic": "林木采伐受理要点", "items": [item(county)],
        "clerks": [county.staff("clerk.hall")], **changes,
    }  # fmt: skip
    return do(county, who, "train", **told)["id"]


def learn(county: County, who: str = "manager.hall", person: str = "clerk.hall", **changes: object) -> int:
    told = {
        "staff": county.staff(person), "kind": "exam", "subject": "一次性告知", "studied_on": "2026-03-02",
        "result": "92分", **changes,
    }  # fmt: skip
    return do(county, who, "record_study", **told)["id"]


# -- meetings


@pytest.mark.req(8)
def test_a_meeting_is_recorded_and_a_place_without_one_is_listed(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    for who in ("head", "supervisor", "manager.hall"):
        Program(app, county, who)
    overdue = at_work(app, "supervisor").get("/meetings-overdue/").text
    assert "农林水务审批室" in overdue
    head = at_work(app, "head")
    sent = send_act(
        head, "/object/meeting/new/hold", held_on="2026-03-02",
        attendees=[str(county.staff("head")), str(county.staff("approver"))], **TOLD,
    )  # fmt: skip
    assert sent.status_code == 303
    shown = head.get(sent.headers["Location"]).text
    for words in ("农林水务审批室", "2026-03-02", "示approver", *TOLD.values()):
        assert words in shown
    assert "农林水务审批室" not in at_work(app, "supervisor").get("/meetings-overdue/").text
    assert "市场准入审批室" in at_work(app, "supervisor").get("/meetings-overdue/").text
    assert at_work(app, "head").get("/meetings-overdue/").text.count("审批室") == 0  # the own office met, others are not its business
    clock.move_to(datetime(2026, 4, 3, 10, 0, tzinfo=ZONE))
    assert "农林水务审批室" in at_work(app, "supervisor").get("/meetings-overdue/").text
    county.session.rollback()
    with scope.unscoped(county.session):
        county.session.add(Setting(**made(key="meeting_period_days", value=60)))
        county.session.commit()
    assert "农林水务审批室" not in at_work(app, "supervisor").get("/meetings-overdue/").text


def test_a_meeting_lies_not_ahead_and_is_the_own_place_s(county: County) -> None:
    for wrong in (
        {"held_on": "2026-03-03"}, {"attendees": []}, {"attendees": [987654]}, {"results": ""}, {"problems": ""},
        {"next_steps": ""}, {"unit": "office:987"}, {"unit": "centre:1;drop"},
    ):  # fmt: skip
        with pytest.raises(Incomplete):
            meet(county, "head", **wrong)
    for who in ("clerk.hall", "approver", "supervisor", "leader", "admin"):
        with pytest.raises(NotAllowed):
            meet(county, who)
    assert everything(county, Meeting) == []


@pytest.mark.database
def test_a_meeting_is_never_edited_and_no_other_place_reads_it(app: Flask, county: County) -> None:
    pk = meet(county, "head")
    for statement in (update(Meeting).values(results="改"), delete(Meeting)):
        with pytest.raises(IntegrityError), scope.unscoped(county.session):
            county.session.execute(statement)
        county.session.rollback()
    seen = {}
    for who in ("approver", "head.other", "manager.hall", "supervisor"):
        Program(app, county, who)
        seen[who] = at_work(app, who).get(f"/object/meeting/{pk}").status_code
    assert seen == {"approver": 200, "head.other": 404, "manager.hall": 404, "supervisor": 200}


# -- training


@pytest.mark.req(10)
@pytest.mark.database
def test_a_clerk_without_training_on_an_item_is_warned_and_not_stopped(app: Flask, county: County) -> None:
    for who in ("clerk.hall", "approver", "clerk2.hall"):
        Program(app, county, who)
    clerk = at_work(app, "clerk.hall")
    warning = "No training on «示例事项I12» is on record for you"
    assert warning in clerk.get("/application/new?item=I12").text
    assert "No training" not in clerk.get("/application/new").text
    line = Line(county, clerk="clerk.hall").register()
    assert warning in clerk.get(f"/application/{line.id}/act/receive").text
    line.receive()  # a warning, never a block
    assert county.application(line.id).state == "received"
    office = at_work(app, "approver")
    clerks = [str(county.staff("clerk.hall"))]
    sent = send_act(
        office, "/object/training/new/train", held_on="2026-03-02", topic="林木采伐受理要点", items=[str(item(county))],
        clerks=clerks,
    )  # fmt: skip
    assert sent.status_code == 303
    assert warning not in clerk.get("/application/new?item=I12").text
    assert "«示例事项I13»" in clerk.get("/application/new?item=I13").text
    assert warning in at_work(app, "clerk2.hall").get("/application/new?item=I12").text
    report = office.get("/training-report/").text
    assert "农林水务审批室" in report
    assert "市场准入审批室" not in report
    row = report[report.index("示clerk.hall") :]
    assert "I12" not in row[: row.index("</tr>")]
    assert "I13" in row[: row.index("</tr>")]
    assert "I12 示例事项I12" in report[report.index("示clerk2.hall") :]


def test_an_office_teaches_its_own_items(county: County) -> None:
    for wrong in (
        {"items": [item(county, "I04")]}, {"items": []}, {"items": [987654]}, {"clerks": [987654]}, {"held_on": "2026-03-03"},
        {"topic": ""}, {"file": 987654}, {"unit": "office:987"},
    ):  # fmt: skip
        with pytest.raises(Incomplete):
            teach(county, **wrong)
    for who in ("clerk.hall", "manager.hall", "assistant", "supervisor", "leader"):
        with pytest.raises(NotAllowed):
            teach(county, who)
    assert everything(county, Training) == []


def test_the_sheet_of_a_training_is_read_by_the_office_alone(app: Flask, county: County) -> None:
    for who in ("approver", "approver.other", "supervisor", "clerk.hall"):
        Program(app, county, who)
    pk = teach(county, file=county.file("approver"))
    got = {who: at_work(app, who).get(f"/trainings/file/{pk}").status_code for who in ("approver", "approver.other", "supervisor", "clerk.hall")}
    assert got == {"approver": 200, "approver.other": 404, "supervisor": 200, "clerk.hall": 403}
    assert at_work(app, "approver").get(f"/trainings/file/{teach(county, topic='再次培训')}").status_code == 404
    assert len(everything(county, Trained)) == 2


def test_a_manager_reads_of_the_own_clerks_what_they_lack(app: Flask, county: County) -> None:
    Program(app, county, "manager.hall")
    report = at_work(app, "manager.hall").get("/training-report/").text
    assert "示clerk.hall" in report
    assert "示clerk.town" not in report


# -- study


@pytest.mark.req(101)
def test_whoever_studied_nothing_this_quarter_is_listed(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    Program(app, county, "manager.hall")
    manager = at_work(app, "manager.hall")
    report = manager.get("/study-report/").text
    assert "示clerk.hall" in report
    assert "示clerk.town" not in report  # another town's
    sent = send_act(
        manager, "/object/study/new/record", staff=str(county.staff("clerk.hall")), kind="exam", subject="一次性告知",
        studied_on="2026-03-02", result="92分",
    )  # fmt: skip
    assert sent.status_code == 303
    report = manager.get("/study-report/").text
    assert "示clerk.hall" not in report
    assert "示clerk2.hall" in report
    clock.move_to(datetime(2026, 6, 1, 10, 0, tzinfo=ZONE))
    assert "示clerk.hall" in at_work(app, "manager.hall").get("/study-report/").text
    county.session.rollback()
    with scope.unscoped(county.session):
        county.session.add(Setting(**made(key="study_period_days", value=120)))
        county.session.commit()
    assert "示clerk.hall" not in at_work(app, "manager.hall").get("/study-report/").text


def test_study_is_recorded_for_the_own_people_and_read_by_few(app: Flask, county: County) -> None:
    pk = learn(county)
    with pytest.raises(NotAllowed):
        learn(county, person="clerk.town")
    with pytest.raises(NotAllowed):
        learn(county, who="clerk.hall")
    for wrong in ({"studied_on": "2026-03-03"}, {"staff": 987654}, {"result": ""}, {"kind": "game"}):
        with pytest.raises(Incomplete):
            learn(county, **wrong)
    seen = {}
    for who in ("clerk.hall", "clerk2.hall", "manager.hall", "clerk.town", "head", "supervisor"):
        Program(app, county, who)
        seen[who] = at_work(app, who).get(f"/object/study/{pk}").status_code
    assert seen == {
        "clerk.hall": 200, "clerk2.hall": 404, "manager.hall": 200, "clerk.town": 404, "head": 404, "supervisor": 200,
    }  # fmt: skip
    with pytest.raises(IntegrityError), scope.unscoped(county.session):
        county.session.execute(update(Study).values(result="100分"))
    county.session.rollback()


# -- the staff record


@pytest.mark.req(9)
def test_a_record_names_who_hires_and_who_manages_and_a_town_manager_sees_the_own_town(app: Flask, county: County) -> None:
    from flask_appbuilder.security.sqla.models import Role

    from tests.factories import person

    town = county.session.scalars(select(Centre).where(Centre.code == "town")).one()
    role = county.session.scalars(select(Role).where(Role.name == "window_manager")).one()
    person(county.session, "manager.town", role, "town:", {"town": town}, {}, {})
    county.session.execute(
        update(Staff).where(Staff.name == "示clerk.town").values(employer="县行政审批服务局", manager="枫木镇便民服务中心")
    )
    county.session.commit()
    program = Program(app, county, "manager.town")
    own, other = county.staff("clerk.town"), county.staff("clerk.other")
    page = at_work(app, "manager.town").get("/staff/list/?psize_StaffView=100").text
    for words in ("示clerk.town", "县行政审批服务局", "枫木镇便民服务中心"):
        assert words in page
    for stranger in ("示clerk.other", "示clerk.hall", "示approver", "示leader"):
        assert stranger not in page, stranger
    client = at_work(app, "manager.town")
    assert client.get(f"/staff/show/{own}").status_code == 200
    assert client.get(f"/staff/show/{other}").status_code == 404
    posts = {pk: county.session.scalars(select(Posting.id).where(Posting.staff_id == pk)).one() for pk in (own, other)}
    assert client.get(f"/postings/show/{posts[own]}").status_code == 200
    assert client.get(f"/postings/show/{posts[other]}").status_code == 404
    assert program.get(f"staff/{other}").status_code == 404
    listed = {row["name"]: row for row in program.get("staff/?q=(page_size:100)").json["result"]}
    assert set(listed) == {"示clerk.town", "示clerk2.town", "示manager.town"}
    assert listed["示clerk.town"]["employer"] != listed["示clerk.town"]["manager"]
    filtered = program.get("staff/", query_string={"q": "(filters:!((col:name,opr:ct,value:other)))"})
    assert filtered.json["result"] == []
    Program(app, county, "admin")
    assert "示clerk.other" in at_work(app, "admin").get("/staff/list/?psize_StaffView=100").text
