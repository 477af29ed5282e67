"""What was sent with the form of an act, as the act takes it; uploads are stored at once and named by their id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import request
from marshmallow import fields
from sqlalchemy import select

from app.engine.files import PDF_ALONE
from app.errors import Complaint, Incomplete, Refusal, Unsupported
from app.extensions import db
from app.models.trail import StoredFile
from app.web import answers
from app.web.files import take_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marshmallow import Schema

    from app.web.forms import Shape

UPLOAD = ".upload"
MOST_LINES = 300
ID = re.compile(r"[0-9]{1,15}")


@dataclass
class Given:
    """The values of a form by path, what the act gets of them, and the names of the files already stored."""

    values: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    file_names: dict[str, str] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    lines: dict[str, list[int]] = field(default_factory=dict)
    """Lines -> the place in the form of each line that was sent."""
    several: set[str] = field(default_factory=set)
    """The fields that take several values; a complaint about one of them belongs to the field."""

    def shown_at(self, path: str) -> str:
        """Where in the form a complaint about the sent data belongs."""
        name, _, rest = path.partition(".")
        if name in self.several:
            return name
        index, _, inner = rest.partition(".")
        sent = self.lines.get(name)
        if sent is None or not index.isdecimal() or int(index) >= len(sent):
            return path
        return ".".join(filter(None, (name, str(sent[int(index)]), inner)))


def read(schema: Schema, shape: Shape) -> Given:
    """What the request brings; a file that is not taken in becomes a complaint, and nothing else is lost by it."""
    given = Given(dict(request.form.items()))
    for name, each in schema.fields.items():
        if isinstance(each, fields.List) and not isinstance(each.inner, fields.Nested):
            given.several.add(name)
            given.values[name] = request.form.getlist(name)
    _take_in_files(given, schema)
    for name, each in schema.fields.items():
        if name not in shape.left_out:
            _read_one(given, name, each, shape)
    said = {each.field for each in given.complaints}
    given.complaints += [each for each in shape.insists(given.data) if each.field not in said]
    given.file_names = _names(given, schema)
    return given


def _read_one(given: Given, name: str, each: fields.Field, shape: Shape) -> None:
    if isinstance(each, fields.Dict):
        if answered := answers.given(given.values, name):
            given.data[name] = answered
    elif name in given.several:
        given.data[name] = given.values[name]
    elif isinstance(each, fields.List):
        given.data[name] = list(_lines(given, name, each.inner.schema, shape))  # type: ignore[attr-defined]
    elif isinstance(each, fields.Nested):
        part = _part(given, name, each.schema, shape, name)
        if any(value not in (None, "", False) for value in part.values()):
            given.data[name] = part
    else:
        _put(given.data, name, each, given.values.get(name), shape.blank_means.get(name))


def _take_in_files(given: Given, schema: Schema) -> None:
    for name, upload in request.files.items(multi=True):
        path = name.removesuffix(UPLOAD)
        if path == name or not upload.filename:
            continue
        is_pdf_alone = path in schema.fields and schema.fields[path].metadata.get("file") == ("pdf",)
        try:
            if is_pdf_alone and not upload.filename.lower().endswith(".pdf"):
                raise Unsupported
            stored = str(take_in(upload, path).id)
        except Incomplete as refusal:
            given.complaints += [Complaint(path, each.sentence, each.params) for each in refusal.complaints]
        except Refusal as refusal:
            sentence = PDF_ALONE if is_pdf_alone and isinstance(refusal, Unsupported) else refusal.sentence
            given.complaints.append(Complaint(path, sentence, refusal.params))
        else:
            given.values[path] = [*given.values[path], stored] if path in given.several else stored


def _lines(given: Given, name: str, schema: Schema, shape: Shape) -> Iterator[dict[str, Any]]:
    line = re.compile(rf"{re.escape(name)}\.(\d{{1,3}})\..+")
    places = sorted({int(found[1]) for path in given.values if (found := line.fullmatch(path))})[:MOST_LINES]
    needed = shape.skipped_if_blank.get(name, "")
    given.lines[name] = []
    for place in places:
        typed = (given.values.get(f"{name}.{place}.{key}", "") for key in needed.split("|"))
        if needed and not any(str(value).strip() for value in typed):
            continue
        given.lines[name].append(place)
        yield _part(given, f"{name}.{place}", schema, shape, name)


def _part(given: Given, path: str, schema: Schema, shape: Shape, declared: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, each in schema.fields.items():
        _put(found, key, each, given.values.get(f"{path}.{key}"), shape.blank_means.get(f"{declared}.{key}"))
    return found


def _put(data: dict[str, Any], name: str, each: fields.Field, value: Any, blank: Any) -> None:
    """Write down one field; what was left blank is not sent."""
    if isinstance(each, fields.Boolean):
        data[name] = value == "true"
    elif value is not None and value.strip():
        data[name] = value
    elif blank is not None:
        data[name] = blank


def _names(given: Given, schema: Schema) -> dict[str, str]:
    """The names of the uploads that wait for their act, by the path of their field."""
    ids = {path: int(value) for path, value in _file_ids(given, schema) if ID.fullmatch(value)}
    if not ids:
        return {}
    rows = db.session.execute(select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(ids.values())))
    names = {row.id: row.name for row in rows}
    return {path: names[pk] for path, pk in ids.items() if pk in names}


def _file_ids(given: Given, schema: Schema) -> Iterator[tuple[str, str]]:
    """What stands in each field of a file; of several files, each by its own path."""
    for name, each in schema.fields.items():
        if name in given.several:
            yield from ((f"{name}.{value}", value) for value in given.values[name] if each.inner.metadata.get("file"))  # type: ignore[attr-defined]
        else:
            yield from ((path, given.values.get(path, "")) for path in _file_paths(given, name, each))


def _file_paths(given: Given, name: str, each: fields.Field) -> Iterator[str]:
    if each.metadata.get("file"):
        yield name
    elif isinstance(each, fields.Nested):
        yield from (f"{name}.{key}" for key, one in each.schema.fields.items() if one.metadata.get("file"))
    elif isinstance(each, fields.List):
        inner = each.inner.schema.fields  # type: ignore[attr-defined]
        keys = [key for key, one in inner.items() if one.metadata.get("file")]
        yield from (f"{name}.{place}.{key}" for place in given.lines.get(name, ()) for key in keys)
