"""The item's own questions in a form: a control each, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from app.engine import extra_fields
from app.law.patterns import LONGEST_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.web.forms import Control

KINDS = {"text": "text", "number": "number", "date": "date", "choice": "select", "flag": "checkbox"}


@dataclass(frozen=True)
class Answers:
    """The item's own questions; where the form begins without an item, they come when one is chosen."""

    path: str
    label: str
    controls: list[Control]
    comes_with: str = ""
    """The field whose item they belong to."""
    value: Any = ""
    complaints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """What to know about the item that was chosen."""

    is_lines, is_group, is_answers = False, False, True
    kind = "answers"


def controls(
    path: str, item: Mapping[str, Any], values: Mapping[str, Any], complaints: Mapping[str, list[str]],
    make: Callable[..., Control], *, changes: bool,
) -> list[Control]:  # fmt: skip
    """One control for each question of the item; where answers are only changed, a blank one changes nothing."""
    found = []
    for each in extra_fields.questions(item):
        name, is_tick = f"{path}.{each['name']}", each["type"] == "flag"
        choices = [(choice, choice) for choice in each["choices"]]
        if changes and is_tick:
            choices = [("true", gettext("Yes")), ("false", gettext("No"))]
        found.append(
            make(
                name, each["label"], "select" if changes and is_tick else KINDS[each["type"]], values.get(name, ""),
                tuple(choices), required=each["required"] and not changes, hint=each["help"],
                complaints=tuple(complaints.get(name, ())), attributes=_attributes(each),
            )
        )  # fmt: skip
    return found


def given(values: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The answers of a form, those left blank apart."""
    named = {key.removeprefix(f"{path}."): value for key, value in values.items() if key.startswith(f"{path}.")}
    return {name: value for name, value in named.items() if str(value).strip()}


def _attributes(question: Mapping[str, Any]) -> dict[str, Any]:
    if question["type"] == "text":
        return {"maxlength": LONGEST_ANSWER}
    return {"step": "any"} if question["type"] == "number" else {}
