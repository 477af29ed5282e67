"""From what happened to a record, a statement, a decision, and its correction: who answers is named (第十条)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.engine import scope
from app.engine.perform_object import perform_object
from app.errors import Incomplete, NotAllowed, NotFound, NotNow
from app.jobs import tick
from app.law.clock_rules import Clock
from app.models.accountability import AccountabilityRecord
from app.models.calendar import Alert
from app.models.trail import Event, RefusedAct, StoredFile
from app.supervision.evidence import responsible
from tests.factories import County, Line
from tests.web.at_work import at_work, fields_of, send_act
from tests.web.programs import Program

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy.orm import Session

KIND = "accountability_record"
FACTS = "该办件材料缺少林权证明，仍予以受理。"


def user(county: County, username: str) -> int:
    """Somebody's account."""
    return county.session.scalars(select(User.id).where(User.username == username)).one()


def act(county: County, who: str, move: str, pk: int | None = None, **data: Any) -> dict[str, Any]:
    """An act on a record, from the version it has now."""
    with scope.unscoped(county.session):
        version = county.session.scalar(select(AccountabilityRecord.version).where(AccountabilityRecord.id == pk))
    return perform_object(county.session, KIND, move, pk, county.actor(who), data, version)


def opened(county: County, by: str = "supervisor", respondent: str = "approver", **changes: Any) -> int:
    """A record of a wrong acceptance."""
    line = Line(county).until("accepted")
    told = {"source": "wrong_acceptance", "source_id": line.id, "article": "第十三条", "facts": FACTS}
    answer = act(county, by, "open", **{**told, "respondent_id": user(county, respondent), **changes})
    return int(answer["id"])


def heard(county: County, **changes: Any) -> int:
    pk = opened(county, **changes)
    act(county, "supervisor", "hear", pk, statement="当时材料较多，审核疏忽。")
    return pk


@pytest.mark.req(25)
@pytest.mark.req(35)
def test_a_wrong_acceptance_leads_from_the_application_to_a_record_that_names_who_accepted(
    app: Flask, session: Session, county: County
) -> None:
    line = Line(county).until("accepted")
    supervisor, leader = at_work(app, "supervisor"), at_work(app, "leader")
    page = supervisor.get(f"/application/{line.id}").text
    address = unescape(re.search(r'href="(/object/accountability_record/new/open[^"]*)"', page)[1])
    form = supervisor.get(address)
    given = fields_of(form)
    assert given["respondent_id"] == str(user(county, "approver"))
    assert (given["source"], given["source_id"], given["article"]) == ("wrong_acceptance", str(line.id), "第十三条")
    assert county.application(line.id).short_no in given["facts"]
    path = "/object/accountability_record/new/open"
    kept = supervisor.post(path, data={**given, "facts": given["facts"] + FACTS}, content_type="multipart/form-data")
    assert kept.status_code == 303, kept.text
    record = kept.location
    shown = supervisor.get(record).text
    assert "ZZ-2026-0001" in shown
    assert "示approver" in shown
    assert f'href="/application/{line.id}"' in shown
    wrong = send_act(supervisor, f"{record}/act/hear", statement="")
    assert wrong.status_code == 422
    assert send_act(supervisor, f"{record}/act/hear", statement="当时材料较多，审核疏忽。").status_code == 303
    assert leader.get("/").text.count("ZZ-2026-0001") == 1
    assert send_act(leader, f"{record}/act/decide", measure="training", decision="责令培训后上岗，书面检查。").status_code == 303
    told = send_act(supervisor, f"{record}/act/correct", correction="已补正材料，重新审查，培训完成。")
    assert told.status_code == 303
    last = supervisor.get(record).text
    assert all(words in last for words in ("Put right", "审核疏忽", "责令培训后上岗", "重新审查"))
    respondent = at_work(app, "approver")
    assert respondent.get(record).status_code == 200
    assert record in respondent.get("/").text
    assert at_work(app, "approver2").get(record).status_code == 404
    session.rollback()
    with scope.unscoped(session):
        events = session.scalars(select(Event).where(Event.subject_kind == KIND).order_by(Event.seq)).all()
    assert [(each.act, each.actor_name) for each in events] == [
        ("open_accountability", "示supervisor"), ("hear_respondent", "示supervisor"),
        ("decide_accountability", "示leader"), ("correct_accountability", "示supervisor"),
    ]  # fmt: skip


@pytest.mark.req(25)
def test_every_act_on_an_application_names_a_responsible_person(county: County) -> None:
    line = Line(county).until("filed")
    events = county.rows(Event, line.id)
    assert len(events) > 10
    assert all(event.actor_id and event.actor_name and event.role for event in events)


def test_nobody_is_named_for_a_day_that_somebody_else_missed(county: County) -> None:
    line = Line(county).until("confirmed")
    line.do("approver", "reject", reason_code="barred", facts="十个字以上的事实说明文字", reasons="十个字以上的理由说明文字", legal_basis="森林法第五条")
    named = {clock: responsible(county.session, line.id, clock) for clock in (Clock.FILING, Clock.OPINION, Clock.ESCALATION)}
    assert named == {Clock.FILING: None, Clock.OPINION: None, Clock.ESCALATION: None}
    assert responsible(county.session, line.id, Clock.PROMISED) == user(county, "approver")


@pytest.mark.req(99)
def test_a_refused_act_opens_a_record_in_one_step(app: Flask, session: Session, county: County) -> None:
    line = Line(county).until("confirmed")
    with pytest.raises(NotAllowed):
        county.do("clerk.town", "accept", line.id, {"opinion": "材料齐全"})
    supervisor = at_work(app, "supervisor")
    page = supervisor.get("/refused-acts/list/").text
    address = unescape(re.search(r'href="(/object/accountability_record/new/open[^"]*)"', page)[1])
    given = fields_of(supervisor.get(address))
    assert given["respondent_id"] == str(user(county, "clerk.town"))
    assert "示clerk.town" in given["facts"]
    kept = supervisor.post("/object/accountability_record/new/open", data=given, content_type="multipart/form-data")
    assert kept.status_code == 303
    row = session.scalar(select(RefusedAct.id))
    shown = supervisor.get(kept.location).text
    assert f'href="/refused-acts/show/{row}"' in shown
    assert supervisor.get(f"/refused-acts/show/{row}").status_code == 200
    leader = at_work(app, "leader")
    assert send_act(supervisor, f"{kept.location}/act/hear", statement="误操作，已知错。").status_code == 303
    decided = send_act(leader, f"{kept.location}/act/decide", measure="talk", decision="提醒谈话，熟悉岗位权限。")
    assert decided.status_code == 303
    put_right = send_act(supervisor, f"{kept.location}/act/correct", correction="已谈话，权限范围已再次明确。")
    assert put_right.status_code == 303


@pytest.mark.req(99)
@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_a_lamp_opens_a_record_in_one_step(
    app: Flask, session: Session, county: County, clock: time_machine.Traveller, who: str
) -> None:
    line = Line(county).until("accepted")
    clock.shift(timedelta(days=14))
    tick(session)
    client = at_work(app, who)
    page = client.get("/alerts/list/").text
    red = next(alert.id for alert in county.rows(Alert, line.id) if alert.level == "red")
    address = next(unescape(each) for each in re.findall(r'href="(/object/accountability_record/new/open[^"]*)"', page)
                   if f"source_id={red}" in unescape(each).split("&"))  # fmt: skip
    given = fields_of(client.get(address))
    assert given["respondent_id"] == str(user(county, "approver"))
    kept = client.post("/object/accountability_record/new/open", data=given, content_type="multipart/form-data")
    assert kept.status_code == 303
    assert f'href="/application/{line.id}"' in client.get(kept.location).text


def test_without_evidence_a_statement_or_a_person_there_is_no_record(county: County) -> None:
    base = {"article": "第六条", "facts": FACTS, "respondent_id": user(county, "approver")}
    draft = Line(county).register()
    for wrong in (
        {"source": "other"}, {"source": "lamp", "source_id": 987}, {"source": "refused_act"},
        {"source": "complaint", "source_kind": "complaint", "source_id": 1}, {"source": "wrong_acceptance"},
        {"source": "wrong_acceptance", "source_id": draft.id}, {"source": "other", "application_no": "TC-1"},
        {"source": "other", "evidence": [county.file("leader")]},
    ):  # fmt: skip
        with pytest.raises(Incomplete):
            act(county, "supervisor", "open", **base, **wrong)
    with pytest.raises(Incomplete):
        opened(county, respondent_id=987)
    pk = opened(county)
    with pytest.raises(Incomplete):
        act(county, "supervisor", "hear", pk)
    with pytest.raises(NotNow):
        act(county, "leader", "decide", pk, measure="talk", decision="提醒谈话，责令改正。")


def test_papers_alone_are_evidence_and_are_seen_with_the_record(app: Flask, session: Session, county: County) -> None:
    paper = county.file("supervisor")
    told = {"source": "other", "source_id": None, "evidence": [paper]}
    pk = opened(county, **told)
    assert paper in [file.id for file in session.scalars(select(StoredFile).where(StoredFile.subject_id == pk))]
    for who, status in (("supervisor", 200), ("approver", 200), ("leader", 200), ("head", 404), ("archivist", 404)):
        assert at_work(app, who).get(f"/accountability-paper/{paper}").status_code == status, who


def test_nobody_decides_about_themselves_nor_on_a_record_of_their_own(county: County) -> None:
    with pytest.raises(NotAllowed):
        opened(county, respondent="supervisor")
    mine = heard(county, by="leader")
    decided = {"measure": "talk", "decision": "提醒谈话，责令改正。"}
    for who in ("leader", "supervisor", "approver"):
        with pytest.raises((NotAllowed, NotFound)):
            act(county, who, "decide", mine, **decided)
    with pytest.raises(NotAllowed):
        act(county, "leader", "drop", mine, reason="事实不清，证据不足。")
    about_the_leader = opened(county, respondent="leader")
    act(county, "supervisor", "hear", about_the_leader, statement="情况属实，愿意整改。")
    with pytest.raises(NotAllowed):
        act(county, "leader", "decide", about_the_leader, **decided)
    for change in ("decided_by_id = respondent_id", "decided_by_id = opened_by_id"):
        with pytest.raises(DBAPIError, match="accountability_decider"):
            county.session.execute(text(f"UPDATE accountability_record SET {change}"))
        county.session.rollback()
    with pytest.raises(DBAPIError, match="history is only added to"):
        county.session.execute(text("UPDATE accountability_record SET facts = '改'"))
    county.session.rollback()
    with pytest.raises(DBAPIError, match="history is only added to"):
        county.session.execute(text("DELETE FROM accountability_record"))
    county.session.rollback()


@pytest.mark.database
def test_only_those_who_oversee_and_the_person_concerned_see_a_record(county: County) -> None:
    pk = opened(county)
    seen = {}
    for who in ("supervisor", "leader", "approver", "approver2", "head", "archivist", "clerk.town", "admin", "cert"):
        scope.bind(county.session, county.actor(who))
        seen[who] = county.session.scalars(select(AccountabilityRecord.id)).all() == [pk]
    assert {who for who, sees in seen.items() if sees} == {"supervisor", "leader", "approver"}
    for who in ("clerk.town", "archivist", "head"):
        with pytest.raises(NotAllowed):
            act(county, who, "open", source="other", article="第六条", facts=FACTS, respondent_id=1)


def test_a_dropped_record_says_why_and_stays_so(county: County) -> None:
    pk = heard(county)
    assert act(county, "leader", "drop", pk, reason="经核查，材料当时齐全。")["state"] == "dropped"
    with pytest.raises(NotNow):
        act(county, "supervisor", "correct", pk, correction="已整改完毕，无遗留问题。")


def test_there_is_no_way_in_by_program(app: Flask, county: County) -> None:
    supervisor = Program(app, county, "supervisor")
    assert supervisor.get("accountability_record/").status_code == 404
