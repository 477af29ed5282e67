"""What a watchman asks: is the process alive, is it ready to work, how busy is it."""

from __future__ import annotations

import logging
import os
import time
from functools import cache
from typing import TYPE_CHECKING

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from app.engine import lease
from app.extensions import db, migrate

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)
health = Blueprint("health", __name__)

REQUESTS = Counter("http_requests_total", "Answered requests", ["method", "endpoint", "status"])
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
SECONDS = Histogram("http_request_seconds", "Time to answer a request", ["endpoint"])

def register(app: Flask) -> None:
    """Open the three addresses and count every request."""
    app.register_blueprint(health)
    app.before_request(_begin)
    app.after_request(_count)


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return jsonify(alive=True)


@health.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer 503 and name what is missing, until all work can be done."""
    ready = {"database": False, "migration": False, "scheduler": False}
    try:
        with db.engine.connect() as connection:
            ready["database"] = True
            ready["migration"] = MigrationContext.configure(connection).get_current_heads() == newest_migration()
            ready["scheduler"] = ready["migration"] and lease.is_held(connection, lease.SCHEDULER)
    except SQLAlchemyError:
        log.exception("The database does not answer.")
    return jsonify(ready), 200 if all(ready.values()) else 503


@health.get("/metrics")
def metrics() -> Response:
    """Answer the figures of all workers in Prometheus' text format."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@cache
def newest_migration() -> tuple[str, ...]:
    """The migration this version of the program needs."""
    return tuple(ScriptDirectory(migrate.directory).get_heads())


def _begin() -> None:
    g.counted_from = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    # Every label is kept for ever, and a client may call its method what it likes.
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(time.perf_counter() - g.counted_from)
    return response
