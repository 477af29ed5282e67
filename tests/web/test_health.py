"""What a watchman asks."""

import json
import logging
from datetime import UTC, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.models.calendar import Lease
from app.web.logging import JsonFormatter


def test_a_living_process_says_so(client: FlaskClient):
    assert client.get("/healthz").json == {"alive": True}


@pytest.fixture
def lease(session: Session) -> Lease:
    """A scheduler that leads for another minute, by the database's clock."""
    now = session.execute(select(func.current_timestamp())).scalar_one()
    in_utc = now if now.tzinfo else now.replace(tzinfo=UTC)
    lease = Lease(name="scheduler", holder="one", until=in_utc + timedelta(minutes=1))
    session.add(lease)
    session.commit()
    return lease


@pytest.mark.database
def test_a_house_is_ready_when_all_its_parts_are(client: FlaskClient, lease: Lease):
    answer = client.get("/readyz")
    assert answer.json == {"database": True, "migration": True, "scheduler": True}
    assert answer.status_code == 200


@pytest.mark.database
def test_readiness_names_the_scheduler_that_is_gone(client: FlaskClient, session: Session, lease: Lease):
    lease.until -= timedelta(minutes=2)
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"database": True, "migration": True, "scheduler": False}


@pytest.mark.database
def test_readiness_names_the_migration_that_is_missing(client: FlaskClient, session: Session, lease: Lease):
    session.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] is True
    assert answer.json["migration"] is False


def test_readiness_is_refused_without_a_database(make_app, tmp_path, caplog: pytest.LogCaptureFixture):
    app = make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/no/such/folder.db")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] is False


def test_requests_are_counted_by_endpoint_and_not_by_address(client: FlaskClient):
    client.get("/nobody/here?id=330324199001010012")
    figures = client.get("/metrics").text
    assert 'http_requests_total{endpoint="none",method="GET",status="404"}' in figures
    assert "3303241990" not in figures


def test_a_method_nobody_knows_makes_no_figure_of_its_own(client: FlaskClient):
    client.open("/healthz", method="INVENTED")
    figures = client.get("/metrics").text
    assert 'method="other"' in figures
    assert "INVENTED" not in figures


@pytest.mark.parametrize("path", ["/rate/", "/ledger/", "/kiosk/hall/slip/"])
def test_no_token_of_a_letter_or_an_invitation_stands_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
):
    caplog.set_level(logging.INFO, "app.access")
    client.get(f"{path}HiyWTlCxKBaYshBfBDHU8Q")
    line = JsonFormatter().format(caplog.records[-1])
    assert ("HiyWTl" in line, json.loads(line)["path"]) == (False, f"{path}…")


def test_each_answer_carries_the_number_of_its_line_in_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "app.access")
    with client:
        answer = client.get("/healthz?phone=13800000000")
        line = json.loads(JsonFormatter().format(caplog.records[-1]))
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["path"] == "/healthz"
    assert line["status"] == 200
    assert "13800000000" not in str(line)
