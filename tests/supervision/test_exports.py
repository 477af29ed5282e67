"""Statistics and lists of files leave by an approved request alone: once, marked, masked, within reach (第五条)."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.engine import export_store, scope
from app.engine.export_store import harmless
from app.engine.now import now
from app.engine.object_acts import BODIES
from app.jobs import tick
from app.models.application import Application
from app.models.archive import ArchivePage
from app.models.exports import ExportRequest
from app.models.trail import AuditRow, RefusedAct
from app.supervision import exports
from app.supervision.export_contents import rows
from app.supervision.invariants_rows import every_export_has_its_approval_and_its_audit_row
from tests.factories import APPLICANT, County, Line
from tests.web.at_work import at_work, fields_of, send_act
from tests.web.programs import Program, error, fields
from tests.web.test_openapi import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    import time_machine
    from flask import Flask
    from sqlalchemy.orm import Session

ASKED = {
    "what": "applications", "from_on": "2026-02-01", "to_on": "2026-03-02", "purpose": "向县政府报送窗口运行情况",
    "recipient": "县政府办公室",
}  # fmt: skip


def ask(person: Program, **changes: Any) -> int:
    """A request, as the API brings it into being."""
    answer = person.post("export_request/transitions/request", ASKED | changes)
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


def approved(app: Flask, county: County, who: str = "supervisor", by: str = "leader", **changes: Any) -> int:
    """A request that somebody else approved."""
    pk = ask(Program(app, county, who), **changes)
    assert Program(app, county, by).do_on("export_request", pk, "approve").status_code == 200
    return pk


def taken(person: Program, pk: int) -> list[list[str]]:
    """The rows of the file, the watermark and the headings first."""
    assert person.do_on("export_request", pk, "use").status_code == 200
    answer = person.ask("POST", f"export_request/{pk}/file")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def refused(county: County) -> list[tuple[str, str]]:
    """What was refused and kept: the act, and its line of the do-not list."""
    with scope.unscoped(county.session):
        return [(row.act, row.category) for row in county.session.scalars(select(RefusedAct).order_by(RefusedAct.id))]


@pytest.mark.req(12)
@pytest.mark.database
def test_an_export_is_asked_for_approved_by_somebody_else_marked_and_used_once(app: Flask, county: County) -> None:
    line = Line(county).until("accepted")
    supervisor, leader = Program(app, county, "supervisor"), Program(app, county, "leader")
    pk = ask(supervisor)
    shown = supervisor.get(f"export_request/{pk}").json["result"]
    assert (shown["number"], shown["state"]) == ("DC-2026-0001", "requested")
    assert error(supervisor.do_on("export_request", pk, "use")) == (403, "not_allowed")
    assert error(supervisor.do_on("export_request", pk, "approve")) == (403, "not_allowed")
    assert leader.do_on("export_request", pk, "approve").json["state"] == "approved"
    assert supervisor.do_on("export_request", pk, "use").json["state"] == "used"
    answer = supervisor.ask("POST", f"export_request/{pk}/file")
    kept = supervisor.get(f"export_request/{pk}").json["result"]
    assert kept["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert kept["rows"] == 1
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert all(part in kept["file_name"] for part in ("DC-2026-0001", "示supervisor", "202603021000"))
    [mark], headings, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert all(part in mark for part in ("DC-2026-0001", "示supervisor", "示leader", "2026-03-02 10:00", "县政府办公室"))
    assert len(headings) == len(row) == len(kept["columns"])
    assert row[0] == county.application(line.id).short_no
    assert APPLICANT["id_no"] not in answer.data.decode()
    assert APPLICANT["name"] not in answer.data.decode()
    assert {"469***********1239", "示*甲"} <= set(row)
    for again in (supervisor.do_on("export_request", pk, "use"), supervisor.ask("POST", f"export_request/{pk}/file")):
        assert error(again) == (403, "not_allowed")
    [audit] = county.session.scalars(select(AuditRow).where(AuditRow.what == "export")).all()
    assert (audit.detail, audit.reason, audit.created_by) == ("DC-2026-0001", ASKED["purpose"], "supervisor")
    assert refused(county) == [("use_export", "leak"), ("approve_export", "leak"), ("use_export", "leak"), ("use_export", "leak")]
    assert not export_store.waits(pk)


@pytest.mark.database
def test_while_its_rows_are_read_others_go_on_and_nothing_half_written_stays(
    app: Flask, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(county).until("received")
    pk = approved(app, county)

    def slowly(session: Session, request: ExportRequest) -> Iterator[list[object]]:
        for row in rows(session, request):
            Line(county).register()  # by somebody else, who waits for no lock
            yield row

    monkeypatch.setattr(exports, "rows", slowly)
    _mark, _headings, row = taken(Program(app, county, "supervisor"), pk)
    assert row[0] == county.application(line.id).short_no
    assert list(export_store._whole().iterdir()) == []


@pytest.mark.database
def test_what_was_not_read_ahead_is_read_by_the_act(
    app: Flask, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(county).until("received")
    pk = approved(app, county)
    monkeypatch.setitem(BODIES, "use_export", replace(BODIES["use_export"], ahead=None))
    _mark, _headings, row = taken(Program(app, county, "supervisor"), pk)
    assert row[0] == county.application(line.id).short_no


def test_what_may_not_leave_is_not_read(app: Flask, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    Line(county).until("received")
    pk = approved(app, county)
    monkeypatch.setattr(exports, "rows", None)
    assert error(Program(app, county, "leader").do_on("export_request", pk, "use")) == (403, "not_allowed")


def test_one_person_in_two_roles_neither_approves_nor_refuses_an_own_request(app: Flask, county: County) -> None:
    session = county.session
    both = session.scalars(select(User).where(User.username == "archivist")).one()
    both.roles.append(session.scalars(select(RoleRow).where(RoleRow.name == "supervisor")).one())
    session.commit()
    person = Program(app, county, "archivist")
    pk = ask(person)
    assert error(person.do_on("export_request", pk, "approve")) == (403, "not_allowed")
    assert error(person.do_on("export_request", pk, "refuse", reason="自己不能决定")) == (403, "not_allowed")
    assert {each["name"] for each in person.get(f"export_request/{pk}/transitions").json} == set()
    with pytest.raises(DBAPIError, match="export_request_two_people"):
        session.execute(text("UPDATE export_request SET decided_by_id = requester_id, state = 'approved'"))
    session.rollback()


def test_nobody_else_uses_an_approval_nor_sees_what_a_colleague_asked_for(app: Flask, county: County) -> None:
    pk = approved(app, county, "head", "archivist")
    other = Program(app, county, "head.other")
    assert other.get(f"export_request/{pk}").status_code == 404
    assert other.get("export_request/").json["count"] == 0
    assert error(other.post(f"export_request/{pk}/transitions/use", {"version": 2})) == (404, "not_found")
    assert error(other.ask("POST", f"export_request/{pk}/file")) == (404, "not_found")
    leader, supervisor = Program(app, county, "leader"), Program(app, county, "supervisor")
    assert error(leader.do_on("export_request", pk, "use")) == (403, "not_allowed")
    assert error(supervisor.do_on("export_request", pk, "use")) == (403, "not_allowed")
    assert Program(app, county, "head").do_on("export_request", pk, "use").status_code == 200
    assert error(leader.ask("POST", f"export_request/{pk}/file")) == (403, "not_allowed")
    assert {category for _, category in refused(county)} == {"leak"}
    clerk = Program(app, county, "clerk.town")
    assert error(clerk.post("export_request/transitions/request", ASKED)) == (403, "not_allowed")


def test_an_approval_is_over_after_seven_days_whether_or_not_the_duty_ran(
    app: Flask, county: County, clock: time_machine.Traveller
) -> None:
    first, second = approved(app, county), approved(app, county)
    clock.shift(timedelta(days=7))
    supervisor = Program(app, county, "supervisor")
    assert supervisor.do_on("export_request", first, "use").status_code == 200
    clock.shift(timedelta(seconds=1))
    assert error(supervisor.do_on("export_request", second, "use")) == (403, "not_allowed")
    tick(county.session)
    assert supervisor.get(f"export_request/{second}").json["result"]["state"] == "expired"
    assert error(supervisor.do_on("export_request", second, "use")) == (403, "not_allowed")
    clock.shift(timedelta(hours=1))
    tick(county.session)
    assert error(supervisor.ask("POST", f"export_request/{first}/file")) == (403, "not_allowed")  # nobody came for it


def test_what_leaves_is_what_the_requester_reaches_when_it_is_used(app: Flask, county: County) -> None:
    town = Line(county).until("received")
    Line(county, clerk="clerk.other").until("received")
    Line(county, item="I04").register().receive()
    head = Program(app, county, "head")
    numbers = [row[0] for row in taken(head, approved(app, county, "head", to_on="2026-03-02"))[2:]]
    with scope.unscoped(county.session):
        theirs = select(Application.short_no).where(Application.office_id == county.office("NL").id)
        assert numbers == county.session.scalars(theirs.order_by(Application.id)).all()
    assert len(numbers) == 2
    place = county.application(town.id).centre_id
    narrowed = taken(head, approved(app, county, "head", centre_id=place))[2:]
    assert [row[0] for row in narrowed] == [county.application(town.id).short_no]
    other = county.office("SC").id
    assert error(head.post("export_request/transitions/request", ASKED | {"office_id": other})) == (403, "not_allowed")
    manager = Program(app, county, "manager.hall")
    assert taken(manager, approved(app, county, "manager.hall"))[2:] == []
    outside = manager.post("export_request/transitions/request", ASKED | {"centre_id": place})
    assert error(outside) == (403, "not_allowed")


def test_whoever_lost_the_place_takes_nothing_of_it_out(app: Flask, county: County) -> None:
    Line(county).until("received")
    pk = approved(app, county, "head")
    county.session.execute(text("DELETE FROM posting WHERE staff_id = :staff"), {"staff": county.staff("head")})
    county.session.commit()
    head = Program(app, county, "head")
    assert error(head.do_on("export_request", pk, "use")) == (403, "not_allowed")


def test_columns_days_and_place_stay_what_was_approved(app: Flask, county: County) -> None:
    supervisor = Program(app, county, "supervisor")
    tampered = supervisor.post("export_request/transitions/request", ASKED | {"columns": ["id_no", "phone"]})
    assert (error(tampered), fields(tampered)) == ((422, "incomplete"), {"columns"})
    for wrong in ({"to_on": "2026-01-01"}, {"to_on": "2026-03-03"}, {"from_on": "2020-01-01"}):
        answer = supervisor.post("export_request/transitions/request", ASKED | wrong)
        assert (error(answer), fields(answer)) == ((422, "incomplete"), {"to_on"})
    pk = approved(app, county)
    answer = supervisor.do_on("export_request", pk, "use", from_on="2020-01-01", columns=["phone"])
    assert (error(answer), fields(answer)) == ((422, "incomplete"), {"from_on", "columns"})
    assert supervisor.ask("PUT", f"export_request/{pk}", json={"columns": ["phone"]}).status_code == 405
    for change in ({"from_on": now().date()}, {"columns": ["phone"]}, {"requester_id": 1}, {"centre_id": 1}):
        with pytest.raises(DBAPIError, match="history is only added to"):
            county.session.execute(update(ExportRequest.__table__).values(change))
        county.session.rollback()
    with pytest.raises(DBAPIError, match="history is only added to"):
        county.session.execute(delete(ExportRequest.__table__))
    county.session.rollback()


def test_refused_acts_leave_by_the_supervisor_alone(app: Flask, county: County) -> None:
    Program(app, county, "clerk.town").post("export_request/transitions/request", ASKED)
    archivist = Program(app, county, "archivist")
    answer = archivist.post("export_request/transitions/request", ASKED | {"what": "refused_acts"})
    assert error(answer) == (403, "not_allowed")
    rows = taken(Program(app, county, "supervisor"), approved(app, county, what="refused_acts"))[2:]
    assert [row[1] for row in rows] == ["示clerk.town", "示archivist"]


def test_the_ledger_s_rows_and_the_archive_s_catalogue_say_how_it_was(app: Flask, county: County) -> None:
    line = Line(county).until("filed")
    supervisor = Program(app, county, "supervisor")
    pk = approved(app, county, what="ledger_rows")
    columns = supervisor.get(f"export_request/{pk}").json["result"]["columns"]
    _mark, _headings, row = taken(supervisor, pk)
    told = dict(zip(columns, row, strict=True))
    assert told["short_no"] == county.application(line.id).short_no
    assert (told["promised_days"], told["actual_days"]) == ("5", "0")
    sheets = taken(supervisor, approved(app, county, what="archive_catalogue"))[2:]
    assert [row[4] for row in sheets] == [page.title for page in county.rows(ArchivePage, line.id)]


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1", "  =1"])
def test_no_cell_is_a_formula(words: str) -> None:
    assert harmless(words) == f"'{words}"


def test_a_name_that_looks_like_a_formula_is_words(app: Flask, county: County) -> None:
    Line(county).register(applicant_name="=HYPERLINK(1)", applicant_type="2", id_type="uscc",
                          id_no="91469022MA5T12345J", legal_rep="示例乙")  # fmt: skip
    rows = taken(Program(app, county, "supervisor"), approved(app, county))
    assert "'=HYPERLINK(1)" in rows[2]


def test_what_the_api_answers_fits_its_description(app: Flask, county: County) -> None:
    pk = approved(app, county)
    supervisor = Program(app, county, "supervisor")
    document = supervisor.get("_openapi").json
    for path in ("/", "/{pk}", "/{pk}/transitions", "/transitions"):
        described = document["paths"][f"/api/v1/export_request{path}"]["get"]["responses"]["200"]
        answer = supervisor.get(f"export_request{path.replace('{pk}', str(pk))}")
        assert answer.status_code == 200, path
        fits(document, described["content"]["application/json"]["schema"], answer.json)
    [offered] = supervisor.get(f"export_request/{pk}/transitions").json
    assert offered["name"] == "use"


def test_verify_names_an_export_without_its_approval_or_its_audit_row(app: Flask, county: County) -> None:
    session = county.session
    supervisor = Program(app, county, "supervisor")
    assert len(taken(supervisor, approved(app, county))) == 2
    with scope.unscoped(session):
        assert list(every_export_has_its_approval_and_its_audit_row(session)) == []
    for table in ("event", "audit_row"):
        for trigger in (f"{table}_no_update", f"{table}_no_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
    session.execute(text("UPDATE event SET act = 'refuse_export' WHERE act = 'approve_export'"))
    session.execute(text("UPDATE audit_row SET detail = 'DC-2026-0009' WHERE what = 'export'"))
    with scope.unscoped(session):
        said = list(every_export_has_its_approval_and_its_audit_row(session))
    session.rollback()
    assert said == [
        "export_request DC-2026-0001 was used, and nobody else had approved it",
        "export_request DC-2026-0001 was used, and has 0 audit rows",
        "there is an audit row of the export DC-2026-0009, which was not used",
    ]


def test_the_pages_lead_from_the_desk_to_the_file_and_a_second_time_to_nothing(app: Flask, county: County) -> None:
    Line(county).until("received")
    manager, supervisor = at_work(app, "manager.hall"), at_work(app, "supervisor")
    asked = send_act(manager, "/object/export_request/new/request", **ASKED)
    assert asked.status_code == 303, asked.text
    record = asked.location
    assert "DC-2026-0001" in supervisor.get("/").text
    assert "Approve the export" not in manager.get(record).text
    assert send_act(supervisor, f"{record}/act/approve").status_code == 303
    assert "Exports you may take out" in manager.get("/").text
    assert send_act(manager, f"{record}/act/use").status_code == 303
    page = manager.get(record)
    take = re.search(r'action="(/export-file/\d+)"', page.text)
    assert take
    token = fields_of(page)["csrf_token"]
    taken_out = manager.post(take[1], data={"csrf_token": token})
    assert (taken_out.status_code, taken_out.mimetype) == (200, "text/csv")
    assert "no-store" in taken_out.headers["Cache-Control"]
    assert taken_out.data
    assert manager.post(take[1], data={"csrf_token": token}).status_code == 403
    assert "/export-file/" not in manager.get(record).text
    assert manager.get(take[1]).status_code == 405
    assert at_work(app, "head").get(record).status_code == 404
    assert at_work(app, "clerk.hall").get("/export-requests/list/").status_code != 200


def test_there_is_no_other_way_out(app: Flask) -> None:
    """Lists and API are for reading; besides the catalogue, which is public, no address makes a sheet or a chart."""
    found = {r.rule for r in app.url_map.iter_rules() if re.search(r"export|download|csv|xlsx|chart", r.rule)}
    ours = ("/export-requests/", "/export-file/", "/api/v1/export_request/")
    assert {rule for rule in found if not rule.startswith(ours)} == {"/catalogue-workbook/catalogue.xlsx"}
    files = {r.rule: r.methods - {"OPTIONS"} for r in app.url_map.iter_rules() if "export" in r.rule and "file" in r.rule}
    assert files == {
        "/export-file/<int(max=9007199254740991):pk>": {"POST"}, "/api/v1/export_request/<int:pk>/file": {"POST"},
    }  # fmt: skip
