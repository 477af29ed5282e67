"""What an address of the API says about itself, beside the function that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

View = TypeVar("View", bound="Callable[..., Any]")
ALWAYS = (400, 401, 403, 503)


@dataclass(frozen=True)
class Said:
    """A summary, what is answered and taken, and the errors besides those that any address may answer.

    `answers` and `takes` are marshmallow schemas or JSON Schema; None stands for the resource's own schema.
    """

    summary: str
    description: str = ""
    answers: Any = None
    takes: Any = None
    status: int = 200
    media_type: str = "application/json"
    many: bool = False
    errors: tuple[int, ...] = ()
    is_act: bool = False
    query: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the address that are needed, each with its JSON Schema."""


def said(summary: str, description: str = "", **more: Any) -> Callable[[View], View]:
    """Describe the address that this function answers."""

    def describe(view: View) -> View:
        view.said = Said(summary, description, **more)  # type: ignore[attr-defined]
        return view

    return describe
