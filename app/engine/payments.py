"""The public payment platform: how it proves that a callback is its own, whole and fresh.

It signs the moment it sends, in seconds since 1970, a full stop and the body, with the key both sides know.
"""

import hmac
import logging
import re
from datetime import datetime
from pathlib import Path

from app.engine.couriers import signature

log = logging.getLogger(__name__)

FRESH = 300
"""So many seconds may lie between sending and hearing, either way: clocks differ a little."""

PREFIX, SECONDS = "sha256=", re.compile(r"[0-9]{1,12}")
_key_file: Path | None = None


def configure(key_file: Path) -> None:
    """Say where the key is that this county and its payment platform agreed on."""
    global _key_file  # noqa: PLW0603  (one process hears one platform)
    _key_file = key_file


def key() -> bytes | None:
    """The key, read anew each time, so that it may be replaced while the office works; None where there is none."""
    try:
        return _key_file.read_text().strip().encode() or None if _key_file else None
    except FileNotFoundError:
        log.warning("The key %s is missing: write there the key you agreed on with the payment platform.", _key_file)
        return None


def sign(key: bytes, sent_at: str, body: bytes) -> str:
    """The header of a callback sent at this moment."""
    return PREFIX + signature(key, sent_at.encode() + b"." + body)


def is_genuine(sent_at: str, body: bytes, signed: str) -> bool:
    """Whether the platform sent exactly this at that moment."""
    known = key()
    return known is not None and hmac.compare_digest(sign(known, sent_at, body).encode(), signed.encode())


def is_fresh(sent_at: str, now: datetime) -> bool:
    """Whether the moment lies close to ours; what was recorded long ago is not heard again."""
    return bool(SECONDS.fullmatch(sent_at)) and abs(now.timestamp() - int(sent_at)) <= FRESH
