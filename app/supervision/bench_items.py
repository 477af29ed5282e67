"""An import of the bench: the demo's catalogue taken out, copied to thousands of items, looked at, brought in."""

from __future__ import annotations

import io
import re
from time import perf_counter
from typing import TYPE_CHECKING, Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from app.engine.item_inputs import ItemInput
from app.supervision.measuring import Figure, Sent, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

ITEMS, PAGE = 5000, "/catalogue-workbook/"
CODE, IMPL_CODE = 0, [*ItemInput().fields].index("impl_code")
OK, SEE_OTHER = 200, 303
Sheets = dict[str, list[list[Any]]]


def importing(client: FlaskClient, engine: Engine) -> Iterator[Figure]:
    """How long an administrator waits for the catalogue, for a dry run, and for the import after it; each once."""
    answer, figure = _timed(engine, "the catalogue as a workbook (once)", lambda: client.get(f"{PAGE}catalogue.xlsx"))
    assert answer.status_code == OK, f"the catalogue answers {answer.status_code}"
    yield figure
    data, materials = _copied(answer.data)
    sent = {"csrf_token": _field(client.get(PAGE), "csrf_token"), "workbook": (io.BytesIO(data), "bench.xlsx")}
    looked, figure = _timed(
        engine, f"dry run: {ITEMS} items, {materials} materials", lambda: client.post(PAGE, data=sent)
    )
    assert looked.status_code == OK, f"the dry run answers {looked.status_code}"
    yield figure
    form = {name: _field(looked, name) for name in ("csrf_token", "number")}
    applied, figure = _timed(engine, "their import after it (once)", lambda: client.post(f"{PAGE}apply", data=form))
    assert applied.status_code == SEE_OTHER, f"the import answers {applied.status_code}"
    yield figure


def _timed(engine: Engine, what: str, ask: Callable[[], TestResponse]) -> tuple[TestResponse, Figure]:
    with Sent(engine) as sent:
        begun = perf_counter()
        answer = ask()
        return answer, Figure(what, milliseconds(begun), len(sent.statements))


def _copied(data: bytes) -> tuple[bytes, int]:
    """A workbook with so many new items, each a copy of one there is, with its materials; and how many these are."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        sheets: Sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    first, *others = sheets
    head, *items = sheets[first]
    originals = [items[number % len(items)] for number in range(ITEMS)]
    codes = [f"{row[CODE]}-{number}" for number, row in enumerate(originals)]
    copies = [[*row] for row in originals]
    for number, row in enumerate(copies):
        row[CODE], row[IMPL_CODE] = codes[number], f"{row[IMPL_CODE][:24]}{number:07}"
    made: Sheets = {first: [head, *copies]}
    for name in others:
        title, *lines = sheets[name]
        own: dict[str, list[list[Any]]] = {}
        for line in lines:
            own.setdefault(line[CODE], []).append(line)
        made[name] = [title]
        for code, row in zip(codes, originals, strict=True):
            made[name] += [[code, *line[1:]] for line in own.get(row[CODE], [])]
    return _written(made), len(made[others[0]]) - 1


def _written(sheets: Sheets) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"constant_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return kept.getvalue()


def _field(page: TestResponse, name: str) -> str:
    """What stands in a hidden field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    return found[1]
