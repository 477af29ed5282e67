"""The input of an act as JSON Schema: from the marshmallow schema that checks it, titled in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask_babel import gettext
from marshmallow import fields

from app.engine import extra_fields
from app.engine.inputs import Input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.acts import Act
    from app.engine.object_acts import ObjectAct

OPENAPI = "3.1.0"  # its schemas are JSON Schema, so one conversion serves both


def spec(title: str, version: str, **more: Any) -> APISpec:
    """An OpenAPI document that knows what our fields say about themselves; inputs stand where they are used."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    document = APISpec(title=title, version=version, openapi_version=OPENAPI, plugins=[plugin], **more)
    for function in (_words, _lengths, _limits, _choices):
        plugin.converter.add_attribute_function(function)
    return document


def _name(schema: Any) -> str | None:
    found: type = resolve_schema_cls(schema)
    return None if issubclass(found, Input) else found.__name__


def input_schema(
    act: Act | ObjectAct, version: int | None = None, item: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the API takes for this act; `version` is the one the answer was made from, None where the act needs none.

    Where the item is known, `extra` says what its own questions take.
    """
    converter = spec("", "").plugins[0].converter
    schema: dict[str, Any] = converter.schema2jsonschema(act.schema())
    schema["title"] = gettext(act.transition.label)
    if item is not None and "extra" in schema["properties"]:
        asked = extra_fields.schema(item)
        asked.pop("required", None)  # an act on an application may leave answers as they are
        schema["properties"]["extra"] |= asked
    if not act.transition.birth:
        schema["properties"] = {"version": version_property(version), **schema["properties"]}
        schema["required"] = ["version", *schema.get("required", [])]
    return schema


def version_property(version: int | None) -> dict[str, Any]:
    """The version of the application that the act is based on."""
    found: dict[str, Any] = {
        "type": "integer",
        "title": gettext("Version"),
        "description": gettext("The version of the application that was looked at; another one is refused."),
    }
    return found if version is None else found | {"default": version}


def _words(_self: Any, field: fields.Field, ret: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Label and help; of a file, which kinds are taken in."""
    words = {"title": field.metadata.get("label"), "description": field.metadata.get("help")}
    found = {key: gettext(text) for key, text in words.items() if text}
    if kinds := field.metadata.get("file"):
        found.setdefault("description", gettext("The id of an uploaded file: %(kinds)s.", kinds=", ".join(kinds)))
    return found


def _lengths(_self: Any, field: fields.Field, ret: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """The limits of a text count its characters."""
    if not isinstance(field, fields.String):
        return {}
    limits = {"minLength": int(ret.pop("x-minimum", 0)), "maxLength": int(ret.pop("x-maximum", 0))}
    return {name: limit for name, limit in limits.items() if limit}


def _limits(_self: Any, field: fields.Field, ret: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Exact limits as JSON writes numbers."""
    names = ("minimum", "maximum") if isinstance(field, fields.Decimal) else ()
    return {name: float(ret[name]) for name in names if name in ret}


def _choices(_self: Any, field: fields.Field, ret: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Each choice with its label."""
    options = field.metadata.get("options")
    if not options:
        return {}
    ret.pop("enum", None)
    labelled: list[dict[str, Any]] = [{"const": value, "title": gettext(label)} for value, label in options.items()]
    return {"oneOf": [*labelled, {"type": "null"}] if field.allow_none else labelled}
