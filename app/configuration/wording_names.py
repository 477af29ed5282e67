"""What papers and their paragraphs are called on the pages of wording."""

from __future__ import annotations

from flask_babel import gettext

from app.engine.paper_facts import PAPERS
from app.engine.wording import EVERY
from app.law import N_

TITLE_OF_EVERY = N_("Every paper")
CASES = {
    "_owed": N_("where material is owed"),
    "_other": N_("where it is no licence"),
    "_deemed": N_("where it was accepted by silence"),
}
KEYS = {
    "title": N_("Heading"),
    "rule": N_("Rule on the foot"),
    "statement": N_("Statement"),
    "copies": N_("Copies"),
    "query": N_("How to ask"),
    "owed": N_("Owed materials"),
    "basis": N_("Basis"),
    "remedies": N_("Remedies"),
    "provisional": N_("Provisional dates"),
    "seal": N_("Seal"),
    "content": N_("Content"),
    "holder": N_("Holder"),
    "supervision": N_("Where to complain"),
    "answer": N_("Answer"),
    "count": N_("Counting"),
    "uncounted": N_("Days not counted"),
    "internal": N_("Internal use"),
    "delivery": N_("Delivery"),
    "publicity": N_("Publicity"),
    "collect": N_("Collecting"),
    "posting": N_("Posting"),
    "service": N_("Service"),
    "archiving": N_("Archiving"),
    "decision": N_("Decision"),
    "consequence": N_("Consequence"),
    "promise": N_("Promise"),
    "help": N_("Help"),
    "where": N_("Where to"),
    "counting": N_("Counting"),
    "once": N_("Once only"),
    "again": N_("Applying again"),
    "open": N_("Still open"),
    "not_paused": N_("Not paused"),
    "deposit": N_("Deposit"),
    "settled": N_("What waits for the payment"),
    "outstanding": N_("Still to be given back"),
}
"""The paragraphs by what they are about."""


def title_of(kind: str) -> str:
    """What a kind of paper is called."""
    return gettext(TITLE_OF_EVERY) if kind == EVERY else gettext(PAPERS[kind].title)


def name_of(kind: str, key: str) -> str:
    """A paragraph with its paper."""
    return f"{title_of(kind)}, {name_of_key(key)}"


def name_of_key(key: str) -> str:
    """A paragraph as people find it: its key, and the case it stands in for."""
    for ending, words in CASES.items():
        if key.endswith(ending):
            return f"{name_of_key(key.removesuffix(ending))} ({gettext(words)})"
    return gettext(KEYS[key]) if key in KEYS else key
