"""A year is prepared, looked at and published as a whole; what it moves is listed first."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.configuration import publishing
from app.extensions import db
from app.law.workdays import ZONE
from app.models.calendar import CalendarDay, ClockRun, Setting
from app.models.publishing import CalendarDraft, CalendarPublication, DueDateMove
from tests.factories import ROOT, County, Line
from tests.generated import audit, client_of, value
from tests.web.forms import fields_of
from tests.web.logins import add_account

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

DECEMBER = datetime(2026, 12, 21, 10, tzinfo=ZONE)
HEAD = "day,is_workday,name,published"


def lines_of(year: int, **turned: str) -> list[str]:
    """The seeded year as a file has it; `turned` gives days other lines, e.g. d0104."""
    seeded = (ROOT / "seed" / "calendar.csv").read_text(encoding="utf-8").splitlines()
    other = {f"{year}-{name[1:3]}-{name[3:]}": line for name, line in turned.items()}
    rows = [line for line in seeded if line.startswith(str(year))]
    return [HEAD, *(f"{line[:10]},{other[line[:10]]}" if line[:10] in other else line for line in rows)]


LONG_NEW_YEAR = lines_of(2027, d0104="0,元旦", d0105="0,元旦", d0109="1,元旦")
"""As the State Council might publish it: two days longer than estimated, one Saturday worked for it."""


@pytest.fixture
def december(house: Flask, clock: time_machine.Traveller) -> int:
    """An application accepted before the year ends, its statutory limit due in the next."""
    clock.move_to(DECEMBER)
    with house.app_context():
        return Line(County(db.session())).until("accepted").id


@pytest.fixture
def admin(house: Flask, december: int) -> FlaskClient:
    """The county administrator's browser, in December."""
    return client_of(house, "root")


def post(client: FlaskClient, path: str, **typed: object) -> TestResponse:
    token = fields_of(client.get("/offices/add").text)["csrf_token"]
    return client.post(f"/calendar-year{path}", data={"csrf_token": token, **typed}, content_type="multipart/form-data")


def upload(client: FlaskClient, lines: list[str] | bytes, year: int = 2027) -> TestResponse:
    data = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
    return post(client, f"/{year}/begin", file=(io.BytesIO(data), "节假日.csv"))


def seen(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return {name: values[0] for name, values in fields_of(page.replace("<form", '<form id="model_form"')).items()}


def statutory(house: Flask) -> tuple[date, bool]:
    with house.app_context():
        query = select(ClockRun.__table__).where(ClockRun.__table__.c.clock == "statutory")
        run = db.session.execute(query).one()
        return run.due_on, run.provisional


@pytest.mark.database
def test_a_year_from_a_file_moves_what_its_list_says(house: Flask, admin: FlaskClient) -> None:
    assert statutory(house) == (date(2027, 1, 19), True)
    assert upload(admin, LONG_NEW_YEAR).headers["Location"] == "/calendar-year/2027"
    page = admin.get("/calendar-year/2027/look").text
    assert "It moves 1 due date." in page
    assert "It makes 0 of them overdue." in page
    assert "1 due date is no longer provisional." in page
    assert "2027-01-19" in page
    assert "2027-01-20" in page
    assert "示例甲" not in page  # no name of a person
    assert statutory(house) == (date(2027, 1, 19), True)
    answer = post(admin, "/2027/publish", **{k: seen(page)[k] for k in ("seen", "moved")})
    assert statutory(house) == (date(2027, 1, 20), False)
    record = admin.get(answer.headers["Location"], follow_redirects=True).text
    for words in ("root", "2027-01-20", "Statutory limit", "示例事项I12", "The calendar of 2027 is published."):
        assert words in record, words
    assert "Work went on" not in record
    assert value(house, select(func.count()).select_from(CalendarDraft)) == 0
    assert value(house, select(Setting.value).where(Setting.key == "calendar_version")) == 2
    told = next(detail for what, detail, _ in audit(house) if what == "published calendar_publication")
    assert told.endswith("365 days, 1 due dates moved")


def test_a_draft_begins_with_the_estimate_and_takes_ticks_and_names(house: Flask, admin: FlaskClient) -> None:
    assert post(admin, "/2027/begin").status_code == 303
    page = admin.get("/calendar-year/2027").text
    fields = seen(page)
    assert "works-2027-01-04" in fields
    assert "works-2027-01-01" not in fields
    assert fields["name-2027-01-01"] == "元旦"
    del fields["works-2027-01-04"]
    assert post(admin, "/2027", **fields | {"works-2027-01-09": "y"}).status_code == 303
    page = admin.get("/calendar-year/2027").text
    assert "without a holiday&#39;s name: 2027-01-04, 2027-01-09" in page
    named = seen(page) | {"name-2027-01-04": "元旦", "name-2027-01-09": "元旦调休", "step": "look"}
    assert post(admin, "/2027", **named).headers["Location"] == "/calendar-year/2027/look"
    page = admin.get("/calendar-year/2027/look").text
    assert "Worth a second look" not in page
    stale = post(admin, "/2027", **fields)
    assert stale.status_code == 409
    assert "Somebody changed this draft after you opened it." in stale.text
    assert post(admin, "/2027/discard").status_code == 303
    assert admin.get("/calendar-year/2027").status_code == 404
    assert post(admin, "/2027/publish", **{k: seen(page)[k] for k in ("seen", "moved")}).status_code == 404


def test_what_was_not_looked_at_is_not_published(house: Flask, admin: FlaskClient) -> None:
    upload(admin, LONG_NEW_YEAR)
    look = {k: seen(admin.get("/calendar-year/2027/look").text)[k] for k in ("seen", "moved")}
    upload(admin, lines_of(2027))
    refused = post(admin, "/2027/publish", **look)
    assert refused.status_code == 409
    assert "The draft was changed after you saw what it moves." in refused.text
    with house.app_context():
        Line(County(db.session())).until("accepted")
    look = {k: seen(refused.text)[k] for k in ("seen", "moved")}
    page = admin.get(post(admin, "/2027/publish", **look | {"moved": "7"}).headers["Location"]).text
    assert "Work went on in the meantime" in page
    again = upload(admin, lines_of(2027))
    assert again.status_code == 303  # a published year is corrected, and here nothing differs
    page = admin.get("/calendar-year/2027/look").text
    assert "Nothing in these days differs" in page
    refused = post(admin, "/2027/publish", **{k: seen(page)[k] for k in ("seen", "moved")})
    assert refused.status_code == 409
    assert value(house, select(func.count()).select_from(CalendarPublication)) == 1


BAD = (
    (LONG_NEW_YEAR[:41] + LONG_NEW_YEAR[42:], "Missing, and every day of the year is needed: 2027-02-10."),
    ([*LONG_NEW_YEAR, "2027-01-04,1,"], "Given more than once: 2027-01-04."),
    ([*LONG_NEW_YEAR, "2028-01-04,1,"], "Not a day of 2027: 2028-01-04."),
    ([*LONG_NEW_YEAR, "2027-02-30,1,"], "Line 367: a date like 2027-01-31"),
    ([*LONG_NEW_YEAR, "2027-02-28,maybe,"], "Line 367"),
    ([HEAD, f"2027-01-01,0,{'元' * 51}"], "Line 2: the name has more than 50 characters."),
    ([HEAD], "The file holds no day."),
    ([HEAD, *LONG_NEW_YEAR[1:] * 2], "There are 730 lines; a year has 365 or 366 days."),
    (lines_of(2028), "Not a day of 2027: 2028-01-01"),
    (b"", "This is no table of days."),
    (b"PK\x03\x04 a workbook", "This is no table of days."),
    (b"\x89PNG\r\n\x1a\n\0\0", "This is no table of days."),
    (b"\xff\xfe\xff" * 9, "This is no table of days."),
    (b'day,is_workday,name\n"', "Line 2: a date like 2027-01-31"),
    (b"day;is_workday\n2027-01-01;0", "This is no table of days."),
    (b"x" * 100_001, "This is no table of days."),
)


def test_a_file_that_is_no_whole_year_is_refused_with_its_reason(house: Flask, admin: FlaskClient) -> None:
    for content, sentence in BAD:
        answer = upload(admin, content)
        assert (answer.status_code, sentence in answer.text) == (422, True), (content[:50], sentence)
    assert value(house, select(func.count()).select_from(CalendarDraft)) == 0


def test_a_file_of_a_chinese_spreadsheet_is_read_as_well() -> None:
    lines = "\n".join(line.replace(",1,", ",是,").replace(",0,", ",否,") for line in LONG_NEW_YEAR)
    for encoding in ("utf-8-sig", "gb18030"):
        days = publishing.read_days(lines.encode(encoding))
        assert (len(days), days[0].name, days[3].works) == (365, "元旦", False)


def test_a_year_out_of_turn_or_over_is_no_year_to_prepare(admin: FlaskClient) -> None:
    for year in (2025, 2028, 2199):
        assert upload(admin, LONG_NEW_YEAR, year).status_code == 404, year
        assert admin.get(f"/calendar-year/{year}").status_code == 404, year
        assert admin.get(f"/calendar-year/{year}/look").status_code == 404, year
    for year in (0, 1, 9999, 10**12):
        assert admin.get(f"/calendar-year/{year}/look").status_code == 404, year


def test_of_a_published_year_only_days_to_come_are_corrected(house: Flask, admin: FlaskClient) -> None:
    assert "These" not in upload(admin, lines_of(2026), 2026).text
    past = upload(admin, lines_of(2026, d0302="0,"), 2026)
    assert past.status_code == 422
    assert "Deadlines were counted by these days already" in past.text
    assert upload(admin, lines_of(2026, d1224="0,县庆"), 2026).status_code == 303
    page = admin.get("/calendar-year/2026").text
    assert "only days to come can be corrected" in page
    ticked = seen(page)
    assert post(admin, "/2026", **{k: v for k, v in ticked.items() if k != "works-2026-03-03"}).status_code == 303
    page = admin.get("/calendar-year/2026/look").text
    assert "It moves 2 due dates." in page  # both limits; the past day kept its tick
    post(admin, "/2026/publish", **{k: seen(page)[k] for k in ("seen", "moved")})
    assert value(house, select(CalendarPublication.corrects))
    assert value(house, select(CalendarDay.is_workday).where(CalendarDay.day == date(2026, 3, 3)))
    assert value(house, select(func.count()).select_from(DueDateMove)) == 2


def test_only_the_administrator_publishes_and_those_above_may_look_it_up(house: Flask, admin: FlaskClient) -> None:
    upload(admin, LONG_NEW_YEAR)
    for role, may_read in (("window_clerk", False), ("office_head", False), ("supervisor", True)):
        add_account(house, f"x.{role}", role)
        client = client_of(house, f"x.{role}")
        token = fields_of(client.get("/calendar/list/?_flt_0_day=2026-12-20").text).get("csrf_token", "")
        assert client.get("/calendar-year/2027/look").status_code == 403, role
        assert client.post("/calendar-year/2027/publish", data={"csrf_token": token}).status_code in (400, 403), role
        assert client.get("/calendar-publications/list/").status_code == (200 if may_read else 403), role
    assert value(house, select(func.count()).select_from(CalendarPublication)) == 0


@pytest.mark.usefixtures("december")
def test_the_command_lists_what_moves_and_publishes(house: Flask, tmp_path: Path) -> None:
    def flask(*arguments: object) -> object:
        return house.test_cli_runner().invoke(args=["calendar", "publish", *map(str, arguments)])

    file, old = tmp_path / "2027.csv", tmp_path / "2026.csv"
    file.write_text("\n".join(LONG_NEW_YEAR), encoding="utf-8")
    old.write_text("\n".join(lines_of(2026)), encoding="utf-8")
    dry = flask(file, "--dry-run")
    assert "statutory: 2027-01-19 → 2027-01-20 (示例事项I12)" in dry.output
    assert "2027: 1 due dates would move, 0 overdue by it, 1 no longer provisional." in dry.output
    assert statutory(house) == (date(2027, 1, 19), True)
    assert "1 due dates moved" in flask(file).output
    assert statutory(house) == (date(2027, 1, 20), False)
    for arguments, sentence in (
        ((file,), "2027 is published already; what is to come of it can only be corrected."),
        ((file, "--correct"), "Nothing in these days differs from the calendar that holds."),
        ((old, "--correct"), "Nothing in these days differs"),
        ((ROOT / "README.md",), "This is no table of days."),
    ):
        result = flask(*arguments)
        assert (result.exit_code, sentence in result.stderr) == (1, True), result.output
