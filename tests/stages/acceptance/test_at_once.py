"""What is complete is accepted at once, in writing (第十五条（四）1, req. 65)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import Line
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

    from tests.factories import County


@pytest.mark.req(65)
def test_what_is_complete_is_accepted_the_same_day_with_a_notice_of_that_day(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("received")
    approver = Program(app, county, "approver")
    assert error(approver.do("accept", line.id, opinion="材料齐全")) == (409, "not_now")  # the file is not confirmed
    slip = {"slip_id": line.slip().id, "lines": line.lines()}
    assert approver.do("confirm_file", line.id, **slip).status_code == 200
    assert fields(approver.do("accept", line.id, opinion="材料齐全", accepted_at="2026-03-01T09:00:00+08:00")) == {
        "accepted_at"
    }
    clock.shift(3600)
    done = approver.do("accept", line.id, opinion="材料齐全，符合法定形式")
    assert (done.status_code, done.json["state"]) == (200, "accepted")
    shown = approver.shown(line.id)
    assert (shown["received_at"][:10], shown["accepted_at"]) == ("2026-03-02", "2026-03-02T11:00:00+08:00")
    assert shown["clock_from"] == "2026-03-02"
    [notice] = [d for d in approver.get(f"application/{line.id}/documents").json if d["kind"] == "acceptance_notice"]
    assert notice["issued_at"] == shown["accepted_at"]
    printed = Program(app, county, "clerk.town").get(f"application/{line.id}/documents/{notice['number']}.pdf")
    assert printed.data.startswith(b"%PDF")
    assert error(approver.do("accept", line.id, opinion="再受理一次")) == (409, "not_now")  # one notice, once


@pytest.mark.req(65)
def test_an_instant_item_is_received_accepted_reviewed_and_granted_within_one_day(app: Flask, county: County) -> None:
    line = Line(county, item="I05").until("received")
    approver = Program(app, county, "approver.other")
    approver.do("confirm_file", line.id, slip_id=line.slip().id, lines=line.lines())
    approver.do("accept", line.id, opinion="材料齐全，符合法定形式")
    line.review("approver.other")
    granted = approver.do("grant", line.id, content="准予备案", basis="《食品安全法》第三十五条",
                          valid_from="2026-03-02", long_term=True)  # fmt: skip
    assert (granted.status_code, granted.json["state"]) == (200, "approved")
    assert {d["issued_at"][:10] for d in approver.get(f"application/{line.id}/documents").json} == {"2026-03-02"}
    clerk = Program(app, county, "clerk.town")
    assert clerk.post(f"application/{line.id}/transitions/grant", {"version": 6}).status_code == 403
