"""Papers on their way are watched, and a certificate that was spoilt is made anew and goes to the desk by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.engine import scope
from app.law.workdays import ZONE
from app.models.custody import Piece, Slip
from app.models.delivery import Certificate
from app.models.trail import Document
from app.web import desk
from tests.factories import County, Line
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

REPLACED = {"cause": "misprint", "reason": "姓名印刷错误，收回重制。"}


def test_a_slip_says_by_when_it_is_to_arrive_and_its_lamp_turns_red_after(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).register().receive(sent_as="paper")
    assert line.slip().due_at == datetime(2026, 3, 4, 17, 30, tzinfo=ZONE)
    for moment, found in (
        (datetime(2026, 3, 4, 17, 30, tzinfo=ZONE), 0),
        (datetime(2026, 3, 4, 17, 31, tzinfo=ZONE), 1),
    ):
        clock.move_to(moment)
        with app.app_context():
            actor = county.actor("clerk.town")
            scope.bind(county.session, actor)
            piles = {pile.desk.name: pile.count for pile in desk.piles(county.session, actor, moment)}
        assert piles["on-the-way"] == found


def test_a_certificate_is_replaced_before_it_is_issued_and_its_old_number_stays_void(
    app: Flask, county: County
) -> None:
    line = Line(county).until("handed_over")
    [old] = county.rows(Certificate, line.id)
    cert, clerk = Program(app, county, "cert"), Program(app, county, "clerk.town")
    scan = cert.upload().json["id"]
    answer = cert.do("replace_certificate", line.id, cert_no="NEW-1", scan=scan, **REPLACED)
    assert answer.status_code == 200, answer.text
    county.session.rollback()
    assert [(c.number, c.state) for c in county.rows(Certificate, line.id)] == [
        (old.number, "voided"),
        ("NEW-1", "valid"),
    ]
    # The new one is at the certificate centre: the town issues once it has arrived.
    signature = clerk.upload("签名.png", bytes.fromhex("89504e470d0a1a0a0000000d49484452")).json["id"]
    signed = {"signer": "示例甲", "relation": "self", "id_last4": "1239", "signature": signature}
    assert error(clerk.do("issue", line.id, **signed)) == (409, "not_now")
    document = next(d for d in county.rows(Document, line.id) if d.number == "NEW-1")
    sent = cert.do("hand_over", line.id, lines=[{"document_id": document.id, "copies": 1}])
    assert sent.status_code == 200, sent.text
    county.session.rollback()
    slip = county.rows(Slip, line.id)[-1]
    lines = [{"line_id": each.id, "received": 1} for each in slip.lines]
    assert clerk.do("confirm_handover", line.id, slip_id=slip.id, lines=lines).status_code == 200
    assert clerk.do("issue", line.id, **signed).status_code == 200
    county.session.rollback()
    new = county.rows(Certificate, line.id)[-1].id
    assert [p.holder for p in county.rows(Piece, line.id) if p.certificate_id == new] == ["applicant"]


def test_a_certificate_is_not_replaced_by_the_front_nor_under_a_used_number_nor_once_it_is_out(
    app: Flask, county: County
) -> None:
    line = Line(county).until("certified")
    number = county.rows(Certificate, line.id)[0].number
    cert, clerk = Program(app, county, "cert"), Program(app, county, "clerk.town")
    scan = cert.upload().json["id"]
    assert error(clerk.do("replace_certificate", line.id, cert_no="N2", scan=scan, **REPLACED)) == (403, "not_allowed")
    assert error(cert.do("replace_certificate", line.id, cert_no=number, scan=scan, **REPLACED)) == (422, "incomplete")
    out = Line(county).until("delivered")
    assert error(cert.do("replace_certificate", out.id, cert_no="N3", scan=scan, **REPLACED)) == (409, "not_now")
