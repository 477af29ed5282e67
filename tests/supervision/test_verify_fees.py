"""`flask verify` finds a result that left unpaid, and a fee that neither its item nor its acts know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.supervision.verify import violations
from tests.factories import County, Line, charged
from tests.stages.fees.test_waivers_and_deposits import BACK, WAIVED
from tests.supervision.tampering import tamper

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine

BROKEN = [
    ("UPDATE fee SET settled_at = '2027-01-01 00:00:00' WHERE id = 1", "the result left while fee 1 was paid"),
    ("UPDATE fee SET payment_no = 'HN9999999' WHERE id = 1", "fee 1 was paid under HN9999999, and no act says so"),
    ("UPDATE fee SET amount = 1 WHERE id = 1", "fee 1 asks for 1.00, and its standard times 120.00 is something else"),
    ("UPDATE fee SET unit_price = 0.01 WHERE id = 1", "the fee «城市道路占用费» is not what its item charges"),
    ("DELETE FROM fee WHERE id = 4", "the deposit «占用道路恢复押金» is not what its item charges"),
    ("UPDATE fee SET refunded_at = '2026-03-02 09:00:00' WHERE id = 2", "deposit 2 is refunded, and no act says so"),
    ("UPDATE fee SET settled_at = '2026-03-02 09:00:00' WHERE id = 3", "fee 3 is waived, and no act says so"),
]  # fmt: skip


def test_fees_are_looked_at(county: County, tmp_path: Path, clock: time_machine.Traveller) -> None:
    charged(county)
    line = Line(county, item="I20").until("handed_over")
    line.notify_fee().pay().notify_fee(kind="deposit", quantity="6").pay(kind="deposit").issue()
    waived = Line(county, clerk="clerk2.town", item="I20").until("accepted")
    clock.shift(60)
    for each, move, data in ((line.fee("deposit"), "refund", BACK), (waived.fee(), "waive", WAIVED)):
        from app.engine.perform_object import perform_object

        perform_object(county.session, "fee", move, each.id, county.actor("head"), data, each.version)

    def found() -> list[str]:
        return [said for said in violations(county.session, tmp_path) if not said.startswith("23:")]

    assert found() == []
    for statement, wanted in BROKEN:
        tamper(county.session, statement)
        assert any(said.startswith("21:") and wanted in said for said in found()), (statement, found())
