"""The part of a bundle that says what a county does: a file for each item, with its materials and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.configuration.bundle_files import SHAPE
from app.configuration.workbook_columns import LAYOUTS, NO_ROW, OF
from app.configuration.workbook_plan import judge
from app.configuration.workbook_read import Line, Written
from app.engine.publication import POINTS_TO, content_of
from app.engine.publication_many import publish_many
from app.law import N_
from app.models.catalogue import Item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.configuration.bundle_files import Bringing, Files
    from app.configuration.workbook_columns import Layout

ITEMS = "items/"
LONGEST_SHOWN = 40
REFERENCES = {name: name.removesuffix("_id") for name in POINTS_TO}
"""Field -> what it is called in a bundle, where it holds a code."""



def items_out(session: Session) -> Files:
    """A file for each item, with its materials and its questions; what it refers to by code."""
    codes = {name: dict(session.execute(select(model.id, model.code)).all()) for name, model in POINTS_TO.items()}
    loads = (selectinload(Item.materials), selectinload(Item.extra_fields), selectinload(Item.fees))
    items = session.scalars(select(Item).order_by(Item.code).options(*loads).execution_options(yield_per=500))
    return {f"{ITEMS}{quote(item.code, safe='')}.json": _item_out(content_of(item), codes) for item in items}


def _item_out(content: dict[str, Any], codes: Mapping[str, Mapping[int, str]]) -> dict[str, Any]:
    said = {name: value for name, value in content.items() if name not in codes}
    said |= {REFERENCES[name]: known[content[name]] for name, known in codes.items()}
    said["materials"] = [{name: value for name, value in line.items() if name != "id"} for line in said["materials"]]
    return said


def items_in(b: Bringing) -> int:
    """Publish the items that say something else; answers how many."""
    written, names = _written(b)
    codes = {name: dict(b.session.execute(select(model.code, model.id)).all()) for name, model in POINTS_TO.items()}
    for line in written.lines[""]:
        for name, said in REFERENCES.items():
            code = line.said.pop(said, None)
            line.said[name] = codes[name].get(code) if isinstance(code, str) else None
            if line.said[name] is None:
                line.complain(name, NO_ROW, value=str(code)[:LONGEST_SHOWN])
    planned = judge(b.session, written)
    wrong = [(line, each) for lines in written.lines.values() for line in lines for each in line.wrong]
    for line, each in wrong:
        where = ": ".join(filter(None, (names[line.row], line.name if line.layout.part else "", each.field)))
        b.complain(where, each.sentence, each.params)
    return 0 if wrong else publish_many(b.session, planned, b.by, b.note)


def _written(b: Bringing) -> tuple[Written, dict[int, str]]:
    """The items as rows of a workbook, numbered by their files; and the names of these."""
    found = Written(lines={layout.part: [] for layout in LAYOUTS}, columns={})
    for layout in LAYOUTS:
        found.columns[layout.part] = [column.name for column in layout.columns]
    names = dict(enumerate(sorted(name for name in b.files if name.startswith(ITEMS)), start=1))
    for number, name in names.items():
        said = b.files[name]
        if not isinstance(said, dict) or not isinstance(said.get("code"), str):
            b.complain(name, SHAPE)
            continue
        for layout in LAYOUTS:
            lines = [said] if not layout.part else said.get(layout.part, [])
            if not isinstance(lines, list) or not all(isinstance(each, dict) for each in lines):
                b.complain(f"{name}: {layout.part}", SHAPE)
                continue
            found.lines[layout.part] += [_line(layout, number, said["code"], each) for each in lines]
    return found, names


def _line(layout: Layout, number: int, code: str, said: dict[str, Any]) -> Line:
    known = {REFERENCES.get(column.name, column.name): column for column in layout.columns if column.name != OF}
    parts = {each.part for each in LAYOUTS} if not layout.part else set()
    line = Line(layout, number, {name: value for name, value in said.items() if name in known})
    if layout.part:
        line.said[OF] = code
    for name in sorted(said.keys() - known.keys() - parts):
        line.complain(name[:LONGEST_SHOWN], N_("This field does not exist here."))
    for name, column in known.items():
        if column.kind == "text" and name in line.said and not isinstance(line.said[name], str):
            line.said[name] = None
            line.complain(name, SHAPE)
    return line
