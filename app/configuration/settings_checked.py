"""The bounds of the county's settings, and what some of them change for work under way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext
from sqlalchemy import func, select

from app.extensions import db
from app.law import N_
from app.law.clock import Clock
from app.law.states import State
from app.models.application import Application
from app.models.calendar import ClockRun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LONGEST = 200
PHONE = re.compile(r"[0-9][0-9 ()+-]{1,28}[0-9]")

Said = tuple[str, dict[str, Any]]


def complaints(value: Any, bounds: Mapping[str, Any]) -> Iterator[Said]:
    """Why a setting may not have this value; `bounds` are those of seed/settings.json."""
    match value:
        case bool():
            return
        case int():
            least, most = bounds.get("least", 0), bounds.get("most", 9999)
            if not least <= value <= most:
                yield N_("Please give a whole number from %(least)s to %(most)s."), {"least": least, "most": most}
        case list():
            yield from _lines(value, bounds.get("longest", LONGEST), bounds.get("lines", 20))
        case _:
            text, longest = str(value), bounds.get("longest", LONGEST)
            if not text:
                yield N_("This stands on papers, so it cannot be empty."), {}
            elif len(text) > longest:
                yield N_("At most %(most)s characters."), {"most": longest}
            elif "phone" in bounds and not PHONE.fullmatch(text):
                yield N_("A phone number: figures, perhaps with spaces or hyphens."), {}


def _lines(lines: list[str], longest: int, most: int) -> Iterator[Said]:
    if len(lines) > most:
        yield N_("At most %(most)s lines."), {"most": most}
    if len(lines) != len(set(lines)):
        yield N_("A line stands here twice."), {}
    if any(len(line) > longest for line in lines):
        yield N_("At most %(most)s characters in a line."), {"most": longest}


def _draft_keep_days(days: Any) -> Iterator[str]:
    runs = ClockRun.__table__.c
    kept = select(func.count()).where(runs.clock == Clock.DRAFT_KEEP.value, runs.stopped_at.is_(None))
    yield ngettext(
        "%(num)s registration that waits for papers keeps the date it was given.",
        "%(num)s registrations that wait for papers keep the date they were given.",
        db.session.scalar(kept),
    )  # fmt: skip
    yield gettext("Registrations from now on are kept %(days)s working days.", days=days)


def _refusal_needs_filing(needed: Any) -> Iterator[str]:
    table = Application.__table__.c
    number = db.session.scalar(select(func.count()).where(table.state == State.ACCEPTED.value))
    if needed:
        yield ngettext(
            "%(num)s application is under review; a refusal goes to the bureau leader first from now on.",
            "%(num)s applications are under review; a refusal goes to the bureau leader first from now on.", number,
        )  # fmt: skip
    else:
        yield ngettext(
            "%(num)s application is under review; it can be refused without the leader's filing from now on.",
            "%(num)s applications are under review; each can be refused without the leader's filing from now on.",
            number,
        )  # fmt: skip


IMPACTS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "draft_keep_days": _draft_keep_days,
    "refusal_needs_filing": _refusal_needs_filing,
}
"""Setting -> what its new value does to work under way."""
