"""The payment platform reports over HTTP: signed, fresh, once; what fits no notice is refused and kept."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.engine import payments, scope
from app.engine.now import now
from app.models.trail import Event, RefusedAct
from tests.factories import County, Line, charged

if TYPE_CHECKING:
    import time_machine


class Platform:
    """A payment platform that knows the key and sends over a connection of its own."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        key = payments.key()
        assert key is not None
        self.key = key

    def send(self, body: bytes, **changes: str) -> tuple[int, Any]:
        """Send these bytes with the headers that belong to them, or others."""
        sent_at = changes.get("sent_at", str(int(now().timestamp())))
        signed = changes.get("signed", payments.sign(self.key, sent_at, body))
        headers = {"Content-Type": "application/json", "X-Payment-Timestamp": sent_at, "X-Payment-Signature": signed}
        connection = HTTPConnection(self._host, timeout=20)
        try:
            connection.request("POST", "/pay/callback", body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def report(self, **changes: str) -> tuple[int, Any]:
        """Report a payment."""
        return self.send(body(**changes))


def body(**changes: str) -> bytes:
    told = {"payment_code": "46902220260302000001", "payment_no": "HNFS00000001", "amount": "60.00", "payer": "示例甲"}
    return json.dumps(told | changes, ensure_ascii=False).encode()


def notified(county: County, **more: Any) -> Line:
    charged(county, **more)
    return Line(county, item="I20").until("accepted").notify_fee()


def payments_of(county: County, line: Line) -> list[tuple[str, str]]:
    county.session.rollback()
    return [(e.role, e.payload["payment_no"]) for e in county.rows(Event, line.id) if e.act == "confirm_payment"]


def kept(county: County) -> list[tuple[str, str, str]]:
    county.session.rollback()
    with scope.unscoped(county.session):
        rows = county.session.scalars(select(RefusedAct).order_by(RefusedAct.id))
        return [(r.act, r.actor_name, r.code) for r in rows]


@pytest.mark.database
def test_a_signed_report_confirms_the_payment_and_said_again_does_nothing_more(
    county: County, live_server: str
) -> None:
    line, platform = notified(county), Platform(live_server)
    first = platform.report()
    assert first == (200, {"payment_code": "46902220260302000001", "payment_no": "HNFS00000001", "state": "taken"})
    assert platform.report() == first
    assert payments_of(county, line) == [("system", "HNFS00000001")]
    fee = line.fee()
    assert (fee.state, fee.method, fee.payer, fee.evidence_id) == ("paid", "callback", "示例甲", None)
    assert kept(county) == []


def test_who_has_not_the_key_is_not_heard(county: County, live_server: str, clock: time_machine.Traveller) -> None:
    line, platform = notified(county), Platform(live_server)
    moment = str(int(now().timestamp()))
    good = payments.sign(platform.key, moment, body())
    forged = payments.sign(b"another key", moment, body())
    tried = [
        (body(), {"signed": forged}), (body(), {"signed": ""}), (body(), {"signed": "sha256="}), (body(), {"signed": "é"}),
        (body(amount="0.01"), {"signed": good}), (body(), {"signed": good, "sent_at": str(int(moment) + 1)}),
        (b"", {"signed": good}),
    ]  # fmt: skip
    for sent, headers in tried:
        status, answer = platform.send(sent, **headers)
        assert (status, answer["error"]["code"]) == (401, "unauthenticated"), headers
    assert line.fee().state == "notified"
    assert payments_of(county, line) == []


def test_what_was_recorded_long_ago_or_comes_from_a_wrong_clock_is_not_heard(
    county: County, live_server: str, clock: time_machine.Traveller
) -> None:
    line, platform = notified(county), Platform(live_server)
    moment = int(now().timestamp())
    for sent_at in (str(moment - 301), str(moment + 301), "", "yesterday", "9" * 13, "-1", "²³"):
        assert platform.send(body(), sent_at=sent_at)[0] == 401, sent_at
    recorded = {"sent_at": str(moment), "signed": payments.sign(platform.key, str(moment), body())}
    clock.shift(301)
    assert platform.send(body(), **recorded)[0] == 401
    assert payments_of(county, line) == []
    assert platform.report()[0] == 200


def test_a_report_that_fits_no_notice_is_refused_and_kept(county: County, live_server: str) -> None:
    line, platform = notified(county), Platform(live_server)
    for changes, status, code in (
        ({"amount": "59.99"}, 422, "incomplete"), ({"amount": "6000"}, 422, "incomplete"),
        ({"payment_code": "46902220260302000009"}, 404, "not_found"),
    ):  # fmt: skip
        heard, answer = platform.report(**changes)
        assert (heard, answer["error"]["code"]) == (status, code)
    assert line.fee().state == "notified"
    assert platform.report()[0] == 200
    heard, answer = platform.report(payment_no="HNFS00000002")  # paid twice: somebody's money
    assert (heard, answer["error"]["code"]) == (409, "not_now")
    assert kept(county) == [
        ("confirm_payment", "system", "incomplete"), ("confirm_payment", "system", "incomplete"),
        ("confirm_payment", "system", "not_found"), ("confirm_payment", "system", "not_now"),
    ]  # fmt: skip
    assert payments_of(county, line) == [("system", "HNFS00000001")]


def test_a_payee_or_anything_else_unknown_in_a_report_is_refused(county: County, live_server: str) -> None:
    line, platform = notified(county), Platform(live_server)
    heard, answer = platform.report(payee="某人")
    assert (heard, [each["field"] for each in answer["error"]["complaints"]]) == (422, ["payee"])
    for sent in (b"[]", b"{", b"null", b"\xff", body(amount="NaN"), body(payer="x" * 101), b"1" * 20_000):
        assert platform.send(sent)[0] in (400, 413, 422), sent[:20]
    assert payments_of(county, line) == []


def test_a_payment_after_the_application_ended_is_kept_for_people_to_see(county: County, live_server: str) -> None:
    line, platform = notified(county), Platform(live_server)
    line.do("clerk.town", "withdraw", request=county.file("clerk.town"), returned=[])
    assert platform.report()[0] == 409
    assert line.fee().state == "ceased"
    assert ("confirm_payment", "system", "not_now") in kept(county)


@pytest.mark.database
def test_one_report_sent_many_times_at_once_is_one_payment(county: County, live_server: str) -> None:
    line, platform = notified(county), Platform(live_server)
    at_once, heard = Barrier(4), []

    def send() -> None:
        at_once.wait()
        heard.append(platform.report()[0])

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [200] * 4
    assert payments_of(county, line) == [("system", "HNFS00000001")]


@pytest.mark.database
def test_one_payment_number_reported_for_two_notices_at_once_pays_one(county: County, live_server: str) -> None:
    line = notified(county)
    line.notify_fee(kind="deposit", quantity="6")
    platform, at_once, heard = Platform(live_server), Barrier(2), []

    def send(code: str) -> None:
        at_once.wait()
        heard.append(platform.report(payment_code=code)[0])

    codes = [line.fee(kind).payment_code or "" for kind in ("fee", "deposit")]
    threads = [Thread(target=send, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == [200, 422]
    assert sorted([line.fee().state, line.fee("deposit").state]) in (["held", "notified"], ["notified", "paid"])


def test_a_deposit_reported_by_the_platform_is_held(county: County, live_server: str) -> None:
    line = notified(county)
    line.notify_fee(kind="deposit", quantity="6")
    code = line.fee("deposit").payment_code or ""
    assert Platform(live_server).report(payment_code=code)[0] == 200
    assert (line.fee().state, line.fee("deposit").state) == ("notified", "held")


def test_without_a_key_nobody_is_the_platform(county: County, live_server: str, tmp_path: Any) -> None:
    line, platform = notified(county), Platform(live_server)
    before = payments._key_file
    try:
        payments.configure(tmp_path / "payment_key")
        assert platform.report()[0] == 401
        (tmp_path / "payment_key").write_text("\n")  # an empty key is none
        assert platform.send(body(), signed=payments.sign(b"", str(int(now().timestamp())), body()))[0] == 401
    finally:
        assert before is not None
        payments.configure(before)
    assert payments_of(county, line) == []


def test_the_address_takes_reports_and_nothing_else(live_server: str, county: County) -> None:
    connection = HTTPConnection(urlsplit(live_server).netloc, timeout=20)
    connection.request("GET", "/pay/callback")
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["error"]["code"]) == (405, "method")
    connection.close()
