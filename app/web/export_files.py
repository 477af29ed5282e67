"""The file of an approved request leaves here, once, to whoever asked for it (第五条)."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from flask import Response

from app.engine import export_store, refused
from app.engine.object_acts import at_address
from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.law import N_
from app.models.exports import ExportRequest
from app.web.actor import current_actor
from app.web.logging import request_id

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND, CSV, CHUNK = "export_request", "text/csv", 65_536


def give_out(pk: int) -> Response:
    """The file as an attachment; NotFound where the request is out of sight, NotAllowed for anybody else and twice."""
    session, actor = db.session(), current_actor()
    row = session.get(ExportRequest, pk, populate_existing=True)
    if row is None:
        raise NotFound
    name, is_ready = row.file_name, row.state == "used" and row.requester_id == actor.user_id
    file = export_store.take(pk) if is_ready else None
    if file is None:
        refusal = NotAllowed(N_("There is nothing to take out: a file leaves once, to whoever was allowed to."))
        act = at_address(KIND, "use")
        assert act is not None
        refused.record(session, refusal, act, pk, actor, {}, request_id())
        raise refusal
    response = Response(_read(file), mimetype=CSV)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.call_on_close(file.close)
    return response


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
