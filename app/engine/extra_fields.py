"""An item's own questions: the answers it takes, and the answers an application gave (`application.extra`)."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.errors import Complaint
from app.law import N_, patterns
from app.law.patterns import LONGEST_ANSWER
from app.law.plain_text import is_plain

WRONG = N_("This has the wrong form.")
LARGEST = 10**15
Item = Mapping[str, Any]
"""An item's snapshot."""


class _WrongAnswerError(Exception):
    def __init__(self, sentence: str, **params: Any) -> None:
        super().__init__(sentence)
        self.sentence, self.params = sentence, params


def questions(item: Item) -> list[dict[str, Any]]:
    """What the item asks; items filed before there were questions ask none."""
    return list(item.get("extra_fields") or ())


def read(item: Item, given: Any) -> tuple[dict[str, Any], list[Complaint]]:
    """The answers as they are kept, and what is wrong with `given`, each complaint at `extra.<name>`.

    `given` is the object `extra` of the input, None where there is none; a blank answer counts as none.
    """
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        return {}, [Complaint("extra", WRONG)]
    asked = {each["name"]: each for each in questions(item)}
    complaints = [
        Complaint(f"extra.{name}", N_("This field does not exist here.")) for name in given if name not in asked
    ]
    values = {}
    for name, question in asked.items():
        try:
            answer = _answer(question, given.get(name))
        except _WrongAnswerError as wrong:
            complaints.append(Complaint(f"extra.{name}", wrong.sentence, wrong.params))
            continue
        if answer is not None:
            values[name] = answer
        elif question["required"]:
            complaints.append(Complaint(f"extra.{name}", N_("This is needed.")))
    return values, complaints


def _answer(question: Mapping[str, Any], given: Any) -> Any:
    """One answer, None where nothing was said; a tick not set says no, and nothing where it is required."""
    if isinstance(given, str):
        given = given.strip()
    if given is None or given == "":
        return False if question["type"] == "flag" and not question["required"] else None
    found = {"text": _text, "number": _number, "date": _date, "choice": _choice, "flag": _flag}[question["type"]](given)
    if question["type"] == "text" and question["pattern"] and not patterns.matches(question["pattern"], str(found)):
        raise _WrongAnswerError(N_("This has not the form that is asked for. %(help)s"), help=question["help"])
    if question["type"] == "choice" and found not in question["choices"]:
        raise _WrongAnswerError(N_("Not one of the choices."))
    return None if found is False and question["required"] else found


def _text(given: Any) -> str:
    if not isinstance(given, str) or not is_plain(given, multiline=False):
        raise _WrongAnswerError(WRONG)
    if len(given) > LONGEST_ANSWER:
        raise _WrongAnswerError(N_("At most 500 characters."))
    return given


def _number(given: Any) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise _WrongAnswerError(WRONG)
    if isinstance(given, str) and not (given.isascii() and given.isprintable() and "_" not in given):
        raise _WrongAnswerError(N_("Please give a number."))
    try:
        found = float(given)
    except (ValueError, OverflowError):
        raise _WrongAnswerError(N_("Please give a number.")) from None
    if not math.isfinite(found) or abs(found) > LARGEST:
        raise _WrongAnswerError(N_("Please give a number."))
    return int(found) if found.is_integer() else found


def _date(given: Any) -> str:
    try:
        return date.fromisoformat(given).isoformat()
    except (TypeError, ValueError):
        raise _WrongAnswerError(N_("Please give a day, as 2026-03-02.")) from None


def _choice(given: Any) -> str:
    return _text(given)


def _flag(given: Any) -> bool:
    if given in (True, "true"):
        return True
    if given in (False, "false"):
        return False
    raise _WrongAnswerError(WRONG)


def schema(item: Item) -> dict[str, Any]:
    """The object `extra` as JSON Schema; the words are the county's own."""
    asked = questions(item)
    found: dict[str, Any] = {
        "type": "object",
        "properties": {each["name"]: _schema_of(each) for each in asked},
        "additionalProperties": False,
    }
    needed = [each["name"] for each in asked if each["required"]]
    return found | {"required": needed} if needed else found


def _schema_of(question: Mapping[str, Any]) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "text": {"type": "string", "maxLength": LONGEST_ANSWER},
        "number": {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
        "date": {"type": "string", "format": "date"},
        "choice": {"type": "string", "enum": question["choices"]},
        "flag": {"type": "boolean"},
    }
    found = kinds[question["type"]] | {"title": question["label"]}
    if question["help"]:
        found["description"] = question["help"]
    if question["pattern"]:
        found["pattern"] = f"^(?:{question['pattern']})$"
    return found | {"const": True} if question["type"] == "flag" and question["required"] else found


def lines(item: Item, values: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """The answers in the order they were asked: question, its type, and the answer in plain words, figures or codes."""
    return [
        {"label": each["label"], "type": each["type"], "value": _plain((values or {})[each["name"]])}
        for each in questions(item)
        if each["name"] in (values or {})
    ]


def _plain(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
