"""What need not be paid, and what is given back: by the head of the item's office, by law, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import scope
from app.models.trail import Document, Event, RefusedAct
from tests.factories import County, Line, charged
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask

WAIVED = {"legal_basis": "《城市道路管理条例》第三十七条", "reason": "供水抢修，依规定免收"}
BACK = {"refund_no": "TK20260302001", "reason": "道路已恢复原状，退还押金"}


@pytest.mark.database
def test_the_head_waives_by_law_and_the_result_may_leave(app: Flask, county: County) -> None:
    charged(county, deposit=False)
    line = Line(county, item="I20").until("handed_over")
    pk, head = line.fee().id, Program(app, county, "head")
    assert [each["name"] for each in head.get(f"fee/{pk}/transitions").json] == ["waive"]
    for lacking in WAIVED:
        answer = head.do_on("fee", pk, "waive", **WAIVED | {lacking: " "})
        assert (error(answer), fields(answer)) == ((422, "incomplete"), {lacking})
    waived = head.do_on("fee", pk, "waive", **WAIVED)
    assert (waived.status_code, waived.json["state"], waived.json["version"]) == (200, "waived", 2)
    shown = head.get(f"fee/{pk}").json["result"]
    assert (shown["waiver_basis"], shown["waiver_reason"]) == (WAIVED["legal_basis"], WAIVED["reason"])
    chain = [(e.seq, e.act, e.from_state, e.to_state) for e in county.rows(Event, line.id) if e.subject_kind == "fee"]
    assert chain == [(1, "waive_fee", "due", "waived")]
    line.issue()


def test_a_waiver_after_the_notice_voids_it(app: Flask, county: County) -> None:
    charged(county, deposit=False)
    line = Line(county, item="I20").until("accepted").notify_fee()
    head = Program(app, county, "head")
    assert error(head.do_on("fee", line.fee().id, "waive", **WAIVED)) == (409, "not_now")
    assert head.do_on("fee", line.fee().id, "waive_notified", **WAIVED).json["state"] == "waived"
    assert [d.state for d in county.rows(Document, line.id) if d.kind == "fee_notice"] == ["voided"]
    clerk = Program(app, county, "clerk.town")
    late = {"payment_no": "HN0000001", "amount": "60.00", "payer": "示例甲", "evidence": clerk.upload().json["id"]}
    assert error(clerk.do("confirm_payment", line.id, **late)) == (409, "not_now")


def test_nobody_but_the_head_of_the_items_office_waives_or_gives_back(app: Flask, county: County) -> None:
    charged(county)
    line = Line(county, item="I20").until("accepted").notify_fee(kind="deposit", quantity="6").pay(kind="deposit")
    fee, deposit = line.fee().id, line.fee("deposit").id
    for who, seen in (
        ("clerk.town", True), ("approver", True), ("assistant", True), ("cert", True), ("leader", True),
        ("supervisor", True), ("head.other", False), ("clerk.other", False), ("admin", False),
    ):  # fmt: skip
        program = Program(app, county, who)
        for pk, move, data in ((fee, "waive", WAIVED), (deposit, "refund", BACK)):
            answer = program.post(f"fee/{pk}/transitions/{move}", {"version": 1, **data})
            assert answer.status_code == (403 if seen else 404), (who, move, answer.text)
    assert (line.fee().state, line.fee("deposit").state) == ("due", "held")
    county.session.rollback()
    with scope.unscoped(county.session):
        acts = set(county.session.scalars(select(RefusedAct.act)))
    assert {"waive_fee", "refund_deposit"} <= acts


@pytest.mark.database
def test_a_deposit_is_held_and_goes_back_under_its_own_number_even_after_archiving(app: Flask, county: County) -> None:
    charged(county)
    line = Line(county, item="I20").until("handed_over")
    line.notify_fee().pay(payment_no="HN0000001").notify_fee(kind="deposit", quantity="6").pay(kind="deposit")
    line.issue().archive().confirm_archive()
    pk, head = line.fee("deposit").id, Program(app, county, "head")
    answer = head.do_on("fee", line.fee().id, "refund", **BACK)
    assert error(answer) == (409, "not_now")  # a fee that was paid is no deposit
    for number in ("HN0000001", "short"):
        answer = head.do_on("fee", pk, "refund", **BACK | {"refund_no": number})
        assert (error(answer), fields(answer)) == ((422, "incomplete"), {"refund_no"}), number
    back = head.do_on("fee", pk, "refund", **BACK, evidence=head.upload("退款凭证.pdf").json["id"])
    assert (back.status_code, back.json["state"]) == (200, "refunded")
    assert error(head.do_on("fee", pk, "refund", **BACK)) == (409, "not_now")
    assert head.get(f"fee/{pk}").json["result"]["refund_no"] == BACK["refund_no"]


def test_a_fee_by_the_api_is_read_alone(app: Flask, county: County) -> None:
    charged(county)
    line = Line(county, item="I20").until("accepted")
    clerk = Program(app, county, "clerk.town")
    listed = clerk.get(f"fee/?q=(filters:!((col:application_id,opr:eq,value:{line.id})))").json
    assert [(each["kind"], each["unit_price"], each["state"]) for each in listed["result"]] == [
        ("deposit", "10.00", "due"), ("fee", "0.50", "due"),
    ]  # fmt: skip
    for method in ("PUT", "DELETE"):
        assert clerk.ask(method, f"fee/{line.fee().id}", json={"amount": "0.01"}).status_code == 405
    assert clerk.post("fee/", {"amount": "0.01"}).status_code == 405
