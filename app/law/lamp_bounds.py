"""How far a county may move the lamps of a clock: red never before the end, the law's own limits never softened."""

from collections.abc import Iterator
from typing import Any

from app.law import N_
from app.law.clock import Thresholds
from app.law.clock_rules import CLOCKS, Clock, ClockRule, Yellow

BY_LAW = frozenset({Clock.STATUTORY, Clock.CORRECTION, Clock.DELIVERY})
"""Limits of the law itself (行政许可法 32, 42, 44): a county may warn earlier, never later."""
BOUNDS = {"last_days": (0, 10), "long_limit": (5, 60), "long_percent": (5, 50), "red_after": (0, 5)}
YELLOW_WORDS = {
    Yellow.PAST_DUE: N_("This lamp turns yellow once it is past due; days left play no part."),
    Yellow.NOON: N_("This lamp turns yellow at noon of the last day; days left play no part."),
}
USUAL = Thresholds()

Said = tuple[str, str, dict[str, Any]]
"""A field, a sentence, and what it names."""


def usual(rule: ClockRule) -> Thresholds:
    """When the lamp of a clock turns before a county changes anything."""
    return Thresholds(red_after=rule.red_after)


def complaints(clock: Clock, given: Thresholds) -> Iterator[Said]:
    """Why a county may not have these thresholds for a clock."""
    rule, red_after = CLOCKS[clock], given.red_after or 0
    for name, (least, most) in BOUNDS.items():
        if not least <= (getattr(given, name) or 0) <= most:
            yield name, N_("Please give a whole number from %(least)s to %(most)s."), {"least": least, "most": most}
    if rule.yellow in YELLOW_WORDS:
        yield from ((name, YELLOW_WORDS[rule.yellow], {}) for name in _moved(given))
    if clock in BY_LAW:
        if red_after:
            yield "red_after", N_("This limit is the law's: its lamp is red as soon as it is past due."), {}
        softer = (
            ("last_days", given.last_days < USUAL.last_days),
            ("long_limit", given.long_limit > USUAL.long_limit),
            ("long_percent", given.long_percent < USUAL.long_percent),
        )
        for name, later in softer:
            if later:
                yield name, N_("This limit is the law's: its lamp may turn yellow earlier than usual, never later."), {}
    if rule.escalate_after is not None and red_after > rule.escalate_after:
        yield (
            "red_after",
            N_("The next level is told %(days)s working days past due; red comes no later than that."),
            {"days": rule.escalate_after},
        )


def _moved(given: Thresholds) -> Iterator[str]:
    names = ("last_days", "long_limit", "long_percent")
    return (name for name in names if getattr(given, name) != getattr(USUAL, name))
