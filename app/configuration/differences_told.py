"""What changes between two revisions of an item, as people read it: fields by their labels, codes and rows by name."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from marshmallow import fields

from app.engine.differences import differences
from app.engine.item_inputs import ItemInput, LineInput, QuestionInput, StandardInput
from app.engine.publication import POINTS_TO
from app.extensions import db
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.engine.differences import Difference
    from app.errors import Complaint

SCHEMAS = {"": ItemInput(), "materials": LineInput(), "extra_fields": QuestionInput(), "fees": StandardInput()}
PARTS = {
    "": N_("Item"), "materials": N_("Material"), "extra_fields": N_("Further information"),
    "fees": N_("Fee or deposit"),
}  # fmt: skip
SILENT = ("", None, False, 0, [])
"""What a line says by not saying it."""
LONGEST_COMPARED = 2000
SHORTEST_KEPT = 2
"""Fewer equal characters between two changes are no help to the eye."""

Piece = tuple[str, bool]
"""Some words, and whether they differ from the other side's."""


@dataclass(frozen=True)
class Told:
    """One change: where, what, and both sides, none where there is no such side."""

    part: str
    line: str
    label: str
    old: list[Piece] | None
    new: list[Piece] | None


def told(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Told]:
    """Every change, in the order of the forms; of a new item its fields."""
    found = [each for each in differences(old, new) if old or not each.part]
    return [words for each in found for words in _told(each, is_new=not old)]


def _told(each: Difference, *, is_new: bool) -> Iterator[Told]:
    where = (_(PARTS[each.part]), each.line)
    if each.field:
        new = spoken(each.part, each.field, each.new)
        if is_new:
            if each.new not in ("", None, False):
                yield Told(*where, label(each.part, each.field), None, [(new, False)])
            return
        sides = _sides(spoken(each.part, each.field, each.old), new)
        yield Told(*where, label(each.part, each.field), *sides)
        return
    line = each.old if each.new is None else each.new
    words = [(_whole(each.part, line), True)]
    yield Told(*where, "", words if each.new is None else None, None if each.new is None else words)


def _whole(part: str, line: Mapping[str, Any]) -> str:
    """A line that came or went, whole."""
    said = ((name, line.get(name)) for name in SCHEMAS[part].fields)
    told = (f"{label(part, name)}: {spoken(part, name, value)}" for name, value in said if value not in SILENT)
    return " · ".join(told)


def label(part: str, name: str) -> str:
    """What a field is called."""
    return _(SCHEMAS[part].fields[name].metadata["label"])


def spoken(part: str, name: str, value: Any) -> str:
    """A value as it is read."""
    if value in (None, "", []):
        return "—"
    if name in POINTS_TO:
        row = db.session.get(POINTS_TO[name], value)
        return str(getattr(row, "name", value))
    field = SCHEMAS[part].fields[name]
    if isinstance(field, fields.Boolean):
        return _("Yes") if value else _("No")
    if options := field.metadata.get("options"):
        return _(options[value]) if value in options else str(value)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _sides(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both sides, what differs marked."""
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return [(old, True)], [(new, True)]
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = kind != "equal" or b - a < SHORTEST_KEPT
        for side, words in zip(sides, (old[a:b], new[c:d]), strict=True):
            if words and side and side[-1][1] == differs:
                side[-1] = (side[-1][0] + words, differs)
            elif words:
                side.append((words, differs))
    return sides


def complained(content: Mapping[str, Any], complaints: Iterable[Complaint]) -> list[tuple[str, int, str]]:
    """What keeps a draft from being published: the part, the place of the line, and the sentence with its field."""
    return [_complained(content, each) for each in complaints]


def _complained(content: Mapping[str, Any], each: Complaint) -> tuple[str, int, str]:
    part, place, name = "", 0, each.field
    pieces = each.field.split(".")
    if len(pieces) > 1 and pieces[0] in SCHEMAS and pieces[1].isdecimal():
        part, place, name = pieces[0], int(pieces[1]), pieces[2] if len(pieces) > 2 else ""  # noqa: PLR2004
    sentence = _(each.sentence, **each.params)
    named = label(part, name) if name in SCHEMAS[part].fields else ""
    line = content[part][place].get("label" if part == "extra_fields" else "name", "") if part else ""
    return part, place, ": ".join(filter(None, (f"«{line}»" if line else "", named, sentence)))
