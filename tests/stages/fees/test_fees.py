"""Fees and deposits: by the item's standard, by a public channel, and never to a private account (第十五条（七）)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.engine import scope
from app.engine.reading import pdf
from app.errors import Incomplete, NotAllowed, NotNow
from app.models.fees import Fee
from app.models.trail import Document, Event, RefusedAct
from tests.factories import APPLICANT, County, Line, charged

if TYPE_CHECKING:
    from flask import Flask


def on_the_way(county: County, state: str = "handed_over", *, deposit: bool = False) -> Line:
    """An application of an item with a fee, as far as `state`."""
    charged(county, deposit=deposit)
    return Line(county, item="I20").until(state)


def refused(county: County) -> list[RefusedAct]:
    county.session.rollback()
    with scope.unscoped(county.session):
        return list(county.session.scalars(select(RefusedAct).order_by(RefusedAct.id)))


@pytest.mark.database
def test_a_fee_comes_due_at_acceptance_is_notified_paid_and_only_then_the_result_leaves(county: County) -> None:
    line = on_the_way(county, "confirmed", deposit=True)
    assert county.rows(Fee, line.id) == []
    line.accept()
    assert [(f.kind, f.state, f.unit_price) for f in county.rows(Fee, line.id)] == [
        ("fee", "due", Decimal("0.50")),
        ("deposit", "due", Decimal("10.00")),
    ]
    line.review().grant().make_certificate().hand_over().confirm_handover()
    with pytest.raises(NotNow, match="城市道路占用费.*占用道路恢复押金"):
        line.issue()
    line.notify_fee(quantity="120.5").notify_fee(kind="deposit", quantity="3")
    with pytest.raises(NotNow, match="Neither paid nor waived"):
        line.issue()
    line.pay()
    with pytest.raises(NotNow, match="占用道路恢复押金"):
        line.issue()
    line.pay(kind="deposit").issue()
    assert [(f.state, f.amount, f.method) for f in county.rows(Fee, line.id)] == [
        ("paid", Decimal("60.25"), "by_hand"),
        ("held", Decimal("30.00"), "by_hand"),
    ]
    assert county.application(line.id).state == "delivered"
