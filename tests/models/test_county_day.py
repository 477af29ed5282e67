"""The database tells the day of a moment as the county's clocks do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import bindparam, select

from app.models.base import CountyDay, Moment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COUNTY, UTC = ZoneInfo("Asia/Shanghai"), ZoneInfo("UTC")


@pytest.mark.database
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 2, 0, 0, tzinfo=COUNTY), "2026-03-02"),
        (datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=COUNTY), "2026-03-02"),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "2026-03-02"),
        (datetime(2026, 7, 31, 15, 59, tzinfo=UTC), "2026-07-31"),
        (None, None),
    ],
)
def test_a_day_begins_and_ends_at_the_county_s_midnight(
    session: Session, moment: datetime | None, day: str | None
) -> None:
    assert session.scalar(select(CountyDay(bindparam("moment", moment, type_=Moment())))) == day
