"""What the machinery did is read by those who supervise, and by nobody else."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import jobs
from app.engine.couriers import HttpCourier
from app.engine.outbox import deliver
from app.errors import NotAllowed
from app.supervision.lists import DUTIES
from tests.factories import County, Line
from tests.generated import client_of
from tests.receivers import receiving
from tests.web.logins import add_account, grant_everything

PAGES = ("/alerts/list/", "/job-runs/list/", "/refused-acts/list/", "/outbox/list/")
Enter = Callable[[str], FlaskClient]


@pytest.fixture
def enter(app: Flask, county: County, clock: time_machine.Traveller) -> Enter:
    """Somebody of a role, in a county where a clock ran out and a clerk tried to examine what she had received."""
    session = county.session
    grant_everything(app)
    line = Line(county, clerk="clerk.hall", item="I13", mode="pickup").until("confirmed")
    with pytest.raises(NotAllowed):
        line.do("clerk.hall", "accept", opinion="材料齐全")
    clock.shift(timedelta(days=9))
    jobs.tick(session)
    with receiving() as gone:
        address = urlsplit(gone.address)
    deliver(session, HttpCourier(address, b"key"))
    session.close()

    def as_role(role: str) -> FlaskClient:
        add_account(app, "somebody", role)
        return client_of(app, "somebody")

    return as_role


@pytest.mark.parametrize("role", ["supervisor", "bureau_leader"])
def test_those_who_supervise_read_what_happened(enter: Enter, role: str):
    client = enter(role)
    alerts, runs, refused, messages = (client.get(page) for page in PAGES)
    assert [page.status_code for page in (alerts, runs, refused, messages)] == [200] * 4
    assert "TC-20260302-0001" in alerts.text
    assert "Acceptance or correction notice" in alerts.text
    assert "Check the clocks" in runs.text
    assert "Accept" in refused.text
    assert "示clerk.hall" in refused.text
    assert "Receive" in messages.text
    assert "Refused, waits" in messages.text
    assert "Nobody answers at the receiver&#39;s address: [Errno 111] Connection refused" in messages.text


def test_nobody_else_finds_these_pages(enter: Enter):
    client = enter("window_clerk")
    assert all(client.get(page).status_code != 200 for page in PAGES)
    assert "/alerts/" not in client.get("/").text


def test_why_a_message_waits_is_said_in_the_readers_language(enter: Enter):
    client = enter("supervisor")
    client.get("/lang/zh")
    assert "接收方地址无应答: [Errno 111] Connection refused" in client.get("/outbox/list/").text


def test_an_alert_leads_to_its_application(enter: Enter):
    answer = enter("supervisor").get("/alerts/show/1")
    assert answer.status_code == 302
    assert "/1" in answer.location


def test_every_duty_of_the_house_has_a_name_to_read():
    assert {duty.name for duty in jobs.JOBS} <= set(DUTIES)


def test_a_reading_voice_hears_the_lamp_in_the_readers_language(enter: Enter):
    client = enter("supervisor")
    client.get("/lang/zh")
    page = client.get("/alerts/list/").text
    assert '<span class="visually-hidden"> 黄灯</span>' in page
    assert '<span class="visually-hidden"> yellow</span>' not in page
