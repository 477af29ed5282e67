"""A ledger as its page shows it: its head, and its lines a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask_babel import gettext
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.engine import scope
from app.engine.ledgers import installation
from app.extensions import db
from app.law.roles import Role
from app.models.application import Application
from app.models.ledger import LedgerBatch, LedgerRow
from app.stages.reporting import wording
from app.stages.reporting.wording import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LINES_A_PAGE, LONGEST_POSITION = 50, 9


@dataclass(frozen=True)
class Shown:
    """One line in words, some columns together: twenty beside each other nobody reads."""

    position: int
    kind: str
    is_change: bool
    changed: str
    application_id: int | None
    """Where the application is within reach of whoever looks."""
    cells: list[tuple[str, list[str]]]
    """Heading, and what stands below each other."""


def facts(batch: LedgerBatch) -> list[tuple[str, Any]]:
    """The head of a ledger."""
    found = [
        (_("Number"), batch.number),
        (_("State"), gettext(STATES[batch.state])),
        (_("Approval office"), batch.office.name),
        (_("Industry department"), batch.department.name),
        (_("Week"), week(batch)),
        (_("Applications closed"), batch.closed_count),
        (_("Later changes"), batch.change_count),
        (_("Made at"), f"{batch.created_at:%Y-%m-%d %H:%M}"),
    ]
    if batch.sent_at:
        found += [(_("Sent on"), f"{batch.sent_at:%Y-%m-%d %H:%M}"), (_("Sent to"), _sent_to(batch.recipient))]
    elif why := not_sent(batch):
        found.append((_("Why not delivered"), why))
    if batch.state == "failed" and batch.next_try_at:
        found.append((_("Next try"), f"{batch.next_try_at:%Y-%m-%d %H:%M}"))
    if batch.tries > 1:
        found.append((_("Times sent"), batch.tries))
    if batch.acknowledged_at:
        found.append((_("Acknowledged"), f"{batch.acknowledged_by} · {batch.acknowledged_at:%Y-%m-%d %H:%M}"))
    sealed = [(_("Seal of the ledger"), batch.hash, True), (_("SHA-256 of the workbook"), batch.workbook_sha256, True)]
    return [*found, *sealed]  # type: ignore[list-item]


def _sent_to(recipient: str) -> str:
    """The mail address, or the file in the department's folder; never where on the server the folder lies."""
    if "@" in recipient:
        return recipient
    return _("put into the agreed folder as %(file)s", file=recipient.rpartition("/")[2])


def week(batch: LedgerBatch) -> str:
    """Its days."""
    return f"{batch.week_from} – {batch.week_to}"


def not_sent(batch: LedgerBatch) -> str:
    """Why a ledger waits, in the reader's language; nothing where it is about to be sent.

    The department reads that it waits: what to mend is the county's matter.
    """
    if _is_of_a_department():
        return _("Not sent yet: it can be acknowledged once the county has sent it.")
    if batch.last_error:
        sentence, colon, theirs = batch.last_error.partition(": ")
        return f"{gettext(sentence)}{colon}{theirs}"
    if not installation().address:
        return _("Not sent: this installation has nowhere to send (LEDGER_URL).")
    if not batch.department.mail and not installation().address.startswith("file:"):
        return _("Not sent: the department has no mail address.")
    return ""


def _is_of_a_department() -> bool:
    """Whether whoever looks is somebody the ledgers are for."""
    actor = scope.actor_of(db.session())
    return actor is not None and Role.INDUSTRY_DEPT in actor.roles


def lines_part(batch: LedgerBatch) -> Markup:
    """The lines of one page, with the way to the next and what the department may take out."""
    sent = request.args.get("after", "")
    after = int(sent) if sent.isdecimal() and len(sent) <= LONGEST_POSITION else 0
    query = select(LedgerRow).where(LedgerRow.batch_id == batch.id)
    rows = db.session.scalars(
        query.where(LedgerRow.position > after).order_by(LedgerRow.position).limit(LINES_A_PAGE + 1)
    ).all()
    last = rows[LINES_A_PAGE - 1].position if len(rows) > LINES_A_PAGE else None
    part = render_template(
        "ledger_lines.html", batch=batch, lines=list(in_words(rows[:LINES_A_PAGE])),
        newer=_page(batch, max(after - LINES_A_PAGE, 0)) if after else None,
        older=_page(batch, last) if last else None,
        takes_out=_is_of_a_department(),
    )  # fmt: skip
    return Markup(part)  # noqa: S704  (a template of ours, which escapes what it is given)


def _page(batch: LedgerBatch, after: int) -> str:
    return url_for("ObjectPage.show", kind="ledger_batch", subject_id=batch.id, after=after)


def in_words(rows: Sequence[LedgerRow]) -> Iterator[Shown]:
    """Lines as they are read."""
    named = {row.application_id for row in rows}
    within = set(db.session.scalars(select(Application.id).where(Application.id.in_(named)))) if named else set()
    for row in rows:
        said = dict(zip((c.heading for c in wording.COLUMNS), wording.cells(row, gettext), strict=True))
        yield Shown(
            row.position, wording.kind_of(row, gettext), row.kind == "change", wording.changed(row, gettext),
            row.application_id if row.application_id in within else None, [_cell(said, *each) for each in TOGETHER],
        )  # fmt: skip


def _cell(said: dict[str, Any], headings: tuple[str, ...], are_named: bool) -> tuple[str, list[str]]:
    """What stands below each other under the first of the headings; the lower ones may say what they are."""
    first = headings[0]
    told = [(heading, str(said[heading])) for heading in headings if said[heading] not in ("", None)]
    if are_named and told and told[0][0] != first:
        told.insert(0, (first, "—"))  # else what stands below would read as the first
    words = [f"{gettext(h)} {words}" if are_named and h != first else words for h, words in told]
    return gettext(first), words


TOGETHER: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("Item", "Application number", "Handling"), False),
    (("Applicant", "Credit code or ID number (masked)"), False),
    (("Taken at",), False),
    (("Closed on", "Received on", "Accepted on"), True),
    (("Working days taken", "Promised working days"), True),
    (("Result", "Certificate number", "Valid"), False),
    (("Office", "Handled by"), False),
    (("Delivery", "Delivered on"), True),
    (("Past its limit", "Remarks"), False),
)
"""Columns that stand below each other on the page, and whether the lower ones say what they are."""
