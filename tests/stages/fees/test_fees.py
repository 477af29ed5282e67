"""Fees and deposits: by the item's standard, by a public channel, and never to a private account (第十五条（七）)."""

from __future__ import annotations

import io
from decimal import Decimal
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.fees import amount_of
from app.engine.paper_facts import PAPERS
from app.engine.reading import pdf
from app.errors import NotNow
from app.models.catalogue import Item
from app.models.fees import Fee, ItemFee, PaymentChannel
from app.models.trail import Document, Event, RefusedAct, StoredFile
from tests.factories import APPLICANT, County, Line, charged
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy import Engine

TABLE = Fee.__table__


def on_the_way(county: County, state: str = "handed_over", *, deposit: bool = False) -> Line:
    """An application of an item with a fee, as far as `state`."""
    charged(county, deposit=deposit)
    return Line(county, item="I20").until(state)


def refused(county: County) -> list[RefusedAct]:
    county.session.rollback()
    with scope.unscoped(county.session):
        return list(county.session.scalars(select(RefusedAct).order_by(RefusedAct.id)))


def notice(line: Line, **more: Any) -> dict[str, Any]:
    return {"fee_kind": "fee", "quantity": "120", "channel_id": line.channel(), **more}


@pytest.mark.database
def test_a_fee_comes_due_at_acceptance_is_notified_paid_and_only_then_the_result_leaves(county: County) -> None:
    line = on_the_way(county, "confirmed", deposit=True)
    assert county.rows(Fee, line.id) == []
    line.accept()
    assert [(f.kind, f.state, f.unit_price) for f in county.rows(Fee, line.id)] == [
        ("fee", "due", Decimal("0.50")), ("deposit", "due", Decimal("10.00")),
    ]  # fmt: skip
    line.review().grant().make_certificate().hand_over().confirm_handover()
    with pytest.raises(NotNow, match=r"城市道路占用费.*占用道路恢复押金"):
        line.issue()
    line.notify_fee(quantity="120.5").notify_fee(kind="deposit", quantity="3")
    with pytest.raises(NotNow, match="Neither paid nor waived"):
        line.issue()
    line.pay()
    with pytest.raises(NotNow, match="占用道路恢复押金"):
        line.issue()
    line.pay(kind="deposit").issue()
    assert [(f.state, f.amount, f.method) for f in county.rows(Fee, line.id)] == [
        ("paid", Decimal("60.25"), "by_hand"), ("held", Decimal("30.00"), "by_hand"),
    ]  # fmt: skip
    assert county.application(line.id).state == "delivered"


@pytest.mark.req(87)
def test_without_a_notice_by_a_public_channel_nothing_is_issued_and_the_notice_is_on_record(
    app: Flask, county: County
) -> None:
    line = on_the_way(county)
    clerk = Program(app, county, "clerk2.town")
    signature = clerk.upload("签名.png", bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"))
    signed = {"signer": APPLICANT["name"], "relation": "self", "id_last4": "1239", "signature": signature.json["id"]}
    early = clerk.do("issue", line.id, **signed)
    assert error(early) == (409, "not_now")
    assert "城市道路占用费" in early.json["error"]["message"]
    assert "issue" not in [each["name"] for each in clerk.get(f"application/{line.id}/transitions").json]
    told = clerk.do("notify_fee", line.id, **notice(line))
    assert told.status_code == 200, told.text
    assert error(clerk.do("issue", line.id, **signed)) == (409, "not_now")  # told, and not paid
    [fee] = clerk.shown(line.id)["fees"]
    assert (fee["state"], fee["amount"], fee["payment_code"]) == ("notified", "60.00", "46902220260302000001")
    receipt = clerk.upload("缴款凭证.pdf").json["id"]
    paid = clerk.do("confirm_payment", line.id, payment_no="HN0000001", amount="60", payer="示例甲", evidence=receipt)
    assert paid.status_code == 200, paid.text
    assert clerk.do("issue", line.id, **signed).json["state"] == "delivered"
    payload = next(e.payload for e in county.rows(Event, line.id) if e.act == "notify_fee")
    assert (payload["channel"], payload["amount"]) == ("海南省非税收入统一缴款平台", "60.00")
    [paper] = [d for d in county.rows(Document, line.id) if d.kind == "fee_notice"]
    with scope.unscoped(county.session):
        sheet = pdf(paper)
    said = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages).split())
    for words in ("请勿向个人账户付款", "人民币60.00元", "《城市道路管理条例》第三十七条", "0.50元／平方米·日", "46902220260302000001",
                  "海南省非税收入统一缴款平台", "财政国库", "2026年3月16日"):  # fmt: skip
        assert words in said, words


@pytest.mark.req(88)
def test_no_payee_no_amount_and_no_channel_but_the_countys_own_is_ever_taken(app: Flask, county: County) -> None:
    line = on_the_way(county, "accepted", deposit=True)
    clerk = Program(app, county, "clerk.town")
    for tried in ("payee", "amount", "amount_due", "payee_account", "account", "unit_price"):
        answer = clerk.do("notify_fee", line.id, **notice(line), **{tried: "622202"})
        assert (error(answer), fields(answer)) == ((422, "incomplete"), {tried}), tried
    assert [r.act for r in refused(county)] == ["notify_fee"] * 6
    for channel in (line.channel("POS"), 4711):  # out of use; none of the county's
        answer = clerk.do("notify_fee", line.id, **notice(line, channel_id=channel))
        assert (error(answer), fields(answer)) == ((422, "incomplete"), {"channel_id"})
    for quantity in ("0", "-1", "10000", "1.005", "many", "NaN", "1e999999", True):
        answer = clerk.do("notify_fee", line.id, **notice(line, quantity=quantity))
        assert (answer.status_code, fields(answer)) == (422, {"quantity"}), quantity
    clerk.do("notify_fee", line.id, **notice(line))
    receipt = clerk.upload("缴款凭证.pdf").json["id"]
    payment = {"payment_no": "HN0000001", "amount": "60.00", "payer": "示例甲", "evidence": receipt}
    answer = clerk.do("confirm_payment", line.id, **payment, payee="陈某个人")
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"payee"})
    for amount in ("59.99", "60.01"):
        answer = clerk.do("confirm_payment", line.id, **payment | {"amount": amount})
        assert (error(answer), fields(answer)) == ((422, "incomplete"), {"amount"})
    assert line.fee().state == "notified"
    # the deposit is bound alike, and no table of the house has a column for a payee
    assert clerk.do("notify_fee", line.id, **notice(line, fee_kind="deposit", quantity="3")).status_code == 200
    assert line.fee("deposit").amount == Decimal("30.00")
    columns = {column.name for model in (Fee, ItemFee, PaymentChannel) for column in model.__table__.columns}
    assert not [name for name in columns if "payee" in name or "account_no" in name]
    assert not [name for name in PAPERS["fee_notice"].facts.__annotations__ if "payee" in name]


def test_the_platform_and_a_person_pay_against_the_same_gate_by_ems(county: County) -> None:
    charged(county, deposit=False)
    line = Line(county, item="I20", mode="ems").until("certified")
    with pytest.raises(NotNow, match="城市道路占用费"):
        line.do("cert", "dispatch", ems_no="1234567890123", pieces=1)
    line.notify_fee("cert").pay("cert").do("cert", "dispatch", ems_no="1234567890123", pieces=1)


def test_only_the_desks_tell_and_confirm_and_only_within_their_reach(app: Flask, county: County) -> None:
    line = on_the_way(county, "accepted")
    for who in ("approver", "head", "assistant", "leader", "supervisor", "manager.hall"):
        program = Program(app, county, who)
        version = {"version": county.application(line.id).version}
        for act, data in (("notify_fee", notice(line)), ("confirm_payment", {})):
            answer = program.post(f"application/{line.id}/transitions/{act}", data | version)
            assert answer.status_code in (403, 404), (who, act)
    other = Program(app, county, "clerk.other")
    answer = other.post(f"application/{line.id}/transitions/notify_fee", notice(line) | version)
    assert error(answer) == (404, "not_found")
    stale = Program(app, county, "clerk.town").do("notify_fee", line.id, **notice(line), version=1)
    assert error(stale) == (409, "not_now")
    assert line.fee().state == "due"
    with scope.unscoped(county.session):
        assert other.get(f"fee/{line.fee().id}").status_code == 404


def test_before_acceptance_and_without_a_standard_nothing_is_charged(county: County) -> None:
    charged(county)
    early = Line(county, item="I20").until("confirmed")
    with pytest.raises(NotNow):
        early.notify_fee()
    free = Line(county).until("accepted")
    assert county.rows(Fee, free.id) == []
    with pytest.raises(NotNow, match="The item has no fee"):
        free.do("clerk.town", "notify_fee", fee_kind="fee", quantity="1", channel_id=free.channel())


def test_a_fee_is_that_of_the_item_as_it_was_filed(county: County) -> None:
    charged(county, deposit=False)
    filed = Line(county, item="I20").until("confirmed")
    with scope.unscoped(county.session):
        item = county.session.scalars(select(Item).where(Item.code == "I20")).one()
        item.fees[0].unit_price = Decimal("5.00")
        county.session.commit()
    later = Line(county, clerk="clerk2.town", item="I20").until("confirmed")
    assert (filed.accept().fee().unit_price, later.accept().fee().unit_price) == (Decimal("0.50"), Decimal("5.00"))


def test_a_standard_out_of_force_is_not_charged(county: County) -> None:
    item = charged(county)
    with scope.unscoped(county.session):
        item.fees[1].is_active = False
        county.session.commit()
    line = Line(county, item="I20").until("accepted")
    assert [fee.kind for fee in county.rows(Fee, line.id)] == ["fee"]


def test_silence_makes_a_fee_due_as_acceptance_does(county: County, clock: time_machine.Traveller) -> None:
    from datetime import datetime

    from app.jobs import tick
    from app.law.clock import ZONE

    line = on_the_way(county, "confirmed")
    clock.move_to(datetime(2026, 3, 9, 17, 31, tzinfo=ZONE))
    tick(county.session)
    county.session.expire_all()
    assert (county.application(line.id).state, line.fee().state) == ("accepted", "due")


@pytest.mark.parametrize("state", ["due", "notified"])
def test_what_is_not_paid_falls_away_with_the_application(county: County, state: str) -> None:
    line = on_the_way(county, "accepted")
    if state == "notified":
        line.notify_fee()
    line.do("clerk.town", "withdraw", request=county.file("clerk.town"), returned=[])
    assert (line.fee().state, line.fee().settled_at) == ("ceased", county.application(line.id).closed_at)


def test_a_refusal_lets_a_fee_fall_away_and_is_issued_without_payment(county: County) -> None:
    line = on_the_way(county, "accepted")
    line.review(conclusion="refuse").refuse().do("leader", "approve_refusal", opinion="同意")
    assert line.fee().state == "ceased"
    line.issue("clerk.town")


def test_a_wrong_quantity_is_put_right_by_a_second_notice_with_its_reason(app: Flask, county: County) -> None:
    line = on_the_way(county, "accepted").notify_fee(quantity="1200")
    code, clerk = line.fee().payment_code, Program(app, county, "clerk.town")
    answer = clerk.do("notify_fee", line.id, **notice(line))
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"reason"})
    line.notify_fee(reason="面积登记错误，重新计算")
    fee = line.fee()
    assert (fee.amount, fee.payment_code, fee.version) == (Decimal("60.00"), code, 3)
    papers = [(d.state, d.id == fee.document_id) for d in county.rows(Document, line.id) if d.kind == "fee_notice"]
    assert papers == [("voided", False), ("valid", True)]
    line.pay()
    with pytest.raises(NotNow):
        line.notify_fee(reason="再来一次，已经缴清")


def test_one_payment_number_pays_one_fee_of_the_county(app: Flask, county: County) -> None:
    line = on_the_way(county, "accepted", deposit=True)
    line.notify_fee().notify_fee(kind="deposit", quantity="6").pay(payment_no="HN0000001")
    clerk = Program(app, county, "clerk.town")
    twice = {"payment_no": "HN0000001", "amount": "60.00", "payer": "示例甲", "evidence": clerk.upload().json["id"]}
    answer = clerk.do("confirm_payment", line.id, **twice)
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"payment_no"})
    elsewhere = Line(county, clerk="clerk.other", item="I20").until("accepted")
    elsewhere.notify_fee(quantity="120")
    other = Program(app, county, "clerk.other")
    answer = other.do("confirm_payment", elsewhere.id, **twice | {"evidence": other.upload().json["id"]})
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"payment_no"})
    assert (line.fee("deposit").state, elsewhere.fee().state) == ("notified", "notified")


@pytest.mark.database
def test_two_clerks_who_enter_one_payment_number_at_once_confirm_one_fee(engine: Engine, county: County) -> None:
    charged(county, deposit=False)
    lines = [Line(county, clerk=who, item="I20").until("accepted").notify_fee() for who in ("clerk.town", "clerk.other")]
    files = [county.file(line.clerk) for line in lines]
    county.session.rollback()
    at_once, outcomes = Barrier(2), []

    def confirm(line: Line, evidence: int) -> None:
        with Session(engine) as session:
            at_once.wait()
            data = {"payment_no": "HN0000001", "amount": "60.00", "payer": "示例甲", "evidence": evidence}
            try:
                County(session).do(line.clerk, "confirm_payment", line.id, data)
                outcomes.append("taken")
            except Exception as refusal:  # noqa: BLE001  (whatever it is, it is compared below)
                outcomes.append(type(refusal).__name__)

    threads = [Thread(target=confirm, args=pair) for pair in zip(lines, files, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Incomplete", "taken"]
    county.session.rollback()
    assert sorted(line.fee().state for line in lines) == ["notified", "paid"]


def test_where_a_fee_and_a_deposit_wait_a_payment_says_which_it_is(app: Flask, county: County) -> None:
    line = on_the_way(county, "accepted", deposit=True).notify_fee().notify_fee(kind="deposit", quantity="6")
    clerk = Program(app, county, "clerk.town")
    payment = {"payment_no": "HN0000001", "amount": "60.00", "payer": "示例甲"}
    answer = clerk.do("confirm_payment", line.id, **payment)
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"fee_kind"})
    answer = clerk.do("confirm_payment", line.id, **payment, fee_kind="deposit")
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"evidence"})
    paid = clerk.do("confirm_payment", line.id, **payment, fee_kind="deposit", evidence=clerk.upload().json["id"])
    assert paid.status_code == 200
    assert (line.fee().state, line.fee("deposit").state) == ("notified", "held")
    assert [f.purpose for f in county.rows(StoredFile, line.id)][-1] == "payment"


@pytest.mark.database
def test_what_was_paid_is_never_rewritten(county: County) -> None:
    line = on_the_way(county, "accepted").notify_fee().pay()
    pk, session = line.fee().id, county.session
    changes: list[tuple[str, Any]] = [("amount", 1), ("payment_no", "HN9"), ("payer", "别人"), ("unit_price", 9)]
    for statement in (*(update(TABLE).values({name: value}) for name, value in changes), delete(TABLE)):
        with pytest.raises(IntegrityError, match="history is only added to"):
            session.execute(statement.where(TABLE.c.id == pk))
        session.rollback()


@pytest.mark.database
@pytest.mark.parametrize(("price", "quantity"), [("0.01", "0.01"), ("99999999.99", "9999")])
def test_an_amount_is_rounded_to_the_cent_and_is_neither_nothing_nor_beyond_all_bounds(
    app: Flask, county: County, price: str, quantity: str
) -> None:
    assert amount_of(Decimal("0.33"), Decimal("0.50")) == Decimal("0.17")  # 0.165, rounded up
    item = charged(county, deposit=False)
    with scope.unscoped(county.session):
        item.fees[0].unit_price = Decimal(price)
        county.session.commit()
    line = Line(county, item="I20").until("accepted")
    answer = Program(app, county, "clerk.town").do("notify_fee", line.id, **notice(line, quantity=quantity))
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"quantity"})
