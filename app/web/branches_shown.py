"""What happened besides the straight line, as the application's page shows it: each room declares its own sections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.engine.dossier import Dossier


@dataclass(frozen=True)
class Section:
    """One thing on record: its name, where it stands, its facts, its lines, and its own page where it has one.

    `title` and `state` are words already; `tone` is that of a badge: grey, blue, cyan, green, orange or red.
    """

    title: str
    state: str
    tone: str
    facts: list[tuple[str, Any]]
    lines: list[str] = field(default_factory=list)
    href: str = ""


Tell = Callable[["Dossier"], list[Section]]
SECTIONS: list[Tell] = []
"""What the rooms show, in the order in which they opened; each answers nothing where nothing happened."""


def register(*parts: Tell) -> None:
    """Let the page show these, once."""
    SECTIONS.extend(part for part in parts if part not in SECTIONS)


def sections(dossier: Dossier) -> list[Section]:
    """Everything besides the straight line."""
    return [section for tell in SECTIONS for section in tell(dossier)]


Lead = Callable[["Dossier"], list[tuple[str, str]]]
LEADS: list[Lead] = []
"""Links from the application's page to what a room does about it beside its acts: words and address."""


def register_leads(*parts: Lead) -> None:
    """Let the page offer these, once."""
    LEADS.extend(part for part in parts if part not in LEADS)


def leads(dossier: Dossier) -> list[tuple[str, str]]:
    """Every such link that is open to whoever is asking."""
    return [link for lead in LEADS for link in lead(dossier)]
