"""`flask verify` finds what was changed behind the house's back of suspensions, pauses, extensions and refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.engine import files
from app.supervision.verify import violations
from tests.factories import Line
from tests.supervision.tampering import tamper

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine

    from tests.factories import County

CHANGED = [
    # what is changed, how it is put back, what is said
    ("UPDATE suspension SET state = 'running' WHERE id = 1", "UPDATE suspension SET state = 'ended' WHERE id = 1",
     "10: application TC-20260302-0001: its state is refused, and its suspensions say otherwise"),
    ("UPDATE suspension SET requester_id = 1 WHERE id = 1", "UPDATE suspension SET requester_id = {approver} WHERE id = 1",
     "suspension 1 (site_survey) is ended, and no act «request_suspension» of 2026-03-03 10:00 says so"),
    ("UPDATE suspension SET ended_at = '2026-03-12 02:00:00' WHERE id = 1",
     "UPDATE suspension SET ended_at = '2026-03-05 02:00:00' WHERE id = 1",
     "suspension 2 (appraisal) began before suspension 1 (site_survey) had ended"),
    ("UPDATE suspension SET requested_at = '2026-03-01 02:00:00' WHERE id = 1",
     "UPDATE suspension SET requested_at = '2026-03-03 02:00:00' WHERE id = 1",
     "suspension 1 (site_survey) was asked for before the acceptance"),
    ("UPDATE suspension SET kind = 'hearing' WHERE id = 1", "UPDATE suspension SET kind = 'site_survey' WHERE id = 1",
     "suspension 1 (hearing) did not pause the clock statutory"),
    ("UPDATE suspension SET kind = 'site_survey' WHERE id = 2", "UPDATE suspension SET kind = 'appraisal' WHERE id = 2",
     "is of no suspension that pauses this clock"),
    ("UPDATE clock_pause SET last_day = '2026-03-09' WHERE suspension_id = 1",
     "UPDATE clock_pause SET last_day = '2026-03-05' WHERE suspension_id = 1",
     "lasts from 2026-03-03 to 2026-03-09, unlike suspension 1"),
    ("UPDATE clock_pause SET last_day = '2026-03-09' WHERE suspension_id = 1",
     "UPDATE clock_pause SET last_day = '2026-03-05' WHERE suspension_id = 1",
     "9: application TC-20260302-0001: run 1 of the clock promised"),
    ("UPDATE clock_run SET extension = 4 WHERE clock = 'statutory'",
     "UPDATE clock_run SET extension = 2 WHERE clock = 'statutory'",
     "9: application TC-20260302-0001: run 1 of the clock statutory"),
    ("UPDATE clock_run SET paused_on = '2026-03-03' WHERE clock = 'promised'",
     "UPDATE clock_run SET paused_on = NULL WHERE clock = 'promised'",
     "says it is paused on 2026-03-03, its pauses do not"),
    (("INSERT INTO alert (application_id, clock_run_id, clock, level, due_on, raised_at, created_by) "
      "SELECT application_id, id, clock, 'yellow', due_on, '2026-03-04 02:00:00', 'checker' FROM clock_run "
      "WHERE clock = 'promised'"),
     "DELETE FROM alert", "(promised) was raised while the clock was paused"),
    ("UPDATE decision SET content = '另有理由'", "UPDATE decision SET content = '权属有争议的林木不予核发采伐许可'",
     "18: application TC-20260302-0001: decision 1 is not what event"),
]  # fmt: skip


@pytest.fixture
def refused(county: County, clock: time_machine.Traveller, tmp_path: Path) -> County:
    """One application, surveyed, extended, appraised and refused."""
    files.configure(tmp_path / "uploads")
    line = Line(county).until("accepted")
    for days, act in ((1, line.suspend), (2, line.resume), (1, _extended), (3, line.suspend), (2, line.resume)):
        clock.shift(timedelta(days=days))
        kind = ("site_survey",) if days == 1 and act == line.suspend else ()
        act(line) if act is _extended else act(*kind)
    clock.shift(timedelta(days=1))
    line.review(conclusion="refuse").refuse()
    line.do("leader", "approve_refusal", opinion="同意")
    return county


def _extended(line: Line) -> None:
    line.do("leader", "extend", days=2, reason="案情复杂，需要进一步核实")


def test_what_was_changed_behind_its_back_is_named(refused: County, tmp_path: Path) -> None:
    session = refused.session
    approver = refused.actor("approver").user_id
    assert list(violations(session, tmp_path)) == []
    for change, back, sentence in CHANGED:
        tamper(session, change)
        found = list(violations(session, tmp_path))
        assert any(sentence in line for line in found), (change, found)
        tamper(session, back.format(approver=approver))
    assert list(violations(session, tmp_path)) == []
