"""Every refusal and every mishap as a sentence: JSON for programs, a page for people; never SQL, never a trace."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import prison
from flask import current_app, g, jsonify, make_response, render_template, request
from flask_appbuilder.exceptions import FABException
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException

from app.errors import Busy, Complaint, Incomplete, Later, NotFound, NotNow, Refusal
from app.law import N_
from app.web import words
from app.web.logging import request_id
from app.web.public import PublicView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask, Response

log = logging.getLogger(__name__)

CODES = {
    400: "invalid", 401: "unauthenticated", 403: "not_allowed", 404: "not_found", 405: "method", 409: "not_now",
    413: "too_large", 415: "unsupported", 422: "incomplete", 429: "too_many", 503: "busy",
}
SENTENCES = {
    400: N_("This request cannot be understood."),
    401: N_("Please log in."),
    403: N_("You are not allowed to do this."),
    404: NotFound.default,
    405: N_("This address does not answer this kind of request."),
    409: N_("This clashes with something that is already recorded, or still depends on it."),
    413: N_("This is too large."),
    415: N_("This kind of content is not accepted."),
    422: Incomplete.default,
    429: N_("Too many requests. Please wait a moment."),
    500: N_("Something went wrong here. Nothing was changed; please give the number below to the administrator."),
    503: Busy.default,
}
BAD, FAILED = HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR
FORGED = N_("This form has expired, or it came from elsewhere. Please go back, reload the page and send it again.")
# SQLite calls much an OperationalError; these are the ones that heal by themselves.
PASSING = ("locked", "full", "busy", "disk i/o", "unable to open")


def register(app: Flask) -> None:
    """Answer every error of `app`, Flask-AppBuilder's own included."""
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(CSRFError, _on_forgery)
    app.register_error_handler(exc.SQLAlchemyError, _on_database)
    app.register_error_handler(FABException, _on_appbuilder)
    app.register_error_handler(ValidationError, _on_validation)
    for malformed in (OverflowError, prison.decoder.ParserException):
        app.register_error_handler(malformed, lambda _error: answer(400))
    app.after_request(_reshape)
    app.after_request(_stay_here)


def is_api() -> bool:
    """Whether a program is asking: one with a token, or the payment platform."""
    return request.path.startswith(("/api/", "/pay/"))


def answer(
    status: int, sentence: str = "", complaints: Sequence[Complaint] = (), retry_after: int | None = None,
    code: str = "", **params: Any,
) -> Response:
    """Say `sentence`, or the one that goes with `status`, to whoever asked."""
    general = SENTENCES.get(status, SENTENCES[BAD if status < FAILED else FAILED])
    said = words.of_complaint(Complaint("", sentence or general, params))
    if is_api():
        response = jsonify(error={
            "code": code or _code(status),
            "message": said,
            "complaints": [
                {"field": each.field, "message": words.of_complaint(each)} for each in complaints
            ],
        })
        response.status_code = status
    else:
        response = make_response(_page(status, said), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


class SpokenErrors:
    """Mix in first in an API of Flask-AppBuilder: what its `safe` and its database errors swallow is raised again."""

    def response_422(self, message: Any = None) -> Response:
        """Answer a complaint about the input; an error of the database is ours to word."""
        self._raise_again()
        return answer(422, complaints=complaints_of(message) if isinstance(message, dict) else ())

    def response_500(self, message: Any = None) -> Response:
        """Answer what nobody foresaw."""
        self._raise_again()
        return answer(500)

    @staticmethod
    def _raise_again() -> None:
        if (error := sys.exception()) is not None:
            raise error


def complaints_of(messages: Any, path: str = "") -> list[Complaint]:
    """Marshmallow's nested messages as a flat list of complaints, fields joined by dots."""
    if isinstance(messages, dict):
        found = []
        for name, inner in messages.items():
            field = path if name == "_schema" else f"{path}.{name}".lstrip(".")
            found += complaints_of(inner, field)
        return found
    return [Complaint(path, str(each)) for each in (messages if isinstance(messages, list) else [messages])]


def _on_refusal(refusal: Refusal) -> Response:
    return answer(
        refusal.status, refusal.sentence, getattr(refusal, "complaints", ()),
        refusal.retry_after if isinstance(refusal, Later) else None, refusal.code, **refusal.params,
    )


def _on_http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < BAD:
        return error
    response = answer(error.code, retry_after=Busy().retry_after if error.code in {429, 503} else None)
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _on_forgery(_error: CSRFError) -> Response:
    """With the cookie of an ended login its form has lost its token too; a page without login asks for none."""
    logins = current_app.login_manager
    if is_api() or current_user.is_authenticated or request.endpoint == logins.login_view or _is_public():
        return answer(400, FORGED)
    return logins.unauthorized()


def _is_public() -> bool:
    """Whether the page is for people who have no login at all."""
    return any(isinstance(v, PublicView) and v.endpoint == request.blueprint for v in current_app.appbuilder.baseviews)


def _on_validation(error: ValidationError) -> Response:
    return answer(422, complaints=complaints_of(error.messages))


def _on_appbuilder(error: FABException) -> Response:
    if isinstance(error.__cause__, exc.SQLAlchemyError):
        return _on_database(error.__cause__)
    return answer(400)


def _on_database(error: exc.SQLAlchemyError) -> Response:
    current_app.appbuilder.session.rollback()
    if "_login_user" not in g:
        # The page of the error must not ask the database again who is looking at it.
        current_app.login_manager._update_request_context_with_user()
    if isinstance(error, exc.IntegrityError):
        log.warning("The database refused a row: %s", error.orig.__class__.__name__)
        return answer(NotNow.status)
    if isinstance(error, exc.DataError) or isinstance(getattr(error, "orig", None), OverflowError):
        return answer(400)
    if _will_pass(error):
        log.warning("The database is busy: %s", type(getattr(error, "orig", error)).__name__)
        return answer(503, retry_after=Busy().retry_after)
    # Flask logs it and comes back to `_on_http` as a 500; under test it is seen where it happened.
    raise error


def _will_pass(error: exc.SQLAlchemyError) -> bool:
    if isinstance(error, exc.TimeoutError) or getattr(error, "connection_invalidated", False):
        return True
    if not isinstance(error, exc.OperationalError):
        return False
    return "sqlite" not in type(error.orig).__module__ or any(word in str(error.orig).lower() for word in PASSING)


def _code(status: int) -> str:
    return CODES.get(status) or ("failed" if status >= FAILED else HTTPStatus(status).name.lower())


def _page(status: int, sentence: str) -> str:
    try:
        return render_template("error.html", title=sentence, status=status, sentence=sentence, request_id=request_id())
    except Exception:
        log.exception("The page of an error could not be made.")
        page = current_app.jinja_env.get_template("error_plain.html")
        return page.render(sentence=sentence, request_id=request_id(), lang=str(get_locale()))


def _reshape(response: Response) -> Response:
    """Word the errors that Flask-AppBuilder answers by itself as the contract words all of them."""
    if response.status_code < BAD or not is_api() or not response.is_json:
        return response
    body = response.get_json(silent=True)
    if isinstance(body, dict) and "error" in body:
        return response
    message = body.get("message") if isinstance(body, dict) else None
    spoken = message if response.status_code == BAD and isinstance(message, str) else ""
    complaints = complaints_of(message) if isinstance(message, dict) else ()
    return answer(response.status_code, spoken, complaints)


def _stay_here(response: Response) -> Response:
    """An address that lacks its slash is put right on this host, not on the one that the request claimed."""
    if response.status_code == HTTPStatus.PERMANENT_REDIRECT and response.location:
        response.location = urlsplit(response.location)._replace(scheme="", netloc="").geturl()
    return response
