"""The two journeys of the life cycle, date by date on the calendar of 2026: each row's state and every due date."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.engine import scope
from app.errors import NotNow
from app.law.clock import Clock
from app.models.application import ApplicationMaterial
from app.models.calendar import ClockRun
from app.models.catalogue import Item, ItemMaterial
from app.models.correction import CorrectionNotice, OwedMaterial
from tests.factories import APPLICANT, OFFICE, Line, made, person

if TYPE_CHECKING:
    import time_machine

    from tests.factories import County

pytestmark = pytest.mark.database
CHINA = ZoneInfo("Asia/Shanghai")
NINE = time(9, 0)
UNSAID = (Clock.PROMISED, Clock.STATUTORY, Clock.DRAFT_KEEP)
"""The two limits have columns of their own; how long a registration is kept the tables leave out."""

TOWN = """
2026-09-24 | register           | clerk.town      | draft       | –          | –          |
2026-09-24 | receive            | clerk.town      | received    | –          | –          | correction 2026-10-09; handling 2026-09-28; owed 2026-10-09
2026-09-24 | confirm_file       | approver.other  | received    | –          | –          | correction 2026-10-09; owed 2026-10-09
2026-09-28 | accept             | approver.other  | accepted    | 2026-10-10 | 2026-10-30 | owed 2026-10-09
2026-09-29 | review             | approver.other  | accepted    | 2026-10-10 | 2026-10-30 | owed 2026-10-09
2026-09-30 | grant              | head.other      | approved    | 2026-10-10 | S          | owed 2026-10-09; delivery 2026-10-20
2026-10-08 | make_certificate   | cert            | certified   | S          | S          | owed 2026-10-09; delivery 2026-10-20; handover 2026-10-10
2026-10-08 | hand_over          | cert            | certified   | S          | S          | owed 2026-10-09; delivery 2026-10-20; handover 2026-10-10
2026-10-09 | confirm_handover   | clerk2.town     | handed_over | S          | S          | owed 2026-10-09; delivery 2026-10-20
2026-10-09 | collect_supplement | clerk2.town     | handed_over | S          | S          | delivery 2026-10-20; archive 2026-10-15
2026-10-09 | issue              | clerk2.town     | delivered   | S          | S          | archive 2026-10-15
2026-10-13 | archive            | clerk.town      | delivered   | S          | S          | archive 2026-10-15
2026-10-14 | confirm_archive    | assistant.other | delivered   | S          | S          |
"""
"""§6.1: 枫木镇, I04 with its floor plan owed; the rows as they stand there."""

COUNTY = """
2026-02-02 | register           | clerk.hall  | draft          | –          | –          |
2026-02-02 | receive            | clerk.hall  | received       | –          | –          | correction 2026-02-09; handling 2026-02-03
2026-02-03 | confirm_file       | approver    | received       | –          | –          | correction 2026-02-09
2026-02-05 | request_correction | approver    | correcting     | –          | –          | reply 2026-02-26
2026-02-12 | receive_correction | clerk.hall  | received       | –          | –          | correction 2026-02-26; handling 2026-02-13
2026-02-12 | confirm_file       | approver    | received       | –          | –          | correction 2026-02-26
2026-02-13 | accept             | approver    | accepted       | 2026-03-03 | 2026-03-19 |
2026-02-25 | request_suspension | approver    | accepted       | 2026-03-03 | 2026-03-19 |
2026-02-26 | suspend            | head        | suspended      | P          | 2026-03-19 | plan 2026-03-04
2026-03-03 | resume             | approver    | accepted       | 2026-03-10 | 2026-03-19 |
2026-03-05 | request_suspension | approver    | accepted       | 2026-03-10 | 2026-03-19 |
2026-03-06 | suspend            | head        | suspended      | P          | P          | plan 2026-03-20
2026-03-20 | resume             | approver    | accepted       | 2026-03-25 | 2026-04-03 |
2026-03-23 | review             | approver    | accepted       | 2026-03-25 | 2026-04-03 |
2026-03-24 | refuse             | head        | refusal_filing | 2026-03-25 | 2026-04-03 | filing 2026-03-25
2026-03-25 | approve_refusal    | leader      | refused        | S          | S          | delivery 2026-04-09; archive 2026-04-01
2026-03-27 | issue              | clerk2.hall | delivered      | S          | S          | archive 2026-04-01
2026-03-31 | archive            | clerk.hall  | delivered      | S          | S          | archive 2026-04-01
2026-04-01 | confirm_archive    | assistant   | delivered      | S          | S          |
"""
"""§6.2: the county hall, I13; corrected, suspended twice, refused."""


class Journey(Line):
    """An application that does whatever a row of the table names, with the input its story asks for."""

    def act(self, name: str, who: str, day: str) -> None:
        told = getattr(self, f"_{name}", None)
        if told is not None:
            self.do(who, name, **told(day))
        elif name == "register":
            self.register()
        else:
            getattr(self, name)(who)

    def standing(self) -> tuple[str, str, str, dict[str, str]]:
        """The state, the two limits as the table writes them, and what else runs by when."""
        runs: list[ClockRun] = self.county.rows(ClockRun, self.id)
        others = {
            run.clock: run.due_on.isoformat() for run in runs if run.stopped_at is None and run.clock not in UNSAID
        }
        return (
            self.county.application(self.id).state,
            _shown(runs, Clock.PROMISED),
            _shown(runs, Clock.STATUTORY),
            others,
        )

    def _receive(self, day: str) -> dict[str, Any]:
        form, identity, authorisation, *plan = self.county.rows(ApplicationMaterial, self.id)
        judged: list[dict[str, Any]] = [
            {"material_id": form.id, "status": "taken", "form": "original", "pieces": 1},
            {"material_id": identity.id, "status": "taken", "form": "copy", "pieces": 1, "copy_verified": True},
            {"material_id": authorisation.id, "status": "not_applicable", "pieces": 0},
            *({"material_id": each.id, "status": "tolerated", "pieces": 0} for each in plan),
        ]
        given = {"materials": judged, "identity_checked": "reader", "delivery_mode": "window", "sent_as": "scans"}
        owed = [
            {"material_id": each.id, "requirement": "补交经营场所平面图", "how": "window", "due": "2026-10-09"}
            for each in plan
        ]
        return given | ({"owed": owed, "commitment": self.county.file(self.clerk)} if owed else {})

    def _collect_supplement(self, day: str) -> dict[str, Any]:
        [owed] = self.county.rows(OwedMaterial, self.id)
        return {"owed_id": owed.id, "how": "window", "form": "original", "pieces": 1}

    def _request_correction(self, day: str) -> dict[str, Any]:
        form = self.county.rows(ApplicationMaterial, self.id)[0]
        line = {
            "material_id": form.id,
            "problem": "第二页没有签名",
            "requirement": "请申请人本人签名",
            "basis": "《农药管理条例》第二十五条",
        }
        return {"lines": [line], "reply_days": 10}

    def _receive_correction(self, day: str) -> dict[str, Any]:
        [notice] = self.county.rows(CorrectionNotice, self.id)
        return {"lines": [{"line_id": each.id, "form": "original", "pieces": 1} for each in notice.lines]}

    def _request_suspension(self, day: str) -> dict[str, Any]:
        kind, days = ("site_survey", 5) if day < "2026-03" else ("appraisal", 10)
        return {
            "suspension_kind": kind,
            "basis": "《行政许可法》第四十五条",
            "reason": "需要核实经营场所是否符合条件",
            "planned_days": days,
        }

    def _suspend(self, day: str) -> dict[str, Any]:
        return {"opinion": "同意"}

    def _resume(self, day: str) -> dict[str, Any]:
        return {
            "result": "passed" if day < "2026-03-10" else "failed",
            "result_text": "程序已经结束，情况已记录在案",
            "participants": [self.county.staff(who) for who in OFFICE],
        }

    def _review(self, day: str) -> dict[str, Any]:
        taken = [m for m in self.county.rows(ApplicationMaterial, self.id) if m.status == "taken"]
        return {
            "materials": [{"material_id": m.id, "result": "pass"} for m in taken],
            "conclusion": "grant" if self.item == "I04" else "refuse",
            "opinion": "经审查，已形成意见",
        }

    def _refuse(self, day: str) -> dict[str, Any]:
        return {
            "facts": "经鉴定，仓储设施不符合规定的条件",
            "reasons": "不具备与所申请经营农药相适应的仓储设施",
            "legal_basis": "《农药管理条例》第二十四条",
            "statement": "已听取申请人陈述，申请人没有异议",
        }

    def _approve_refusal(self, day: str) -> dict[str, Any]:
        return {"opinion": "同意"}

    def _issue(self, day: str) -> dict[str, Any]:
        signature = self.county.file("clerk2.town" if self.item == "I04" else "clerk2.hall", "image/png")
        last4 = APPLICANT["id_no"][-4:]
        ticks = {"ticks": [owed.id for owed in self.county.rows(OwedMaterial, self.id)]} if self.item == "I04" else {}
        return {"signer": APPLICANT["name"], "relation": "self", "id_last4": last4, "signature": signature, **ticks}


def _shown(runs: list[ClockRun], clock: Clock) -> str:
    run = next((run for run in reversed(runs) if run.clock == clock), None)
    if run is None:
        return "–"
    return "S" if run.stopped_at else "P" if run.paused_on else run.due_on.isoformat()


def travel(journey: Journey, table: str, clock: time_machine.Traveller) -> None:
    """Do each row on its day, a minute after the one before, and look at what the row says."""
    for minute, row in enumerate(table.strip().splitlines()):
        day, act, who, state, promised, statutory, others = (cell.strip() for cell in row.split("|"))
        clock.move_to(datetime.combine(datetime.fromisoformat(day), NINE, CHINA) + timedelta(minutes=minute))
        if act == "collect_supplement":
            _is_not_issued_before(journey)
        journey.act(act, who, day)
        due = dict(each.split(" ") for each in others.split("; ") if each)
        assert journey.standing() == (state, promised, statutory, due), row


def _is_not_issued_before(journey: Journey) -> None:
    with pytest.raises(NotNow) as refusal:
        journey.do("clerk2.town", "issue", **journey._issue(""))
    assert "owed" in refusal.value.sentence.lower()


@pytest.mark.req(63)
def test_a_town_takes_a_food_licence_with_a_plan_owed_and_the_licence_waits_for_it(
    county: County, clock: time_machine.Traveller
) -> None:
    session = county.session
    with scope.unscoped(session):
        item = session.scalars(select(Item).where(Item.code == "I04")).one()
        plan = made(position=4, name="经营场所平面图", form="original", original_count=1, tolerable=True)
        item.materials.append(ItemMaterial(**plan, supplement_days=5))
        role = session.scalars(select(Role).where(Role.name == "approval_assistant")).one()
        person(session, "assistant.other", role, "SC", {}, {"SC": county.office("SC")}, {})
        session.commit()
    journey = Journey(county, item="I04")
    travel(journey, TOWN, clock)
    assert county.application(journey.id).closed_at.date().isoformat() == "2026-10-09"


def test_the_county_corrects_suspends_twice_and_refuses_a_pesticide_licence(
    county: County, clock: time_machine.Traveller
) -> None:
    with scope.unscoped(county.session):
        county.session.scalars(select(Item).where(Item.code == "I13")).one().promised_days = 8
        county.session.commit()
    journey = Journey(county, clerk="clerk.hall", item="I13")
    travel(journey, COUNTY, clock)
    assert county.application(journey.id).closed_at.date().isoformat() == "2026-03-25"
