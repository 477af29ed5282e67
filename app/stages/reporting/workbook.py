"""A ledger as a workbook in Chinese; the same ledger gives the same bytes.

xlsxwriter makes the workbook with its head and headings. The lines are put under them as they come, since it takes ten
times as long for a cell as writing it down does, and there are two million in the ledgers of a busy county.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.law import N_
from app.stages.reporting import wording
from app.stages.reporting.wording import COLUMNS, TITLE, chinese

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.models.ledger import LedgerBatch
    from app.models.organisation import IndustryDepartment, Office
    from app.stages.reporting.gathering import Line

SETTINGS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
FIXED_WIDTHS = (6, 10, 24)
"""Of the columns before those of the application: place, kind, what changed."""

SHEET, END_OF_ROWS = "xl/worksheets/sheet1.xml", b"</sheetData>"
DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
LETTERS = [xl_col_to_name(place) for place in range(len(FIXED_WIDTHS) + len(COLUMNS))]
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FIRST_ROW = 13
"""Of the lines, counted from one: below the title, nine rows of head, a blank one and the headings."""
EMPTY = ("", None)
QUICKLY = 1
"""How hard it is compressed."""


def write(
    batch: LedgerBatch, office: Office, department: IndustryDepartment, made: datetime, rows: Iterable[bytes]
) -> bytes:
    """The head of a ledger, and its lines, as `row_of` gave them, under their headings."""
    last = FIRST_ROW - 1 + batch.closed_count + batch.change_count
    kept = io.BytesIO()
    with ZipFile(io.BytesIO(_frame(batch, office, department, made))) as frame, ZipFile(kept, "w") as book:
        for part in frame.infolist():
            content = frame.read(part)
            same = ZipInfo(part.filename, part.date_time)
            same.compress_type, same._compresslevel = ZIP_DEFLATED, QUICKLY  # type: ignore[attr-defined]  # noqa: SLF001
            with book.open(same, "w") as written:
                if part.filename == SHEET:
                    content = DIMENSION.sub(b'<dimension ref="A1:%s%d"/>' % (LETTERS[-1].encode(), last), content)
                    before, end, after = content.partition(END_OF_ROWS)
                    written.write(before)
                    for some in rows:
                        written.write(some)
                    content = end + after
                written.write(content)
    return kept.getvalue()


def row_of(line: Line) -> bytes:
    """A line as it stands in the sheet; its place says in which row."""
    say, row = chinese(), FIRST_ROW - 1 + line.position
    values = (line.position, wording.kind_of(line, say), wording.changed(line, say), *wording.cells(line, say))
    filled = ((letter, value) for letter, value in zip(LETTERS, values, strict=True) if value not in EMPTY)
    cells = [f'<c r="{letter}{row}"{_said(value)}' for letter, value in filled]
    return f'<row r="{row}">{"".join(cells)}</row>'.encode()


@lru_cache(maxsize=2**14)
def _said(value: Any) -> str:
    """What follows in a cell after its place; most of what ledgers say, they say many times."""
    if isinstance(value, int):
        return f"><v>{value}</v></c>"
    text = escape(NOT_XML.sub("\ufffd", value), quote=False)
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _frame(batch: LedgerBatch, office: Office, department: IndustryDepartment, made: datetime) -> bytes:
    """The workbook without its lines."""
    kept, say = io.BytesIO(), chinese()
    with xlsxwriter.Workbook(kept, SETTINGS) as book:
        book.set_properties({"title": batch.number, "created": made.replace(tzinfo=None)})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"bold": True, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(say(TITLE))
        for place, width in enumerate((*FIXED_WIDTHS, *(column.width for column in COLUMNS))):
            sheet.set_column(place, place, width, text)
        sheet.write_string(0, 0, say(TITLE), bold)
        for row, (label, value) in enumerate(_head(batch, office, department, made), start=1):
            sheet.write_string(row, 0, say(label), bold)
            sheet.write_string(row, len(FIXED_WIDTHS), str(value), text)
        for place, heading in enumerate(wording.headings(say)):
            sheet.write_string(FIRST_ROW - 2, place, heading, wrapped)
    return kept.getvalue()


def _head(
    batch: LedgerBatch, office: Office, department: IndustryDepartment, made: datetime
) -> list[tuple[str, object]]:
    return [
        (N_("Approval office"), office.name),
        (N_("Industry department"), department.name),
        (N_("Week"), f"{batch.week_from} – {batch.week_to}"),
        (N_("Applications closed"), batch.closed_count),
        (N_("Later changes"), batch.change_count),
        (N_("Made by"), chinese()(N_("the system, by itself"))),
        (N_("Made at"), f"{made:%Y-%m-%d %H:%M}"),
        (N_("Number"), batch.number),
        (N_("Seal of the ledger"), batch.hash),
    ]
