"""The pages of charging: the form offers only what waits and public channels, the desk what is to be told."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from tests import samples
from tests.factories import Line, charged
from tests.web.at_work import at_work, send_act

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County


@pytest.fixture
def town(county: County) -> County:
    """A staffed county whose item I20 has a fee and a deposit."""
    charged(county)
    return county


def test_a_clerk_tells_what_to_pay_takes_the_payment_and_the_page_says_all_of_it(app: Flask, town: County) -> None:
    line = Line(town, item="I20").until("accepted")
    client = at_work(app, "clerk.town")
    assert "Payment notices to give" in client.get("/").text
    address = f"/application/{line.id}/act/notify_fee"
    form = client.get(address).text
    assert "海南省非税收入统一缴款平台" in form
    assert "大厅刷卡" not in form  # out of use
    assert not re.search(r'name="(payee|amount|account|reason)', form)
    sent = send_act(client, address, fee_kind="fee", quantity="120.5", channel_id=line.channel(), payee="陈某", amount="1")
    assert sent.status_code == 303, sent.text
    assert str(line.fee().amount) == "60.25"  # what was slipped in beside the form changes nothing
    send_act(client, address, fee_kind="deposit", quantity="6", channel_id=line.channel())
    assert "Payment notices to give" not in client.get("/").text
    page = unescape(client.get(f"/application/{line.id}").text)
    for words in ("60.25 yuan, for 120.50", "46902220260302000001", "Notified, not paid", "《城市道路管理条例》第三十七条"):
        assert words in page, words
    address = f"/application/{line.id}/act/confirm_payment"
    assert "占用道路恢复押金, 60.00 yuan" in unescape(client.get(address).text)
    paid = {"fee_kind": "fee", "payment_no": "HN0000001", "amount": "60.25", "payer": "示例甲"}
    without = send_act(client, address, **paid)
    assert (without.status_code, "Upload the receipt of the payment." in without.text) == (422, True)
    with_it = send_act(client, address, **paid, **{"evidence.upload": (BytesIO(samples.pdf()), "缴款凭证.pdf")})
    assert with_it.status_code == 303
    page = unescape(client.get(f"/application/{line.id}").text)
    for words in ("HN0000001", "By hand, with evidence", "缴款凭证.pdf", "Evidence of a payment"):
        assert words in page, words


def test_the_head_waives_and_gives_back_on_the_page_of_the_fee(app: Flask, town: County) -> None:
    line = Line(town, item="I20").until("accepted").notify_fee(kind="deposit", quantity="6").pay(kind="deposit")
    head, clerk = at_work(app, "head"), at_work(app, "clerk.town")
    listed = head.get("/fees/list/").text
    assert "Deposit held" in listed
    fee, deposit = f"/object/fee/{line.fee().id}", f"/object/fee/{line.fee('deposit').id}"
    assert f"{fee}/act/waive" in head.get(fee).text
    assert "/act/" not in clerk.get(fee).text
    assert clerk.get(f"{fee}/act/waive").status_code == 403
    for path, typed in (
        (f"{fee}/act/waive", {"legal_basis": "《城市道路管理条例》第三十七条", "reason": "供水抢修免收"}),
        (f"{deposit}/act/refund", {"refund_no": "TK20260302001", "reason": "道路已恢复原状"}),
    ):
        assert send_act(head, path, **typed).status_code == 303
    assert (line.fee().state, line.fee("deposit").state) == ("waived", "refunded")
    page = unescape(head.get(fee).text)
    for words in ("供水抢修免收", "Waived", "Waive the fee"):
        assert words in page, words
    assert "TK20260302001" in head.get(deposit).text


def test_what_is_unpaid_lies_on_no_desk_of_results_to_issue(app: Flask, town: County) -> None:
    line = Line(town, item="I20").until("handed_over")
    number = town.application(line.id).short_no
    assert number not in at_work(app, "clerk2.town").get("/desk/issuing").text
    line.notify_fee().pay().notify_fee(kind="deposit", quantity="6").pay(kind="deposit")
    assert number in at_work(app, "clerk2.town").get("/desk/issuing").text
