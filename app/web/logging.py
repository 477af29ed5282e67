"""The log: one JSON object a line, each with the number of its request; no query string, no form, no parameters."""

from __future__ import annotations

import json
import logging
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import g, has_request_context, request

if TYPE_CHECKING:
    from flask import Flask, Response

ZONE = ZoneInfo("Asia/Shanghai")
access = logging.getLogger("app.access")


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; what was passed as `extra={"fields": {...}}` stands beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id():
            line["request_id"] = request_id()
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"app": {"level": "INFO"}, "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True}},
}
"""For the processes that serve (web server, scheduler); commands and tests keep Python's own."""


def request_id() -> str:
    """The number of the request being answered; empty where there is none, as in a job."""
    return g.get("request_id", "") if has_request_context() else ""


def register(app: Flask) -> None:
    """Number every request, say the number in `X-Request-ID`, and log one line when it is answered."""
    # It warns at every start of columns that its own views cannot search.
    logging.getLogger("flask_appbuilder.models.filters").setLevel(logging.ERROR)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = uuid4().hex
    g.request_began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    path = _plain_path()
    fields = {
        "method": request.method,
        "path": path,
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.request_began) * 1000, 1),
    }
    access.info("%s %s", request.method, path, extra={"fields": fields})
    return response


def _plain_path() -> str:
    """The path without the token of a letter or an invitation: whoever has it rates, or acknowledges."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "…") if token else request.path
