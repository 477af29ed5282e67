"""The rows of a workbook as they are written: headings found, cells read, and what is wrong with either."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.configuration.workbook_columns import FORMULA, ITEMS, LAYOUTS, OF, Reader, WrongCellError, spellings
from app.configuration.workbook_file import open_workbook
from app.errors import Complaint
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.configuration.workbook_columns import Column, Layout
    from app.configuration.workbook_file import Sheet

LONGEST_SHOWN = 40
BLANK = ("", None)


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    HELD = "held"
    """Nothing is wrong with it, but with another row of the same item."""
    REFUSED = "refused"


@dataclass
class Line:
    """One row of one sheet: what it says, what becomes of it, and what is wrong at which heading."""

    layout: Layout
    row: int
    said: dict[str, Any]
    wrong: list[Complaint] = field(default_factory=list)
    fate: Fate = Fate.UNCHANGED
    changed: list[str] = field(default_factory=list)
    """The headings of the fields that change."""
    removed: list[str] = field(default_factory=list)
    """The materials and questions of the item that the workbook no longer names."""

    @property
    def name(self) -> str:
        """What the row is about."""
        said = (str(self.said.get(each) or "") for each in (OF, "code", "name"))
        return " ".join(filter(None, said))[: 2 * LONGEST_SHOWN]

    def complain(self, name: str, sentence: str, **params: Any) -> None:
        """Say what is wrong with a field; once for each field that cannot even be read."""
        self.wrong.append(Complaint(name, sentence, params))


@dataclass
class Written:
    """What a workbook says: its rows by the part of an item they hold, and what is wrong with it as a whole."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    """Part -> the fields that have a column."""
    wrong: list[Complaint] = field(default_factory=list)


def read_workbook(session: Session, data: bytes) -> Written:
    """The rows of the sheets that concern the catalogue; raises TooLarge or Unsupported where nothing can be read."""
    layouts = {title: layout for layout in LAYOUTS for title in spellings(layout.title)}
    book = open_workbook(data, layouts)
    found, reader = Written(), Reader(session)
    for title, sheet in book.sheets.items():
        layout = layouts[title]
        columns = _columns(layout, sheet, found)
        found.columns[layout.part] = [column.name for column in columns.values()]
        found.lines[layout.part] = [*found.lines.get(layout.part, []), *_lines(layout, sheet, columns, reader)]
    if ITEMS.part not in found.lines:
        names = tuple(name[:LONGEST_SHOWN] for name in book.names[:10])
        sentence = N_("The workbook has no sheet «%(sheet)s»; it has: %(names)s.")
        found.wrong.append(Complaint("", sentence, {"sheet": ITEMS.title, "names": names}))
    return found


def _columns(layout: Layout, sheet: Sheet, found: Written) -> dict[int, Column]:
    """Where which column stands; a heading nobody knows, one that stands there twice, and one that is missing."""
    known = {heading: column for column in layout.columns for heading in spellings(column.label)}
    head = [str(cell).strip() if cell not in BLANK else "" for cell in (sheet.rows[0] if sheet.rows else [])]
    columns = {place: known[heading] for place, heading in enumerate(head) if heading in known}
    where = {"sheet": layout.title}
    for heading in filter(None, dict.fromkeys(head)):
        if heading not in known:
            sentence = N_("Sheet «%(sheet)s»: nobody knows the heading «%(heading)s».")
            found.wrong.append(Complaint("", sentence, where | {"heading": heading[:LONGEST_SHOWN]}))
    for name, times in Counter(column.name for column in columns.values()).items():
        if times > 1:
            sentence = N_("Sheet «%(sheet)s»: the heading «%(label)s» stands there twice.")
            found.wrong.append(Complaint("", sentence, where | {"label": _label(layout, name)}))
    present = {column.name for column in columns.values()}
    for name in {"code", "name"} if layout is ITEMS else {OF, "name"}:
        if name not in present:
            sentence = N_("Sheet «%(sheet)s»: the heading «%(label)s» is missing from the first row.")
            found.wrong.append(Complaint("", sentence, where | {"label": _label(layout, name)}))
    return columns


def _label(layout: Layout, name: str) -> str:
    column = layout.column(name)
    return column.label if column else name


def _lines(layout: Layout, sheet: Sheet, columns: dict[int, Column], reader: Reader) -> Iterator[Line]:
    for number, cells in enumerate(sheet.rows[1:], start=2):
        if all(cell in BLANK for cell in cells):
            continue
        line = Line(layout, number, {})
        for place, column in columns.items():
            cell = cells[place] if place < len(cells) else None
            wrong = WrongCellError(FORMULA) if (number, place + 1) in sheet.formulas else None
            try:
                line.said[column.name] = None if wrong else reader.read(layout, column, cell)
            except WrongCellError as error:
                line.said[column.name], wrong = None, error
            if wrong is not None:
                line.complain(column.name, wrong.sentence, **wrong.params)
        yield line
