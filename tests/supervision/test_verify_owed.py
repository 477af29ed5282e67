"""`flask verify` finds what left while something was owed, and an owed material that its clock and acts deny."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.supervision.verify import violations
from tests.factories import Line, tolerant
from tests.supervision.tampering import tamper

if TYPE_CHECKING:
    from pathlib import Path

    from tests.factories import County

BROKEN = [
    ("UPDATE event SET payload = '{}' WHERE act = 'collect_supplement'", "9: application TC-20260302-0001: owed material 1"),
    ("UPDATE owed_material SET due_on = '2026-03-20'", "due on 2026-03-20, and its clock says otherwise"),
    ("UPDATE owed_material SET state = 'open', settled_at = NULL", "21: application TC-20260302-0001: the result left"),
    ("UPDATE event SET actor_id = (SELECT actor_id FROM event WHERE act = 'review') WHERE act = 'collect_supplement'",
     "did «collect_supplement» (event 10) and «review»"),
]  # fmt: skip


def test_what_is_owed_and_how_it_ended_is_looked_at(county: County, tmp_path: Path) -> None:
    tolerant(county)
    line = Line(county, item="I06").register().receive().confirm_file().accept().review().grant().make_certificate()
    line.hand_over().confirm_handover().collect("clerk2.town").issue().archive().confirm_archive()

    def found() -> list[str]:
        return [said for said in violations(county.session, tmp_path) if not said.startswith("23:")]

    assert found() == []
    for statement, wanted in BROKEN:
        tamper(county.session, statement)
        assert any(wanted in said for said in found()), (statement, found())
