"""What is rated badly is seen to: contact within a working day, a reply within five, and never by whoever served."""

from __future__ import annotations

from tests.factories import County
from tests.stages.rating.ratings import badly_rated, on_order, rating_of


def test_x(county: County) -> None:
    line = badly_rated(county)
    rating = rating_of(county, line)
    print(vars(rating))
    on_order(county, "manager.hall", "rating", rating.id, "contact", way="phone", note="已电话致歉。")
    assert 0
