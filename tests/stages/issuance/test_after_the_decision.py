"""From the decision to the signature: a late certificate is red, and who picks up is looked at and signs (req. 79, 81)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from app.jobs import tick
from app.law.workdays import ZONE
from tests import samples
from tests.factories import APPLICANT, Line
from tests.web.at_work import at_work
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.factories import County


@pytest.mark.req(79)
@pytest.mark.parametrize(("day", "outcome", "lamp"), [(9, "met", "none"), (10, "late", "red")])
def test_a_certificate_made_after_the_promised_day_is_red_though_the_decision_was_in_time(
    app: Flask, session: Session, county: County, clock: time_machine.Traveller, day: int, outcome: str, lamp: str
) -> None:
    """79: the promised limit covers decision and certificate."""
    line = Line(county).until("approved")  # granted on 2 March, promised until Monday 9 March
    clock.move_to(datetime(2026, 3, day, 9, 30, tzinfo=ZONE))
    tick(county.session)
    line.make_certificate()
    program = Program(app, county, "supervisor")
    [run] = [c for c in program.get(f"application/{line.id}/clocks").json if c["clock"] == "promised"]
    assert (run["due_on"], run["outcome"], run["lamp"]) == ("2026-03-09", outcome, lamp)
    number = county.application(line.id).short_no
    supervisor = at_work(app, "supervisor")
    red = "?_flt_0_level=red&_flt_0_clock=promised"
    assert (number in supervisor.get(f"/alerts/list/{red}").text) is (lamp == "red")
    page = supervisor.get(f"/application/{line.id}").text
    assert ("lamp-red" in page) is (lamp == "red")


@pytest.mark.req(79)
def test_nobody_makes_a_late_certificate_look_early(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    line = Line(county).until("approved")
    clock.move_to(datetime(2026, 3, 10, 9, 30, tzinfo=ZONE))
    maker = Program(app, county, "cert")
    said = {"cert_no": "TC-900001", "scan": maker.upload().json["id"], "physical_pieces": 1}
    dated = maker.do("make_certificate", line.id, **said, made_at="2026-03-09T09:00:00+08:00")
    assert fields(dated) == {"made_at"}
    assert maker.do("make_certificate", line.id, **said).status_code == 200
    # the limit is over, and so is the time to extend it
    assert error(Program(app, county, "leader").do("extend", line.id, days=5, reason="需要延长期限办理")) == (409, "not_now")
    again = maker.do("replace_certificate", line.id, cause="misprint", reason="打印有误，须重制", cert_no="TC-900002",
                     scan=maker.upload(data=samples.pdf(2)).json["id"])  # fmt: skip
    assert again.status_code == 200
    [run] = [c for c in maker.get(f"application/{line.id}/clocks").json if c["clock"] == "promised"]
    assert (run["outcome"], run["lamp"]) == ("late", "red")


def test_the_form_offers_only_those_to_sign_whom_the_application_names(app: Flask, county: County) -> None:
    alone = Line(county, clerk="clerk.hall", mode="pickup").until("certified")
    agent = {"name": "示例丁", "id_type": "resident_id", "id_no": "469099199901010182", "phone": "19900000003"}
    represented = Line(county, clerk="clerk.hall", mode="pickup").register()
    represented.do("clerk.hall", "amend", agent={**agent, "authorisation": county.file("clerk.hall")}, reason="补记代理人")
    for act in ("receive", "confirm_file", "accept", "review", "grant", "make_certificate"):
        getattr(represented, act)()
    desk = at_work(app, "cert")
    for line, signers in ((alone, {"self", "left_in_place"}), (represented, {"self", "agent", "left_in_place"})):
        page = desk.get(f"/application/{line.id}/act/issue").text
        assert set(re.findall(r'name="relation" value="(\w+)"', page)) == signers


@pytest.mark.req(81)
def test_whoever_picks_up_at_the_certificate_centre_is_looked_at_and_signs(app: Flask, county: County) -> None:
    """81: mode pickup: at the certificate centre, with an identity check and a signature."""
    line = Line(county, clerk="clerk.hall", mode="pickup").until("certified")
    desk = Program(app, county, "cert")
    signature = desk.upload("签名.png", samples.png()).json["id"]
    whole = {"signer": APPLICANT["name"], "relation": "self", "id_last4": "1239", "signature": signature, "ticks": []}
    for wrong, field in (
        ({"id_last4": "1230"}, "id_last4"), ({"signer": "示例乙"}, "signer"), ({"signature": None}, "signature"),
        ({"id_last4": ""}, "id_last4"), ({"signature": 987654}, "signature"), ({"relation": "legal_rep"}, "relation"),
        ({"relation": "agent"}, "relation"), ({"delivered_at": "2026-03-01T09:00:00+08:00"}, "delivered_at"),
    ):  # fmt: skip
        answer = desk.do("issue", line.id, **{**whole, **wrong})
        assert answer.status_code == 422, wrong
        assert field in fields(answer), wrong
    for who in ("clerk.hall", "clerk2.hall", "approver", "head"):
        tried = Program(app, county, who).do("issue", line.id, **whole)
        assert tried.status_code in (403, 409, 422), who
    assert desk.shown(line.id)["state"] == "certified"
    done = desk.do("issue", line.id, **whole)
    assert (done.status_code, done.json["state"]) == (200, "delivered")
    [receipt] = [d for d in desk.get(f"application/{line.id}/documents").json if d["kind"] == "service_receipt"]
    assert desk.get(f"application/{line.id}/documents/{receipt['number']}.pdf").data.startswith(b"%PDF")
    assert desk.get(f"file/{signature}").status_code == 200
