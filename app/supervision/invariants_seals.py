"""Invariants beside the seals that are kept outside the database: what was sealed once is there for ever."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.engine import seals


def what_was_sealed_is_there(session: Session, folder: Path) -> Iterator[tuple[int, str]]:
    """5: no head is behind its last seal, and every seal follows the one before. 6: the event count never falls."""
    shelf = seals.read(folder)
    yield from ((5, fault) for fault in shelf.faults)
    look = seals.look_at(session, shelf)
    yield from ((5, fault) for fault in look.faults)
    most = max(shelf.seals, key=lambda seal: seal.events, default=None)
    if most is not None and look.events < most.events:
        yield 6, f"there are {look.events} events, and {most} counted {most.events}"
