"""The catalogue as a workbook: a dry run that tells the fate of every row, and an import that is that or nothing."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from flask_babel import force_locale
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.configuration.workbook_file import MOST_BYTES, open_workbook
from app.configuration.workbook_plan import apply, plan
from app.configuration.workbook_write import write_workbook
from app.engine import transaction
from app.errors import TooLarge
from app.extensions import db
from app.models.catalogue import Item
from app.models.revision import ItemRevision
from tests.generated import audit, client_of, value
from tests.web.forms import fields_of
from tests.web.logins import add_account, token_of_form

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PAGE = "/catalogue-workbook/"
Sheets = dict[str, list[list[Any]]]


def workbook(sheets: Sheets) -> bytes:
    """A workbook; a tuple in a cell is a formula and what it said last."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if isinstance(cell, tuple):
                        sheet.write_formula(number, place, cell[0], None, cell[1])
                    elif isinstance(cell, str):
                        sheet.write_string(number, place, cell)
                    else:
                        sheet.write(number, place, cell)
    return kept.getvalue()


def sheets_of(client: FlaskClient) -> Sheets:
    """What one takes out, sheet by sheet."""
    data = client.get(f"{PAGE}catalogue.xlsx").data
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def send(client: FlaskClient, data: bytes, name: str = "目录.xlsx") -> TestResponse:
    fields = {"csrf_token": token_of_form(client, PAGE), "workbook": (io.BytesIO(data), name)}
    return client.post(PAGE, data=fields, content_type="multipart/form-data")


def bring_in(client: FlaskClient, looked: TestResponse, **typed: str) -> TestResponse:
    form = looked.text.replace('action="/catalogue-workbook/apply"', 'id="model_form"')
    return client.post(f"{PAGE}apply", data=fields_of(form) | typed)


def cell(sheets: Sheets, sheet: str, code: str, heading: str) -> tuple[list[Any], int]:
    """The row of an item, and where the column stands."""
    head, *rows = sheets[sheet]
    return next(row for row in rows if row[0] == code), head.index(heading)


def told(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_taken_out_comes_back_unchanged_in_every_row(house: Flask, language: str) -> None:
    with house.test_request_context(), force_locale(language):
        item = db.session.scalars(select(Item).where(Item.code == "I12")).one()
        item.procedure, item.quantity = "收件；\n  受理\n\n决定", "=SUM(A1:A9)"
        db.session.commit()
        data = write_workbook(db.session())
        found = plan(db.session(), data)
        assert found.complaints == 0
        assert {fate for _sheet, fate in found.counts} == {"unchanged"}
        assert sum(found.counts.values()) > 6
        assert found.changes == []


@pytest.mark.database
def test_a_workbook_changes_and_adds_items_with_their_materials_in_one_step(house: Flask, admin: FlaskClient) -> None:
    sheets = sheets_of(admin)
    row, name = cell(sheets, "Items", "I12", "Name")
    row[name] = "林木采伐许可（新）"
    new = [*row]
    new[0], new[name], new[sheets["Items"][0].index("Implementation code")] = (
        "I99",
        "新事项",
        "11469022MB0A12342B4000199999001",
    )
    sheets["Items"].append(new)
    lines = sheets["Materials of the items"]
    mine = [each for each in lines[1:] if each[0] == "I12"]
    lines += [["I99", *each[1:]] for each in mine]
    mine[0][1], mine[1][1] = mine[1][1], mine[0][1]
    lines.remove(mine[2])
    looked = send(admin, workbook(sheets))
    assert looked.status_code == 200, told(looked)
    page = told(looked)
    assert "2 items would be published" in page
    assert "− " + mine[2][2] in page
    assert value(house, select(Item.name).where(Item.code == "I12")) != "林木采伐许可（新）"
    assert bring_in(admin, looked, note="年度更新").status_code == 303
    with house.app_context():
        item = db.session.scalars(select(Item).where(Item.code == "I12")).one()
        assert item.name == "林木采伐许可（新）"
        assert [m.name for m in item.materials] == [mine[1][2], mine[0][2]]
        numbers = db.session.execute(
            select(ItemRevision.number, ItemRevision.note)
            .where(ItemRevision.item_id == item.id)
            .order_by(ItemRevision.number)
        ).all()
        assert [tuple(each) for each in numbers] == [(1, ""), (2, "年度更新")]
        added = db.session.scalars(select(Item).where(Item.code == "I99")).one()
        assert len(added.materials) == 3
        kept = db.session.scalars(select(ItemRevision).where(ItemRevision.item_id == added.id)).one()
        assert [m["id"] for m in kept.content["materials"]] == [m.id for m in added.materials]
    assert ("imported catalogue", "目录.xlsx: 2", "root") in audit(house)
    again = send(admin, workbook(sheets))
    assert "Nothing would change." in told(again)


WRONG: tuple[tuple[str, Any, str], ...] = (
    ("Office", "XX", "There is no «XX»; write a code or a name that exists."),
    ("Item type", "17", "«17» is none of the choices"),
    ("Promised limit", "soon", "Write a whole number."),
    ("Promised limit", 21, "The promised limit may not exceed the statutory one."),
    ("Fronted", "maybe", "Write yes or no."),
    ("Implementation code", 11469022000000000000, "The workbook has lost digits of this number."),
    ("Conditions", "长" * 1_000, ""),
    ("Result", "长" * 30_000, "Too long: at most 100 characters."),
    ("Name", ("=1+1", "2"), "A formula stands here; write the value itself."),
    ("Code", "I13", "has this code already."),
    ("Legal basis", "", "An active item needs this: it is told to every applicant at once."),
)


def test_what_is_wrong_in_a_cell_is_said_with_its_row_and_nothing_can_be_applied(
    house: Flask, admin: FlaskClient
) -> None:
    fair = sheets_of(admin)
    for heading, typed, sentence in WRONG:
        sheets = fair | {"Items": [[*row] for row in fair["Items"]]}
        row, place = cell(sheets, "Items", "I12", heading)
        row[place] = typed
        with house.test_request_context():
            found = plan(db.session(), workbook(sheets))
            said = [each.sentence % each.params for line in found.lines for each in line.wrong]
        assert any(sentence in each for each in said) is bool(sentence), (heading, said)
    looked = send(admin, workbook(sheets))
    assert (looked.status_code, "/apply" in looked.text) == (422, False)
    assert "An active item needs this" in told(looked)


def test_complaints_of_all_rows_are_said_at_once(admin: FlaskClient) -> None:
    sheets = sheets_of(admin)
    row, place = cell(sheets, "Items", "I12", "Office")
    row[place] = "XX"
    sheets["Materials of the items"][1][2] = ""
    sheets["Materials of the items"].append(["NOWHERE", 1, "图"])
    page = told(send(admin, workbook(sheets)))
    assert "The sheet «Items» has no row with this code." in page
    assert "There is no «XX»" in page
    assert "Too short: at least 1 characters." in page or "This is needed." in page


def test_a_wrong_sheet_and_a_wrong_heading_are_named(admin: FlaskClient) -> None:
    assert "The workbook has no sheet «Items»; it has: Tabelle1." in told(send(admin, workbook({"Tabelle1": [["x"]]})))
    page = told(send(admin, workbook({"Items": [["Code", "Nmae"], ["I12", "x"]]})))
    assert "nobody knows the heading «Nmae»." in page
    assert "the heading «Name» is missing from the first row." in page


def repacked(data: bytes, **changed: bytes) -> bytes:
    """The workbook with other content in some of its parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name.rpartition("/")[2].partition(".")[0], None) or old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return kept.getvalue()


def packed_with(method: int, data: bytes) -> bytes:
    """The same parts, packed in another way than any office program packs them."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return kept.getvalue()


def test_bombs_macros_links_and_other_files_are_refused_with_a_sentence(admin: FlaskClient) -> None:
    fair = workbook({"Items": [["Code", "Name"], ["I12", "x"]]})
    far = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    for data, status, sentence in (
        (repacked(fair, sheet1=b"<worksheet>" + b" " * 10_000_000), 413, "unpacks to far more than it should hold"),
        (repacked(fair, sheet1=far), 413, "A sheet may have at most"),
        (repacked(fair, sheet1=far.replace(b'<c r="XFD', b'<c x=">" r="XFD')), 413, "A sheet may have at most"),
        (packed_with(zipfile.ZIP_LZMA, fair), 415, "This is no workbook that can be read."),
        (
            repacked(fair, sheet1=b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"),
            415,
            "This is no workbook that can be read.",
        ),
        (repacked(fair, **{"xl/vbaProject.bin": b"x"}), 415, "The workbook carries macros."),
        (repacked(fair, **{"xl/externalLinks/externalLink1.xml": b"<x/>"}), 415, "takes values from other files"),
        (fair[:700], 415, "This is no workbook that can be read."),
        (b"\xd0\xcf\x11\xe0" + b"0" * 500, 415, "without a password"),
        (b"", 415, "This is no workbook that can be read."),
    ):
        answer = send(admin, data)
        assert (answer.status_code, sentence in told(answer)) == (status, True), sentence
    with pytest.raises(TooLarge):
        open_workbook(bytes(MOST_BYTES + 1), ())


def test_a_dry_run_holds_only_for_the_catalogue_it_was_made_of_and_for_its_maker(
    house: Flask, admin: FlaskClient
) -> None:
    sheets = sheets_of(admin)
    row, place = cell(sheets, "Items", "I12", "Name")
    row[place] = "林木采伐"
    looked = send(admin, workbook(sheets))
    add_account(house, "other", "county_admin")
    assert bring_in(client_of(house, "other"), looked).status_code in {400, 404}
    with house.test_request_context():
        data = workbook(sheets)
        transaction.run(db.session, lambda: apply(db.session(), plan(db.session(), data), "root", ""))
    stale = bring_in(admin, looked)
    assert stale.status_code == 409
    assert "The catalogue was changed after this was looked at." in told(stale)
    assert value(house, select(ItemRevision.number).order_by(ItemRevision.number.desc()).limit(1)) == 2


def test_an_item_somebody_is_drafting_is_left_to_them(house: Flask, admin: FlaskClient) -> None:
    with house.app_context():
        item = db.session.scalars(select(Item).where(Item.code == "I12")).one()
        db.session.add(ItemRevision(item=item, state="draft", content={}, created_at=item.created_at, created_by="li"))
        db.session.commit()
    sheets = sheets_of(admin)
    row, place = cell(sheets, "Items", "I12", "Name")
    row[place] = "林木采伐"
    assert "li has begun a draft of I12" in told(send(admin, workbook(sheets)))


def test_the_workbook_is_the_administrator_s(house: Flask, clerk: FlaskClient, admin: FlaskClient) -> None:
    assert clerk.get(PAGE).status_code == 403
    assert clerk.get(f"{PAGE}catalogue.xlsx").status_code == 403
    assert PAGE in admin.get("/items/list/").text


def test_the_commands_take_out_and_bring_in_the_same_workbook(house: Flask, tmp_path: Path) -> None:
    def flask(*arguments: object) -> Any:
        return house.test_cli_runner().invoke(args=[str(each) for each in ("items", *arguments)])

    file = tmp_path / "catalogue.xlsx"
    assert flask("export", file).exit_code == 0
    assert flask("export", file).exit_code == 1
    same = flask("import", file, "--dry-run")
    assert (same.exit_code, same.output.splitlines()[-1]) == (0, "0 items would be published.")
    with house.app_context():
        db.session.scalars(select(Item).where(Item.code == "I12")).one().name = "别名"
        db.session.commit()
    assert flask("import", file).output.splitlines()[-1] == "1 items were published."
    assert value(house, select(Item.name).where(Item.code == "I12")) != "别名"
    file.write_bytes(workbook({"Items": [["Code", "Name", "Office"], ["I12", "x", "XX"]]}))
    wrong = flask("import", file)
    assert (wrong.exit_code, wrong.output.splitlines()[0]) == (
        1, "Items, row 2, Office: There is no «XX»; write a code or a name that exists.",
    )  # fmt: skip
