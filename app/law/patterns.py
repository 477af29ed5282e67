"""Patterns a county may ask an answer to follow: those that any computer reads in a moment, whatever is typed."""

import re
from re import _constants as c  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from app.law import N_

LONGEST_PATTERN, LONGEST_ANSWER = 200, 500
MOST_WAYS = 300_000
"""In how many ways at most an answer may be divided among the parts of a pattern: so many tries cost a fraction of a
second, and every way more is a way to stop the window."""

_SINGLE = frozenset({c.LITERAL, c.NOT_LITERAL, c.IN, c.ANY})
_REPEATS = frozenset({c.MAX_REPEAT, c.MIN_REPEAT})


def fault(pattern: str) -> str | None:
    """What is wrong with a pattern, as a sentence; None where it may be used."""
    if len(pattern) > LONGEST_PATTERN:
        return N_("A pattern has at most 200 characters.")
    try:
        ways = _ways(parser.parse(pattern, re.ASCII))
    except (re.error, OverflowError, RecursionError):
        return N_("This pattern cannot be read.")
    except _NotOfferedError:
        return N_("A pattern may use characters, [sets], groups, | and repetitions like {6}, ? or +, nothing else.")
    return N_("This pattern can be read in too many ways; use fixed lengths like {6}.") if ways > MOST_WAYS else None


def matches(pattern: str, answer: str) -> bool:
    """Whether the whole answer follows the pattern; figures and letters are those of ASCII."""
    return len(answer) <= LONGEST_ANSWER and re.fullmatch(pattern, answer, re.ASCII) is not None


class _NotOfferedError(Exception):
    pass


def _ways(parts: Any) -> int:
    """In how many ways the parts may share an answer among themselves, at most."""
    ways = 1
    for kind, detail in parts:
        ways = min(ways * _ways_of(kind, detail), MOST_WAYS + 1)
    return ways


def _ways_of(kind: Any, detail: Any) -> int:
    if kind in _SINGLE or kind is c.AT:
        return 1
    if kind is c.SUBPATTERN:
        return _ways(detail[-1])
    if kind is c.BRANCH:
        return sum(_ways(each) for each in detail[1])
    if kind in _REPEATS:
        least, most, inner = detail
        if not inner.getwidth()[0] and int(most) > 1:  # nothing, again and again
            return MOST_WAYS + 1
        each, most = _ways(inner), min(int(most), LONGEST_ANSWER)
        return _repeated(each, min(int(least), most), most)
    raise _NotOfferedError


def _repeated(each: int, least: int, most: int) -> int:
    ways = 0
    for times in range(least, most + 1):
        ways += min(each**times, MOST_WAYS + 1)
        if ways > MOST_WAYS:
            break
    return ways
