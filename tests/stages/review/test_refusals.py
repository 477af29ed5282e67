"""Refusals: proposed by the head, approved or sent back by the leader, and how they reach the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Role, User

from app.errors import NotAllowed, NotNow
from app.models.application import Decision, NegativeFiling
from app.models.archive import ArchiveFile
from app.models.calendar import ClockRun, Setting
from app.models.custody import Slip
from app.models.trail import Document
from tests.factories import APPLICANT, Line, made
from tests.web.programs import Program

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County

REFUSAL = {
    "facts": "申请采伐的林木权属存在争议",
    "reasons": "权属有争议的林木不予核发采伐许可",
    "legal_basis": "《森林法》第五十七条",
    "statement": "已听取申请人陈述，没有异议",
}


def reviewed(county: County, **more: str) -> Line:
    """Recommended for refusal."""
    return Line(county, **more).until("accepted").review(conclusion="refuse")


def papers(line: Line) -> list[str]:
    return [d.kind for d in line.county.rows(Document, line.id)]


def also(county: County, username: str, role: str) -> None:
    """Give somebody a second role."""
    user = county.session.query(User).filter_by(username=username).one()
    user.roles.append(county.session.query(Role).filter_by(name=role).one())
    county.session.commit()


def test_the_head_proposes_and_the_leader_refuses(app: Flask, county: County) -> None:
    line = reviewed(county)
    head, leader = Program(app, county, "head"), Program(app, county, "leader")
    assert head.do("refuse", line.id, **REFUSAL | {"statement": ""}).status_code == 422
    proposed = head.do("refuse", line.id, **REFUSAL)
    assert (proposed.json["state"], papers(line)[-1]) == ("refusal_filing", "negative_filing_form")
    assert not county.rows(Decision, line.id)
    assert head.do("approve_refusal", line.id, opinion="同意").status_code == 403
    refused = leader.do("approve_refusal", line.id, opinion="同意")
    assert (refused.json["state"], papers(line)[-1]) == ("refused", "refusal_decision")
    assert refused.json["closed_at"] is not None
    [decision] = county.rows(Decision, line.id)
    assert (decision.kind, decision.content, decision.basis) == ("refusal", REFUSAL["reasons"], REFUSAL["legal_basis"])
    running = {run.clock for run in county.rows(ClockRun, line.id) if run.stopped_at is None}
    assert running == {"delivery", "archive"}


def test_the_papers_say_the_facts_the_statement_and_who_stands_behind_them(county: County) -> None:
    line = reviewed(county).refuse()
    line.do("leader", "approve_refusal", opinion="同意")
    form, decision = county.rows(Document, line.id)[-2:]
    assert (form.facts["direction"], form.facts["handler"]) == ("refusal", "示approver")
    assert form.facts["office_head"]["name"] == "示head"
    assert form.facts["statement"] == decision.facts["statement"] == REFUSAL["statement"]
    assert decision.facts["application"]["id_no"] == APPLICANT["id_no"]
    assert "60日" in decision.paragraphs["remedies"]
    assert "6个月" in decision.paragraphs["remedies"]


def test_the_leader_sends_a_refusal_back_and_the_office_decides_anew(app: Flask, county: County) -> None:
    line = reviewed(county).refuse()
    leader = Program(app, county, "leader")
    assert leader.do("return_refusal", line.id, opinion="不").status_code == 422
    assert leader.do("return_refusal", line.id, opinion="事实不清，请补充核实").json["state"] == "accepted"
    [filing] = county.rows(NegativeFiling, line.id)
    assert (filing.state, filing.opinion) == ("returned", "事实不清，请补充核实")
    line.refuse()
    assert [f.state for f in county.rows(NegativeFiling, line.id)] == ["returned", "open"]
    line.do("leader", "return_refusal", opinion="可以准予，请重新审查")
    line.review().grant()


def test_nothing_is_refused_that_was_not_reviewed_so(county: County) -> None:
    line = Line(county).until("reviewed")
    with pytest.raises(NotNow, match="recommend refusing"):
        line.refuse()
    line.review(conclusion="refuse")
    with pytest.raises(NotNow, match="recommend granting"):
        line.grant()


def test_reviewer_proposer_and_leader_are_three_people(county: County) -> None:
    also(county, "head", "bureau_leader")
    also(county, "leader", "office_head")
    also(county, "head", "approver")
    line = Line(county).until("accepted").review("head", conclusion="refuse")
    with pytest.raises(NotAllowed, match="reviewed"):
        line.refuse("head")
    line.review("approver", conclusion="refuse").refuse("head")
    with pytest.raises(NotAllowed, match="proposed"):
        line.do("head", "approve_refusal", opinion="同意")
    with pytest.raises(NotAllowed, match="proposed"):
        line.do("head", "return_refusal", opinion="请补充核实")


def test_the_last_review_counts_and_only_its_reviewer_is_barred(county: County) -> None:
    """A review that another person's took the place of carries no decision: two people stand behind it all the same."""
    also(county, "head", "approver")
    line = Line(county).until("accepted").review("head").review("approver")
    line.grant("head")
    assert county.application(line.id).state == "approved"


def test_a_county_may_refuse_without_the_leader(app: Flask, county: County) -> None:
    county.session.add(Setting(**made(key="refusal_needs_filing", value=False)))
    county.session.commit()
    line = reviewed(county)
    answer = Program(app, county, "head").do("refuse", line.id, **REFUSAL)
    assert (answer.json["state"], papers(line)[-1]) == ("refused", "refusal_decision")
    assert not county.rows(NegativeFiling, line.id)
    [decision] = county.rows(Decision, line.id)
    assert (decision.kind, decision.content) == ("refusal", REFUSAL["reasons"])


def test_a_refusal_is_issued_at_its_desk_and_archived(county: County) -> None:
    line = reviewed(county).refuse()
    line.do("leader", "approve_refusal", opinion="同意")
    line.issue().archive().confirm_archive()
    assert county.application(line.id).state == "delivered"
    assert [f.state for f in county.rows(ArchiveFile, line.id)] == ["filed"]


def test_a_refusal_on_paper_goes_over_a_slip(county: County) -> None:
    line = reviewed(county).refuse()
    line.do("leader", "approve_refusal", opinion="同意")
    [decision] = [d for d in county.rows(Document, line.id) if d.kind == "refusal_decision"]
    line.do("approver", "hand_over", lines=[{"document_id": decision.id, "copies": 1}])
    line.confirm_handover()
    assert county.application(line.id).state == "handed_over"
    line.issue()
    assert [s.state for s in county.rows(Slip, line.id) if s.kind == "result"] == ["accepted"]


def test_what_is_open_ends_with_the_refusal(county: County) -> None:
    line = reviewed(county)
    line.do("approver", "request_opinion", offices=[county.office("SC").id], question="是否属于限制区域", due_days=2)
    with pytest.raises(NotNow, match="Opinions are outstanding"):
        line.refuse()
