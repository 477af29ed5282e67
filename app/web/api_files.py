"""Files by program: upload one, then name it by its id in an act; read one back within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_appbuilder.api import expose, protect
from flask_appbuilder.security.decorators import permission_name

from app.law import N_
from app.web.api_answers import FileShown
from app.web.api_base import Endpoint
from app.web.api_docs import said
from app.web.files import send_stored, take_in

if TYPE_CHECKING:
    from flask import Response

UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}


class FileApi(Endpoint):
    """Uploaded files; an unclaimed one is seen by its uploader alone, and goes after a day."""

    resource_name = "file"

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("post")
    @said(
        N_("Upload a PDF, JPG or PNG file of at most 20 MB"), answers=FileShown, takes=UPLOAD, status=201,
        errors=(413, 415, 422),
    )
    def post(self) -> Response:
        file = take_in(request.files.get("file"))
        return self.response(201, id=file.id, sha256=file.sha256, name=file.name)

    @expose("/<int:pk>", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(N_("The file as an attachment"), media_type="application/octet-stream", errors=(404,))
    def get(self, pk: int) -> Response:
        return send_stored(pk)
