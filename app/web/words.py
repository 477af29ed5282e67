"""Sentences of the law and the engine in the reader's language, with what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from app.law.states import STATE_LABELS, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.engine.staffing import Consequence
    from app.errors import Complaint, Refusal

TRANSLATED = frozenset({"act", "sheet", "label"})
"""What is named by a sentence of the house."""


def of_refusal(refusal: Refusal) -> str:
    """Why something is refused."""
    return _said(refusal.sentence, refusal.params)


def of_complaint(complaint: Complaint) -> str:
    """What is wrong with a field."""
    return _said(complaint.sentence, complaint.params)


def of_consequence(consequence: Consequence) -> str:
    """What a change would do."""
    return _said(consequence.sentence, consequence.params)


def of_kept(sentence_and_params: tuple[str, Mapping[str, Any]]) -> str:
    """A sentence as it was kept."""
    return _said(*sentence_and_params)


def reason_wanted(least: int, most: int) -> str:
    """How long the reason of a look must be."""
    return gettext("Give the reason in %(least)s to %(most)s characters.", least=least, most=most)


def unit(key: str, names: Mapping[str, str]) -> str:
    """A unit that holds papers, by its name."""
    fixed = {"certificate_centre": gettext("Certificate centre"), "applicant": gettext("The applicant")}
    return names.get(key) or fixed.get(key, key)


def _said(sentence: str, params: Mapping[str, Any]) -> str:
    return gettext(sentence, **{name: _named(name, value) for name, value in params.items()})


def _named(name: str, value: Any) -> Any:
    """An act and a state are named by their labels; several are said one after another."""
    if name == "state":
        return gettext(STATE_LABELS[State(value)])
    if name == "acts":
        return gettext(", ").join(gettext("«%(act)s»", act=gettext(each)) for each in value)
    if isinstance(value, tuple):
        return gettext(", ").join(map(str, value))
    return gettext(value) if name in TRANSLATED else value
