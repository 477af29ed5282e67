"""Each week's closings come together in one sealed ledger for each office and department (第十五条（十）)."""

from __future__ import annotations

import io
from datetime import date
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.engine import ledgers, scope
from app.engine.actors import SYSTEM
from app.engine.ledgers import Installation
from app.engine.now import now
from app.engine.perform_object import perform_object
from app.errors import Incomplete, NotFound, NotNow
from app.jobs import tick
from app.models.application import Application
from app.models.archive import ArchivePage
from app.models.ledger import LedgerBatch, LedgerRow, LedgerWorkbook
from app.models.trail import Event
from tests.factories import County, Line
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from flask import Flask

    from tests.stages.reporting.conftest import Reporting


def _weeks(batches: list[LedgerBatch]) -> list[tuple[date, int, int]]:
    return [(batch.week_from, batch.closed_count, batch.change_count) for batch in batches]


@pytest.mark.database
@pytest.mark.req(95)
def test_on_the_first_working_day_last_week_is_told_to_each_department_an_empty_ledger_too(
    app: Flask, county: County, reporting: Reporting
) -> None:
    """2026-11-23 tells of 11-16 to 11-22, once; who runs it again finds nothing to do, and page and API show it."""
    reporting.at(11, 15, 23, 59)
    early = Line(county).until("certified")  # the Sunday before
    reporting.at(11, 16, 0, 0)
    first = Line(county).until("certified")
    reporting.at(11, 22, 23, 59)
    last = Line(county, item="I13", clerk="clerk.hall", mode="pickup").until("certified")
    Line(county).until("approved")  # not closed
    reporting.at(11, 23, 7, 31)
    Line(county).until("certified")  # closed in the week that has just begun
    tick(county.session)
    own = reporting.own()
    assert [batch.week_from for batch in own] == [date(2026, 11, 9), date(2026, 11, 16)]
    assert (own[1].week_to, own[1].office_id) == (date(2026, 11, 22), reporting.office.id)
    assert [row.application_id for row in reporting.rows(own[0])] == [early.id]
    assert [row.application_id for row in reporting.rows(own[1])] == [first.id, last.id]
    empty = reporting.batches(department_id=reporting.other_department.id)
    assert _weeks(empty) == [(date(2026, 11, 16), 0, 0)]
    before = [(b.id, b.number, b.hash, b.version) for b in reporting.batches()]
    for again in (reporting.build(), reporting.build()):
        assert (again.seen, again.raised) == (0, 0)
    assert [(b.id, b.number, b.hash, b.version) for b in reporting.batches()] == before
    shown = Program(app, county, "head").get("ledger/").json["result"]
    assert sorted((each["week_from"], each["closed_count"]) for each in shown) == [("2026-11-09", 1), ("2026-11-16", 2)]


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        ((2, 9), [date(2026, 2, 2)]),
        ((2, 14), [date(2026, 2, 2)]),  # a Saturday that is a working day of the week that runs
        ((2, 23), [date(2026, 2, 2)]),  # Monday, still a holiday
        ((2, 24), [date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16)]),  # the first working day after the holiday
    ],
)
def test_a_ledger_waits_for_the_first_working_day_and_a_week_of_holidays_has_an_empty_one(
    county: County, reporting: Reporting, day: tuple[int, int], weeks: list[date]
) -> None:
    reporting.at(2, 4)
    Line(county).until("certified")
    reporting.at(*day)
    reporting.build()
    assert [batch.week_from for batch in reporting.own()] == weeks
    assert [batch.closed_count for batch in reporting.own()] == [1, 0, 0][: len(weeks)]


def test_on_sunday_nothing_of_the_week_that_ends_is_built(county: County, reporting: Reporting) -> None:
    reporting.at(3, 4)
    Line(county).until("certified")
    reporting.at(3, 8, 23, 59)
    reporting.build()
    assert [batch.week_from for batch in reporting.own()] == []
    reporting.at(3, 9, 0, 0)
    reporting.build()
    assert [batch.week_from for batch in reporting.own()] == [date(2026, 3, 2)]


def test_weeks_that_nobody_worked_are_caught_up_one_by_one(county: County, reporting: Reporting) -> None:
    for day in (3, 17):
        reporting.at(3, day)
        Line(county).until("certified")
    reporting.at(4, 2)
    reporting.build()
    assert _weeks(reporting.own()) == [
        (date(2026, 3, 2), 1, 0), (date(2026, 3, 9), 0, 0), (date(2026, 3, 16), 1, 0), (date(2026, 3, 23), 0, 0),
    ]  # fmt: skip


def test_a_line_says_what_the_department_is_to_know_and_masks_who_is_behind_the_number(
    county: County, reporting: Reporting
) -> None:
    reporting.at(3, 3)
    line = Line(county).until("accepted").suspend()
    reporting.at(3, 9)
    line.resume()
    reporting.at(3, 11)
    line.review().grant().make_certificate()
    reporting.at(3, 16)
    reporting.build()
    [row] = [row for batch in reporting.own() for row in reporting.rows(batch)]
    application = county.application(line.id)
    facts = row.facts
    assert facts["number"] == application.number
    assert (facts["id_no"], facts["applicant"]) == ("469***********1239", "示例甲")
    assert (facts["received_on"], facts["accepted_on"], facts["closed_on"]) == ("2026-03-03", "2026-03-03", "2026-03-11")
    # paused from the 3rd to the 9th: of the days after acceptance the 10th and the 11th counted
    assert (facts["promised_days"], facts["actual_days"], facts["paused_days"]) == (5, 2, 4 + 1 - 1)
    assert (facts["result"], facts["handler"], facts["delivery_mode"]) == ("granted", "示approver", "window")
    assert facts["certificate_no"].startswith("TC-")
    assert (facts["overdue"], facts["centre"], facts["window"]) == (False, "枫木镇便民服务中心", "T01窗口")


def test_every_way_of_closing_has_its_word(county: County, reporting: Reporting) -> None:
    reporting.at(3, 3)
    refused = Line(county).until("accepted").review(conclusion="refuse").refuse()
    refused.do("leader", "approve_refusal", opinion="同意不予许可")
    rejected = Line(county).until("confirmed")
    told = {"facts": "申请人不具备申请资格的事实", "reasons": "不符合受理条件的理由说明", "legal_basis": "《行政许可法》32"}
    rejected.do("approver", "reject", reason_code="conditions_not_met", **told)
    rejected.do("leader", "approve_rejection", opinion="同意不予受理")
    granted = Line(county).until("certified")
    reporting.at(3, 9)
    reporting.build()
    said = {row.application_id: row.facts["result"] for b in reporting.own() for row in reporting.rows(b)}
    assert said == {refused.id: "refused", rejected.id: "not_accepted", granted.id: "granted"}


@pytest.mark.database
def test_what_changes_after_its_ledger_comes_as_a_line_of_the_next_and_once(
    county: County, reporting: Reporting
) -> None:
    reporting.at(3, 3)
    line, quiet = Line(county).until("certified"), Line(county).until("certified")
    reporting.at(3, 9)
    reporting.build()
    sealed = [(row.application_id, row.facts) for row in reporting.rows(reporting.own()[0])]
    line.hand_over().confirm_handover().issue()
    reporting.at(3, 16)
    reporting.build()
    reporting.at(3, 23)
    reporting.build()
    first, second, third = reporting.own()
    assert [(row.application_id, row.facts) for row in reporting.rows(first)] == sealed
    assert quiet.id in {row.application_id for row in reporting.rows(first)}
    [change] = reporting.rows(second)
    assert (change.kind, change.application_id, change.changed) == ("change", line.id, ["delivered_on"])
    assert change.facts["delivered_on"] == "2026-03-09"
    assert reporting.rows(third) == []


def test_a_replaced_certificate_and_a_supplementary_sheet_are_such_changes(county: County, reporting: Reporting) -> None:
    reporting.at(3, 3)
    line = Line(county).until("certified").archive().confirm_archive()
    reporting.at(3, 9)
    reporting.build()
    scan = county.file("cert")
    line.do("cert", "replace_certificate", cert_no="TC-NEW", scan=scan, cause="misprint", reason="证书打印错误，重新制证")
    reporting.at(3, 16)
    reporting.build()
    valid = [{"document_id": each.id, "copies": 1} for each in line.results() if each.state == "valid"]
    line.hand_over(lines=valid).confirm_handover().issue()
    voided = {each.id for each in line.results() if each.state == "voided"}
    known = voided | {page.document_id for page in county.rows(ArchivePage, line.id)}
    new = [sheet for sheet in line.sheets() if sheet.get("document_id") not in known and "document_id" in sheet]
    line.archive(pages=new).confirm_archive()
    reporting.at(3, 23)
    reporting.build()
    _, replaced, filed = reporting.own()
    assert [(row.changed, row.facts["certificate_no"]) for row in reporting.rows(replaced)] == [
        (["certificate_no"], "TC-NEW")
    ]
    [supplement] = reporting.rows(filed)
    assert supplement.changed == ["delivered_on", "supplementary_sheets"]
    assert supplement.facts["supplementary_sheets"] >= 1


def test_what_came_late_into_the_database_is_told_of_all_the_same(county: County, reporting: Reporting) -> None:
    reporting.at(3, 3)
    Line(county).until("certified")
    late = Line(county).until("approved")
    reporting.at(3, 9)
    reporting.build()
    reporting.at(3, 8)  # the clock of another server was behind
    late.make_certificate()
    reporting.at(3, 16)
    reporting.build()
    assert [row.application_id for row in reporting.rows(reporting.own()[1])] == [late.id]


def test_the_demo_s_applications_are_told_of_in_a_demo_alone(county: County, reporting: Reporting) -> None:
    reporting.at(3, 3)
    line = Line(county).until("certified")
    with scope.unscoped(county.session):
        county.session.get_one(Application, line.id).is_demo = True
        county.session.commit()
    reporting.at(3, 9)
    reporting.build()
    assert _weeks(reporting.own()) == [(date(2026, 3, 2), 0, 0)]
    reporting.at(3, 16)
    ledgers.configure(Installation(demo=True))
    reporting.build()
    assert _weeks(reporting.own()) == [(date(2026, 3, 2), 0, 0), (date(2026, 3, 9), 1, 0)]


@pytest.mark.database
def test_two_who_build_at_once_make_one_ledger(county: County, reporting: Reporting, engine: Engine) -> None:
    reporting.at(3, 3)
    Line(county).until("certified")
    reporting.at(3, 9)
    both, tallies = Barrier(2), []

    def one() -> None:
        with Session(engine) as session:
            both.wait(60)
            tallies.append(ledgers.build(session, now()))

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reporting.batches()) == 2  # one for each department
    assert sum(tally.raised for tally in tallies) == 2
    assert sum(tally.failed for tally in tallies) == 0
    assert len({batch.number for batch in reporting.batches()}) == 2


def test_the_act_is_the_machinery_s_and_takes_nothing_senseless(
    app: Flask, county: County, reporting: Reporting
) -> None:
    reporting.at(3, 9)
    asked: dict[str, Any] = {
        "office_id": reporting.office.id, "department_id": reporting.department.id, "week_from": "2026-03-02",
    }  # fmt: skip
    for who in ("supervisor", "head", "department", "leader", "admin"):
        assert error(Program(app, county, who).post("ledger/transitions/build", asked)) == (403, "not_allowed")
    assert reporting.batches() == []

    def build(**other: Any) -> None:
        perform_object(county.session, "ledger_batch", "build", None, SYSTEM, asked | other, None)

    with pytest.raises(NotNow, match="first working day"):
        build(week_from="2026-03-09")
    for wrong in ({"week_from": "2026-03-03"}, {"office_id": 4711}, {"department_id": 4711}, {"state": "sent"}):
        with pytest.raises(Incomplete):
            build(**wrong)
    build()
    for week in ("2026-03-02", "2026-02-23"):
        with pytest.raises(NotNow, match="stands already"):
            build(week_from=week)
    with pytest.raises(NotFound):
        perform_object(county.session, "ledger_batch", "build", reporting.batches()[0].id, SYSTEM, asked, 1)


@pytest.mark.database
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_row SET kind = 'change'",
        "UPDATE ledger_row SET facts = '{}'",
        "DELETE FROM ledger_row",
        "DELETE FROM ledger_batch",
        "UPDATE ledger_batch SET closed_count = 0",
        "UPDATE ledger_batch SET hash = 'x'",
        "UPDATE ledger_batch SET week_to = '2026-12-31'",
        "UPDATE ledger_workbook SET content = ''",
        "DELETE FROM ledger_workbook",
        """INSERT INTO ledger_row (batch_id, application_id, position, kind, changed, facts)
        SELECT batch_id, application_id, 99, 'closed', changed, facts FROM ledger_row""",
    ],
)
def test_what_was_sealed_stays(county: County, reporting: Reporting, change: str) -> None:
    reporting.at(3, 3)
    Line(county).until("certified")
    reporting.at(3, 9)
    reporting.build()
    with pytest.raises(IntegrityError):
        county.session.execute(text(change))
    county.session.rollback()


def test_the_event_keeps_counts_and_seal_and_no_person(county: County, reporting: Reporting) -> None:
    reporting.at(3, 3)
    Line(county).until("certified")
    reporting.at(3, 9)
    reporting.build()
    [batch] = reporting.own()
    with scope.unscoped(county.session):
        own = select(Event).where(Event.subject_kind == "ledger_batch", Event.subject_id == batch.id)
        [event] = county.session.scalars(own)
    assert (event.act, event.role, event.to_state, event.actor_id) == ("build_ledger", "system", "built", None)
    assert event.payload == {
        "office_id": batch.office_id, "department_id": batch.department_id, "week_from": "2026-03-02",
        "closed": 1, "changes": 0, "hash": batch.hash,
    }  # fmt: skip


def test_the_workbook_says_what_the_ledger_says_in_chinese_and_numbers_stay_text(
    county: County, reporting: Reporting
) -> None:
    reporting.at(3, 3)
    line = Line(county).register(applicant_name="=HYPERLINK(1)甲").receive().confirm_file().accept().review().grant()
    line.make_certificate()
    reporting.at(3, 9)
    reporting.build()
    [batch] = reporting.own()
    with scope.unscoped(county.session):
        content = county.session.scalars(
            select(LedgerWorkbook.content).where(LedgerWorkbook.batch_id == batch.id)
        ).one()
        again = _written_again(county.session, batch)
    assert again == content  # the same ledger gives the same bytes
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        rows = book.get_sheet_by_name("周台账").to_python()
    head = {row[0]: row[3] for row in rows[1:10]}
    assert head["审批室"] == "农林水务审批室"
    assert head["行业主管部门"] == "林业局"
    assert head["周次"] == "2026-03-02 – 2026-03-08"
    assert (head["办结件数"], head["编号"], head["台账封存值"]) == ("1", batch.number, batch.hash)
    columns = rows[11]
    [told] = rows[12:]
    said = dict(zip(columns, told, strict=True))
    assert said["办件编号"] == county.application(line.id).number
    assert said["申请人"] == "=HYPERLINK(1)甲"
    assert said["统一代码/证件号（脱敏）"] == "469***********1239"
    assert (said["结果"], said["是否超时"], said["办件类型"]) == ("准予许可", "否", "承诺件")
    assert "469099198506151239" not in str(rows)


def _written_again(session: Session, batch: LedgerBatch) -> bytes:
    from app.stages.reporting.workbook import row_of, write

    rows = session.scalars(select(LedgerRow).where(LedgerRow.batch_id == batch.id).order_by(LedgerRow.position)).all()
    return write(batch, batch.office, batch.department, batch.created_at, (row_of(row) for row in rows))  # type: ignore[arg-type]
