"""Closed is what was decided, made or ended by an act, and nothing else can make it so (第十一条, req. 29)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.engine import scope
from app.errors import NotAllowed
from app.models.application import Application
from app.models.trail import RefusedAct
from tests.factories import Line, tolerant
from tests.web.at_work import at_work
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.factories import County

ENDINGS = ("make_certificate", "issue", "archive", "confirm_archive", "approve_refusal", "approve_rejection", "terminate")


@pytest.mark.req(29)
@pytest.mark.parametrize("state", ["draft", "received", "confirmed", "accepted", "reviewed", "approved"])
def test_no_act_of_anybody_closes_what_is_not_decided(app: Flask, county: County, state: str) -> None:
    line = Line(county).until(state)
    done = []
    for who in ("clerk.town", "approver", "head", "leader", "cert", "assistant"):
        program = Program(app, county, who)
        version = program.shown(line.id)["version"]
        for act in ENDINGS:
            if state == "approved" and act == "make_certificate":
                continue  # that is the way
            answer = program.post(f"application/{line.id}/transitions/{act}", {"version": version})
            done += [(who, act, answer.status_code)] if answer.status_code not in (403, 409) else []
    assert done == []
    assert county.application(line.id).closed_at is None


@pytest.mark.req(29)
def test_no_form_address_or_field_makes_an_application_closed(app: Flask, session: Session, county: County) -> None:
    line = Line(county).until("accepted")
    for who in ("admin", "leader", "clerk.town", "approver"):
        program, client = Program(app, county, who), at_work(app, who)
        for method in ("PUT", "PATCH", "DELETE", "POST"):
            for path in (f"application/{line.id}", f"application/{line.id}/state", f"decision/{line.id}"):
                answer = program.ask(method, path, json={"state": "refused", "closed_at": "2026-03-02T10:00:00+08:00"})
                assert answer.status_code in (404, 405), (who, method, path)
        for path in (f"/applications/edit/{line.id}", f"/applications/delete/{line.id}", "/applications/add"):
            assert client.get(path).status_code == 404
            assert client.post(path, data={"state": "refused"}).status_code == 404
    approver = Program(app, county, "approver")
    for field in ("state", "closed_at"):
        tried = approver.do("escalate", line.id, type="special_complex", reason="测试能否由此直接办结。", **{field: "refused"})
        assert fields(tried) == {field}
    with scope.unscoped(session):
        assert {each.act for each in session.scalars(select(RefusedAct))} >= {"escalate"}
    found = county.application(line.id)
    assert (found.state, found.closed_at) == ("accepted", None)


@pytest.mark.req(29)
@pytest.mark.database
def test_not_even_the_database_lets_a_closing_be_moved_or_an_ending_stand_without_one(
    county: County, session: Session
) -> None:
    line = Line(county).until("certified")
    for statement in (
        "update application set closed_at = null where id = :pk", "update decision set kind = 'refusal'",
        "delete from decision", "delete from application", "delete from event",
        "update application set state = 'withdrawn', closed_at = null where id = :pk",
    ):  # fmt: skip
        with pytest.raises(IntegrityError):
            session.execute(text(statement), {"pk": line.id} if ":pk" in statement else {})
        session.rollback()
    scope.bind(session, county.actor("approver"))
    found = session.get_one(Application, line.id)
    found.state = "delivered"
    with pytest.raises(NotAllowed):
        session.commit()
    session.rollback()


@pytest.mark.req(29)
def test_what_is_owed_and_a_special_procedure_keep_it_open(app: Flask, county: County) -> None:
    tolerant(county)
    owing = Line(county, item="I06").register().receive().confirm_file().accept().review().grant().make_certificate()
    clerk, cert = Program(app, county, "clerk.town"), Program(app, county, "cert")
    assert clerk.shown(owing.id)["closed_at"] is None
    assert error(clerk.do("archive", owing.id)) == (409, "not_now")
    owing.collect()
    assert clerk.shown(owing.id)["closed_at"] is not None

    paused = Line(county).until("accepted").suspend()
    head = Program(app, county, "head")
    assert error(head.do("grant", paused.id)) == (409, "not_now")
    assert error(head.do("refuse", paused.id)) == (409, "not_now")
    assert error(head.do("terminate", paused.id)) == (409, "not_now")
    assert error(cert.do("make_certificate", paused.id)) == (409, "not_now")
    assert head.shown(paused.id)["closed_at"] is None
