"""Files in and out: an upload is taken in by the engine, a stored file and a paper leave by scoped addresses."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import send_file
from sqlalchemy import select

from app.engine import files, transaction
from app.engine.now import now
from app.engine.reading import pdf
from app.errors import Complaint, Incomplete, NotFound
from app.extensions import db
from app.law import N_
from app.models.delivery import Certificate
from app.models.trail import AuditRow, Document, StoredFile
from app.web.actor import current_actor
from app.web.logging import request_id

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.datastructures import FileStorage

PDF, LONGEST_DETAIL = "application/pdf", 200
PICTURES = frozenset({"image/jpeg", "image/png"})


def take_in(upload: FileStorage | None, field: str = "file") -> StoredFile:
    """Store an uploaded file for whoever is asking; raises what `files.store` does, Incomplete where there is none."""
    if upload is None or not upload.filename:
        raise Incomplete([Complaint(field, N_("Choose a file."))])
    return files.store(db.session(), current_actor(), upload.filename, upload.stream.read(files.MOST_BYTES + 1))


def send_stored(file_id: int) -> Response:
    """A stored file as an attachment under the name its uploader gave it, and who took it; NotFound out of reach."""
    file = db.session.scalar(select(StoredFile).where(StoredFile.id == file_id))
    if file is None:
        raise NotFound
    sha256, media_type, name = file.sha256, file.media_type, file.name
    audit("file", name, application_id=file.application_id)
    return _send(files.open_bytes(sha256), media_type, name, as_attachment=True)


def send_shown(file: StoredFile) -> Response:
    """A picture that stands in a page; whoever asks has been found to reach it."""
    return _send(files.open_bytes(file.sha256), file.media_type, file.name, as_attachment=False)


def send_whole(file: StoredFile) -> Response:
    """A file that whoever asks was found to be allowed, as an attachment under its own name."""
    return _send(files.open_bytes(file.sha256), file.media_type, file.name, as_attachment=True)


def send_paper(application_id: int, number: str) -> Response:
    """An official paper of an application as PDF, a certificate as its scan; who printed it when is kept."""
    document = db.session.scalar(
        select(Document).where(Document.application_id == application_id, Document.number == number)
    )
    if document is None:
        raise NotFound
    content = _scan(document) if document.kind == "certificate" else pdf(document)
    audit("print", document.number, application_id=application_id)
    return _send(content, PDF, f"{number}.pdf", as_attachment=False)


def _scan(document: Document) -> bytes:
    sha256 = db.session.scalar(
        select(StoredFile.sha256)
        .join(Certificate, Certificate.scan_id == StoredFile.id)
        .where(Certificate.document_id == document.id)
    )
    if sha256 is None:
        raise NotFound
    return files.open_bytes(sha256)


def audit(what: str, detail: str, reason: str = "", application_id: int | None = None) -> None:
    """Keep who looked or printed, what, and why."""
    actor, session = current_actor(), db.session()
    row = {
        "at": now(), "actor_id": actor.user_id, "what": what, "application_id": application_id,
        "detail": detail[:LONGEST_DETAIL], "reason": reason, "request_id": request_id(), "created_by": actor.username,
    }
    transaction.run(session, lambda: session.add(AuditRow(**row)))


def send_pdf(content: bytes, name: str) -> Response:
    """A sheet to look at and print."""
    return _send(content, PDF, name, as_attachment=False)


def _send(content: bytes, media_type: str, name: str, *, as_attachment: bool) -> Response:
    return send_file(io.BytesIO(content), mimetype=media_type, download_name=name, as_attachment=as_attachment)
