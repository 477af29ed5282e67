"""What every resource of the API shares: strict queries, bodies that are JSON objects, refusals as sentences."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import abort, request
from flask_appbuilder import ModelRestApi
from flask_appbuilder.api import BaseApi, expose, protect, rison
from flask_appbuilder.models.filters import map_args_filter
from flask_appbuilder.security.decorators import permission_name
from flask_login import current_user
from marshmallow import RAISE, Schema, ValidationError, fields

from app.engine.actors import PERMISSION_VIEW
from app.engine.inputs import collect
from app.errors import Complaint, Incomplete, NotFound
from app.law import N_
from app.law.clock import ZONE
from app.web.api_docs import said
from app.web.errors import SpokenErrors, answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response
    from flask_appbuilder.models.filters import Filters

MOST_BYTES_OF_JSON = 2 * 1024 * 1024
BIGGEST_INTEGER = 2**63 - 1
LONGEST_KEY = 80
MOST_ROWS = 100

LIST_QUERY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "page": {"type": "integer", "minimum": 0},
        "page_size": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        "order_column": {"type": "string"},
        "order_direction": {"type": "string", "enum": ["asc", "desc"]},
        "filters": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["col", "opr", "value"],
                "properties": {"col": {"type": "string"}, "opr": {"type": "string"}, "value": {}},
            },
        },
    },
}
"""What the parameter `q` of a list may say, as rison or as JSON."""


def moment() -> fields.AwareDateTime:
    """A moment in county time; in a filter, one without a zone is county time."""
    return fields.AwareDateTime(default_timezone=ZONE, format="iso", allow_none=True)


def money() -> fields.Decimal:
    """Yuan, or a quantity, as text: programs that read numbers as floats would round it."""
    return fields.Decimal(places=2, as_string=True, allow_none=True, metadata={"type": "string"})


class Answer(Schema):
    """The base of what the API answers and of what its filters understand."""

    class Meta:
        """In a filter, an unknown column is refused."""

        unknown = RAISE


def logged_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for a login and nothing more: what may be done, the engine decides."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if current_user.is_authenticated else answer(401)

    return guarded


def body() -> dict[str, Any]:
    """The JSON object that was sent; anything else ends the request with 400, 413 or 415."""
    if not request.is_json:
        abort(415)
    request.max_content_length = min(MOST_BYTES_OF_JSON, request.max_content_length or MOST_BYTES_OF_JSON)
    try:
        found = json.loads(request.get_data(cache=False), parse_constant=_refuse)
        _look_at(found)
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(found, dict):
        abort(400)
    return found


def version_of(data: dict[str, Any]) -> int | None:
    """The version the input was made from, taken out of it."""
    version = data.pop("version", None)
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise Incomplete([Complaint("version", N_("This has the wrong form."))])
    return version


def idempotency_key() -> str | None:
    """The key of the header `Idempotency-Key`, by which a repeated request gets the first one's answer."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        sentence = N_("Wrong key: at most %(most)s visible characters.")
        raise Incomplete([Complaint("Idempotency-Key", sentence, {"most": LONGEST_KEY})])
    return key or None


def read(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The input as the schema takes it; Incomplete with every complaint at once."""
    try:
        return dict(schema.load(data))
    except ValidationError as error:
        complaints: list[Complaint] = []
        collect(error.messages, lambda path, sentence, params: complaints.append(Complaint(path, sentence, params)))
        raise Incomplete(complaints) from None


def _look_at(found: Any) -> None:
    """Refuse what no database keeps and no page shows: NUL, halves of characters."""
    if isinstance(found, dict):
        _look_at([*found, *found.values()])
    elif isinstance(found, list):
        for each in found:
            _look_at(each)
    elif isinstance(found, str) and b"\0" in found.encode():
        raise ValueError(found)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


class Endpoint(SpokenErrors, BaseApi):
    """Addresses of the API that are no list of rows."""

    class_permission_name = PERMISSION_VIEW


class Resource(SpokenErrors, ModelRestApi):
    """List and show of rows within reach: explicit columns, strict queries, filters of one request only.

    `list_model_schema` and `show_model_schema` say what is answered; the list's also reads the values of filters.
    """

    class_permission_name = PERMISSION_VIEW
    include_route_methods = {"get_list", "get"}
    base_order = ("id", "desc")
    max_page_size = MOST_ROWS

    @expose("/", methods=["GET"])
    @protect()
    @rison(LIST_QUERY)
    @permission_name("get")
    @said(
        N_("List what is within reach"),
        N_(
            "The newest first. `q` is rison or JSON: `page`, `page_size`, `order_column`, `order_direction` and "
            "`filters`, each with `col`, `opr` and `value`. To page on keys, filter `id` by `lt` the last one seen."
        ),
        many=True,
    )
    def get_list(self, **kwargs: Any) -> Response:
        return self.get_list_headless(**kwargs)

    @expose("/<int:pk>", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(N_("Show one"), errors=(404,))
    def get(self, pk: int) -> Response:
        return self.get_headless(pk)

    def response_400(self, message: Any = None) -> Response:
        """A query that means nothing."""
        return answer(400)

    def response_404(self) -> Response:
        """Absent or out of reach: nobody hears the difference."""
        raise NotFound

    def _handle_filters_args(self, rison_args: dict[str, Any]) -> Filters:
        """The filters of this request, on a copy: Flask-AppBuilder's own are shared by all threads."""
        mine = copy.copy(self._filters)
        mine.clear_filters()
        mine.rest_add_filters([self._typed(**each) for each in rison_args.get("filters", [])])
        return mine.get_joined_filters(self._base_filters)

    def _typed(self, col: str, opr: str, value: Any) -> dict[str, Any]:
        """A filter whose value is what its column holds; anything else is a 400."""
        field = self.list_model_schema.fields.get(col)
        if field is None or col not in self.search_columns or opr not in map_args_filter:
            abort(400)
        is_several = opr in {"in", "not_in"}
        if isinstance(value, list) is not is_several or (is_several and len(value) > MOST_ROWS):
            abort(400)
        values = [self._value(field, each) for each in (value if is_several else [value])]
        return {"col": col, "opr": opr, "value": values if is_several else values[0]}

    @staticmethod
    def _value(field: fields.Field, value: Any) -> Any:
        if isinstance(field, fields.String) and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # rison writes the text 12 like the number
        try:
            found = field.deserialize(value)
        except ValidationError:
            abort(400)
        is_fit = abs(found) <= BIGGEST_INTEGER if isinstance(found, int) else str(found).isprintable()
        return found if is_fit and found is not None else abort(400)
