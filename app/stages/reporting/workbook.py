"""A ledger as a workbook in Chinese, a line at a time; the same ledger gives the same bytes."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

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


def write(
    batch: LedgerBatch, office: Office, department: IndustryDepartment, made: datetime, lines: Iterable[Line]
) -> bytes:
    """The head of a ledger, and its lines under their headings."""
    kept, say = io.BytesIO(), chinese()
    with xlsxwriter.Workbook(kept, SETTINGS) as book:
        book.set_properties({"title": batch.number, "created": made.replace(tzinfo=None)})
        bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(say(TITLE))
        for place, width in enumerate((*FIXED_WIDTHS, *(column.width for column in COLUMNS))):
            sheet.set_column(place, place, width, text)
        sheet.write_string(0, 0, say(TITLE), bold)
        top = _head(batch, office, department, made)
        for row, (label, value) in enumerate(top, start=1):
            sheet.write_string(row, 0, say(label), bold)
            sheet.write_string(row, 3, str(value), text)
        first = len(top) + 2
        for place, heading in enumerate(wording.headings(say)):
            sheet.write_string(first, place, heading, head)
        for row, line in enumerate(lines, start=first + 1):
            sheet.write_number(row, 0, line.position)
            sheet.write_string(row, 1, wording.kind_of(line, say))
            if line.changed:
                sheet.write_string(row, 2, wording.changed(line, say))
            for place, cell in enumerate(wording.cells(line, say), start=3):
                if isinstance(cell, int):
                    sheet.write_number(row, place, cell)
                elif cell:
                    sheet.write_string(row, place, cell)
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
