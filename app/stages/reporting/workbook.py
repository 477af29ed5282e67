"""A ledger as a workbook in Chinese; the same ledger gives the same bytes.

xlsxwriter makes the frame of all ledgers once, with blanks for what the head of each tells. The lines are put under the
headings as they come, since it takes ten times as long for a cell as writing it down does, and there are two million in
the ledgers of a busy county.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from functools import cache, lru_cache
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
NUMBER = N_("Number")
HEAD = (
    N_("Approval office"), N_("Industry department"), N_("Week"), N_("Applications closed"), N_("Later changes"),
    N_("Made by"), N_("Made at"), NUMBER, N_("Seal of the ledger"),
)  # fmt: skip
BLANK = re.compile(rb"\{(\d)\}")
TIME, SOME_TIME = "%Y-%m-%dT%H:%M:%SZ", b"2001-02-03T04:05:06Z"
"""How a workbook's properties say when it was made, and when the frame was."""
QUICKLY = 1
"""How hard it is compressed."""


def write(
    batch: LedgerBatch, office: Office, department: IndustryDepartment, made: datetime, rows: Iterable[bytes]
) -> bytes:
    """The head of a ledger, and its lines, as `row_of` gave them, under their headings."""
    last = FIRST_ROW - 1 + batch.closed_count + batch.change_count
    told = [_text(str(value)).encode() for value in _head(batch, office, department, made)]
    made_at = f"{made.astimezone(UTC):{TIME}}".encode()
    kept = io.BytesIO()
    with ZipFile(kept, "w") as book:
        for name, stamp, frame in _frame():
            part = ZipInfo(name, stamp)
            part.compress_type, part._compresslevel = ZIP_DEFLATED, QUICKLY  # type: ignore[attr-defined]  # noqa: SLF001
            content = BLANK.sub(lambda blank: told[int(blank[1])], frame).replace(SOME_TIME, made_at)
            with book.open(part, "w") as written:
                if name == SHEET:
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
    return f' t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str) -> str:
    """As it stands in XML."""
    return escape(NOT_XML.sub("\ufffd", value), quote=False)


@cache
def _frame() -> list[tuple[str, tuple[int, int, int, int, int, int], bytes]]:
    """The parts of every ledger's workbook, each with its time: without lines, with blanks for what the head tells."""
    kept, say = io.BytesIO(), chinese()
    with xlsxwriter.Workbook(kept, SETTINGS) as book:
        some_time = datetime.fromisoformat(SOME_TIME.decode()).replace(tzinfo=None)
        book.set_properties({"title": _blank(HEAD.index(NUMBER)), "created": some_time})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"bold": True, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(say(TITLE))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST_ROW - 2)
        sheet.freeze_panes(FIRST_ROW - 1, 0)
        for place, width in enumerate((*FIXED_WIDTHS, *(column.width for column in COLUMNS))):
            sheet.set_column(place, place, width, text)
        sheet.write_string(0, 0, say(TITLE), bold)
        for place, label in enumerate(HEAD):
            sheet.write_string(place + 1, 0, say(label), bold)
            sheet.write_string(place + 1, len(FIXED_WIDTHS), _blank(place), text)
        for place, heading in enumerate(wording.headings(say)):
            sheet.write_string(FIRST_ROW - 2, place, heading, wrapped)
    with ZipFile(kept) as frame:
        return [(part.filename, part.date_time, frame.read(part)) for part in frame.infolist()]


def _blank(place: int) -> str:
    return f"{{{place}}}"


def _head(batch: LedgerBatch, office: Office, department: IndustryDepartment, made: datetime) -> tuple[object, ...]:
    """What the head tells, in the order of HEAD."""
    return (
        office.name, department.name, f"{batch.week_from} – {batch.week_to}", batch.closed_count, batch.change_count,
        chinese()(N_("the system, by itself")), f"{made:%Y-%m-%d %H:%M}", batch.number, batch.hash,
    )  # fmt: skip
