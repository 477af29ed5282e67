"""Satisfaction in figures is what the rows within reach say (invariant 31)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text, update

from app.engine import scope
from app.engine.now import now
from app.models.application import Application
from app.models.rating import Rating
from app.stages.rating.figures import satisfaction
from tests.factories import County, Line
from tests.stages.rating.ratings import complained, finished, on_order, rate, rating_of
from tests.web.at_work import at_work

if TYPE_CHECKING:
    import time_machine
    from flask import Flask


def measured(county: County, who: str, **days: date | None) -> dict[str, object]:
    """The whole as somebody sees it."""
    county.session.rollback()
    scope.bind(county.session, county.actor(who))
    given = {"since": None, "until": None, **days}
    found = satisfaction(county.session, now(), **given, demo=False)
    return {"rate": found.total.rate, **{name: count for name, count in found.total.of.items() if count}}


def world(county: County) -> None:
    """In the hall grades 1, 2, 4 and a voided 5; in the town of the other office a 3; two complaints."""
    for grade in (1, 2, 4):
        rate(county, finished(county), grade)
    void = finished(county)
    rate(county, void, 5)
    pk = rating_of(county, void).id
    on_order(county, "manager.hall", "rating", pk, "appeal", reason="与申请人核实，是误按，并非差评。")
    on_order(county, "supervisor", "rating", pk, "void", reason="核实为误评。")
    town = Line(county, clerk="clerk.other", item="I04").register().receive().confirm_file("approver.other")
    town.accept("approver.other").review("approver.other").grant("head.other").make_certificate().hand_over()
    rate(county, town.confirm_handover("clerk.other").issue("clerk.other"), 3)
    finished(county).do("clerk.hall", "remind_rating", channel="qr")
    complained(county)
    complained(county, office=county.office("SC").id)


@pytest.mark.database
def test_the_figures_are_those_of_the_rows_within_reach(county: County, clock: time_machine.Traveller) -> None:
    world(county)
    clock.shift(3 * 24 * 3600)
    hall = {
        "rate": "66.7%", "grade1": 1, "grade2": 1, "grade4": 1, "finished": 5, "unreminded": 4, "orders_open": 1,
        "orders_late": 1,
    }  # fmt: skip
    hall_s_complaint = {"complaints": 1, "complaints_open": 1, "complaints_late": 1}
    everything = {name: value * 2 if name.startswith("complaints") else value
                  for name, value in {**hall, **hall_s_complaint}.items()}  # fmt: skip
    everything |= {"rate": "75.0%", "grade3": 1, "finished": 6, "unreminded": 5}
    assert measured(county, "manager.hall") == {**hall, **hall_s_complaint}
    assert measured(county, "head") == hall  # all of the hall's matters are of this office
    assert measured(county, "supervisor") == measured(county, "leader") == everything
    only_town = {"rate": "100.0%", "grade3": 1, "finished": 1, "unreminded": 1}
    assert measured(county, "head.other") == {**only_town, **hall_s_complaint}


def test_each_figure_is_counted_anew_row_by_row(county: County) -> None:
    world(county)
    for who in ("manager.hall", "head.other", "supervisor"):
        county.session.rollback()
        scope.bind(county.session, county.actor(who))
        seen = list(county.session.scalars(select(Rating)))
        found = satisfaction(county.session, now(), None, None, demo=False)
        for grade in range(1, 6):
            counted = sum(each.grade == grade and each.state != "voided" for each in seen)
            assert found.total.of[f"grade{grade}"] == counted, (who, grade)
        assert found.total.of["finished"] == len(seen)
        for part in (found.centres, found.offices, found.items):
            assert sum(each.of["finished"] for each in part) == len(seen)


def test_days_and_the_demo_are_left_out(county: County) -> None:
    rate(county, finished(county), 1)
    assert measured(county, "supervisor", until=date(2026, 3, 1)) == {"rate": "—"}
    assert measured(county, "supervisor", since=date(2026, 3, 2), until=date(2026, 3, 2))["grade1"] == 1
    with scope.unscoped(county.session):
        county.session.execute(update(Application).values(is_demo=True))
        county.session.commit()
    assert measured(county, "supervisor") == {"rate": "—"}


def test_the_page_is_for_those_who_oversee(app: Flask, county: County) -> None:
    rate(county, finished(county), 1)
    for who, status in (("manager.hall", 200), ("head", 200), ("leader", 200), ("supervisor", 200), ("clerk.hall", 403),
                        ("admin", 403), ("approver", 403)):  # fmt: skip
        page = at_work(app, who).get("/satisfaction/?since=2026-03-01&until=nonsense")
        assert page.status_code == status, who
        assert ("100.0%" in page.text) is (status == 200), who
    assert "100.0%" not in at_work(app, "head.other").get("/satisfaction/").text


def test_a_matter_has_one_rating_and_none_without_a_grade(county: County) -> None:
    line = finished(county)
    rating = rating_of(county, line)
    for wrong in (
        f"update rating set grade = 3 where id = {rating.id}",  # invited, and yet graded
        f"update rating set state = 'rated', rated_at = invited_at where id = {rating.id}",  # rated without a grade
        f"update rating set token = 'mine' where id = {rating.id}",
        f"delete from rating where id = {rating.id}",
    ):
        with pytest.raises(Exception, match=r"CHECK|history"):
            county.session.execute(text(wrong))
        county.session.rollback()
