"""Entry after the fact leaves traces, and they are looked for (第十一条)."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from app.engine import scope
from app.engine.now import now
from app.engine.settings import calendar, load
from app.law.workdays import ZONE
from app.models.application import Application
from app.models.security import LoginSession
from app.supervision.detector import DEFAULTS, LOOKS, Ground
from app.supervision.spans import Days
from tests.factories import ROOT, County, Line
from tests.supervision.tampering import tamper
from tests.web.at_work import at_work, fields_of

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from sqlalchemy.orm import Session

PAGE = "/detector/?from=2026-03-01&to=2026-03-31"


def found(app: Flask, county: County, look: str) -> list[tuple[int, str]]:
    """What a look finds: application and person."""
    session = county.session
    with app.app_context(), scope.unscoped(session):
        settings = load(session)
        days = Days(now().date() - timedelta(days=20), now().date())
        findings = LOOKS[look][1](Ground(session, days, settings, calendar(session, settings)))
        return [(each.application_id, each.person) for each in findings]


@pytest.mark.database
def test_a_decision_within_moments_of_acceptance_strikes(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    quick = Line(county).until("accepted")
    clock.shift(30)
    quick.review().grant()
    slow = Line(county).until("accepted")
    clock.shift(61)
    slow.review().grant()
    assert found(app, county, "rushed") == [(quick.id, "示head")]


@pytest.mark.database
def test_a_walk_in_closed_within_minutes_strikes_and_one_on_a_served_ticket_does_not(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    typed, queued, slow = (Line(county).register() for _ in range(3))
    for line in (typed, queued):
        line.receive().confirm_file().accept().review().grant().make_certificate()
    clock.shift(31 * 60)
    slow.receive().confirm_file().accept().review().grant().make_certificate()
    ticket = county.application(queued.id).ticket_id
    tamper(county.session, f"UPDATE ticket SET walk_in = false, served_by_id = 1, state = 'finished' WHERE id = {ticket}")
    assert found(app, county, "walk_ins") == [(typed.id, "示clerk.town")]
    assert found(app, county, "unserved") == []
    tamper(county.session, f"UPDATE ticket SET served_by_id = NULL, state = 'expired' WHERE id = {ticket}")
    assert found(app, county, "unserved") == [(queued.id, "示clerk.town")]


@pytest.mark.database
def test_receipt_and_acceptance_at_one_address_by_two_accounts_strike(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    def at(username: str, address: str) -> None:
        user = county.actor(username).user_id
        opened = {"started_at": now() - timedelta(hours=1), "expires_at": now() + timedelta(hours=11)}
        county.session.add(LoginSession(user_id=user, kind="cookie", digest=username, address=address, **opened))
        county.session.commit()

    at("clerk.town", "10.0.0.7")
    at("approver", "10.0.0.9")
    apart = Line(county).until("accepted")
    assert found(app, county, "same_place") == []
    at("approver2", "10.0.0.7")
    together = Line(county).until("received").confirm_file("approver2")
    together.accept("approver2")
    later = Line(county).until("received").confirm_file("approver2")
    clock.shift(120)
    later.accept("approver2")
    assert found(app, county, "same_place") == [(together.id, "示approver2")]
    assert apart.id != together.id


def test_a_burst_on_the_last_working_day_of_a_week_strikes(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 3, 6, 15, 59, tzinfo=ZONE))  # a Friday
    early = [Line(county, clerk="clerk.hall", item="I13").until("received") for _ in range(10)]
    clock.move_to(datetime(2026, 3, 6, 16, 0, tzinfo=ZONE))
    nine = [Line(county).until("received") for _ in range(9)]
    assert found(app, county, "week_ends") == []
    last = Line(county).until("received")
    assert found(app, county, "week_ends") == [(last.id, "示clerk.town")]
    for _ in range(11):
        Line(county, clerk="clerk2.town").until("received")
    assert {person for _, person in found(app, county, "week_ends")} == {"示clerk.town", "示clerk2.town"}
    assert early
    assert nine


def test_the_supervisor_reads_the_findings_and_opens_a_record_in_one_step(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).until("accepted")
    clock.shift(30)
    line.review().grant()
    supervisor = at_work(app, "supervisor")
    page = supervisor.get(PAGE).text
    number = county.application(line.id).short_no
    assert number in page
    assert "30 seconds from acceptance to decision" in page
    address = unescape(re.search(r'href="(/object/accountability_record/new/open[^"]*)"', page)[1])
    given = fields_of(supervisor.get(address))
    assert (given["source"], given["application_no"], given["article"]) == ("other", number, "第十一条")
    assert "30 seconds" in given["facts"]
    kept = supervisor.post("/object/accountability_record/new/open", data=given, content_type="multipart/form-data")
    assert kept.status_code == 303
    assert "示head" in supervisor.get(kept.location).text
    assert number not in supervisor.get("/detector/?from=2026-01-01&to=2026-01-31").text
    for who in ("head", "manager.hall", "archivist", "admin"):
        assert at_work(app, who).get(PAGE).status_code != 200, who


def test_a_county_looks_past_the_demo(app: Flask, session: Session, county: County) -> None:
    line = Line(county).until("approved")
    session.execute(update(Application.__table__).where(Application.id == line.id).values(is_demo=True))
    session.commit()
    assert [pk for pk, _ in found(app, county, "rushed")] == [line.id]
    app.config["DEMO"] = False
    try:
        assert found(app, county, "rushed") == []
    finally:
        app.config["DEMO"] = True


def test_the_thresholds_are_settings_within_bounds() -> None:
    rows = {row["key"]: row for row in json.loads((ROOT / "seed" / "settings.json").read_text(encoding="utf-8"))}
    for key, default in DEFAULTS.items():
        assert rows[key]["value"] == default
        assert rows[key]["bounds"]["least"] <= default <= rows[key]["bounds"]["most"]
