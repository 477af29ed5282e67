"""Opening a workbook that somebody sends: looked at from outside first, so that nothing in it can fill the memory.

Only the parts that hold cells are read, at most so many bytes of each, and written anew for the reader; so neither what
the file claims of its sizes nor what else it carries is believed. Formulas are found in the sheets themselves, since a
reader shows only what they said last.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook

from app.errors import TooLarge, Unsupported
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MOST_BYTES = 20 * 1024 * 1024
MOST_PARTS, MOST_UNPACKED, MOST_ROWS, MOST_COLUMNS = 500, 100 * 1024 * 1024, 50_000, 60
STEEPEST, FLAT_ENOUGH = 200, 8 * 1024 * 1024
"""A part that unpacks to more than STEEPEST times its size is a bomb, unless it stays small."""

COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
NEEDED = frozenset({"[Content_Types].xml", "_rels/.rels", BOOK, RELATIONS, "xl/sharedStrings.xml", "xl/styles.xml"})
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
REFUSED = {
    "xl/vbaProject.bin": N_("The workbook carries macros. Save it as a workbook without macros (.xlsx)."),
    "xl/externalLinks/": N_("The workbook takes values from other files. Paste them as values and save it again."),
    "xl/connections.xml": N_("The workbook takes values from other files. Paste them as values and save it again."),
}
NO_WORKBOOK = N_("This is no workbook that can be read. Save it as .xlsx, without a password.")
FAR = N_("A sheet may have at most %(rows)s rows and %(columns)s columns; delete the empty ones beyond.")
BOMB = N_("The workbook unpacks to far more than it should hold; it is not opened.")

_PLACE = re.compile(r"\s*([A-Za-z]{0,8})([0-9]{0,9})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OLE2 = b"\xd0\xcf\x11\xe0"

Cell = tuple[int, int]
"""Row and column, counted from one."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows as they are numbered in the workbook, and where formulas stand."""

    rows: list[list[Any]]
    formulas: frozenset[Cell]


@dataclass(frozen=True)
class Book:
    """The names of all sheets, and those that were asked for."""

    names: list[str]
    sheets: dict[str, Sheet]


def open_workbook(data: bytes, wanted: Collection[str]) -> Book:
    """The sheets of an .xlsx file that have one of these names; raises TooLarge or Unsupported with the reason."""
    if len(data) > MOST_BYTES:
        raise TooLarge(N_("A workbook may have at most 20 MB."))
    if data.startswith(_OLE2):
        raise Unsupported(NO_WORKBOOK)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = _unpacked(packed)
        places = _sheets(parts)
        formulas = {name: _look(parts[path]) for name, path in places.items() if name in wanted}
        with CalamineWorkbook.from_filelike(io.BytesIO(_repacked(parts))) as book:
            sheets = {
                name: Sheet(book.get_sheet_by_name(name).to_python(skip_empty_area=False), found)
                for name, found in formulas.items()
            }
        return Book([*places], sheets)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unsupported(NO_WORKBOOK) from error
    except (ET.ParseError, LookupError, ValueError, CalamineError) as error:
        raise Unsupported(NO_WORKBOOK) from error


def _unpacked(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts that hold cells, each read only as far as it may go."""
    found = packed.infolist()
    if len(found) > MOST_PARTS:
        raise TooLarge(BOMB)
    for info in found:
        for start, sentence in REFUSED.items():
            if info.filename.startswith(start):
                raise Unsupported(sentence)
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for info in found:
        if info.filename not in NEEDED and not SHEET.fullmatch(info.filename):
            continue
        most = min(left, max(FLAT_ENOUGH, STEEPEST * info.compress_size))
        if info.compress_type not in COMPRESSIONS:
            raise Unsupported(NO_WORKBOOK)
        with packed.open(info) as part:
            content = part.read(most + 1)
        if len(content) > most:
            raise TooLarge(BOMB)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
            raise Unsupported(NO_WORKBOOK)
        left -= len(content)
        parts[info.filename] = content
    return parts


def _repacked(parts: dict[str, bytes]) -> bytes:
    """The same parts, as they were read and no more, for a reader that believes what a file says."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as anew:
        for name, content in parts.items():
            anew.writestr(name, content)
    return kept.getvalue()


def _sheets(parts: dict[str, bytes]) -> dict[str, str]:
    """Name of a sheet -> the part that holds it."""
    relations = ET.fromstring(parts[RELATIONS])  # noqa: S314  (no part with a DOCTYPE comes here)
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    book = ET.fromstring(parts[BOOK])  # noqa: S314  (as above)
    named = ((each.get("name", ""), targets.get(each.get(_RELATION), "")) for each in book.iter() if _is_sheet(each))
    return {name: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for name, target in named}


def _is_sheet(element: ET.Element) -> bool:
    return _kind(element) == "sheet"


def _look(content: bytes) -> frozenset[Cell]:
    """Where formulas stand; TooLarge for a sheet that reaches too far, however few cells it has.

    A reader makes room for every cell between the first and the last one.
    """
    formulas = set()
    for row, column, is_formula in _cells(content):
        if row > MOST_ROWS + 1 or column > MOST_COLUMNS:
            raise TooLarge(FAR, rows=MOST_ROWS, columns=MOST_COLUMNS)
        if is_formula:
            formulas.add((row, column))
    return frozenset(formulas)


def _cells(content: bytes) -> Iterator[tuple[int, int, bool]]:
    """Every row and cell: its place, the one it names or the next, and whether a formula stands there."""
    row, column = 0, 0
    # No part with a DOCTYPE comes here.
    for event, element in ET.iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314
        kind = _kind(element)
        if (event, kind) not in {("start", "row"), ("end", "c")}:
            continue
        letters, digits = _place(element.get("r", ""))
        if kind == "row":
            row, column = digits or row + 1, 0
            yield row, column, False
        else:
            row, column = (digits, letters) if letters and digits else (max(row, digits, 1), max(column, letters) + 1)
            yield row, column, any(_kind(each) == "f" for each in element)
            element.clear()


def _kind(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _place(text: str) -> Cell:
    """Column and row that a cell names; 0 for what it does not name."""
    found = _PLACE.match(text)
    return (_column(found[1].encode()), int(found[2] or 0)) if found else (0, 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number
