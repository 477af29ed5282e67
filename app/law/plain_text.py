"""What people type is text: characters that steer a machine, or turn the words of a page around, are none."""

import re

_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""The control characters of ASCII and Latin-1, the separators of lines, and those that print a text backwards."""
_BREAKS = re.compile("[\t\n\r]")
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}", re.ASCII)


def is_plain(text: str, *, multiline: bool) -> bool:
    """Whether it holds nothing but text; a long one may have line breaks."""
    return not _STEERING.search(text) and (multiline or not _BREAKS.search(text))


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent there; a name of the county's own network will do."""
    return _MAIL_ADDRESS.fullmatch(text) is not None
