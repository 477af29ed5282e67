"""The chain of events: each event is sealed with the one before it, so that history cannot be changed unnoticed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

CANONICAL_VERSION = 1


@dataclass(frozen=True)
class Link:
    """One event as it lies in the chain: its number, the digest before it, what it says, its own digest."""

    sequence: int
    previous: str
    record: Mapping[str, Any]
    digest: str


def canonical(record: Mapping[str, Any]) -> bytes:
    """The one way to write a record down: JSON, keys sorted, UTF-8, with the version of this form.

    Moments are written in UTC to the microsecond, so that they read the same from either database; a moment without
    a zone, a float or any other kind of value is refused (TypeError).
    """
    body = {"canonical": CANONICAL_VERSION, "record": _plain(record)}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def genesis(kind: str, subject_id: int, number: str) -> str:
    """The digest before a subject's first event, so that no chain can be passed off as another's."""
    return _digest({"genesis": {"kind": kind, "id": subject_id, "number": number}})


def link(previous: str, record: Mapping[str, Any]) -> str:
    """The digest of an event that follows `previous`."""
    return _digest({"previous": previous, "event": record})


def first_break(start: str, links: Iterable[Link]) -> int | None:
    """The sequence number at which a chain that begins with `start` is broken, or None where it holds.

    Events come in the order of their numbers. A gap, a repetition, an edit or a foreign event is a break; a cut tail
    is not seen here, only against the last seal.
    """
    previous = start
    for expected, event in enumerate(links, 1):
        whole = event.sequence == expected and event.previous == previous
        if not whole or event.digest != link(previous, event.record):
            return expected
        previous = event.digest
    return None


def seal(previous: str, record: Mapping[str, Any]) -> str:
    """The digest of a daily seal that follows `previous`: the heads that moved, how many events there are, when."""
    return _digest({"previous": previous, "seal": record})


def _digest(record: Mapping[str, Any]) -> str:
    return sha256(canonical(record)).hexdigest()


def _plain(value: Any) -> Any:  # noqa: PLR0911 - a record holds what events hold; one line a kind
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case datetime():
            if value.tzinfo is None:
                raise TypeError("a moment in a record needs its zone")
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("the keys of a record are strings")
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"a record holds no {type(value).__name__}")
