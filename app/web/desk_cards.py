"""Cards on the desk besides the piles of applications: what else waits for whoever is asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.engine.actors import Actor


@dataclass(frozen=True)
class CardLine:
    """One thing that waits: where it leads, what it is, by when."""

    href: str
    words: str
    small: str
    overdue: bool = False


@dataclass(frozen=True)
class Card:
    """What waits besides applications; a card without lines is not shown."""

    name: str
    title: str
    lines: list[CardLine]
    more: str = ""


Deal = Callable[["Session", "Actor", datetime], Card | None]


def register(*deals: Deal) -> None:
    """Set these cards up in the application at hand."""
    current_app.extensions.setdefault("desk_cards", []).extend(deals)


def cards(session: Session, actor: Actor, now: datetime) -> list[Card]:
    """The cards of this person that have something on them."""
    found = (deal(session, actor, now) for deal in current_app.extensions.get("desk_cards", ()))
    return [card for card in found if card is not None and card.lines]
