"""A county whose offices owe ledgers, two departments with accounts, and what was built."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.engine import ledgers, scope
from app.engine.ledgers import Installation
from app.engine.now import now
from app.law.workdays import ZONE
from app.models.catalogue import Item
from app.models.ledger import LedgerBatch, LedgerRow
from app.models.organisation import IndustryDepartment, Staff
from tests.factories import County, made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import time_machine

PUBLIC_URL = "https://window.tunchang.example"


class Reporting:
    """What the tests of this room ask for again and again."""

    def __init__(self, county: County, clock: time_machine.Traveller) -> None:
        self.county, self.session, self._clock = county, county.session, clock
        self.office, self.other_office = county.office("NL"), county.office("SC")
        self.department = self.session.scalars(select(IndustryDepartment)).one()
        self.other_department = IndustryDepartment(**made(code="SCJG", name="市场监管局", mail="scjg@county.example"))
        self.department.mail = "ly@county.example"
        self.session.add(self.other_department)
        self.session.flush()
        for code in ("I04", "I05"):
            self.session.scalars(select(Item).where(Item.code == code)).one().department_id = self.other_department.id
        staff = self.session.get_one(Staff, county.staff("department"))
        staff.department_id = self.department.id
        self.session.commit()

    def at(self, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Let it be this moment of 2026."""
        self._clock.move_to(datetime(2026, month, day, hour, minute, tzinfo=ZONE))

    def build(self) -> Any:
        """Build what is due now."""
        return ledgers.build(self.session, now())

    def batches(self, **of: int) -> list[LedgerBatch]:
        """The ledgers, of one office if it is named, the earliest first."""
        with scope.unscoped(self.session):
            self.session.rollback()
            query = select(LedgerBatch).order_by(LedgerBatch.week_from, LedgerBatch.id)
            return list(self.session.scalars(query.filter_by(**of).execution_options(populate_existing=True)))

    def own(self) -> list[LedgerBatch]:
        """The ledgers of the forest department."""
        return self.batches(department_id=self.department.id)

    def rows(self, batch: LedgerBatch) -> list[LedgerRow]:
        """The lines of a ledger."""
        with scope.unscoped(self.session):
            query = select(LedgerRow).where(LedgerRow.batch_id == batch.id).order_by(LedgerRow.position)
            return list(self.session.scalars(query))


@pytest.fixture
def reporting(county: County, clock: time_machine.Traveller) -> Reporting:
    return Reporting(county, clock)


@pytest.fixture
def sends_to() -> Iterator[Callable[[str], None]]:
    """Tell this process where it sends its ledgers."""
    yield lambda address: ledgers.configure(Installation(address, PUBLIC_URL))
    ledgers.configure(Installation())
