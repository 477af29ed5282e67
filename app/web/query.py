"""The query string of lists: what Flask-AppBuilder would stumble over is refused before it reads it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import prison
from flask import abort, current_app, request

if TYPE_CHECKING:
    from flask import Flask

PAGING = re.compile(r"page_|psize_")
ORDER = re.compile(r"_oc_(?P<view>.+)")
FILTER = re.compile(r"_flt_(?P<index>\d)_(?P<column>.+)")
# Rows of a page, or pages: nobody turns a million of them by hand.
NUMBER = re.compile(r"\d{1,6}")


def register(app: Flask) -> None:
    """Look at the query string of every request."""
    app.before_request(refuse_malformed)


def refuse_malformed() -> None:
    """Answer 400 to page numbers, order columns, filters and rison that mean nothing here."""
    for name, value in request.args.items():
        if PAGING.match(name) and not NUMBER.fullmatch(value):
            abort(400)
        if (order := ORDER.fullmatch(name)) and not _can_order(order["view"], value):
            abort(400)
        if (chosen := FILTER.fullmatch(name)) and not _can_filter(_view(), chosen["column"], int(chosen["index"])):
            abort(400)
    if request.path.startswith("/api/") and request.args.get("q"):
        _refuse_unknown_filters(_view(), _parse(request.args["q"]))


def _view() -> Any:
    asked = request.blueprint
    return next((view for view in current_app.appbuilder.baseviews if view.endpoint == asked), None)


def _can_order(name: str, column: str) -> bool:
    views = (view for view in current_app.appbuilder.baseviews if type(view).__name__ == name)
    return any(column in (getattr(view, "order_columns", None) or ()) for view in views)


def _can_filter(view: Any, column: str, index: int) -> bool:
    filters = getattr(view, "_filters", None)
    if filters is None:
        return False
    known = filters.get_search_filters()
    # An unknown column is left out by Flask-AppBuilder itself.
    return column not in known or index < len(known[column])


def _refuse_unknown_filters(view: Any, query: dict[str, Any]) -> None:
    """Flask-AppBuilder leaves out a filter it does not know, and answers more than was asked for."""
    chosen, filters = query.get("filters", []), getattr(view, "_filters", None)
    if filters is None or not isinstance(chosen, list):
        return
    known = {column: {kind.arg_name for kind in kinds} for column, kinds in filters.get_search_filters().items()}
    for each in chosen:
        if not isinstance(each, dict) or "value" not in each:
            abort(400)
        if str(each.get("opr")) not in known.get(str(each.get("col")), ()):
            abort(400)


def _parse(value: str) -> dict[str, Any]:
    try:
        parsed = prison.loads(value)
    except Exception:  # noqa: BLE001  # the parser fails in many ways; JSON is the other form that is read
        try:
            parsed = json.loads(value)
        except ValueError:
            abort(400)
    if not isinstance(parsed, dict):
        abort(400)
    return parsed
