"""Who sees which rows: everybody the own, whatever compiled statement they share with others."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import scope
from app.engine.actors import Actor, Grant
from app.law.roles import Role
from app.models.application import Application
from app.models.trail import Event
from tests.factories import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

    from tests.factories import County


def _some_of(ids: Iterable[int]) -> Iterator[frozenset[int]]:
    there = sorted(ids)
    return map(frozenset, chain.from_iterable(combinations(there, n) for n in range(len(there) + 1)))


@pytest.mark.database
def test_each_reach_shows_its_own_rows_though_all_ask_by_one_statement(county: County, engine: Engine) -> None:
    for clerk, item in (("clerk.town", "I12"), ("clerk.other", "I04"), ("clerk.hall", "I04")):
        Line(county, clerk=clerk, item=item).register()
    county.session.close()
    with Session(engine) as session:
        with scope.unscoped(session):
            places = {a.id: (a.centre_id, a.office_id) for a in session.scalars(select(Application))}
        ids = set(chain.from_iterable(places.values()))
        assert len(places) == 3
        assert len(set(places.values())) == 3
        for centres in _some_of(ids):
            for offices in _some_of(ids):  # also the same numbers, which are then bound as one value
                clerk = Grant(Role.TOWN_CLERK, frozenset(), centres=centres)
                approver = Grant(Role.APPROVER, frozenset(), offices=offices)
                actor = Actor(min(ids), "somebody", "某人", (clerk, approver))
                scope.bind(session, actor)
                within = {pk for pk, place in places.items() if actor.sees(*place)}
                assert set(session.scalars(select(Application.id))) == within
                assert set(session.scalars(select(Event.application_id))) == within


def test_whoever_was_not_bound_or_is_nobody_sees_nothing(county: County, engine: Engine) -> None:
    Line(county).register()
    county.session.close()
    with Session(engine) as session:
        assert session.scalars(select(Application)).all() == []
        scope.bind(session, None)
        assert session.scalars(select(Application)).all() == []
