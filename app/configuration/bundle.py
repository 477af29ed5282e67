"""The whole configuration as a bundle: taken out, compared with what holds here, rehearsed, and brought in.

People, applications and figures are in no bundle, nor is any key of a row: things refer to each other by code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.configuration import bundle_items, bundle_rules, bundle_units
from app.configuration.bundle_files import FORMAT, HEAD, SHAPE, Bringing, Files
from app.engine import transaction
from app.errors import Complaint, Incomplete
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

TAKEN_OUT = (
    bundle_units.units_out, bundle_items.items_out, bundle_rules.roles_out, bundle_rules.settings_out,
    bundle_rules.lamps_out, bundle_rules.paragraphs_out, bundle_rules.calendar_out,
)  # fmt: skip
# What others refer to comes first. The calendar comes last: nothing may be read by a version that a rehearsal undoes.
BROUGHT_IN = (
    bundle_units.units_in, bundle_items.items_in, bundle_rules.roles_in, bundle_rules.settings_in,
    bundle_rules.lamps_in, bundle_rules.paragraphs_in, bundle_rules.calendar_in,
)  # fmt: skip
WHOLE = frozenset({
    HEAD, *bundle_units.UNITS, bundle_rules.ROLES, bundle_rules.SETTINGS, bundle_rules.LAMPS, bundle_rules.PARAGRAPHS,
})  # fmt: skip
SAME, CHANGED, NEW, ONLY_HERE = "same", "changed", "new", "only_here"
FATES = {
    NEW: (N_("new here"), "green"), CHANGED: (N_("changed"), "blue"), ONLY_HERE: (N_("only here, and stays"), "grey"),
    SAME: (N_("unchanged"), "grey"),
}  # fmt: skip
NOT_OURS = N_("A bundle has no such file.")

Steps = tuple[str, ...]
"""The way to a value within a file."""


@dataclass(frozen=True)
class Difference:
    """One file against what holds here: its fate, and what it says otherwise, line by line."""

    name: str
    fate: str
    lines: list[tuple[Steps, Any, Any]]
    """Where, what holds here, what the bundle says; None stands for «not there»."""


class _UndoneError(Exception):
    """A rehearsal is over."""


def take_out(session: Session) -> Files:
    """The configuration that holds here."""
    files: Files = {HEAD: {"kind": "onewindow configuration", "format": FORMAT}}
    for part in TAKEN_OUT:
        files |= part(session)
    return files


def bring_in(session: Session, files: Files, by: str, note: str) -> None:
    """Make what the bundle says hold here, in the transaction at hand; Incomplete with everything that cannot."""
    bringing = Bringing(session, files, by, note)
    for name in files:
        if name not in WHOLE and not name.startswith((bundle_items.ITEMS, bundle_rules.CALENDAR)):
            bringing.complain(name, NOT_OURS)
    for part in BROUGHT_IN:
        try:
            part(bringing)
        except RecursionError:
            bringing.complain("", SHAPE)
    if bringing.complaints:
        raise Incomplete(bringing.complaints)


def rehearse(session: Session, files: Files, by: str) -> tuple[Complaint, ...]:
    """Everything that cannot be applied now; it is done as it would be, and undone."""

    def work() -> None:
        bring_in(session, files, by, "")
        raise _UndoneError

    try:
        transaction.run(session, work)
    except _UndoneError:
        return ()
    except Incomplete as refusal:
        return refusal.complaints
    return ()


def differences(here: Files, files: Files) -> list[Difference]:
    """File by file, what the bundle says otherwise; what differs first."""
    found = [_difference(name, here.get(name), files.get(name)) for name in sorted(here.keys() | files.keys())]
    order = [NEW, CHANGED, ONLY_HERE, SAME]
    return sorted(found, key=lambda each: order.index(each.fate))


def _difference(name: str, here: Any, there: Any) -> Difference:
    old, new = dict(_flat(here)), dict(_flat(there))
    lines = [(where, old.get(where), new.get(where)) for where in sorted(old.keys() | new.keys())]
    changed = [line for line in lines if repr(line[1]) != repr(line[2])]  # 1 is not yes
    if there is None:
        return Difference(name, ONLY_HERE, [])
    return Difference(name, NEW if here is None else CHANGED if changed else SAME, changed)


def _flat(said: Any, where: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every value with the way to it; lines of a list are known by their names."""
    if isinstance(said, dict):
        for key in said:
            yield from _flat(said[key], (*where, str(key)))
    elif isinstance(said, list) and said and all(isinstance(each, dict) and "name" in each for each in said):
        for each in said:
            rest = {key: value for key, value in each.items() if key != "name"}
            yield from _flat(rest, (*where, str(each["name"])))
    elif isinstance(said, list) and all(isinstance(each, str) for each in said):
        yield from (((*where, each), True) for each in said)
    elif said is not None:
        yield where, said
