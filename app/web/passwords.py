"""Passwords: how they are kept, and which ones are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_babel import gettext
from wtforms.validators import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wtforms import Field, Form

SHORTEST = 10
COMMON = frozenset({
    "0123456789", "0987654321", "1234567890", "12345678910", "123456789a", "123456789abc", "1314520520", "1q2w3e4r5t",
    "1qaz2wsx3edc", "5201314520", "9876543210", "a123456789", "aa123456789", "abc1234567", "abcd123456", "abcde12345",
    "abcdefghij", "admin12345", "admin123456", "administrator", "iloveyou123", "letmein1234", "p@ssw0rd123",
    "passw0rd123", "password12", "password123", "password1234", "qwerty1234", "qwerty12345", "qwerty123456",
    "qwertyuiop", "welcome123", "woaini1314", "woaini1314520", "woaini520", "yichuang123",
})

# The parameters OWASP asks for at least: 19 MiB and two passes, about 20 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash("an account that does not exist takes as long to refuse as one that does")


def hash_password(password: str) -> str:
    """The argon2id hash that is kept."""
    return _hasher.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether `password` is the one whose hash is `kept`; without a hash no, but no sooner."""
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def complaint(password: str, username: str) -> str:
    """Why this password is refused, in the reader's language; empty where it will do."""
    plain = password.strip().casefold()
    if len(password) < SHORTEST:
        return gettext("Please choose a password of at least %(least)s characters.", least=SHORTEST)
    if plain == username.strip().casefold():
        return gettext("The password must not be the user name.")
    if plain in COMMON or len(set(plain)) == 1:
        return gettext("This password is among the first that anybody would guess; please choose another.")
    return ""


class GoodPassword:
    """Form validator: the password of the person whose name `username_of` finds for the form."""

    def __init__(self, username_of: Callable[[Form], str]) -> None:
        self._username_of = username_of

    def __call__(self, form: Form, field: Field) -> None:
        if sentence := complaint(field.data or "", self._username_of(form)):
            raise ValidationError(sentence)
