"""The do-not list (第五条至第十三条, 第十五条（七）): which of its lines a refused act stands under.

A refused act is known by its name, by the sentence it was refused with, by the state of what it was tried on, and by
the fields it named that are the server's alone.
"""

from collections.abc import Collection
from enum import StrEnum

from app.law import N_
from app.law import guards as g
from app.law.lifecycle import TRANSITIONS
from app.law.roles import BACK_CLASSES, ActClass
from app.law.states import UNDECIDED, State


class DoNot(StrEnum):
    """What the rule forbids by name."""

    LEAK = "leak"
    HARASS = "harass"
    BACKFILL = "backfill"
    FALSE_CLOSING = "false_closing"
    ALTER_RESULT = "alter_result"
    FAVOUR = "favour"
    IRREGULAR = "irregular"
    BEYOND_AUTHORITY = "beyond_authority"
    PRIVATE_ACCOUNT = "private_account"


LABELS: dict[DoNot, str] = {
    DoNot.LEAK: N_("Giving out files or statistics without approval"),
    DoNot.HARASS: N_("Making things difficult: asking for what the list does not name"),
    DoNot.BACKFILL: N_("Entering after the fact"),
    DoNot.FALSE_CLOSING: N_("Treating as closed what is not closed"),
    DoNot.ALTER_RESULT: N_("Changing a result in effect"),
    DoNot.FAVOUR: N_("Favours for people one is close to"),
    DoNot.IRREGULAR: N_("Against the order of the procedure"),
    DoNot.BEYOND_AUTHORITY: N_("Beyond one's authority"),
    DoNot.PRIVATE_ACCOUNT: N_("Charging by a private account"),
}

CLAUSES: dict[DoNot, str] = {
    DoNot.LEAK: "第五条",
    DoNot.HARASS: "第六条",
    DoNot.BACKFILL: "第十一条",
    DoNot.FALSE_CLOSING: "第十一条",
    DoNot.ALTER_RESULT: "第十一条",
    DoNot.FAVOUR: "第十三条",
    DoNot.IRREGULAR: "第十三条",
    DoNot.BEYOND_AUTHORITY: "第十三条",
    DoNot.PRIVATE_ACCOUNT: "七",
}

LIST_ONLY = "Only materials of the item's published list may be asked for."
"""How every act refuses a material that the list does not name (第十五条（三）, 行政许可法 31)."""

WRITE = "write"
"""What a program that tried to edit or delete a record by itself is said to have done."""

_BY_SENTENCE: dict[str, DoNot] = {
    LIST_ONLY: DoNot.HARASS,
    g.not_party.sentence: DoNot.FAVOUR,
    "%(name)s, or a declared relative, is a party to this application.": DoNot.FAVOUR,
    g.on_application.sentence: DoNot.BEYOND_AUTHORITY,
    g.fronted_if_town.sentence: DoNot.BEYOND_AUTHORITY,
    g.approver_only_instant.sentence: DoNot.BEYOND_AUTHORITY,
    g.second_correction_by_head.sentence: DoNot.BEYOND_AUTHORITY,
    "Your role does not include «%(act)s».": DoNot.BEYOND_AUTHORITY,
    "This belongs to another place than yours.": DoNot.BEYOND_AUTHORITY,
}

_EXPORTS = frozenset({"request_export", "approve_export", "refuse_export", "use_export"})
_FEES = frozenset({"notify_fee", "confirm_payment", "waive_fee", "waive_notified_fee", "refund_deposit"})
_CLOSING = frozenset(
    {"grant", "refuse", "approve_refusal", "make_certificate", "replace_certificate", "hand_over", "confirm_handover",
     "issue", "archive", "confirm_archive", "terminate"}
)  # fmt: skip
"""Acts that belong to a matter decided, or decide it."""
_OPEN = frozenset(state.value for state in (State.DRAFT, *UNDECIDED))

_MONEY = frozenset({"amount_due", "payee", "amount", "account"})
_CLOSED_BY_HAND = frozenset({"state", "closed_at", "decided_at", "delivered_at"})
_RESULT = frozenset({"number", "short_no"})


def category(
    act: str, code: str, sentence: str, state: str = "", fields: Collection[str] = (), *, out_of_reach: bool = False
) -> DoNot:
    """The line of the list under which a refused act stands; what is under no other is against the procedure.

    `state` is where the application stood, `fields` are the fields named that only the server sets.
    """
    if act in _EXPORTS:
        return DoNot.LEAK
    if act == WRITE and state not in _OPEN:
        return DoNot.ALTER_RESULT
    if fields:
        return _of_fields(frozenset(fields))
    if out_of_reach:
        return DoNot.BEYOND_AUTHORITY
    if sentence in _BY_SENTENCE:
        return _BY_SENTENCE[sentence]
    return _of_state(act, state) if code == "not_now" else DoNot.IRREGULAR


def _of_fields(named: frozenset[str]) -> DoNot:
    if named & _MONEY:
        return DoNot.PRIVATE_ACCOUNT
    if named & _CLOSED_BY_HAND:
        return DoNot.FALSE_CLOSING
    return DoNot.ALTER_RESULT if named & _RESULT else DoNot.BACKFILL


def _of_state(act: str, state: str) -> DoNot:
    """An act that the state does not allow: too early to end it, or too late to change what is in effect."""
    if not state:
        return DoNot.IRREGULAR
    if act in _CLOSING and state in _OPEN:
        return DoNot.FALSE_CLOSING
    touches = act == "amend" or (act in TRANSITIONS and TRANSITIONS[act].act_class in BACK_CLASSES | {ActClass.MAKE})
    return DoNot.ALTER_RESULT if touches and state not in _OPEN else DoNot.IRREGULAR
