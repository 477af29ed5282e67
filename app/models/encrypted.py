"""Columns that are encrypted at rest, and the blind index by which such a value is still found."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from app.models.keyring import Keyring

NONCE_BYTES = 12

_ring: Keyring | None = None


def configure_keys(ring: Keyring) -> None:
    """Hand this process its keys; once, before anything is read."""
    global _ring  # noqa: PLW0603  (column types are made at import, long before the keys are known)
    _ring = ring


def blind_index(purpose: str, value: str) -> str:
    """The keyed digest under which `value` is looked up; `purpose` keeps equal values of two columns apart.

    Width, case and outer blanks do not matter. For the last four digits, pass them alone under a purpose of their own.
    """
    plain = unicodedata.normalize("NFKC", value).strip().upper()
    return hmac.new(_keys().index, f"{purpose}\0{plain}".encode(), hashlib.sha256).hexdigest()


def encrypt(column: str, plain: str) -> str:
    """Encrypt by the current data key: «key id.base64 of nonce and ciphertext», bound to its column."""
    ring = _keys()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(ring.data[ring.current]).encrypt(nonce, plain.encode(), _bound_to(ring.current, column))
    return f"{ring.current}.{base64.b64encode(nonce + sealed).decode()}"


def decrypt(column: str, stored: str) -> str:
    """Decrypt what `encrypt` made for this column; raises InvalidTag where it was tampered with or moved."""
    name, _, body = stored.partition(".")
    raw = base64.b64decode(body)
    nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    return _cipher(_keys().data[name]).decrypt(nonce, sealed, _bound_to(name, column)).decode()


class Encrypted(TypeDecorator[str]):
    """Text that the database never sees in the clear; `column` is «table.column»."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(self.column, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(self.column, value)


class EncryptedJSON(TypeDecorator[Any]):
    """Facts of a paper that the database never sees in the clear; `column` is «table.column»."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(self.column, json.dumps(value, ensure_ascii=False, sort_keys=True))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(decrypt(self.column, value))


def _keys() -> Keyring:
    if _ring is None:
        raise RuntimeError("configure_keys() was not called")
    return _ring


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _bound_to(name: str, column: str) -> bytes:
    return f"{name}\0{column}".encode()
