"""The sheets and columns of the catalogue's workbook, taken from the schemas of an item, and how their cells are read.

A heading and a word are understood in every language of the house, whichever it is written in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import force_locale, gettext
from marshmallow import fields
from sqlalchemy import select

from app.engine.item_inputs import ItemInput, LineInput, QuestionInput, StandardInput
from app.engine.publication import POINTS_TO
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from marshmallow import Schema
    from sqlalchemy.orm import Session

OF = "item"
"""The column of the further sheets that names the item by its code."""

YES, NO = N_("Yes"), N_("No")
SIGNS = {True: {"1", "y", "yes", "true", "√", "✓"}, False: {"0", "n", "no", "false", "×", "✗"}}
EXACT = 10**15
"""From here on a workbook has forgotten the last digits of a number."""

AS_TEXT = N_("Write this as text; the workbook holds a date or a time here.")
DIGITS_LOST = N_("The workbook has lost digits of this number. Format the column as text and write it again.")
WHOLE = N_("Write a whole number.")
YES_OR_NO = N_("Write yes or no.")
NO_CHOICE = N_("«%(value)s» is none of the choices: %(choices)s.")
NO_ROW = N_("There is no «%(value)s»; write a code or a name that exists.")
FORMULA = N_("A formula stands here; write the value itself.")
LONGEST_SHOWN = 40


class WrongCellError(Exception):
    """What is wrong with a cell."""

    def __init__(self, sentence: str, **params: Any) -> None:
        super().__init__(sentence)
        self.sentence, self.params = sentence, params


@dataclass(frozen=True)
class Column:
    """One column: a field of the schema, what it is called, and what may stand in it."""

    name: str
    label: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> Any:
        """What an empty cell says."""
        return {"flag": False, "list": []}.get(self.kind)


@dataclass(frozen=True)
class Layout:
    """One sheet: its name, the part of an item it holds, its columns."""

    title: str
    part: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of a field."""
        return next((each for each in self.columns if each.name == name), None)


def _columns(schema: Schema) -> tuple[Column, ...]:
    return tuple(
        Column(name, each.metadata["label"], _kind(name, each), each.metadata.get("options", {}))
        for name, each in schema.fields.items()
    )


def _kind(name: str, each: fields.Field) -> str:
    if name in POINTS_TO:
        return "row"
    if each.metadata.get("options"):
        return "choice"
    kinds = ((fields.Boolean, "flag"), (fields.Integer, "number"), (fields.List, "list"))
    return next((kind for of, kind in kinds if isinstance(each, of)), "text")


_ITEM = Column(OF, N_("Code of the item"), "text")
ITEMS = Layout(N_("Items"), "", _columns(ItemInput()))
MATERIALS = Layout(N_("Materials of the items"), "materials", (_ITEM, *_columns(LineInput())))
QUESTIONS = Layout(N_("Extra fields"), "extra_fields", (_ITEM, *_columns(QuestionInput())))
STANDARDS = Layout(N_("Fees and deposits"), "fees", (_ITEM, *_columns(StandardInput())))
LAYOUTS = (ITEMS, MATERIALS, QUESTIONS, STANDARDS)


@cache
def spellings(text: str) -> frozenset[str]:
    """A word or heading in every language of the house."""
    found = {text}
    for language in current_app.config["LANGUAGES"]:
        with force_locale(language):
            found.add(str(gettext(text)))
    return frozenset(found)


class Reader:
    """Reads cells of one import; the rows that items point to are asked for once."""

    def __init__(self, session: Session) -> None:
        self._rows = {name: _named(session, model) for name, model in POINTS_TO.items()}
        choices = [(layout.part, each) for layout in LAYOUTS for each in layout.columns if each.kind == "choice"]
        self._words = {(part, each.name): _words(each) for part, each in choices}
        self._signs = {word.lower(): sign for sign, label in ((True, YES), (False, NO)) for word in spellings(label)}
        self._signs |= {word: sign for sign, words in SIGNS.items() for word in words}

    def read(self, layout: Layout, column: Column, value: Any) -> Any:
        """What a cell says, as the schema takes it; raises WrongCellError."""
        if value is None or value == "":
            return column.empty
        if isinstance(value, date | time | timedelta):
            raise WrongCellError(AS_TEXT)
        if column.kind == "flag":
            return self._flag(value)
        text = _text(value)
        if not text:
            return column.empty
        if column.kind == "choice":
            return self._choice(layout, column, text, is_number=not isinstance(value, str))
        return {"number": _number, "list": _lines, "row": self._row}.get(column.kind, _same)(column, text)

    def _row(self, column: Column, text: str) -> int:
        if text not in self._rows[column.name]:
            raise WrongCellError(NO_ROW, value=text[:LONGEST_SHOWN])
        return self._rows[column.name][text]

    def _flag(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        sign = self._signs.get(_text(value).lower())
        if sign is None:
            raise WrongCellError(YES_OR_NO)
        return sign

    def _choice(self, layout: Layout, column: Column, text: str, *, is_number: bool) -> str:
        words = self._words[layout.part, column.name]
        for each in (text, text.zfill(2)) if is_number else (text,):
            if each in words:
                return words[each]
        choices = tuple(gettext(label) for label in column.options.values())
        raise WrongCellError(NO_CHOICE, value=text[:LONGEST_SHOWN], choices=choices)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        raise WrongCellError(AS_TEXT)
    if isinstance(value, int | float):
        if not abs(value) < EXACT:  # nor is it a number that is none
            raise WrongCellError(DIGITS_LOST)
        return str(int(value)) if value == int(value) else str(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def _same(_column: Column, text: str) -> str:
    return text


def _lines(_column: Column, text: str) -> list[str]:
    return [each.strip() for each in text.split("\n") if each.strip()]


def _number(_column: Column, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(EXACT))):
        raise WrongCellError(WHOLE)
    return int(text)


def _words(column: Column) -> dict[str, str]:
    """Every way to write a choice -> its code."""
    return {word: code for code, label in column.options.items() for word in (code, *spellings(label))}


def _named(session: Session, model: Any) -> dict[str, int]:
    """Every way to write a row -> its key: code, name, both."""
    found: dict[str, int] = {}
    for pk, code, name in session.execute(select(model.id, model.code, model.name).order_by(model.id)):
        for written in (name, code, f"{code} {name}"):
            found[written] = pk
    return found


def written(session: Session) -> dict[str, dict[int, str]]:
    """Field -> row -> how it is written: code and name."""
    return {
        name: {pk: f"{code} {said}" for pk, code, said in session.execute(select(model.id, model.code, model.name))}
        for name, model in POINTS_TO.items()
    }


def headings(layout: Layout) -> Iterable[str]:
    """The headings of a sheet, in the reader's language."""
    return (gettext(column.label) for column in layout.columns)
