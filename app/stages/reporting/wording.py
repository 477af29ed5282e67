"""The words of a ledger: its columns, and what each says of an application, on the page and in the workbook."""

from __future__ import annotations

import gettext as catalogue
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.law import N_

Say = Callable[[str], str]
"""Puts a sentence of ours into the reader's language."""

TRANSLATIONS = Path(__file__).parents[3] / "translations"
HANDLING = {"instant": N_("Instant"), "commitment": N_("With a promised limit")}
RESULTS = {
    "granted": N_("Licence granted"), "refused": N_("Licence refused"), "not_accepted": N_("Not accepted"),
    "withdrawn": N_("Withdrawn"), "terminated": N_("Terminated"),
}  # fmt: skip
DELIVERY = {
    "pickup": N_("Pick-up at the certificate centre"), "ems": N_("Postal EMS"), "window": N_("Delivery at the counter"),
}  # fmt: skip
KINDS = {"closed": N_("Closed"), "change": N_("Later change")}
STATES = {
    "built": N_("Built, not sent"), "sent": N_("Sent"), "failed": N_("Not delivered, waits"),
    "acknowledged": N_("Acknowledged"),
}  # fmt: skip
TITLE = N_("Weekly ledger")
LONG_TERM = N_("long term")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its facts' names, its heading, how it is said, and how wide it stands in the workbook."""

    names: tuple[str, ...]
    heading: str
    said: Callable[[Mapping[str, Any], Say], Any]
    width: int = 12


def _plain(name: str) -> Callable[[Mapping[str, Any], Say], Any]:
    return lambda facts, _say: facts[name]


def _coded(name: str, words: Mapping[str, str]) -> Callable[[Mapping[str, Any], Say], Any]:
    return lambda facts, say: say(words[facts[name]]) if facts[name] else ""


def _place(facts: Mapping[str, Any], _say: Say) -> str:
    return " ".join(filter(None, (facts["centre"], facts["window"])))


def _validity(facts: Mapping[str, Any], say: Say) -> str:
    return f"{facts['valid_from']} – {facts['valid_to'] or say(LONG_TERM)}" if facts["valid_from"] else ""


def _overdue(facts: Mapping[str, Any], say: Say) -> str:
    return say(N_("Yes")) if facts["overdue"] else say(N_("No"))


def _remarks(facts: Mapping[str, Any], say: Say) -> str:
    said = [
        say(N_("Counts as accepted by law")) if facts["deemed"] else "",
        say(N_("paused for %(days)s working days")) % {"days": facts["paused_days"]} if facts["paused_days"] else "",
        say(N_("extended by %(days)s working days")) % {"days": facts["extended_days"]}
        if facts["extended_days"] else "",
        say(N_("%(sheets)s supplementary sheets filed")) % {"sheets": facts["supplementary_sheets"]}
        if facts["supplementary_sheets"] else "",
        facts["overdue_reason"],
    ]  # fmt: skip
    return "；".join(filter(None, said))


REMARKED = ("overdue_reason", "deemed", "paused_days", "extended_days", "supplementary_sheets")
COLUMNS = (
    Column(("number",), N_("Application number"), _plain("number"), 46),
    Column(("item",), N_("Item"), _plain("item"), 28),
    Column(("impl_code",), N_("Implementation code"), _plain("impl_code"), 34),
    Column(("handling",), N_("Handling"), _coded("handling", HANDLING)),
    Column(("applicant",), N_("Applicant"), _plain("applicant"), 20),
    Column(("id_type", "id_no"), N_("Credit code or ID number (masked)"), _plain("id_no"), 22),
    Column(("centre", "window"), N_("Taken at"), _place, 26),
    Column(("received_on",), N_("Received on"), _plain("received_on")),
    Column(("accepted_on",), N_("Accepted on"), _plain("accepted_on")),
    Column(("closed_on",), N_("Closed on"), _plain("closed_on")),
    Column(("promised_days",), N_("Promised working days"), _plain("promised_days")),
    Column(("actual_days",), N_("Working days taken"), _plain("actual_days")),
    Column(("result",), N_("Result"), _coded("result", RESULTS)),
    Column(("certificate_no",), N_("Certificate number"), _plain("certificate_no"), 20),
    Column(("valid_from", "valid_to"), N_("Valid"), _validity, 24),
    Column(("office",), N_("Office"), _plain("office"), 18),
    Column(("handler",), N_("Handled by"), _plain("handler"), 10),
    Column(("delivery_mode",), N_("Delivery"), _coded("delivery_mode", DELIVERY), 18),
    Column(("delivered_on",), N_("Delivered on"), _plain("delivered_on")),
    Column(("overdue",), N_("Past its limit"), _overdue, 10),
    Column(REMARKED, N_("Remarks"), _remarks, 30),
)


def headings(say: Say) -> list[str]:
    """Place, kind, what changed, and the columns."""
    return [say(N_("No.")), say(N_("Kind")), say(N_("What is new in it")), *(say(column.heading) for column in COLUMNS)]


def kind_of(line: Any, say: Say) -> str:
    """Whether the line tells of a closing or of a later change."""
    return say(KINDS[line.kind])


def changed(line: Any, say: Say) -> str:
    """The columns that no longer say what an earlier ledger said."""
    if not line.changed:
        return ""
    moved = set(line.changed)
    return "、".join(say(column.heading) for column in COLUMNS if moved & set(column.names))


def cells(line: Any, say: Say) -> list[Any]:
    """What a line says, column by column."""
    return [column.said(line.facts, say) for column in COLUMNS]


@cache
def chinese() -> Say:
    """The office's language: what leaves the house is written in it, whoever has it made."""
    return catalogue.translation("messages", TRANSLATIONS, ["zh"]).gettext
