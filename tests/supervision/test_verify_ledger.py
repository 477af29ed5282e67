"""`flask verify` finds a ledger that no longer says what was sealed, and an application that is in none or in two."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.engine import ledgers
from app.engine.now import now
from app.law.workdays import ZONE
from app.supervision.verify import violations
from tests.factories import Line
from tests.supervision.tampering import tamper

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import time_machine

    from tests.factories import County

BROKEN = {
    "its lines are not those that were sealed": [
        "UPDATE ledger_row SET facts = replace(facts, 'granted', 'refused') WHERE id = 1",
        "UPDATE ledger_row SET changed = '[\"result\"]' WHERE id = 1",
        "UPDATE ledger_row SET application_id = 2 WHERE id = 1",
        "DELETE FROM ledger_row WHERE id = 1",
    ],
    "says another count than it has lines": ["UPDATE ledger_batch SET closed_count = 7 WHERE id = 1"],
    "its head is not what was sealed": [
        "UPDATE ledger_batch SET week_to = '2026-03-09' WHERE id = 1",
        "UPDATE ledger_batch SET department_id = 99 WHERE id = 1",
        "UPDATE ledger_batch SET hash = 'x' WHERE id = 1",
        "UPDATE ledger_batch SET previous_hash = 'x' WHERE id = 1",
    ],
    "its workbook is missing or was changed": [
        "UPDATE ledger_workbook SET content = x'00' WHERE batch_id = 1",
        "UPDATE ledger_batch SET workbook_sha256 = 'x' WHERE id = 1",
        "DELETE FROM ledger_workbook WHERE batch_id = 1",
    ],
    "does not follow": ["UPDATE ledger_batch SET previous_hash = 'x' WHERE week_from = '2026-03-09'"],
    "follows one that is not there": ["DELETE FROM ledger_batch WHERE week_from = '2026-03-02'"],
    "is in no weekly ledger": ["DELETE FROM ledger_row WHERE id = 1"],
    "is in 2 weekly ledgers": [
        """INSERT INTO ledger_row (batch_id, application_id, position, kind, changed, facts)
        SELECT 2, application_id, 9, kind, changed, facts FROM ledger_row WHERE id = 1"""
    ],
    "which is not that of its office": ["UPDATE application SET office_id = 2 WHERE id = 1"],
    "was closed after its week": ["UPDATE application SET closed_at = '2026-03-12 00:00:00' WHERE id = 1"],
    "is not closed": ["UPDATE application SET closed_at = NULL WHERE id = 1"],
}


@pytest.fixture
def told(county: County, clock: time_machine.Traveller, once: Callable[..., None]) -> County:
    """Two weeks told of; the second ledger has a later change of the first one's application."""
    once(_tell, county, clock)
    return county


def _tell(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 3, 3, 10, tzinfo=ZONE))
    line = Line(county).until("certified")
    clock.move_to(datetime(2026, 3, 9, 8, tzinfo=ZONE))
    ledgers.build(county.session, now())
    line.hand_over().confirm_handover().issue()
    Line(county).until("certified")
    clock.move_to(datetime(2026, 3, 16, 8, tzinfo=ZONE))
    ledgers.build(county.session, now())


def _found(county: County, folder: Path) -> list[str]:
    return [said for said in violations(county.session, folder) if said.startswith("29:")]


def test_what_was_built_is_sound_and_an_application_of_a_week_to_come_is_not_missed(
    told: County, tmp_path: Path
) -> None:
    Line(told).until("certified")
    assert [said for said in violations(told.session, tmp_path) if not said.startswith("23:")] == []


@pytest.mark.parametrize(
    ("sentence", "statement"), [(said, each) for said, statements in BROKEN.items() for each in statements]
)
def test_whatever_was_changed_is_named(told: County, tmp_path: Path, sentence: str, statement: str) -> None:
    tamper(told.session, "DROP INDEX closed_in_one_ledger", statement)
    assert any(sentence in said for said in _found(told, tmp_path)), _found(told, tmp_path)


def test_a_number_that_is_none_is_named(told: County, tmp_path: Path) -> None:
    told.session.rollback()
    tamper(told.session, "UPDATE ledger_batch SET number = '屯审(台)〔2026〕0号' WHERE id = 1")
    assert any("is no number of the kind weekly_ledger" in said for said in violations(told.session, tmp_path))
    assert told.session.scalar(text("SELECT count(*) FROM ledger_batch")) == 4
