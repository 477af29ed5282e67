"""A program that edits or deletes a record by itself is refused by the address; that it tried is kept (第十一条)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import g, request

from app.engine import refused
from app.extensions import db
from app.models.base import OfApplication, Placed, Scoped
from app.web.logging import request_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask, Response

ONE = re.compile(r"/api/v1/(?P<resource>\w+)/(?P<pk>[0-9]{1,15})/?")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REFUSED = frozenset({403, 405})


def register(app: Flask, resources: Iterable[Any]) -> None:
    """Keep what is tried on the rows of these resources; those of reference data have forms of their own."""
    models = {each.resource_name: each.datamodel.obj for each in resources if getattr(each, "datamodel", None)}
    governed = {name: model for name, model in models.items() if issubclass(model, Scoped | OfApplication | Placed)}

    @app.after_request
    def keep(response: Response) -> Response:
        if response.status_code in REFUSED and request.method in WRITES:
            _keep(governed)
        return response


def _keep(governed: Mapping[str, type[Any]]) -> None:
    found, actor = ONE.fullmatch(request.path), g.get("actor")
    if found is None or actor is None or found["resource"] not in governed:
        return
    sent = request.get_json(silent=True) if request.is_json else None
    fields = [name for name in sent if isinstance(name, str)] if isinstance(sent, dict) else []
    refused.record_write(db.session(), governed[found["resource"]], int(found["pk"]), actor, fields, request_id())
