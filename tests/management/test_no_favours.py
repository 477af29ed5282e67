"""第十三条: no favours, neither at the counter nor in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import scope
from app.models.trail import RefusedAct
from tests.management.staffing import do
from tests.management.test_recusal import KIN
from tests.stages.ticketing.hall import events, shown, take
from tests.web.at_work import at_work
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.factories import County


@pytest.mark.req(33)
def test_a_relative_is_served_by_a_colleague_and_nobody_goes_before_others_without_a_reason_on_record(
    app: Flask, session: Session, county: County
) -> None:
    clerk = Program(app, county, "clerk.hall")
    do(county, "clerk.hall", "declare_relative", **KIN)
    told = {
        "item": "I12", "applicant_type": "1", "applicant_name": KIN["name"], "id_type": "resident_id",
        "id_no": KIN["id_no"], "phone": "19900000001", "relation": "new",
    }  # fmt: skip
    assert error(clerk.post("application/", told)) == (403, "not_allowed")
    with scope.unscoped(session):
        assert session.scalars(select(RefusedAct.act)).all() == ["register"]
    session.rollback()
    assert Program(app, county, "clerk2.hall").post("application/", told).status_code == 201

    _, second = take(county, 2)
    assert fields(clerk.do_on("ticket", second, "call")) == {"reason"}
    assert shown(county, second).state == "waiting"
    reason = "行动不便的老人，由导办台引导优先"
    assert clerk.do_on("ticket", second, "call", reason=reason).status_code == 200
    assert events(county, second)[-1].payload["reason"] == reason
    assert reason[:7] in at_work(app, "supervisor").get("/out-of-turn/list/").text
