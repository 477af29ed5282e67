"""The placeholders of paragraphs: the facts each kind of paper is sure to have, and some settings of the county."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_type_hints, is_typeddict

from app.engine.paper_facts import PAPERS
from app.engine.wording import COUNTY_SETTINGS, EVERY, PLACEHOLDER
from app.errors import Complaint
from app.law import N_

PERSONAL = frozenset({"application.id_no", "applicant_phone"})
"""What stands in full only where a template puts it."""
LONGEST_TITLE, LONGEST_TEXT = 40, 2000
BRACED = re.compile(r"\{[^{}\n]*\}?|\}")

LABELS: Mapping[str, str] = {
    "organisation": N_("Name of the organ"),
    "actor_name": N_("Who does the act"),
    "centre.name": N_("Centre that took the application"),
    "centre.address": N_("Address of that centre"),
    "centre.phone": N_("Phone of that centre"),
    "office.name": N_("Approval office"),
    "application.number": N_("Application number"),
    "application.short_no": N_("Short number"),
    "application.item_name": N_("Name of the item"),
    "application.item_code": N_("Code of the item"),
    "application.applicant_name": N_("Applicant"),
    "application.applicant_name_masked": N_("Applicant, masked"),
    "application.id_type": N_("Kind of identity paper"),
    "application.id_no_masked": N_("Identity number, masked"),
    "county.organisation_name": N_("Name of the organ"),
    "county.supervision_phone": N_("Supervision phone"),
    "county.review_organ": N_("Organ for administrative reconsideration"),
    "county.lawsuit_court": N_("Court for administrative litigation"),
    "window": N_("Window"),
    "round": N_("Which notice it is"),
    "basis": N_("Legal basis"),
    "conditions": N_("Conditions"),
    "procedure": N_("Procedure"),
    "statutory_limit.amount": N_("Statutory limit, the figure"),
    "promised_limit.amount": N_("Promised limit, the figure"),
    "fee": N_("Fee"),
    "online": N_("Online handling"),
    "supervision_phone": N_("Supervision phone"),
    "pickup_code": N_("Pickup code"),
    "answer_due.date": N_("Day by which the office answers"),
    "received_on": N_("Day of receipt"),
    "accepted_on": N_("Day of acceptance"),
    "clock_from": N_("Day from which the limits count"),
    "statutory_due.date": N_("End of the statutory limit"),
    "promised_due.date": N_("End of the promised limit"),
    "content": N_("What is decided"),
    "facts": N_("Facts"),
    "reasons": N_("Reasons"),
    "reason": N_("Reason"),
    "legal_basis": N_("Legal basis"),
    "handler": N_("Who handled it"),
    "valid_from": N_("Valid from"),
    "from_unit": N_("Where it comes from"),
    "to_desk": N_("Where it goes"),
    "ems_no": N_("EMS number"),
    "recipient_masked": N_("Recipient, masked"),
    "recipient_phone_masked": N_("Phone of the recipient, masked"),
    "address": N_("Address"),
    "sending_unit": N_("Where it was posted"),
    "pieces": N_("Pieces"),
    "place": N_("Place"),
    "signer": N_("Who signed"),
    "id_last4": N_("Last four of the signer's identity number"),
    "archive_no": N_("Archive number"),
    "title": N_("Title"),
    "retention": N_("Retention"),
    "secrecy": N_("Secrecy"),
    "closed_on": N_("Day of closing"),
    "lister.name": N_("Who listed it"),
    "lister.at": N_("When it was listed"),
    "reply_due.date": N_("Day by which the applicant answers"),
    "from_day": N_("First day"),
    "planned_days": N_("Days planned"),
    "plan_due.date": N_("Day by which it is planned to end"),
    "days": N_("Days"),
    "promised_before.date": N_("End of the promised limit, before"),
    "promised_after.date": N_("End of the promised limit, now"),
    "statutory_before.date": N_("End of the statutory limit, before"),
    "statutory_after.date": N_("End of the statutory limit, now"),
    "statement": N_("Statement of the applicant"),
    "missed_due.date": N_("Day that was missed"),
}
"""What a placeholder stands for; one that is missing here goes by its own name."""


@cache
def of(kind: str) -> Mapping[str, str]:
    """The placeholders of a kind of paper, each with what it stands for; for texts of every paper, those of all."""
    county = [f"county.{name}" for name in COUNTY_SETTINGS]
    if kind == EVERY:
        shared = set.intersection(*(set(_paths(paper.facts, "")) for paper in PAPERS.values()))
        paths = [path for path in LABELS if path in shared]
    else:
        paths = list(_paths(PAPERS[kind].facts, ""))
    return {path: LABELS.get(path, path) for path in [*paths, *county]}


def _paths(facts: Any, before: str) -> Iterator[str]:
    for name, hint in get_type_hints(facts).items():
        path = before + name
        if name not in facts.__required_keys__ or path in PERSONAL:
            continue
        if is_typeddict(hint):
            yield from _paths(hint, f"{path}.")
        elif hint in (str, int):
            yield path


def complaints(kind: str, key: str, text: str) -> list[Complaint]:
    """What is wrong with a text that the county wrote for a kind of paper."""
    if not text.strip():
        return [Complaint("text", N_("A paragraph is never empty; go back to the original instead."))]
    most = LONGEST_TITLE if key.startswith("title") else LONGEST_TEXT
    if len(text) > most:
        return [Complaint("text", N_("At most %(most)s characters."), {"most": most})]
    known = of(kind)
    found = []
    for braced in dict.fromkeys(BRACED.findall(text)):
        whole = PLACEHOLDER.fullmatch(braced)
        if whole is None:
            sentence = N_("«%(braced)s» is no placeholder: a placeholder is a name between { and }.")
            found.append(Complaint("text", sentence, {"braced": braced}))
        elif whole[1] not in known:
            sentence = N_("«%(braced)s» does not exist on this paper; choose one of the list.")
            found.append(Complaint("text", sentence, {"braced": braced}))
    return found
