"""An item's own questions, from the administrator's page to form, API, application and papers, without any code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_babel import force_locale, gettext
from sqlalchemy import select

from app.configuration import revisions
from app.engine import extra_fields, transaction
from app.engine.item_inputs import FIELD_TYPES
from app.engine.paper_check import complaints
from app.engine.paper_samples import sample
from app.engine.rendering import render
from app.engine.wording import resolve
from app.models.catalogue import Item
from tests.databases import NOW
from tests.engine.test_rendering import words
from tests.factories import APPLICANT, Line
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County


def question(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"position": 1, "name": name, "label": f"问{name}", "type": kind, "choices": [], "required": False,
            "pattern": "", "help": "", **more}  # fmt: skip


QUESTIONS = [
    question("plate_no", "text", required=True, pattern="琼[A-Z][A-Z0-9]{5}", help="如琼A12345"),
    question("area", "number"), question("since", "date"), question("kind", "choice", choices=["乔木", "竹"]),
    question("agreed", "flag", required=True), question("steep", "flag"),
]  # fmt: skip
RIGHT = {"plate_no": "琼A12345", "area": "12.50", "since": "2026-02-28", "kind": "竹", "agreed": True}
KEPT = {"plate_no": "琼A12345", "area": 12.5, "since": "2026-02-28", "kind": "竹", "agreed": True, "steep": False}
ITEM = {"extra_fields": QUESTIONS}


def test_right_answers_are_kept_as_what_they_are() -> None:
    assert extra_fields.read(ITEM, RIGHT) == (KEPT, [])
    assert extra_fields.read(ITEM, RIGHT | {"area": 12, "steep": "true", "kind": " "})[0] == (
        {name: value for name, value in KEPT.items() if name != "kind"} | {"area": 12, "steep": True}
    )
    assert extra_fields.read({}, None) == ({}, [])


@pytest.mark.parametrize(
    ("given", "where"),
    [({}, {"plate_no", "agreed"}), (None, {"plate_no", "agreed"}), ({"plate_no": "琼a12345"}, {"plate_no"}),
     ({"plate_no": 5}, {"plate_no"}), ({"plate_no": "琼A1234\x05"}, {"plate_no"}), ({"plate_no": "x" * 501}, {"plate_no"}),
     ({"area": "1e400"}, {"area"}), ({"area": True}, {"area"}), ({"area": "1_0"}, {"area"}), ({"area": "١"}, {"area"}),
     ({"area": [1]}, {"area"}), ({"since": "2026-02-30"}, {"since"}), ({"since": 20260228}, {"since"}),
     ({"kind": "藤"}, {"kind"}), ({"kind": ["竹"]}, {"kind"}), ({"agreed": False}, {"agreed"}),
     ({"agreed": "yes"}, {"agreed"}), ({"height": 3}, {"height"}), ({"__class__": 1}, {"__class__"})],
)  # fmt: skip
def test_a_wrong_answer_gets_a_sentence_at_its_name(given: Any, where: set[str]) -> None:
    whole = given if not given or ("plate_no" in given and len(given) > 5) else RIGHT | given
    complaints = extra_fields.read(ITEM, whole)[1]
    assert {each.field for each in complaints} == {f"extra.{name}" for name in where}


def test_what_is_no_object_is_refused_whole() -> None:
    assert [each.field for each in extra_fields.read(ITEM, "plate")[1]] == ["extra"]


def ask(county: County, code: str = "I12") -> Item:
    session = county.session

    def work() -> None:
        item = session.scalars(select(Item).where(Item.code == code)).one()
        revisions.publish(session, revisions.content_of(item) | {"extra_fields": QUESTIONS}, "admin", "", item)

    transaction.run(session, work)
    return session.scalars(select(Item).where(Item.code == code)).one()


@pytest.mark.database
def test_a_program_is_told_what_is_asked_answers_it_and_reads_it_back(app: Flask, county: County) -> None:
    item = ask(county)
    clerk = Program(app, county, "clerk.town")
    schema = clerk.get(f"item/{item.id}").json["result"]["extra_schema"]
    assert schema["required"] == ["plate_no", "agreed"]
    assert schema["properties"]["kind"]["enum"] == ["乔木", "竹"]
    data = {"item": "I12", "applicant_type": "1", "applicant_name": "示例甲", "id_type": "resident_id",
            "id_no": APPLICANT["id_no"], "phone": "19900000001", "relation": "new"}  # fmt: skip
    refused = clerk.post("application/", data | {"extra": {"plate_no": "1", "height": 2}})
    assert (error(refused), fields(refused)) == (
        (422, "incomplete"), {"extra.plate_no", "extra.height", "extra.agreed"}
    )  # fmt: skip
    added = clerk.post("application/", data | {"extra": RIGHT})
    assert added.status_code == 201
    shown = clerk.get(f"application/{added.json['id']}").json["result"]
    assert (shown["extra"], shown["revision"]) == (KEPT, 2)
    events = clerk.get(f"application/{added.json['id']}/events").json
    assert events[0]["payload"]["extra"] == "****"


def test_what_was_answered_goes_by_its_questions_and_another_item_asks_nothing(county: County) -> None:
    ask(county)
    filed = county.application(Line(county).register(extra=RIGHT).id)
    assert [(each["label"], each["value"]) for each in extra_fields.lines(filed.item_version.snapshot, filed.extra)] == [
        ("问plate_no", "琼A12345"), ("问area", "12.5"), ("问since", "2026-02-28"), ("问kind", "竹"),
        ("问agreed", "true"), ("问steep", "false"),
    ]  # fmt: skip
    assert county.application(Line(county, item="I04").register().id).extra is None


@pytest.mark.parametrize("kind", ["receipt_voucher", "acceptance_notice"])
def test_the_receipt_and_the_notice_of_acceptance_print_the_answers(kind: str) -> None:
    facts = sample(kind, extra=extra_fields.lines(ITEM, KEPT))
    assert complaints(kind, facts) == []
    printed = words(render(kind, facts, "屯审(收)〔2026〕1号", NOW, token="-" * 16, paragraphs=resolve(kind, facts)))
    for said in ("补充信息", "问plate_no琼A12345", "问since2026年2月28日", "问agreed是", "问steep否"):
        assert said in printed


def test_a_question_for_a_number_is_not_offered_as_one_for_a_reference_number(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh"):
        assert gettext(FIELD_TYPES["number"]) == "数字"
