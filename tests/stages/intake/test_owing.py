"""容缺: a window takes the papers without one that may follow; what is owed has its day, its commitment and its clock."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from app.errors import Incomplete, NotAllowed
from app.law.limits import Limit, longest_owed
from app.models.application import ApplicationMaterial
from app.models.calendar import ClockRun
from app.models.correction import OwedMaterial
from app.models.trail import Document
from tests.factories import Line, tolerant

if TYPE_CHECKING:
    import time_machine

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def line(county: County) -> Line:
    """A registration whose plan may follow."""
    tolerant(county)
    return Line(county, item="I06").register()


def wrong(line: Line, **changes: Any) -> dict[str, str]:
    """What is wrong with a receipt, by its field."""
    with pytest.raises(Incomplete) as refusal:
        line.receive(**changes)
    return {each.field: each.sentence % each.params for each in refusal.value.complaints}


@pytest.mark.req(60)
def test_what_follows_is_written_down_with_its_day_a_commitment_and_a_clock_of_its_own(line: Line) -> None:
    county = line.county
    due = date(2026, 3, 9)

    line.receive("paper")

    [owed] = county.rows(OwedMaterial, line.id)
    assert (owed.state, owed.how, owed.due_on, owed.commitment_id is not None) == ("open", "window", due, True)
    [run] = [run for run in county.rows(ClockRun, line.id) if run.clock == "owed"]
    assert (run.due_on, run.subject_id, run.due_at.hour) == (due, owed.id, 17)
    assert [m.status for m in county.rows(ApplicationMaterial, line.id)][-1] == "tolerated"
    papers = {d.kind: d.facts for d in county.rows(Document, line.id)}
    assert list(papers) == ["receipt_voucher", "shortage_commitment", "transfer_slip"]
    said = {"name": "平面图", "requirement": "按比例绘制，标明各功能间", "how": "window",
            "due": {"date": "2026-03-09", "provisional": False}}  # fmt: skip
    assert papers["receipt_voucher"]["owed"] == papers["shortage_commitment"]["owed"] == [said]


@pytest.mark.req(60)
@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"requirement": ""}, "owed.0.requirement", "Too short"),
        ({"due": None}, "owed.0.due", "needed"),
        ({"due": "2026-03-10"}, "owed.0.due", "At the latest on 2026-03-09"),
        ({"due": "2026-03-01"}, "owed.0.due", "This day is over"),
        ({"how": "pigeon"}, "owed.0.how", "Not one of the choices"),
    ],
)
def test_without_requirement_or_day_or_with_a_day_too_late_or_over_nothing_is_taken(
    line: Line, change: dict[str, Any], field: str, sentence: str
) -> None:
    found = wrong(line, owed=[{**line.owed()[0], **change}])
    assert list(found) == [field]
    assert sentence in found[field]
    assert line.county.application(line.id).state == "draft"


def test_a_tolerated_material_needs_its_line_and_a_commitment_and_only_it_has_one(line: Line) -> None:
    assert wrong(line, owed=[], commitment=None).keys() == {"owed", "commitment"}
    form = line.county.rows(ApplicationMaterial, line.id)[0].id
    of_another = {**line.owed()[0], "material_id": form}
    assert wrong(line, owed=[*line.owed(), of_another]).keys() == {"owed.1.material_id"}
    other = Line(line.county, item="I04").register()
    foreign = {**of_another, "material_id": line.county.rows(ApplicationMaterial, other.id)[0].id}
    with pytest.raises(NotAllowed, match="published list"):
        line.receive(owed=[*line.owed(), foreign])


def test_a_core_material_never_follows_whatever_its_list_says(county: County) -> None:
    item = tolerant(county)
    item.materials[-1].is_core = True
    county.session.commit()
    assert "one-time notice" in wrong(Line(county, item="I06").register())["materials.3.status"]


def test_something_is_taken_and_paper_goes_only_where_there_is_paper(line: Line) -> None:
    materials = line.materials()
    for each in materials[:2]:
        each |= {"form": "electronic", "copy_verified": False}
    assert list(wrong(line, materials=materials, sent_as="paper")) == ["sent_as"]
    materials[1] |= {"status": "shared"}
    materials[0] |= {"status": "shared"}
    assert "Nothing was taken." in wrong(line, materials=materials).values()


def test_of_an_instant_item_a_material_is_owed_its_own_days_and_five_at_most() -> None:
    assert longest_owed(8, 30, instant=False) == Limit(8)
    assert [longest_owed(0, days, instant=True) for days in (2, 30)] == [Limit(2), Limit(5)]


def test_the_last_day_counts_from_the_receipt_over_a_holiday(county: County, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 9, 24, 10, 0, tzinfo=CHINA))
    tolerant(county)
    line = Line(county, item="I06").register()
    late = [{**line.owed()[0], "due": "2026-10-10"}]
    assert "2026-10-09" in wrong(line, owed=late)["owed.0.due"]
    line.receive(owed=[{**late[0], "due": "2026-10-09"}])


def test_the_acceptance_notice_says_what_is_still_owed(line: Line) -> None:
    line.receive().confirm_file().accept()
    notice = next(d for d in line.county.rows(Document, line.id) if d.kind == "acceptance_notice")
    assert [each["name"] for each in notice.facts["owed"]] == ["平面图"]
    assert "容缺" in notice.paragraphs["basis"]
