"""The end before a decision: withdrawn at the applicant's written wish, or lapsed because nobody came back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from app.errors import Incomplete, NotAllowed, NotNow
from app.models.archive import ArchiveFile, ArchivePage
from app.models.calendar import ClockRun
from app.models.correction import OwedMaterial
from app.models.custody import Piece, Slip
from app.models.trail import Document, Event, Notice
from app.stages.intake.duties import lapse_drafts
from app.supervision.verify import violations
from tests.factories import Line, tolerant

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")


def withdraw(line: Line, who: str = "clerk.town", **more: object) -> Line:
    line.do(who, "withdraw", request=line.county.file(who), **more)
    return line


def pieces(line: Line) -> list[Piece]:
    return line.county.rows(Piece, line.id)


def test_a_withdrawal_ends_everything_that_is_open_and_gives_back_what_is_here(county: County) -> None:
    tolerant(county)
    line = Line(county, item="I06").register().receive("paper")

    withdraw(line, returned=[pieces(line)[0].id], reason="另行申请")

    a = county.application(line.id)
    assert (a.state, a.closed_at is not None, a.next_due_at is not None) == ("withdrawn", True, True)
    assert [piece.holder for piece in pieces(line)] == ["applicant", a.centre.unit]
    assert [slip.state for slip in county.rows(Slip, line.id)] == ["returned"]
    assert [owed.state for owed in county.rows(OwedMaterial, line.id)] == ["ceased"]
    runs = county.rows(ClockRun, line.id)
    assert [run.clock for run in runs if run.stopped_at is None] == ["archive"]
    assert {run.outcome for run in runs if run.stopped_at} == {"void", "met"}  # the registration was kept in time
    paper = county.rows(Document, line.id)[-1]
    assert (paper.kind, [p["name"] for p in paper.facts["returned"]], paper.facts["outstanding"]) == (
        "withdrawal",
        ["申请表"],
        [],
    )
    assert ("approver", a.office.unit) in {(n.role, n.unit) for n in county.rows(Notice, line.id)}


def test_what_the_office_holds_is_named_as_still_to_go_back(county: County) -> None:
    line = Line(county).register().receive("paper").confirm_file().accept()
    withdraw(line, returned=[piece.id for piece in pieces(line)])
    facts = county.rows(Document, line.id)[-1].facts
    assert (facts["returned"], [p["name"] for p in facts["outstanding"]]) == ([], ["申请表", "身份证明"])
    assert {piece.holder for piece in pieces(line)} == {county.application(line.id).office.unit}


def test_a_withdrawn_file_is_archived_without_what_went_back_and_breaks_no_rule(county: County, tmp_path: Path) -> None:
    line = Line(county).register().receive("paper")
    [form, identity] = pieces(line)
    withdraw(line, returned=[form.id])
    sheets = [{"document_id": d.id, "pages": 1} for d in county.rows(Document, line.id)]
    line.archive(pages=[*sheets, {"material_id": identity.material_id, "pages": 1}]).confirm_archive()
    assert county.rows(ArchiveFile, line.id)[0].state == "filed"
    assert form.material_id not in {page.material_id for page in county.rows(ArchivePage, line.id)}
    assert [said for said in violations(county.session, tmp_path) if not said.startswith("23:")] == []


def test_a_registration_is_withdrawn_too_and_a_decision_is_not(county: County) -> None:
    line = withdraw(Line(county).register())
    assert county.application(line.id).state == "withdrawn"
    line.archive().confirm_archive()
    granted = Line(county).until("approved")
    with pytest.raises(NotNow, match="cannot be done in this state"):
        withdraw(granted)


def test_a_withdrawal_needs_the_written_request_and_returns_only_what_was_handed_in(county: County) -> None:
    line, other = Line(county).until("received"), Line(county).until("received")
    with pytest.raises(Incomplete) as refusal:
        line.do("clerk.town", "withdraw")
    assert [c.field for c in refusal.value.complaints] == ["request"]
    with pytest.raises(Incomplete) as refusal:
        withdraw(line, returned=[pieces(other)[0].id])
    assert [c.field for c in refusal.value.complaints] == ["returned"]
    with pytest.raises(NotAllowed):
        withdraw(line, "approver")


def test_a_registration_nobody_returned_to_lapses_and_is_in_no_ledger(
    county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county).register()
    clock.shift(timedelta(days=20))
    alive = Line(county).register()
    with pytest.raises(NotAllowed):
        line.do("clerk.town", "lapse")
    assert lapse_drafts(county.session, datetime.now(CHINA)).seen == 0
    clock.move_to(datetime(2026, 4, 15, 18, 30, tzinfo=CHINA))

    tally = lapse_drafts(county.session, datetime.now(CHINA))

    assert (tally.seen, tally.raised, tally.failed) == (1, 1, 0)
    a = county.application(line.id)
    assert (a.state, a.closed_at, a.next_due_at) == ("lapsed", None, None)
    assert county.application(alive.id).state == "draft"
    event = county.rows(Event, line.id)[-1]
    assert (event.act, event.role, event.actor_id) == ("lapse", "system", None)
    assert [n.user_id is not None for n in county.rows(Notice, line.id)] == [True]
    assert not county.rows(ArchiveFile, line.id)
    with pytest.raises(NotNow):
        line.receive()


def test_the_applicant_is_reminded_once_a_day_of_what_is_awaited(county: County, clock: time_machine.Traveller) -> None:
    tolerant(county)
    line, nothing = Line(county, item="I06").register().receive(), Line(county).until("received")
    said = {"message": "请尽快补交平面图", "by": "phone"}
    with pytest.raises(NotNow, match="Nothing is awaited"):
        nothing.do("clerk.town", "remind_applicant", **said)
    version = county.application(line.id).version
    line.do("approver", "remind_applicant", **said)
    with pytest.raises(NotNow, match="today already"):
        line.do("clerk.town", "remind_applicant", **said)
    clock.shift(timedelta(days=1))
    line.do("clerk.town", "remind_applicant", message="请尽快补交平面图", by="sms")
    assert county.application(line.id).version == version
    with pytest.raises(NotAllowed):
        line.do("cert", "remind_applicant", **said)
