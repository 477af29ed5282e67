"""What a watchman asks."""

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.web.logging import JsonFormatter


def test_a_living_process_says_so(client: FlaskClient):
    assert client.get("/healthz").json == {"alive": True}


@pytest.mark.database
def test_readiness_names_the_migration_that_is_missing(app: Flask, client: FlaskClient):
    assert client.get("/readyz").json["migration"] is True
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'old'")
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


def test_each_answer_carries_the_number_of_its_line_in_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "app.access")
    with client:
        answer = client.get("/healthz?phone=13800000000")
        line = json.loads(JsonFormatter().format(caplog.records[-1]))
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["path"] == "/healthz"
    assert line["status"] == 200
    assert "13800000000" not in str(line)
