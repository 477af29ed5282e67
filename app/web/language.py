"""The language of an answer: a program says it by Accept-Language, a person by a choice that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import abort, current_app, g, has_request_context, redirect, request, session
from flask_babel import get_translations

from app.web.accounts import path_of, safe_next
from app.web.errors import is_api

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response


def register(app: Flask) -> None:
    """Let programs choose; called once Flask-AppBuilder has set its own choice for people."""
    babel = app.extensions["babel"]
    chosen_by_people = babel.locale_selector
    babel.locale_selector = lambda: _accepted() if has_request_context() and is_api() else chosen_by_people()
    # Flask-AppBuilder's own goes back to the list one saw last, away from what one is reading or typing.
    app.view_functions["LocaleView.index"] = _choose
    app.jinja_env.install_gettext_callables(
        lambda sentence: _catalogue().ugettext(sentence),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )


def _catalogue() -> Any:
    """The sentences of the answer's language: a page says hundreds, and each would look for the language again."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue


def _accepted() -> str:
    """The first language the program reads that is spoken here; Chinese where it names none."""
    spoken = current_app.config["LANGUAGES"]
    for language in request.accept_languages.values():
        if (name := language.replace("_", "-").partition("-")[0].lower()) in spoken:
            return name
    return current_app.config["BABEL_DEFAULT_LOCALE"]


def _choose(locale: str) -> Response:
    """Keep the language a person chose, and show the page again on which it was chosen."""
    if locale not in current_app.config["LANGUAGES"]:
        abort(404)
    session["locale"] = locale
    page = path_of(request.referrer or "")
    may_be_opened = current_app.create_url_adapter(request).test(urlsplit(page).path, "GET")
    return redirect(safe_next(page if may_be_opened else None))
