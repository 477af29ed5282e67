"""Are the facts of a paper complete? A document is fixed once and must print for ever after."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

from app.engine.paper_facts import PAPERS


def complaints(kind: str, facts: Mapping[str, Any]) -> list[str]:
    """What keeps these facts from being printed, one line a fault (`lines[2].name: blank`); empty when all is well.

    Wanting: a required key, a required text that is blank, a value of another type or outside its code set, and a key
    that has no business on this paper (so that no whole ID number slips onto a masked one).
    """
    return list(_faults(PAPERS[kind].facts, facts, ""))


def _faults(wanted: Any, value: Any, path: str) -> list[str]:
    """The faults of one value against its annotation."""
    if is_typeddict(wanted):
        return _dict_faults(wanted, value, path) if isinstance(value, Mapping) else [f"{path}: not a group of facts"]
    if get_origin(wanted) is list:
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        line = get_args(wanted)[0]
        return [fault for i, each in enumerate(value) for fault in _faults(line, each, f"{path}[{i}]")]
    if get_origin(wanted) is Literal:
        return [] if value in get_args(wanted) else [f"{path}: {value!r} is none of {', '.join(get_args(wanted))}"]
    if type(value) is not wanted:
        return [f"{path}: not {wanted.__name__}"]
    return [f"{path}: blank"] if isinstance(value, str) and not value.strip() else []


@cache
def _hints(wanted: Any) -> dict[str, Any]:
    return get_type_hints(wanted)


def _dict_faults(wanted: Any, value: Mapping[str, Any], path: str) -> list[str]:
    """The faults of a group of facts: what is missing, what is wrong, what is too much."""
    hints = _hints(wanted)
    prefix = f"{path}." if path else ""
    faults = [f"{prefix}{key}: missing" for key in sorted(wanted.__required_keys__ - value.keys())]
    faults += [f"{prefix}{key}: has no business on this paper" for key in sorted(value.keys() - hints.keys())]
    for key, kind in hints.items():
        if key in value:
            faults += _faults(kind, value[key], f"{prefix}{key}")
    return faults
