"""The catalogue's workbook at the command line: the same dry run, the same import, told line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import force_locale

from app.configuration.workbook_plan import apply, plan
from app.configuration.workbook_write import write_workbook
from app.engine import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.errors import Complaint

OPERATOR = "operator"


class WrongWorkbookError(Exception):
    """Something is wrong with the workbook, and was told; nothing was written."""


def bring_in(session: Session, data: bytes, note: str, *, dry_run: bool) -> Iterator[str]:
    """Import a workbook, all of it or nothing; raises WrongWorkbookError after the last complaint."""
    found = plan(session, data)
    yield from (_said("workbook", each) for each in found.wrong)
    for line in found.lines:
        where = f"{line.layout.title}, row {line.row}"
        yield from (_said(f"{where}, {_heading(line, each)}", each) for each in line.wrong)
    for (sheet, fate), number in sorted(found.counts.items()):
        yield f"{sheet}: {number} {fate}"
    if found.complaints:
        raise WrongWorkbookError
    if dry_run or not found.changes:
        yield f"{len(found.changes)} items would be published."
        return
    number = transaction.run(session, lambda: apply(session, found, OPERATOR, note))
    yield f"{number} items were published."


def take_out(session: Session, language: str) -> bytes:
    """The catalogue as a workbook in one language."""
    with force_locale(language):
        return write_workbook(session)


def _heading(line: Any, complaint: Complaint) -> str:
    column = line.layout.column(complaint.field)
    return column.label if column else complaint.field


def _said(where: str, complaint: Complaint) -> str:
    return f"{where}: {complaint.sentence % _plain(complaint.params)}"


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in params.items()}
