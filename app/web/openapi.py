"""The API's description of itself, made from its routes, its answers and the acts that have a body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app, jsonify
from flask_appbuilder.api import BaseApi, ModelRestApi, expose, protect
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext

from app.engine.acts import Act, in_order
from app.engine.inputs import Input
from app.engine.object_acts import ObjectAct
from app.law import N_
from app.web.api_base import LIST_QUERY, LONGEST_KEY, Endpoint
from app.web.api_docs import ALWAYS, Said, said
from app.web.errors import CODES, SENTENCES
from app.web.json_schema import input_schema, spec

if TYPE_CHECKING:
    from apispec import APISpec
    from flask import Response

AnyAct = Act | ObjectAct
PARAMETER = re.compile(r"<(?:(?P<kind>[a-z]+):)?(?P<name>\w+)>")
ACT_NAME = "{name}"
RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "complaints"],
            "properties": {
                "code": {"type": "string", "enum": [*CODES.values(), "failed"]},
                "message": {"type": "string"},
                "complaints": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "message"],
                        "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                    },
                },
            },
        }
    },
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": LONGEST_KEY},
}
KEY_SAYS = N_("A repeated request under the same key gets the first one's answer; with another input, 409.")


class OpenApi(Endpoint):
    """Where programs read what there is."""

    route_base = "/api/v1"
    class_permission_name = "OpenApi"

    @expose("/_openapi", methods=["GET"])
    @protect()
    @permission_name("get")
    @said(N_("This description"), answers={"type": "object"})
    def get(self) -> Response:
        return jsonify(describe())


def describe() -> dict[str, Any]:
    """The description, in the reader's language."""
    document = spec(
        current_app.config["APP_NAME"], "v1", servers=current_app.config["FAB_OPENAPI_SERVERS"],
        info={"description": gettext("The one-window service of a county, by program.")}, security=[{"jwt": []}],
    )  # fmt: skip
    document.components.schema("Error", ERROR)
    for status in (*CODES, 500):
        document.components.response(str(status), _error(status))
    for api in current_app.appbuilder.baseviews:
        if isinstance(api, BaseApi):
            _describe(document, api)
    return document.to_dict()


def _error(status: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    found: dict[str, Any] = {"description": gettext(SENTENCES[status]), "content": content}
    return found | {"headers": RETRY} if status in {429, 503} else found


def _describe(document: APISpec, api: BaseApi) -> None:
    """Every address of one resource; those of Flask-AppBuilder's own say themselves what they are."""
    own = {name: getattr(api, name) for name in dir(api) if hasattr(getattr(api, name), "_urls")}
    if not any(hasattr(view, "said") for view in own.values()):
        api.add_api_spec(document)
        _tidy(document, api)
        return
    for name, view in own.items():
        if hasattr(view, "said") and (api.include_route_methods is None or name in api.include_route_methods):
            for url, methods in view._urls:
                for method in methods:
                    _address(document, api, url, method.lower(), view.said)


def _tidy(document: APISpec, api: BaseApi) -> None:
    """Flask-AppBuilder speaks of API keys, which are not used here, and forgets the limit of logins."""
    document.components.security_schemes.pop("api_key", None)
    for path, operations in document._paths.items():
        if path.startswith(api.route_base):
            for operation in operations.values():
                operation["security"] = [each for each in operation.get("security", ()) if "api_key" not in each]
                for status in (503,) if operation["security"] else (429, 503):
                    operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}


def _address(document: APISpec, api: BaseApi, url: str, method: str, what: Said) -> None:
    path = api.route_base + PARAMETER.sub(lambda found: f"{{{found['name']}}}", url)
    acts: list[AnyAct | None] = [None]
    if what.is_act:
        own = getattr(api, "acts_described", None)
        acts = [*(own(is_birth="{pk}" not in path) if own else _of_applications(is_birth=ACT_NAME not in path))]
    for act in acts:
        named = path.replace(ACT_NAME, act.transition.address) if act else path
        document.path(path=named, operations={method: _operation(api, named, url, method, what, act)})


def _of_applications(*, is_birth: bool) -> list[Act]:
    return [act for act in in_order() if act.transition.birth is is_birth]


def _operation(api: BaseApi, path: str, url: str, method: str, what: Said, act: AnyAct | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "tags": [api.resource_name or "openapi"],
        "operationId": "_".join((method, *re.findall(r"\w+", path.removeprefix("/api/v1/")))),
        "summary": gettext(act.transition.label if act else what.summary),
        "responses": {str(what.status): _answered(api, method, what)}
        | {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted({*ALWAYS, *what.errors})},
    }
    if description := (act.transition.clause if act else what.description and gettext(what.description)):
        found["description"] = description
    key = [KEY | {"description": gettext(KEY_SAYS)}] if act else []
    if parameters := [*_parameters(path, url), *key, *_query(api, url, method, what)]:
        found["parameters"] = parameters
    if taken := _taken(api, method, what, act):
        found["requestBody"] = {"required": True, "content": taken}
    return found


def _parameters(path: str, url: str) -> list[dict[str, Any]]:
    kinds = {"int": {"type": "integer", "minimum": 1}}
    return [
        {"name": each["name"], "in": "path", "required": True, "schema": kinds.get(each["kind"], {"type": "string"})}
        for each in PARAMETER.finditer(url)
        if f"{{{each['name']}}}" in path
    ]


def _query(api: BaseApi, url: str, method: str, what: Said) -> list[dict[str, Any]]:
    """The parameters an address needs; of a list `q`, with the columns that this resource knows."""
    if what.query:
        return [
            {"name": name, "in": "query", "required": True, "schema": schema} for name, schema in what.query.items()
        ]  # fmt: skip
    if not (what.many and url == "/" and method == "get" and isinstance(api, ModelRestApi)):
        return []
    ordered = {"order_column": {"type": "string", "enum": sorted(api.order_columns)}}
    filters = {**LIST_QUERY["properties"]["filters"]}
    searched = {"type": "string", "enum": sorted(api.search_columns)}
    line = filters["items"]
    filters["items"] = {**line, "properties": {**line["properties"], "col": searched}}
    schema = {**LIST_QUERY, "properties": {**LIST_QUERY["properties"], **ordered, "filters": filters}}
    return [{"name": "q", "in": "query", "content": {"application/json": {"schema": schema}}}]


def _taken(api: BaseApi, method: str, what: Said, act: AnyAct | None) -> dict[str, Any]:
    if act is not None:
        return {"application/json": {"schema": input_schema(act)}}
    if what.takes is Input:
        return {"application/json": {"schema": api.changing() if method == "put" else api.input_schema()}}
    return {"multipart/form-data": {"schema": what.takes}} if what.takes else {}


def _answered(api: BaseApi, method: str, what: Said) -> dict[str, Any]:
    description = gettext(what.summary)
    if what.media_type != "application/json":
        binary = {"type": "string", "contentMediaType": what.media_type}
        return {"description": description, "content": {what.media_type: {"schema": binary}}}
    if what.answers is not None:
        schema = {"type": "array", "items": what.answers} if what.many else what.answers
    elif what.many:
        schema = _object(count={"type": "integer"}, ids={"type": "array", "items": {"type": "integer"}},
                         result={"type": "array", "items": api.list_model_schema})  # fmt: skip
    else:
        schema = _object(id={"type": "integer"}, result=api.show_model_schema)
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}
