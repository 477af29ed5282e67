"""The language of an answer: a program says it by Accept-Language, a person by a choice that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, has_request_context, request

from app.web.errors import is_api

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Let programs choose; called once Flask-AppBuilder has set its own choice for people."""
    babel = app.extensions["babel"]
    chosen_by_people = babel.locale_selector
    babel.locale_selector = lambda: _accepted() if has_request_context() and is_api() else chosen_by_people()


def _accepted() -> str:
    """The first language the program reads that is spoken here; Chinese where it names none."""
    spoken = current_app.config["LANGUAGES"]
    for language in request.accept_languages.values():
        if (name := language.replace("_", "-").partition("-")[0].lower()) in spoken:
            return name
    return current_app.config["BABEL_DEFAULT_LOCALE"]
