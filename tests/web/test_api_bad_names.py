"""Every act, asked over the API about things that are not there, not of this application, or named twice."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from app.models.trail import Event
from tests.factories import Line
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.factories import County

ABSENT = (999_999, 2**53, 2**63, -1, 0, "1 or 1=1", [1])
FILES = {"scan", "signature", "file"}
REFUSED = {(403, "not_allowed"), (409, "not_now"), (422, "incomplete")}


def spoiled(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The input with one name after the other replaced by one that cannot be, and with lines that stand twice."""
    for path in names(data):
        for absent in ABSENT:
            wrong = copy.deepcopy(data)
            place = wrong
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = absent
            yield wrong
    for field, value in data.items():
        if isinstance(value, list) and value:
            yield {**data, field: [*value, value[0]]}
            yield {**data, field: []}


def names(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(found, dict):
        for key, value in found.items():
            if isinstance(value, int) and (key.endswith("_id") or key in FILES):
                yield (*path, key)
            yield from names(value, (*path, key))
    elif isinstance(found, list) and found:
        yield from names(found[0], (*path, 0))


@pytest.mark.database
def test_what_is_not_there_is_refused_by_a_sentence_in_every_act(app: Flask, county: County) -> None:
    programs: dict[str, Program] = {}
    line, tried = Line(county), 0
    conduct = county.do

    def spoil_first(who: str, act: str, application: int | None, data: dict[str, Any]) -> dict[str, Any]:
        nonlocal tried
        if application is not None:
            program = programs.get(who) or programs.setdefault(who, Program(app, county, who))
            version = county.application(application).version
            for wrong in spoiled(data):
                answer = program.post(f"application/{application}/transitions/{act}", {"version": version, **wrong})
                assert answer.status_code in {403, 409, 422}, (act, wrong, answer.text)
                assert error(answer) in REFUSED
                tried += 1
        return conduct(who, act, application, data)

    county.do = spoil_first
    line.until("filed")
    assert tried > 80
    assert len(county.rows(Event, line.id)) == county.application(line.id).version == 12
