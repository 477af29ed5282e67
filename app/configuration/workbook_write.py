"""The catalogue as a workbook: what is written here comes back by an import as it was."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.configuration.workbook_columns import ITEMS, LAYOUTS, NO, OF, YES, written
from app.engine.publication import content_of
from app.models.catalogue import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session
    from xlsxwriter.worksheet import Worksheet

    from app.configuration.workbook_columns import Column, Layout

CHUNK = 500
NARROW, WIDE = 14, 40
LONG_TEXTS = frozenset({"name", "legal_basis", "conditions", "procedure", "review_points", "label"})
SETTINGS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def write_workbook(session: Session) -> bytes:
    """Every item with its materials and its own questions, in the order of their codes, in the reader's language."""
    kept = io.BytesIO()
    names = written(session)
    with xlsxwriter.Workbook(kept, SETTINGS) as book:
        head, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
        for layout in LAYOUTS:
            sheet = book.add_worksheet(gettext(layout.title))
            sheet.freeze_panes(1, 2)
            for place, column in enumerate(layout.columns):
                width = WIDE if column.name in LONG_TEXTS else NARROW
                sheet.set_column(place, place, width, text if column.kind != "number" else None)
                sheet.write_string(0, place, gettext(column.label), head)
            for number, said in enumerate(_rows(session, layout), start=1):
                _write(sheet, number, layout, said, names)
    return kept.getvalue()


def _rows(session: Session, layout: Layout) -> Iterator[dict[str, Any]]:
    """What the rows of a sheet say."""
    codes = session.scalars(select(Item.code).order_by(Item.code)).all()
    for start in range(0, len(codes), CHUNK):
        query = select(Item).where(Item.code.in_(codes[start : start + CHUNK])).order_by(Item.code)
        loads = (selectinload(Item.materials), selectinload(Item.extra_fields), selectinload(Item.fees))
        for item in session.scalars(query.options(*loads)):
            content = content_of(item)
            if layout is ITEMS:
                yield content
            else:
                yield from ({OF: item.code, **line} for line in content[layout.part])


def _write(
    sheet: Worksheet, number: int, layout: Layout, said: dict[str, Any], names: dict[str, dict[int, str]]
) -> None:
    for place, column in enumerate(layout.columns):
        value = said[column.name]
        if column.kind == "number":
            sheet.write_number(number, place, value)
        elif words := _words(column, value, names):
            sheet.write_string(number, place, words)


def _words(column: Column, value: Any, names: dict[str, dict[int, str]]) -> str:
    """A value as it is read in a cell."""
    if column.kind == "flag":
        word = YES if value else NO
        return gettext(word)
    if column.kind == "choice":
        return gettext(column.options[value]) if value in column.options else str(value)
    if column.kind == "row":
        return names[column.name].get(value, "")
    return "\n".join(value) if column.kind == "list" else str(value)
